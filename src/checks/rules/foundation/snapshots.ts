import { asString } from '../../graph';
import type { AppGraph, LambdaFunction } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { eachFunction } from '../support/each';
import type { Found } from '../support/each';
import { packageFiles } from '../support/package-files';
import { snapshotState } from '../support/snapshot-state';
import type { SnapshotState, SourceCall } from '../support/snapshot-state';

const UNIQUENESS = SOURCE.lambda('snapstart-uniqueness');

/** Rules on the source of Python functions with SnapStart. Compiled packages of Java and .NET are not read. */
export const SNAPSHOTS_RULES: Rule[] = [
  {
    id: 'LP-F167',
    category: 'foundation',
    severity: 'warning',
    title: 'Unique value is a part of the snapshot',
    why: 'All environments that are restored from the snapshot have the same value: the same ID, seed or token.',
    fix: 'create the value in the handler, or again in a function with register_after_restore',
    source: UNIQUENESS,
    evaluate: eachFunction((fn, app) => ofSnapshot(fn, app, 'unique', 'must create unique values after the snapshot')),
  },
  {
    id: 'LP-F168',
    category: 'foundation',
    severity: 'warning',
    title: 'Connection or credential is a part of the snapshot',
    why: 'After a restore, the connection can be closed at the other end, and the credential expired or rotated.',
    fix: 'open or read it in the handler, or again in a function with register_after_restore',
    source: SOURCE.lambda('snapstart-best-practices'),
    evaluate: eachFunction((fn, app) => (
      ofSnapshot(fn, app, 'outdated', 'must connect and read credentials after the snapshot'))),
  },
  {
    id: 'LP-F169',
    category: 'foundation',
    severity: 'info',
    title: 'Random numbers repeat in environments of one snapshot',
    why: 'The snapshot contains the state of the module random. Each environment draws the same numbers.',
    fix: 'call register_after_restore(random.seed), or use the module secrets',
    source: UNIQUENESS,
    evaluate: eachFunction((fn, app) => (
      ofSnapshot(fn, app, 'random', 'must seed the module random after each restore'))),
  },
];

function ofSnapshot(fn: LambdaFunction, app: AppGraph, kind: keyof SnapshotState, must: string): Found {
  if (!fn.snapStart || !fn.runtime.startsWith('python')) return undefined;
  const known = app.view(readStates);
  if (!known.has(fn)) known.set(fn, stateOf(fn));
  const [first, ...others] = known.get(fn)?.[kind] ?? [];
  return first && { at: fn.resource, property: 'Code', must, got: textOf(first, others) };
}

/** The sources of a function are read once for all rules. */
function readStates(): Map<LambdaFunction, SnapshotState | undefined> {
  return new Map();
}

function stateOf({ resource }: LambdaFunction): SnapshotState | undefined {
  const handler = asString(resource.get('Handler'));
  const files = packageFiles(resource);
  return handler === undefined || files === undefined ? undefined : snapshotState(files, handler);
}

function textOf({ file, call }: SourceCall, others: readonly SourceCall[]): string {
  return `${call} in '${file}'${others.length > 0 ? ` and ${others.length} more` : ''}`;
}
