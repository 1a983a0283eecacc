import { html, name } from './markup';
import type { Markup } from './markup';
import { isDearer, isUnchanged } from '../model/diff';
import type { Changes, CostChange } from '../model/diff';
import type { Say } from '../model/phrases';
import type { Replacement, ResourceChange } from '../model/replacements';
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
  const { added, removed, replaced, orphaned, standing, standingParts, functions, newFindings, goneFindings } = changes;
  const costs = [
    ...isUnchanged(standing) ? [] : [{ change: standing, key: 'standingFromTo' as const }],
    ...standingParts.map(change => ({ change, key: 'partFromTo' as const })),
    ...functions.map(change => ({ change, key: 'functionFromTo' as const })),
  ];
  const groups: ChangeGroup[] = [
    { title: say('replaced'), kind: 'error', lines: replaced.map(each => `${placeOf(each)}: ${replacementText(each, say)}`) },
    { title: say('newFindings'), kind: 'warning', lines: newFindings.map(each => findingText(each, say)) },
    { title: say('orphaned'), kind: 'warning', lines: orphaned.map(each => `${placeOf(each)}: ${say('retained')}`) },
    { title: say('removed'), kind: 'warning', lines: removed.map(placeOf) },
    { title: say('dearer'), kind: 'warning', lines: costs.filter(({ change }) => isDearer(change)).map(({ change, key }) => costText(change, key, say)) },
    { title: say('changed'), kind: 'held', lines: costs.filter(({ change }) => !isDearer(change)).map(({ change, key }) => costText(change, key, say)) },
    { title: say('goneFindings'), kind: 'held', lines: goneFindings.map(each => findingText(each, say)) },
    { title: say('added'), kind: 'info', lines: added.map(placeOf) },
  ];
  return groups.filter(({ lines }) => lines.length > 0);
}

function placeOf({ path, type, template, logicalId }: ResourceChange): string {
  return `${path} (${type}, ${template} ${logicalId})`;
}

function replacementText(change: Replacement, say: Say): string {
  const { isRetained, takenName } = change;
  return [
    reasonText(change, say),
    ...isRetained ? [say('oldRetained')] : [],
    ...takenName === undefined ? [] : [say('nameTaken', { name: takenName })],
  ].join('; ');
}

function reasonText({ properties, isPossible, typeBefore, logicalIdBefore, follows }: Replacement, say: Say): string {
  if (typeBefore !== undefined) return say('typeChanged', { type: typeBefore });
  if (logicalIdBefore !== undefined) return say('renamed', { id: logicalIdBefore });
  const reason = say(isPossible ? 'mayReplace' : 'willReplace', { properties: properties.join(', ') });
  return follows === undefined ? reason : say('refersTo', { reason, ids: follows.join(', ') });
}

function findingText({ rule, severity, message }: FindingData, say: Say): string {
  return `${say(severity)} ${rule}: ${message}`;
}

function costText({ path, before, now }: CostChange, key: 'standingFromTo' | 'partFromTo' | 'functionFromTo', say: Say): string {
  return say(key, { from: dollars(before), to: dollars(now), name: path });
}

export function changesSection(changes: Changes, say: Say): Markup {
  const groups = changeGroups(changes, say);
  return html`<section id="changes" aria-labelledby="changes-h"><h2 id="changes-h">${say('h_changes')}</h2><p class="sub">${say('comparedWith', { from: changes.from })}</p>
${groups.length === 0 ? html`<p>${say('noChanges')}</p>` : groups.map(({ title, kind, lines }) => html`<h3><span class="badge ${kind}">${title}</span> (${lines.length})</h3>
<ul class="plain">${lines.slice(0, ROWS_MAX).map(line => html`<li>${name(line)}</li>`)}${lines.length > ROWS_MAX ? html`<li>${say('more', { n: lines.length - ROWS_MAX })}</li>` : ''}</ul>`)}</section>`;
}
