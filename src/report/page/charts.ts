import { html, name } from './markup';
import type { Markup } from './markup';
import type { Say } from '../model/phrases';
import type { Budget, FailurePath, ReleaseData, TimeoutStep } from '../model/report-data';
import { duration, number } from '../model/units';

const WIDTH = 100;

/** One bar for each timeout of a request, from the client inwards. A step that waits no longer than the next one is red. */
export function timeoutBars(steps: readonly TimeoutStep[]): Markup {
  const most = Math.max(...steps.map(({ seconds }) => seconds));
  return html`<ul class="bars">${steps.map(({ label, seconds }) => html`<li><span class="bar-label">${name(label)}</span><span class="track"><span class="fill" style="width:${share(seconds, most)}%"></span></span><span class="bar-value">${duration(seconds)}</span></li>`)}</ul>`;
}

function share(value: number, of: number): string {
  return of === 0 ? '0' : Math.max(1, WIDTH * value / of).toFixed(1);
}

/** The attempts of a failure on a line from the first to the end. */
export function retryLine({ attempts, endSeconds, destination }: FailurePath, say: Say): Markup {
  const end = Math.max(endSeconds ?? 0, ...attempts.map(({ atSeconds }) => atSeconds));
  if (attempts.length === 0 || end === 0) return html``;
  const x = (seconds: number) => (10 + 480 * seconds / end).toFixed(1);
  const label = [...attempts.map(({ label: text, atSeconds }) => `${text}: ${duration(Math.round(atSeconds))}`), `${destination ?? say('end')}: ${duration(Math.round(end))}`].join('; ');
  return html`<svg class="timeline" viewBox="0 0 560 44" role="img" aria-label="${label}"><path class="axis" d="M10 14H490"/>
${attempts.map(({ atSeconds }) => html`<circle class="attempt" cx="${x(atSeconds)}" cy="14" r="5"/>`)}
<path class="${destination === undefined ? 'lost' : 'arrived'}" d="M484 8h12v12h-12z"/>
<text x="5" y="36">0 s</text>${attempts.length > 1 ? html`<text x="${x(attempts[attempts.length - 1].atSeconds)}" y="36" text-anchor="middle">${duration(Math.round(attempts[attempts.length - 1].atSeconds))}</text>` : ''}
${attempts[attempts.length - 1].atSeconds < 0.8 * end || attempts.length === 1 ? html`<text x="490" y="36" text-anchor="middle">${duration(Math.round(end))}</text>` : ''}</svg>`;
}

/** The steps of a release over its minutes. */
export function releaseLine({ steps, shiftMinutes = 0 }: ReleaseData, say: Say): Markup {
  if (steps.length < 2 || shiftMinutes === 0) return html``;
  const end = shiftMinutes * 1.15;
  const [x, y] = [(minute: number) => 10 + 480 * minute / end, (percent: number) => 74 - 60 * percent / 100];
  let d = `M10 ${y(0)}`;
  steps.forEach(({ minute, percent }) => { d += `H${x(minute).toFixed(1)}V${y(percent).toFixed(1)}`; });
  d += 'H490';
  const label = steps.map(({ minute, percent }) => say('stepText', { minute, percent: number(percent) })).join('; ');
  const marks = steps.length > 6 ? [steps[0], steps[steps.length - 1]] : steps;
  return html`<svg class="timeline release" viewBox="0 0 560 100" role="img" aria-label="${label}"><path class="area" d="${d}V74H10z"/><path class="axis" d="M10 74H490"/><path class="shift" d="${d}"/>
${marks.map(({ minute, percent }) => html`<text x="${x(minute).toFixed(1)}" y="92" text-anchor="${minute === 0 ? 'start' : 'middle'}">${minute} min</text><text class="percent" x="${(x(minute) + 6).toFixed(1)}" y="${(y(percent) + (percent > 50 ? -5 : -6)).toFixed(1)}">${number(percent)} %</text>`)}</svg>`;
}

/** The shares of a budget side by side, up to its limit. */
export function budgetBar({ parts, used, limit, unit, label }: Budget): Markup {
  const known = parts.filter(({ value }) => value !== undefined && value > 0);
  const whole = Math.max(limit ?? used, used, 1);
  const text = `${label}: ${number(used)} ${unit}`;
  return html`<div class="stack${limit !== undefined && used > limit ? ' over' : ''}" role="img" aria-label="${text}">${known.map(({ label: part, value }, i) => (
    html`<span class="part p${i % 6}" style="width:${(WIDTH * value! / whole).toFixed(2)}%" title="${part}: ${number(value!)}"></span>`))}</div>`;
}
