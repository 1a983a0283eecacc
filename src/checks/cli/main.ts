import { writeSync } from 'fs';
import { parseArguments, USAGE, UsageError } from './arguments';
import type { Arguments } from './arguments';
import { readInput } from './assembly';
import { FORMATS, openFindings } from './formats';
import { check } from '../engine/check';
import { NotATemplate } from '../engine/load';
import type { Severity } from '../rules/rule';

const RANK: Record<Severity | 'never', number> = { error: 3, warning: 2, info: 1, never: 4 };

/** Runs the command and returns its exit code. */
export function main(argv: string[]): number {
  try {
    const parsed = parseArguments(argv);
    if (parsed.help) {
      write(1, USAGE);
      return argv.length === 0 ? 2 : 0;
    }
    return run(parsed);
  } catch (error) {
    if (!(error instanceof NotATemplate) && !(error instanceof UsageError)) throw error;
    const hint = error instanceof UsageError ? '\nRun cdk-production-lambda --help for the options.\n' : '';
    write(2, `cdk-production-lambda: ${error.message}\n${hint}`);
    return 2;
  }
}

function run({ paths, options, format, failOn }: Arguments): number {
  const inputs = paths.map(readInput);
  const templates = inputs.flatMap(input => input.templates);
  if (templates.length === 0) throw new NotATemplate(`${paths.join(', ')} contains no templates`);
  const exemptions = [...options.exemptions ?? [], ...inputs.flatMap(input => input.exemptions)];
  const findings = check(templates, { ...options, exemptions });
  const colors = Boolean(process.stdout.isTTY) && process.env.NO_COLOR === undefined;
  write(1, FORMATS[format](findings, templates.length, colors));
  return openFindings(findings).some(finding => RANK[finding.severity] >= RANK[failOn]) ? 1 : 0;
}

/** Writes synchronously, so that no output is lost when the process ends, and repeats writes to a slow pipe. */
function write(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let sent = 0; sent < bytes.length;) {
    try {
      sent += writeSync(fd, bytes, sent);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
    }
  }
}
