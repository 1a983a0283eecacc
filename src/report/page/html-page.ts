import { changesSection } from './changes-section';
import { costSection } from './cost-section';
import { functionsSection } from './function-section';
import { budgetsSection, checklistsSection, findingsSection } from './list-sections';
import { mapSvg, nodeTitle } from './map-svg';
import { mapParts, NODES_MAX, overview } from './maps';
import type { MapPart } from './maps';
import { html, Markup, name } from './markup';
import { STYLE } from './style';
import type { Changes } from '../model/diff';
import { sayIn } from '../model/phrases';
import type { Say } from '../model/phrases';
import type { Budget, MapEdge, MapNode, ReportData } from '../model/report-data';
import { number, roundDollars } from '../model/units';

const SECTIONS = ['summary', 'changes', 'map', 'functions', 'budgets', 'cost', 'checklists', 'findings'] as const;

/** The report as one file of HTML that requests nothing and needs no script. */
export function htmlPage(report: ReportData, changes?: Changes): string {
  const say = sayIn(report.language);
  const title = say('title', { name: report.name });
  const page = html`<!DOCTYPE html>
<html lang="${report.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><meta name="referrer" content="no-referrer">
<title>${title}</title><style>${new Markup(STYLE)}</style></head><body><a class="skip" href="#main">${say('skip')}</a>
<nav aria-label="${say('contents')}"><ul>${SECTIONS.filter(id => id !== 'changes' || changes !== undefined).map(id => html`<li><a href="#${id}">${say(`h_${id}`)}</a></li>`)}</ul></nav>
<main id="main"><h1>${say('h1')}</h1><p class="sub">${name(report.name)}</p>
${summarySection(report, say)}${changes === undefined ? '' : changesSection(changes, say)}${mapSection(report, say)}${functionsSection(report.functions, report.findings, say)}${budgetsSection(report.budgets, say)}
${costSection(report.cost, report.functions, say)}${checklistsSection(report.checklists, say)}${findingsSection(report, say)}
<footer>${say('footer')}</footer></main></body></html>
`;
  return page.text;
}

function summarySection({ summary, cost, budgets }: ReportData, say: Say): Markup {
  const { functions, stacks, resources, errors, warnings, infos, acknowledged, notSeen } = summary;
  const tightest = tightestBudget(budgets);
  return html`<section id="summary" aria-labelledby="summary-h"><h2 id="summary-h">${say('h_summary')}</h2><div class="tiles">
${tile(errors === 0 ? 'held' : 'error', number(errors), say('errors'))}${tile(warnings === 0 ? 'held' : 'warning', number(warnings), say('warnings'))}
${tile('', number(infos), say('infosAnd', { n: acknowledged }))}${tile('', number(functions), say('functionsIn', { stacks, resources: number(resources) }))}
${tile('', roundDollars(cost.standingTotal), say('standingAMonth'))}${tile('', roundDollars(cost.trafficTotal), say('trafficAMonth'))}
${tightest === undefined ? '' : tile(tightest.share > 1 ? 'error' : tightest.share > 0.8 ? 'warning' : '', `${number(100 * tightest.share)} %`, say('tightest', { label: tightest.budget.label }))}</div>
<h3>${say('notLookedAt')}</h3><ul class="plain">${notSeen.map(each => html`<li>${name(each)}</li>`)}</ul></section>`;
}

/** The budget with the largest used share. */
export function tightestBudget(budgets: readonly Budget[]): { readonly budget: Budget; readonly share: number } | undefined {
  const shares = budgets.flatMap(budget => (budget.limit ? [{ budget, share: budget.used / budget.limit }] : []));
  return shares.reduce<(typeof shares)[number] | undefined>((most, each) => (most === undefined || each.share > most.share ? each : most), undefined);
}

function tile(kind: string, value: string, label: string): Markup {
  return html`<div class="tile ${kind}"><b>${value}</b><span>${name(label)}</span></div>`;
}

function mapSection({ map: { nodes, edges }, functions }: ReportData, say: Say): Markup {
  const parts = mapParts(nodes, edges, say('h_map'));
  const ids = new Set(functions.map(({ id }) => id));
  const linkOf = (node: MapNode) => {
    const id = node.functionId ?? node.id;
    return ids.has(id) ? `#${id}` : undefined;
  };
  const isLarge = nodes.length > NODES_MAX;
  return html`<section id="map" aria-labelledby="map-h"><h2 id="map-h">${say('h_map')}</h2>
${nodes.length === 0 ? html`<p>${say('none')}</p>` : legend(edges, say)}
${isLarge ? drawing({ ...overview(nodes, edges, say), title: say('overview') }, 'mo', () => undefined, say, true) : ''}
${parts.map((part, i) => drawing(part, `m${i}`, linkOf, say, isLarge))}</section>`;
}

function drawing(part: MapPart, id: string, linkOf: (node: MapNode) => string | undefined, say: Say, hasTitle: boolean): Markup {
  return html`${hasTitle ? html`<h3>${name(part.title)}</h3>` : ''}<div class="scroll" tabindex="0" role="region" aria-label="${say('drawingOf', { title: part.title })}">${mapSvg(part.nodes, part.edges, { id, title: part.title, linkOf }, say)}</div>
<details><summary>${say('mapAsText')}</summary><ul class="plain">${mapLines(part, say).map(line => html`<li>${name(line)}</li>`)}</ul></details>`;
}

/** The arrows of a map as text. */
export function mapLines({ nodes, edges }: Pick<MapPart, 'nodes' | 'edges'>, say: Say): string[] {
  const byId = new Map(nodes.map(node => [node.id, node]));
  const text = (id: string) => nodeTitle({ ...byId.get(id)!, detail: undefined, severity: undefined }, say);
  return edges.map(({ from, to, label, kind, bypassesAlias }) => (
    `${text(from)} → ${text(to)}: ${[say(`edge_${kind}`), ...label ? [label] : [], ...bypassesAlias ? [say('pastAliasBadge')] : []].join(', ')}`));
}

function legend(edges: readonly MapEdge[], say: Say): Markup {
  const kinds = (['request', 'event', 'data', 'failure'] as const).filter(kind => edges.some(edge => edge.kind === kind));
  const sample = (classes: string) => html`<svg aria-hidden="true" viewBox="0 0 34 12"><path class="edge ${classes}" d="M0 6h34"/></svg>`;
  return html`<ul class="legend">${kinds.map(kind => html`<li>${sample(kind)}${say(`edge_${kind}`)}</li>`)}
${edges.some(({ kind }) => kind === 'release') ? html`<li><svg aria-hidden="true" viewBox="0 0 34 12"><rect class="node alias" x="5" y="1" width="24" height="10" rx="5"/></svg>${say('aliasMeans')}</li>` : ''}
${edges.some(edge => edge.bypassesAlias) ? html`<li>${sample('request past')}${say('pastAliasBadge')}</li>` : ''}<li>${say('redMeans')}</li></ul>`;
}
