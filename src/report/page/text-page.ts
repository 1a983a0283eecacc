import { changeGroups } from './changes-section';
import type { Changes } from '../model/diff';
import { sizeText } from '../model/functions';
import { sayIn } from '../model/phrases';
import type { PhraseKey, Say } from '../model/phrases';
import type { Budget, FunctionData, ReleaseData, ReleaseOutcome, ReportData } from '../model/report-data';
import { bytes, dollars, number } from '../model/units';

const COLUMN = 11;

/** The report for a terminal: each function with how it is reached, released, watched, and where its failures go. */
export function textPage(report: ReportData, changes?: Changes): string {
  const say = sayIn(report.language);
  const lines = [
    ...changes === undefined ? [] : changesLines(changes, say),
    ...report.stacks.flatMap(stack => [
      say('t_stack', { name: stack.name }),
      ...report.functions.filter(fn => fn.template === stack.name).flatMap(fn => functionLines(fn, say)).map(line => `  ${line}`),
      `  ${[say('t_size', { n: stack.resources }), ...stack.bytes > 0 ? [say('t_bytes', { bytes: bytes(stack.bytes) })] : []].join(', ')}`, '',
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
    ...row(say, 't_entrances', fn.callers.map(({ text, bypassesAlias }) => `${text}${bypassesAlias ? ` ${say('pastAlias')}` : ''}`)),
    ...row(say, 't_release', [fn.release?.text ?? say('t_noAlias')]),
    ...row(say, 't_alarms', fn.alarms),
    ...row(say, 't_failures', fn.failures.map(({ text }) => text)),
  ];
}

function row(say: Say, title: PhraseKey, values: readonly string[]): string[] {
  return (values.length === 0 ? [say('t_none')] : values).map((value, i) => `  ${padded(i === 0 ? say(title) : '', COLUMN)}${value}`);
}

/** Fills up with spaces; a Japanese character has the width of two. */
function padded(text: string, width: number): string {
  return text.padEnd(width - (text.match(/[\u3000-\u9FFF\uFF00-\uFFEF]/g)?.length ?? 0));
}

/** What a bad release costs. Functions with the same numbers share their lines. */
function releaseLines(functions: readonly FunctionData[], say: Say): string[] {
  const paths = new Map<string, string[]>();
  for (const { release } of functions) {
    if (release === undefined) continue;
    const lines = outcomeLines(release, say).join('\n  ');
    paths.set(lines, [...paths.get(lines) ?? [], release.path]);
  }
  return [...paths].flatMap(([lines, names]) => [say('t_releases', { names: names.join(', ') }), `  ${lines}`, '']);
}

function outcomeLines({ outcomes, shiftMinutes, notSimulated, text }: ReleaseData, say: Say): string[] {
  if (outcomes.length === 0) return [notSimulated ?? text];
  return outcomes.flatMap(({ requestsPerMinute, totalFailure, partialFailure, healthy }) => [
    say('t_atRate', { rate: number(requestsPerMinute), minutes: shiftMinutes ?? '?' }),
    ...([['failsAll', totalFailure], ['failsSome', partialFailure], ['isGood', healthy]] as const)
      .map(([key, outcome]) => `  ${padded(say(key), 20)} ${outcomeText(outcome, say)}`),
  ]);
}

function outcomeText({ rolledBackPercent, minutesToRollback, failedRequests }: ReleaseOutcome, say: Say): string {
  const rolled = say('t_rolledBack', { percent: rolledBackPercent });
  return minutesToRollback === undefined ? rolled : say('t_rolledBackAfter', { rolled, minutes: minutesToRollback, failed: failedRequests ?? 0 });
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
    `${say('t_findings')}: ${problems.length || say('t_none')}`, ...problems.map(line),
    `${say('t_forInformation')}: ${infos.length || say('t_none')}`, ...infos.map(line),
    ...others.length > 0 ? [`${say('t_others')}:`, ...others.map(({ plugin, rule, count }) => `  ${plugin} ${rule} (${count})`)] : [],
    `${say('t_acknowledged')}: ${acknowledged.length}`, ...acknowledged.map(({ rule, reason }) => `  ${rule}: ${reason}`),
    `${say('t_notLookedAt')}:`, ...summary.notSeen.map(each => `  ${each}`),
  ];
}
