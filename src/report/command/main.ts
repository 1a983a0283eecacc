import { writeFileSync } from 'fs';
import { readReport } from './read-report';
import { parseReportArguments, REPORT_USAGE } from './report-arguments';
import type { ReportArguments } from './report-arguments';
import { UsageError } from '../../checks/cli/arguments';
import type { Settings } from '../../checks/cli/arguments';
import { merge, readConfigFile } from '../../checks/cli/config-file';
import { write } from '../../checks/cli/write';
import { NotATemplate } from '../../checks/engine/load';
import { plainText } from '../../private/plain-text';
import { shown } from '../model/app-view';
import { diffOf } from '../model/diff';
import { FORMATS } from '../page';

const FILE_UNSET = 'readiness.html';

/** Runs the command without its name and returns its exit code. */
export function main(argv: string[]): number {
  try {
    const parsed = parseReportArguments(argv);
    if (parsed.help) {
      write(1, REPORT_USAGE);
      return 0;
    }
    return run(parsed, merge(parsed, readConfigFile(parsed.config)));
  } catch (error) {
    if (!(error instanceof NotATemplate) && !(error instanceof UsageError)) throw error;
    const hint = error instanceof UsageError ? '\nRun cdk-production-lambda report --help for the options.\n' : '';
    write(2, `cdk-production-lambda: ${plainText(error.message)}\n${hint}`);
    return 2;
  }
}

function run(parsed: ReportArguments, settings: Settings): number {
  const { format, output = format === 'html' ? FILE_UNSET : '-', diff } = parsed;
  const now = readReport(settings.paths ?? ['cdk.out'], settings, parsed);
  const changes = diff === undefined ? undefined : { from: shown(diff), ...diffOf(readReport([diff], settings, parsed), now) };
  const text = FORMATS[format](now.report, changes);
  if (output === '-') write(1, text);
  else save(output, text);
  for (const message of now.unreadable) write(2, `cdk-production-lambda: ${message}\n`);
  return now.unreadable.length > 0 ? 2 : 0;
}

function save(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
  }
  write(1, `${plainText(file)}\n`);
}
