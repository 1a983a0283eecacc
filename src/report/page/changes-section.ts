import { html, name } from './markup';
import type { Markup } from './markup';
import { isDearer, isUnchanged } from '../model/diff';
import type { Changes, CostChange, Replacement, ResourceChange } from '../model/diff';
import type { Say } from '../model/phrases';
import type { FindingData } from '../model/report-data';
import { dollars } from '../model/units';

/** Rows of one kind of change. */
const ROWS_MAX = 100;

/** One kind of change with its lines. */
export interface ChangeGroup {
  readonly title: string;
  readonly kind: 'error' | 'warning' | 'info' | 'held';
  readonly lines: readonly string[];
}

/** What is different, the most harmful first. */
export function changeGroups(changes: Changes, say: Say): ChangeGroup[] {
  const { added, removed, replaced, orphaned, standing, functions, newFindings, goneFindings } = changes;
  const costs = [...isUnchanged(standing) ? [] : [standing], ...functions];
  const groups: ChangeGroup[] = [
    { title: say('replaced'), kind: 'error', lines: replaced.map(each => `${placeOf(each)}: ${replacementText(each, say)}`) },
    { title: say('newFindings'), kind: 'warning', lines: newFindings.map(each => findingText(each, say)) },
    { title: say('orphaned'), kind: 'warning', lines: orphaned.map(each => `${placeOf(each)}: ${say('retained')}`) },
    { title: say('removed'), kind: 'warning', lines: removed.map(placeOf) },
    { title: say('dearer'), kind: 'warning', lines: costs.filter(isDearer).map(each => costText(each, say)) },
    { title: say('changed'), kind: 'held', lines: costs.filter(each => !isDearer(each)).map(each => costText(each, say)) },
    { title: say('goneFindings'), kind: 'held', lines: goneFindings.map(each => findingText(each, say)) },
    { title: say('added'), kind: 'info', lines: added.map(placeOf) },
  ];
  return groups.filter(({ lines }) => lines.length > 0);
}

function placeOf({ path, type, template, logicalId }: ResourceChange): string {
  return `${path} (${type}, ${template} ${logicalId})`;
}

function replacementText({ properties, isPossible, typeBefore }: Replacement, say: Say): string {
  if (typeBefore !== undefined) return say('typeChanged', { type: typeBefore });
  return say(isPossible ? 'mayReplace' : 'willReplace', { properties: properties.join(', ') });
}

function findingText({ rule, severity, message }: FindingData, say: Say): string {
  return `${say(severity)} ${rule}: ${message}`;
}

function costText({ path, before, now }: CostChange, say: Say): string {
  const values = { from: dollars(before), to: dollars(now), name: path };
  return say(path === '' ? 'standingFromTo' : 'functionFromTo', values);
}

export function changesSection(changes: Changes, say: Say): Markup {
  const groups = changeGroups(changes, say);
  return html`<section id="changes" aria-labelledby="changes-h"><h2 id="changes-h">${say('h_changes')}</h2><p class="sub">${say('comparedWith', { from: changes.from })}</p>
${groups.length === 0 ? html`<p>${say('noChanges')}</p>` : groups.map(({ title, kind, lines }) => html`<h3><span class="badge ${kind}">${title}</span> (${lines.length})</h3>
<ul class="plain">${lines.slice(0, ROWS_MAX).map(line => html`<li>${name(line)}</li>`)}${lines.length > ROWS_MAX ? html`<li>${say('more', { n: lines.length - ROWS_MAX })}</li>` : ''}</ul>`)}</section>`;
}
