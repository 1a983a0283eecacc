import { appendFileSync } from 'fs';
import { parseArguments, USAGE, UsageError } from './arguments';
import type { Arguments, Settings } from './arguments';
import { writeBaseline, withoutBaseline } from './baseline';
import { merge, readConfigFile } from './config-file';
import { FORMATS } from './formats';
import { readApps } from './inputs';
import type { AppInput } from './inputs';
import { rehearse } from './rehearse';
import { openFindings } from './report';
import type { Note, Report } from './report';
import { samParameters } from './sam-config';
import { write } from './write';
import { plainText } from '../../private/plain-text';
import { check, isMatched } from '../engine/check';
import type { Finding } from '../engine/check';
import { NotATemplate } from '../engine/load';
import { unmatchedAcknowledgement, unmatchedExemptions } from '../engine/unmatched-messages';
import type { Severity } from '../rules/rule';

const RANK: Record<Severity | 'never', number> = { error: 3, warning: 2, info: 1, never: 4 };
/** The width of output that is not written to a terminal. */
const WIDTH = 120;

/** Runs the command and returns its exit code. */
export function main(argv: string[]): number {
  try {
    if (argv[0] === 'rehearse') return rehearse(argv.slice(1));
    const parsed = parseArguments(argv);
    if (parsed.help) {
      write(1, USAGE);
      return argv.length === 0 ? 2 : 0;
    }
    const file = readConfigFile(parsed.config);
    return run(parsed, settingsOf(parsed, file), parsed.paths !== undefined && file.paths !== undefined);
  } catch (error) {
    if (!(error instanceof NotATemplate) && !(error instanceof UsageError)) throw error;
    const hint = error instanceof UsageError ? '\nRun cdk-production-lambda --help for the options.\n' : '';
    write(2, `cdk-production-lambda: ${plainText(error.message)}\n${hint}`);
    return 2;
  }
}

function settingsOf(parsed: Arguments, file: Settings): Settings {
  const parameters = parsed.samConfig === undefined ? new Map() : samParameters(parsed.samConfig);
  return merge(parsed, { ...file, parameters: new Map([...file.parameters, ...parameters]) });
}

/** @param isPart whether the command line names other paths than the configuration file, which is for all of them */
function run(parsed: Arguments, settings: Settings, isPart: boolean): number {
  const { format, writeBaseline: isWriting } = parsed;
  const { baseline } = settings;
  if (isWriting && baseline === undefined) throw new UsageError('--write-baseline needs --baseline FILE');
  const { apps, unreadable, notes } = readApps(settings.paths ?? ['cdk.out'], settings.parameters);
  const checked = apps.map(app => checkApp(app, settings));
  const findings = checked.flatMap(app => app.findings).sort((a, b) => RANK[b.severity] - RANK[a.severity]);
  const templates = apps.flatMap(app => app.templates.map(({ name }) => name));
  if (isWriting) writeBaseline(baseline!, findings, templates);
  const fresh = baseline === undefined
    ? { findings, baselined: 0, notes: [] }
    : withoutBaseline(baseline, findings, templates);
  const { exemptions } = isPart ? parsed : settings;
  const unmatched = unmatchedExemptions(exemptions, findings).map(message => ({ message }));
  print(format, {
    ...fresh,
    templates: templates.length,
    notes: [...unreadable, ...notes, ...checked.flatMap(app => app.notes), ...fresh.notes, ...unmatched]
      .map(plainNote),
  });
  if (unreadable.length > 0) return 2;
  return openFindings(fresh).some(finding => RANK[finding.severity] >= RANK[settings.failOn ?? 'error']) ? 1 : 0;
}

function plainNote({ message, template, ...note }: Note): Note {
  return { ...note, message: plainText(message), ...template !== undefined && { template: plainText(template) } };
}

/** The findings of one app. Its acknowledgements apply to no other app. */
function checkApp(app: AppInput, settings: Settings): { findings: Finding[]; notes: Note[] } {
  const { templates, exemptions, name } = app;
  const findings = check(templates, { ...settings, exemptions: [...settings.exemptions, ...exemptions] });
  const unmatched = exemptions.filter(exemption => !exemption.isOwn && !isMatched(exemption, findings));
  const notes = unmatched.map(({ rule, path }) => ({ message: unmatchedAcknowledgement(rule, path), template: name }));
  return { findings, notes };
}

function print(format: Arguments['format'], report: Report): void {
  const isTerminal = Boolean(process.stdout.isTTY);
  const colors = isTerminal && process.env.NO_COLOR === undefined;
  // a terminal may not know its width
  write(1, FORMATS[format](report, { colors, width: (isTerminal && process.stdout.columns) || WIDTH }));
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (format === 'github' && summary) writeSummary(summary, `${FORMATS.markdown(report)}\n`);
}

/** The summary repeats the report, so a file that cannot be written does not change the exit code. */
function writeSummary(file: string, text: string): void {
  try {
    appendFileSync(file, text);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    write(2, `cdk-production-lambda: cannot write the step summary ${plainText(file)}: ${reason}\n`);
  }
}
