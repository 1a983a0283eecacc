import { UNSCOPABLE_ACTIONS } from '../limits';
import { flatReference } from '../private/flat-reference';

/** Conditions that name one resource, which CDK writes in place of the resource itself. */
const RESOURCE_CONDITIONS = ['elasticfilesystem:AccessPointArn'];
const ADVICE = 'or add it by allowWildcard(statement, reason)';

/** A part of a statement that allows more than it names. */
export class Wildcard {
  /** The wildcards of one resolved statement; a Deny has none, for it takes away. */
  public static of(statement: Record<string, unknown>): Wildcard[] {
    if (statement.Effect === 'Deny') return [];
    return [...negations(statement), ...wideActions(statement), ...wideResources(statement)];
  }

  /**
   * @param key What an allowance must carry to cover it
   * @param problem What is wrong and what to do
   * @param nagDetail How cdk-nag's IAM5 calls the same part; it has no finding for negations
   */
  constructor(public readonly key: string, public readonly problem: string, public readonly nagDetail?: string) {}
}

function negations(statement: Record<string, unknown>): Wildcard[] {
  return ['NotAction', 'NotResource'].filter(part => statement[part] !== undefined).map(part => new Wildcard(
    `${part}|${texts(statement[part])}`,
    `'${part}' allows everything it does not name, got ${texts(statement[part])}; name what is allowed, ${ADVICE}`,
  ));
}

function wideActions(statement: Record<string, unknown>): Wildcard[] {
  const on = texts(statement.Resource);
  return list(statement.Action).map(flatReference).filter(isWholeService).map(action => new Wildcard(
    `${action}|${on}`,
    `'Action' must name single actions, got '${action}' on ${on}; list the actions, ${ADVICE}`,
    `Action::${action}`,
  ));
}

function wideResources(statement: Record<string, unknown>): Wildcard[] {
  if (isScopedByCondition(statement)) return [];
  const scopable = list(statement.Action).map(flatReference).filter(action => !UNSCOPABLE_ACTIONS.has(action));
  return list(statement.Resource).map(flatReference).filter(isUnscoped).flatMap(resource => scopable.map(action => new Wildcard(
    `${action}|${resource}`,
    `'Resource' must name resources for ${action}, got '${resource}'; grant on the resource itself, ${ADVICE}`,
    `Resource::${resource}`,
  )));
}

function isScopedByCondition(statement: Record<string, unknown>): boolean {
  const { StringEquals: equals = {} } = (statement.Condition ?? {}) as Record<string, Record<string, unknown>>;
  return RESOURCE_CONDITIONS.some(key => equals[key] !== undefined && flatReference(equals[key]) !== '*');
}

/** `*`, `s3:*` and what means the same; `s3:Get*` is a part of a service. */
function isWholeService(action: string): boolean {
  return /(^|:)\*+$/.test(action);
}

/** `*`, and an ARN that leaves the resource open, such as `arn:aws:s3:::*`; `table/*` is a kind of resource. */
function isUnscoped(resource: string): boolean {
  return /^(arn(:[^:]*){0,4}:)?[*?]+$/.test(resource.replace(/<[^>]*>/g, 'reference'));
}

function texts(value: unknown): string {
  return list(value).map(v => `'${flatReference(v)}'`).join(', ');
}

function list(value: unknown): unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
