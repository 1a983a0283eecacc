import { changeGroups } from './changes-section';
import { coldStartText } from './function-section';
import { mapLines, tightestBudget } from './html-page';
import { byRule, checklistCounts } from './list-sections';
import { cell } from '../../checks/cli/formats/cell';
import type { Changes } from '../model/diff';
import { functionTitles, sizeText } from '../model/functions';
import { sayIn } from '../model/phrases';
import type { Say } from '../model/phrases';
import type { FunctionData, ReportData } from '../model/report-data';
import { dollars, number } from '../model/units';

/** Rows of a list: a step summary of GitHub may have 1 MB. */
const ROWS_MAX = 50;

/** The report for a pull request or a step summary: the numbers, without the drawings. */
export function markdownPage(report: ReportData, changes?: Changes): string {
  const say = sayIn(report.language);
  const { summary, cost, budgets, functions, checklists, map } = report;
  const tightest = tightestBudget(budgets);
  const tightestText = tightest && say('tightest', { label: tightest.budget.label });
  const lines = [
    `## ${cell(say('title', { name: report.name }))}`, '',
    `- ${summary.errors} ${say('errors')}, ${summary.warnings} ${say('warnings')}, ${summary.infos} ${say('infosAnd', { n: summary.acknowledged })}`,
    `- ${summary.functions} ${say('functionsIn', { stacks: summary.stacks, resources: number(summary.resources) })}`,
    `- ${dollars(cost.standingTotal)} ${say('standingAMonth')}`,
    `- ${dollars(cost.trafficTotal)} ${say('trafficAMonth')}`,
    ...tightest ? [`- ${number(100 * tightest.share)} % ${cell(tightestText!)}`] : [], '',
    ...changes === undefined ? [] : changesRows(changes, say),
    ...section(say('notLookedAt'), summary.notSeen.map(each => `- ${cell(each)}`)),
    ...section(say('h_functions'), functionRows(functions, say)),
    ...section(say('h_map'), capped(mapLines(map, say).map(line => `- ${cell(line)}`), say)),
    ...section(say('h_budgets'), budgets.map(({ label, used, unit, limitText }) => `- ${cell(label)}: ${number(used)} ${unit} ${limitText}`)),
    ...section(say('h_cost'), costRows(report, say)),
    ...section(say('h_checklists'), checklists.map(({ title, items, source }) => `- [${title}](${source}): ${checklistCounts(items, say)}`)),
    ...section(say('h_findings'), findingRows(report, say)),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function changesRows(changes: Changes, say: Say): string[] {
  const groups = changeGroups(changes, say);
  const rows = groups.flatMap(({ title, lines }) => [`**${title}** (${lines.length})`, '', ...capped(lines.map(line => `- ${cell(line)}`), say), '']);
  return [`### ${say('h_changes')}`, '', cell(say('comparedWith', { from: changes.from })), '', ...rows.length === 0 ? [say('noChanges'), ''] : rows];
}

function section(title: string, rows: readonly string[]): string[] {
  return rows.length === 0 ? [] : [`### ${title}`, '', ...rows, ''];
}

function functionRows(functions: readonly FunctionData[], say: Say): string[] {
  if (functions.length === 0) return [];
  const titles = functionTitles(functions);
  const rows = functions.map(fn => `| ${[
    cell(titles.get(fn)!), cell(`${fn.runtime}, ${sizeText(fn)}, ${coldStartText(fn, say)}`),
    cell(fn.callers.map(({ text, bypassesAlias }) => `${text}${bypassesAlias ? ` (${say('pastAliasBadge')})` : ''}`).join('; ')),
    cell(fn.release?.text ?? say('noAlias')), `${fn.alarms.length}`, dollars(fn.cost.perMillion.amount),
  ].join(' | ')} |`);
  return [
    `| ${say('kind_function')} | | ${say('h_callers')} | ${say('h_release')} | ${say('h_alarms')} | ${say('h_costOfMillion')} |`, '| --- | --- | --- | --- | --- | --- |',
    ...capped(rows, say),
  ];
}

function costRows({ cost }: ReportData, say: Say): string[] {
  const { standing, standingTotal, trafficTotal, entrances } = cost;
  return [
    `| ${say('item')} | ${say('amount')} |`, '| --- | --- |',
    ...standing.map(({ label, amount }) => `| ${cell(label)} | ${dollars(amount)} |`),
    `| ${say('standing')} | ${dollars(standingTotal)} |`,
    `| ${say('ofTraffic')} | ${dollars(trafficTotal)} |`,
    ...entrances.map(({ name, perMillion }) => `| ${say('aMillion')}: ${cell(name)} | ${dollars(perMillion.amount)} |`),
  ];
}

function findingRows({ findings }: ReportData, say: Say): string[] {
  const open = findings.filter(({ acknowledged }) => acknowledged === undefined);
  return capped(byRule(open).flatMap(group => group.map(({ rule, severity, message, documentation }) => (
    `- ${say(severity)} [${cell(rule)}](${documentation}): ${cell(message)}`))), say);
}

function capped(rows: readonly string[], say: Say): string[] {
  return rows.length <= ROWS_MAX ? [...rows] : [...rows.slice(0, ROWS_MAX), rows[0].startsWith('|') ? `| ${say('more', { n: rows.length - ROWS_MAX })} |` : `- ${say('more', { n: rows.length - ROWS_MAX })}`];
}
