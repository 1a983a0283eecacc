import { check } from '../../src/checks/engine/check';
import { input } from '../../src/checks/engine/load';
import { buildReport } from '../../src/report/model/build-report';
import type { ReportInputs } from '../../src/report/model/build-report';
import { sayIn } from '../../src/report/model/phrases';
import type { ReportData } from '../../src/report/model/report-data';
import { dollars } from '../../src/report/model/units';
import { mapLines } from '../../src/report/page/html-page';

export const TODAY = '2026-11-29';

/** The report about resources. */
export function reportOf(resources: object, options: Partial<ReportInputs> = {}, extra: object = {}): ReportData {
  const templates = [input({ Resources: resources, ...extra }, 'Stack.template.json')];
  return buildReport({ name: 'Stack', templates, findings: check(templates, { today: TODAY }), today: TODAY, ...options });
}

/** The data of a report in lines that a reader can compare. */
export function reportLines(report: ReportData): string[] {
  return [
    ...mapLines(report.map, sayIn('en')),
    ...report.functions.flatMap(({ path, runtime, coldStart, callers, timeouts, release, alarms, failures, grants, cost }) => [
      `${path}: ${runtime}, ${coldStart}, ${dollars(cost.perMillion.amount)}`,
      ...callers.map(({ text, bypassesAlias }) => `  ${text}${bypassesAlias ? ' (past the alias)' : ''}`),
      ...timeouts.map(({ label, seconds }) => `  ${label}: ${seconds} s`),
      ...release ? [`  ${release.text}; ${release.notSimulated ?? `${release.outcomes.length} simulated`}`] : [],
      ...alarms.map(alarm => `  ${alarm}`),
      ...failures.map(({ text, attempts, endSeconds }) => `  ${text} [${attempts.map(({ atSeconds }) => atSeconds).join(' ')} | ${endSeconds}]`),
      ...grants.map(({ access, on, isWide }) => `  may ${access} ${on}${isWide ? ' (wide)' : ''}`),
    ]),
    ...report.budgets.map(({ label, used, limitText }) => `${label}: ${used} ${limitText}`),
    ...report.cost.standing.flatMap(({ lines }) => lines.map(({ label, subject = '', amount }) => `${label} ${subject}: ${dollars(amount)}`)),
    ...report.cost.entrances.map(({ name, perMillion }) => `${name}: ${dollars(perMillion.amount)}`),
    ...report.checklists.map(({ items }) => items.filter(({ state }) => state === 'not-held').map(({ id }) => id).join(' ')),
    `${report.summary.errors} errors, ${report.summary.warnings} warnings`,
  ];
}
