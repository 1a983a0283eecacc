import { html, name } from './markup';
import type { Markup } from './markup';
import type { CostGroup, CostLine, Range } from '../cost/arithmetic';
import { functionTitles } from '../model/functions';
import type { Say } from '../model/phrases';
import type { CostData, FunctionData } from '../model/report-data';
import { dollars, factor, rangeText } from '../model/units';

/** An amount that opens to its arithmetic. */
function amount(costLine: CostLine): Markup {
  return html`<details class="amount"><summary>${dollars(costLine.amount)}</summary><p class="formula">${arithmeticOf(costLine)}</p></details>`;
}

/** `2 NAT gateways × 730 hours × 0.045 USD / NAT gateway hour = 65.70 USD`. */
export function arithmeticOf({ factors, amount: value }: CostLine): string {
  const product = factors.map(({ label, value: each }) => `${rangeText(each, factor)} ${label.replace(/^[\d.]+ USD/, 'USD')}`);
  return `${product.join(' × ')} = ${dollars(value)}`;
}

/** A sum that opens to its parts. */
function sumOf(parts: readonly { readonly label: string; readonly amount: Range }[], total: Range): Markup {
  const text = parts.map(({ label, amount: value }, i) => html`${i > 0 ? html`<span class="op">+</span>` : ''}${dollars(value)} (${name(label)})`);
  return html`<details class="amount"><summary>${dollars(total)}</summary><p class="formula">${text} = ${dollars(total)}</p></details>`;
}

/** Only addresses of pages are links; a price file of the reader is none. */
function sourceOf(source: string): Markup {
  return /^https:\/\//.test(source) ? html`<a href="${source}">${source.replace(/^https:\/\//, '').replace(/\/$/, '')}</a>` : html`${name(source)}`;
}

function costGroupTable({ label, lines, amount: total }: CostGroup, say: Say): Markup {
  return html`<table><caption>${label}</caption><thead><tr><th scope="col">${say('item')}</th><th scope="col" class="n">${say('amount')}</th></tr></thead><tbody>
${lines.map(each => html`<tr><td>${each.label}${each.subject ? html`, ${name(each.subject)}` : ''}</td><td class="n">${amount(each)}</td></tr>`)}
<tr class="sum"><th scope="row">${say('sum')}</th><td class="n">${sumOf(lines.map(each => ({ label: each.subject ?? each.label, amount: each.amount })), total)}</td></tr></tbody></table>`;
}

export function costSection(cost: CostData, functions: readonly FunctionData[], say: Say): Markup {
  const { standing, standingTotal, trafficTotal, entrances, choices, breakEvens, notPriced, pricesAsOf, region, isTrafficStated } = cost;
  const titles = functionTitles(functions);
  const total = { min: standingTotal.min + trafficTotal.min, max: standingTotal.max + trafficTotal.max };
  return html`<section id="cost" aria-labelledby="cost-h"><h2 id="cost-h">${say('h_cost')}</h2>
<p class="sub">${say('pricesNote', { region, month: pricesAsOf })} ${say(isTrafficStated ? 'trafficStated' : 'trafficAssumed')}</p>
<table><thead><tr><th scope="col">${say('aMonth')}</th><th scope="col" class="n">${say('amount')}</th></tr></thead><tbody>
<tr><th scope="row">${say('standing')}</th><td class="n">${sumOf(standing, standingTotal)}</td></tr>
<tr><th scope="row">${say('ofTraffic')}</th><td class="n">${sumOf(functions.map(fn => ({ label: titles.get(fn)!, amount: fn.cost.perMonth })), trafficTotal)}</td></tr>
<tr class="sum"><th scope="row">${say('sum')}</th><td class="n">${dollars(total)}</td></tr></tbody></table>
<h3>${say('standing')}</h3>${standing.length === 0 ? html`<p>${say('nothingStands')}</p>` : standing.map(each => costGroupTable(each, say))}
${functions.length === 0 ? '' : html`<h3>${say('perMillionFunctions')}</h3>
<table class="wide"><thead><tr><th scope="col">${say('kind_function')}</th><th scope="col" class="n">${say('aMillion')}</th><th scope="col" class="n">${say('requestsAMonth')}</th><th scope="col" class="n">${say('aMonth')}</th></tr></thead><tbody>
${functions.map(({ id, cost: { perMillion, perMonth }, traffic }, i) => html`<tr><td><a href="#${id}">${name(titles.get(functions[i])!)}</a></td><td class="n">${dollars(perMillion.amount)}</td><td class="n">${rangeText(traffic.requestsPerMonth)}</td><td class="n">${dollars(perMonth)}</td></tr>`)}</tbody></table>`}
${entrances.length === 0 ? '' : html`<h3>${say('perMillionEntrances')}</h3>${entrances.map(({ perMillion }) => costGroupTable(perMillion, say))}`}
${choices.length === 0 ? '' : html`<h3>${say('cheapest')}</h3><p class="sub">${say('cheapestNote')}</p>
<table><thead><tr><th scope="col">${say('entrance')}</th><th scope="col" class="n">${say('aMonth')}</th></tr></thead><tbody>
${choices.map(({ name: label, perMonth, isUsed, isCheapest }) => html`<tr><td>${label}${isUsed ? html` <span class="badge info">${say('inUse')}</span>` : ''}${isCheapest ? html` <span class="badge held">${say('leastExpensive')}</span>` : ''}</td><td class="n">${amount(perMonth)}</td></tr>`)}</tbody></table>`}
${breakEvens.length === 0 ? '' : html`<h3>${say('breakEvens')}</h3>${breakEvens.map(({ title, text, arithmetic }) => html`<h4>${name(title)}</h4><p>${text}</p><p class="formula">${arithmetic}</p>`)}`}
<h3>${say('prices')}</h3><details><summary>${say('pricesOf', { region, month: pricesAsOf })}</summary><table class="wide"><thead><tr><th scope="col">${say('item')}</th><th scope="col" class="n">${say('amount')}</th><th scope="col">${say('source')}</th><th scope="col">${say('compared')}</th></tr></thead><tbody>
${cost.prices.map(({ name: key, unit, value, source, compared }) => html`<tr><td>${unit} (<code>${key}</code>)</td><td class="n">${value}</td><td>${sourceOf(source)}</td><td>${compared ?? ''}</td></tr>`)}</tbody></table></details>
<h3>${say('notPricedTitle')}</h3><ul class="plain">${notPriced.map(each => html`<li>${each}</li>`)}</ul></section>`;
}
