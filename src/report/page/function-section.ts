import { releaseLine, retryLine, timeoutBars } from './charts';
import { arithmeticOf } from './cost-section';
import { ruleId } from './list-sections';
import { html, name } from './markup';
import type { Markup } from './markup';
import { functionTitles, sizeText } from '../model/functions';
import type { Say } from '../model/phrases';
import type { FindingData, FunctionData, ReleaseData, ReleaseOutcome } from '../model/report-data';
import { bytes, dollars, number, rangeText } from '../model/units';

export function functionsSection(functions: readonly FunctionData[], findings: readonly FindingData[], say: Say): Markup {
  const titles = functionTitles(functions);
  return html`<section id="functions" aria-labelledby="functions-h"><h2 id="functions-h">${say('h_functions')}</h2>
${functions.length === 0 ? html`<p>${say('noFunctions')}</p>` : functions.map(fn => functionCard(fn, titles.get(fn)!, findings, say))}</section>`;
}

function functionCard(fn: FunctionData, title: string, findings: readonly FindingData[], say: Say): Markup {
  const own = fn.findings.map(index => findings[index]);
  return html`<article class="fn" id="${fn.id}" aria-labelledby="${fn.id}-h"><h3 id="${fn.id}-h">${name(title)}</h3>
<p class="sub">${fn.runtime}${runtimeBadge(fn, say)}, ${sizeText(fn)}, ${coldStartText(fn, say)}${fn.reservedConcurrency === undefined ? '' : `, ${say('reservedText', { n: fn.reservedConcurrency })}`}</p>
<div class="grid"><div>
<h4>${say('h_callers')}</h4>${list(fn.callers.map(({ text, bypassesAlias }) => html`${name(text)}${bypassesAlias ? html` <span class="badge error">${say('pastAliasBadge')}</span>` : ''}`), say)}
${fn.timeouts.length === 0 ? '' : html`<h4>${say('h_timeouts')}</h4>${timeoutBars(fn.timeouts)}`}
<h4>${say('h_failures')}</h4>${fn.failures.length === 0 ? html`<p>${say('none')}</p>` : fn.failures.map(path => html`<p>${path.text}</p>${retryLine(path, say)}`)}
</div><div>
<h4>${say('h_release')}</h4>${releaseMarkup(fn.release, say)}
<h4>${say('h_alarms')}</h4>${list(fn.alarms.map(each => html`${each}`), say)}
</div></div>
<details><summary>${say('h_role')} (${fn.grants.length})</summary>${list(fn.grants.map(({ access, on, isWide }) => html`${say('grantText', { access, on })}${isWide ? html` <span class="badge warning">${say('wide')}</span>` : ''}`), say)}${fn.grantsComplete ? '' : html`<p class="note">${say('grantsPartial')}</p>`}</details>
${packageMarkup(fn, say)}${fn.environment.length === 0 ? '' : html`<details><summary>${say('h_environment')} (${fn.environment.length})</summary><p>${name(fn.environment.join(', '))}</p></details>`}
<details><summary>${say('h_costOfMillion')}: ${dollars(fn.cost.perMillion.amount)}</summary><ul class="plain">${fn.cost.perMillion.lines.map(each => html`<li>${each.label}: ${arithmeticOf(each)}</li>`)}</ul></details>
${own.length === 0 ? '' : html`<h4>${say('h_findings')}</h4>${list(own.map(finding => html`<span class="badge ${finding.severity}">${say(finding.severity)}</span> <a href="#${ruleId(finding)}">${finding.rule}</a> ${finding.title}: ${name(finding.message)}`), say)}`}
</article>`;
}

function list(items: readonly Markup[], say: Say): Markup {
  return items.length === 0 ? html`<p>${say('none')}</p>` : html`<ul>${items.map(item => html`<li>${item}</li>`)}</ul>`;
}

function runtimeBadge({ runtimeEnd }: FunctionData, say: Say): Markup {
  if (runtimeEnd === undefined) return html``;
  const { date, state } = runtimeEnd;
  return html` <span class="badge ${state}">${say(state === 'ended' ? 'runtimeEnded' : 'runtimeUntil', { date })}</span>`;
}

export function coldStartText({ coldStart, provisionedConcurrency }: FunctionData, say: Say): string {
  if (coldStart === 'provisioned') return say('provisionedText', { n: rangeText(provisionedConcurrency!) });
  return say(coldStart === 'snap-start' ? 'snapStart' : coldStart === 'managed-instances' ? 'managedInstances' : 'onDemand');
}

function releaseMarkup(release: ReleaseData | undefined, say: Say): Markup {
  if (release === undefined) return html`<p>${say('noAlias')}</p>`;
  const { text, hooks, outcomes, notSimulated } = release;
  return html`<p>${text}</p>${releaseLine(release, say)}
${hooks.length === 0 ? '' : html`<p>${say('hooksText', { names: hooks.join(', ') })}</p>`}
${outcomes.map(({ requestsPerMinute, totalFailure, partialFailure, healthy }) => html`<table><caption>${say('atRate', { n: number(requestsPerMinute) })}</caption><thead><tr><th scope="col">${say('newVersion')}</th><th scope="col" class="n">${say('rolledBack')}</th><th scope="col" class="n">${say('minutes')}</th><th scope="col" class="n">${say('failed')}</th></tr></thead><tbody>
${outcomeRow(say('failsAll'), totalFailure)}${outcomeRow(say('failsSome'), partialFailure)}${outcomeRow(say('isGood'), healthy)}</tbody></table>`)}
${notSimulated === undefined ? '' : html`<p class="note">${notSimulated}</p>`}`;
}

function outcomeRow(label: string, { rolledBackPercent, minutesToRollback, failedRequests }: ReleaseOutcome): Markup {
  return html`<tr><th scope="row">${label}</th><td class="n">${number(rolledBackPercent)} %</td><td class="n">${minutesToRollback === undefined ? '–' : number(minutesToRollback)}</td><td class="n">${failedRequests === undefined ? '–' : number(failedRequests)}</td></tr>`;
}

function packageMarkup({ package: content }: FunctionData, say: Say): Markup {
  if (content === undefined) return html``;
  return html`<details><summary>${say('h_package')}: ${bytes(content.bytes)}</summary><ul class="plain">${content.parts.map(({ path, bytes: size }) => html`<li>${name(path)}: ${bytes(size)}</li>`)}</ul></details>
`;
}
