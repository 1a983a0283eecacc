import type { AppView } from './app-view';
import { shown } from './app-view';
import type { Say } from './phrases';
import type { GrantData } from './report-data';
import type { LambdaFunction, Resource, Statement, Value } from '../../checks/graph';
import { patternOf } from '../../checks/graph';

/** Words for actions, from the most to the least specific. */
const WORDS: readonly [RegExp, 'connect' | 'send' | 'publish' | 'invoke' | 'start' | 'receive' | 'decrypt' | 'manage' | 'read' | 'write'][] = [
  [/^rds-db:connect$/, 'connect'],
  [/^sqs:sendmessage/, 'send'],
  [/^(sns:publish|events:putevents)/, 'publish'],
  [/^lambda:invoke/, 'invoke'],
  [/^states:start/, 'start'],
  [/^(sqs:(receive|delete|change)message|kinesis:(get|subscribe)|dynamodb:(getrecords|getsharditerator))/, 'receive'],
  [/^kms:/, 'decrypt'],
  [/^([\w-]+:)?\*$/, 'manage'],
  [/^\w[\w-]*:(get|list|describe|query|scan|batchget|select|head|search|lookup|conditioncheck)/, 'read'],
  [/./, 'write'],
];
/** What every function may do and no reader has to know: its own logs and traces. */
const OWN = /^(logs:|xray:|ec2:(create|describe|delete|attach|detach|assign|unassign|unassing)(network|private|subnets|security|vpcs))/;

/** The word for an action. */
function accessWord(action: string): string {
  return WORDS.find(([pattern]) => pattern.test(action))![1];
}

export interface Access {
  readonly words: readonly string[];
  readonly resource?: Resource;
  /** The resource in plain text, if it is not part of the app. */
  readonly text: string;
  readonly isWide: boolean;
}

/** What the role of a function may do, by resource. */
export function accessesOf(fn: LambdaFunction, view: AppView): Access[] {
  const found = new Map<string, { words: Set<string>; resource?: Resource; text: string; isWide: boolean }>();
  const grants = fn.grants;
  for (const statement of [...grants?.statements ?? [], ...grants?.managedStatements ?? []]) {
    if (statement.effect !== 'Allow') continue;
    const actions = statement.actions.filter(action => !OWN.test(action));
    if (actions.length === 0) continue;
    for (const value of statement.resources) add(found, statement, actions, value, fn, view);
  }
  return [...found.values()].map(access => ({ ...access, words: [...access.words].sort() }));
}

function add(
  found: Map<string, { words: Set<string>; resource?: Resource; text: string; isWide: boolean }>,
  statement: Statement, actions: readonly string[], value: Value, fn: LambdaFunction, view: AppView,
): void {
  const resource = fn.app.resourceOf(value, statement.holder);
  const text = resource ? view.nameOf(resource) : shown(patternOf(value));
  const key = resource ? view.idOf(resource) : text;
  const access = found.get(key) ?? { words: new Set(), resource, text, isWide: false };
  actions.forEach(action => access.words.add(accessWord(action)));
  access.isWide ||= statement.wideParts.length > 0;
  found.set(key, access);
}

/** The same in words, widest first. */
export function grantData(fn: LambdaFunction, view: AppView, say: Say): GrantData[] {
  const managed = (fn.grants?.managedPolicies ?? []).map(policy => (
    { access: say('managedPolicy'), on: shown(patternOf(policy).split('/').pop() ?? '?'), isWide: false }));
  const accesses = accessesOf(fn, view).map(({ words, text, isWide }) => ({
    access: words.map(word => say(`may_${word}` as Parameters<Say>[0])).join(', '), on: text, isWide,
  }));
  return [...accesses, ...managed].sort((a, b) => Number(b.isWide) - Number(a.isWide));
}
