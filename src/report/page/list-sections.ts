import { budgetBar } from './charts';
import { html, name } from './markup';
import type { Markup } from './markup';
import type { Say } from '../model/phrases';
import type { Budget, ChecklistData, FindingData, ReportData } from '../model/report-data';
import { number } from '../model/units';

/** The parts of a budget that are named in its table; the bar shows all. */
const PARTS_MAX = 12;

export function budgetsSection(budgets: readonly Budget[], say: Say): Markup {
  return html`<section id="budgets" aria-labelledby="budgets-h"><h2 id="budgets-h">${say('h_budgets')}</h2>
${budgets.length === 0 ? html`<p>${say('none')}</p>` : budgets.map(each => budgetMarkup(each, say))}</section>`;
}

function budgetMarkup(budget: Budget, say: Say): Markup {
  const { label, parts, used, limit, limitText, unit, advice, source } = budget;
  const rest = parts.length - PARTS_MAX;
  const percent = limit === undefined || limit === 0 ? '' : ` · ${number(100 * used / limit)} %`;
  return html`<h3>${name(label)}</h3><p class="sub">${number(used)} ${unit} ${limitText}${percent} (<a href="${source}">${say('source')}</a>)</p>${budgetBar(budget)}
<details><summary>${say('parts')} (${parts.length})</summary><table><thead><tr><th scope="col">${say('part')}</th><th scope="col">${say('arithmetic')}</th><th scope="col" class="n">${unit}</th></tr></thead><tbody>
${parts.slice(0, PARTS_MAX).map(({ label: part, arithmetic, value }, i) => html`<tr><td><span class="key p${i % 6}"></span>${name(part)}</td><td>${arithmetic}</td><td class="n">${value === undefined ? '?' : number(value)}</td></tr>`)}
${rest > 0 ? html`<tr><td colspan="3">${say('more', { n: rest })}</td></tr>` : ''}</tbody></table></details>
${advice === undefined ? '' : html`<p class="note">${advice}</p>`}`;
}

export function checklistsSection(checklists: readonly ChecklistData[], say: Say): Markup {
  return html`<section id="checklists" aria-labelledby="checklists-h"><h2 id="checklists-h">${say('h_checklists')}</h2>
${checklists.map(({ title, source, items }) => html`<h3>${title}</h3><p class="sub">${checklistCounts(items, say)} (<a href="${source}">${say('source')}</a>)</p>
<table class="wide"><thead><tr><th scope="col">${say('item')}</th><th scope="col">${say('state')}</th><th scope="col">${say('by')}</th></tr></thead><tbody>
${items.map(({ id, text, state, by }) => html`<tr><td><b>${id}</b> ${text}</td><td><span class="badge ${state}">${say(`state_${state}`)}</span></td><td>${name(by)}</td></tr>`)}</tbody></table>`)}</section>`;
}

export function checklistCounts(items: ChecklistData['items'], say: Say): string {
  return (['held', 'not-held', 'not-visible', 'not-applicable'] as const)
    .map(state => `${items.filter(item => item.state === state).length} ${say(`state_${state}`)}`).join(', ');
}

export function findingsSection({ findings, others, othersAcknowledged }: ReportData, say: Say): Markup {
  const open = findings.filter(({ acknowledged }) => acknowledged === undefined);
  const accepted = findings.filter(({ acknowledged }) => acknowledged !== undefined);
  return html`<section id="findings" aria-labelledby="findings-h"><h2 id="findings-h">${say('h_findings')}</h2>
${open.length === 0 ? html`<p>${say('noFindings')}</p>` : byRule(open).map((group, i, groups) => ruleMarkup(group, groups.findIndex(([first]) => first.rule === group[0].rule) === i, say))}
<h3>${say('h_acknowledged')}</h3>${accepted.length + othersAcknowledged.length === 0 ? html`<p>${say('none')}</p>` : html`<table class="wide"><thead><tr><th scope="col">${say('rule')}</th><th scope="col">${say('place')}</th><th scope="col">${say('reason')}</th></tr></thead><tbody>
${accepted.map(({ rule, title, path, acknowledged, documentation }) => html`<tr><td><a href="${documentation}">${rule}</a> ${title}</td><td>${name(path)}</td><td>${name(acknowledged!)}</td></tr>`)}
${othersAcknowledged.map(({ rule, reason }) => html`<tr><td>${name(rule)}</td><td></td><td>${name(reason)}</td></tr>`)}</tbody></table>`}
${others.length === 0 ? '' : html`<h3>${say('h_others')}</h3><ul class="plain">${others.map(({ plugin, rule, severity, count }) => html`<li>${name(plugin)} ${name(rule)}${severity ? ` (${severity})` : ''}: ${count}</li>`)}</ul>`}</section>`;
}

export function byRule(findings: readonly FindingData[]): FindingData[][] {
  const groups = new Map<string, FindingData[]>();
  for (const finding of findings) {
    const key = `${finding.severity} ${finding.rule}`;
    groups.set(key, [...groups.get(key) ?? [], finding]);
  }
  return [...groups.values()];
}

/** The id of the part of the page about a rule. */
export function ruleId({ rule }: FindingData): string {
  return `rule-${rule}`;
}

function ruleMarkup(group: readonly FindingData[], isFirst: boolean, say: Say): Markup {
  const [{ severity, rule, title, documentation }] = group;
  return html`<h3${isFirst ? html` id="${ruleId(group[0])}"` : ''}><span class="badge ${severity}">${say(severity)}</span> <a href="${documentation}">${rule}</a> ${title} (${group.length})</h3>
<ul class="plain">${group.map(({ template, line, message }) => html`<li>${name(message)} <span class="note">${name(`${template.split(/[\\/]/).pop()}:${line}`)}</span></li>`)}</ul>`;
}
