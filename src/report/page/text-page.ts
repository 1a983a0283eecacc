import { changeGroups } from './changes-section';
import type { Changes } from '../model/diff';
import { sizeText } from '../model/functions';
import { sayIn } from '../model/phrases';
import type { Say } from '../model/phrases';
import type { Budget, FunctionData, ReleaseData, ReleaseOutcome, ReportData } from '../model/report-data';
import { bytes, dollars, number } from '../model/units';

const COLUMN = 11;

/** The report for a terminal: each function with how it is reached, released, watched, and where its failures go. */
export function textPage(report: ReportData, changes?: Changes): string {
  const say = sayIn(report.language);
  const lines = [
    ...changes === undefined ? [] : changesLines(changes, say),
    ...report.stacks.flatMap(stack => [
      `Stack ${stack.name}`,
      ...report.functions.filter(fn => fn.template === stack.name).flatMap(fn => functionLines(fn, say)).map(line => `  ${line}`),
      `  ${stack.resources} of 500 resources${stack.bytes > 0 ? `, template ${bytes(stack.bytes)} of 1 MB` : ''}`, '',
    ]),
    ...releaseLines(report.functions, say),
    ...report.budgets.filter(({ kind }) => kind === 'connections').flatMap(connectionLines),
    ...costLines(report, say),
    ...findingLines(report, say),
  ];
  return `${lines.join('\n')}\n`;
}

function changesLines(changes: Changes, say: Say): string[] {
  const groups = changeGroups(changes, say);
  const lines = groups.flatMap(({ title, lines: all }) => [`  ${title} (${all.length})`, ...all.map(line => `    ${line}`)]);
  return [say('comparedWith', { from: changes.from }), ...groups.length === 0 ? [`  ${say('noChanges')}`] : lines, ''];
}

function functionLines(fn: FunctionData, say: Say): string[] {
  return [
    `${fn.name} (${fn.runtime}, ${sizeText(fn)})`,
    ...row('entrances', fn.callers.map(({ text, bypassesAlias }) => `${text}${bypassesAlias ? ` ${say('pastAlias')}` : ''}`)),
    ...row('release', [fn.release?.text ?? 'none: callers invoke $LATEST']),
    ...row('alarms', fn.alarms),
    ...row('failures', fn.failures.map(({ text }) => text)),
  ];
}

function row(title: string, values: readonly string[]): string[] {
  return (values.length === 0 ? ['none'] : values).map((value, i) => `  ${(i === 0 ? title : '').padEnd(COLUMN)}${value}`);
}

/** What a bad release costs. Functions with the same numbers share their lines. */
function releaseLines(functions: readonly FunctionData[], say: Say): string[] {
  const paths = new Map<string, string[]>();
  for (const { release } of functions) {
    if (release === undefined) continue;
    const lines = outcomeLines(release, say).join('\n  ');
    paths.set(lines, [...paths.get(lines) ?? [], release.path]);
  }
  return [...paths].flatMap(([lines, names]) => [`Releases of ${names.join(', ')}`, `  ${lines}`, '']);
}

function outcomeLines({ outcomes, shiftMinutes, notSimulated, text }: ReleaseData, say: Say): string[] {
  if (outcomes.length === 0) return [notSimulated ?? text];
  return outcomes.flatMap(({ requestsPerMinute, totalFailure, partialFailure, healthy }) => [
    `at ${number(requestsPerMinute)} requests a minute, in ${shiftMinutes} minutes`,
    ...([['failsAll', totalFailure], ['failsSome', partialFailure], ['isGood', healthy]] as const)
      .map(([key, outcome]) => `  ${say(key).padEnd(20)} ${outcomeText(outcome)}`),
  ]);
}

function outcomeText({ rolledBackPercent, minutesToRollback, failedRequests }: ReleaseOutcome): string {
  const rolled = `rolled back in ${rolledBackPercent} %`;
  return minutesToRollback === undefined ? rolled : `${rolled}, on average after ${minutesToRollback} minutes and ${failedRequests} failed requests`;
}

function connectionLines({ label, parts, used, unit, limitText }: Budget): string[] {
  const width = Math.max(0, ...parts.map(part => part.label.length));
  return [
    label,
    ...parts.map(part => `  ${part.label.padEnd(width)}  ${part.arithmetic.padEnd(10)} ${part.value === undefined ? '?' : part.value}`),
    `  ${used} ${unit} ${limitText}`, '',
  ];
}

function costLines({ cost }: ReportData, say: Say): string[] {
  return [
    `${say('h_cost')} (${say('pricesNote', { region: cost.region, month: cost.pricesAsOf })})`,
    ...cost.standing.map(({ label, amount }) => `  ${label}: ${dollars(amount)}`),
    `  ${dollars(cost.standingTotal)} ${say('standingAMonth')}, ${dollars(cost.trafficTotal)} ${say('trafficAMonth')}`, '',
  ];
}

function findingLines({ findings, others, othersAcknowledged, summary }: ReportData, say: Say): string[] {
  const open = findings.filter(({ acknowledged }) => acknowledged === undefined);
  const line = ({ severity, rule, message }: ReportData['findings'][number]) => `  ${say(severity)} ${rule}: ${message}`;
  const infos = open.filter(({ severity }) => severity === 'info');
  const problems = open.filter(({ severity }) => severity !== 'info');
  const own = findings.flatMap(({ rule, acknowledged: reason }) => (reason === undefined ? [] : [{ rule, reason }]));
  const acknowledged = [...own, ...othersAcknowledged];
  return [
    `Findings: ${problems.length || 'none'}`, ...problems.map(line),
    `For information: ${infos.length || 'none'}`, ...infos.map(line),
    ...others.length > 0 ? ['Findings of other tools at synth:', ...others.map(({ plugin, rule, count }) => `  ${plugin} ${rule} (${count})`)] : [],
    `Acknowledged, each with its reason: ${acknowledged.length}`, ...acknowledged.map(({ rule, reason }) => `  ${rule}: ${reason}`),
    'Not looked at:', ...summary.notSeen.map(each => `  ${each}`),
  ];
}
