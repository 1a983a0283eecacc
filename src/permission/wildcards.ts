import { UNSCOPABLE_ACTIONS } from '../aws';
import { flattenReference } from '../private/template-json';

/** Conditions that scope a statement to one resource. CDK uses them instead of the resource. */
const RESOURCE_CONDITIONS = ['elasticfilesystem:AccessPointArn'];
const ADVICE = 'or add the statement with allowWildcard(statement, reason)';

/** A part of a statement that allows more than the listed actions and resources. */
export class Wildcard {
  /** The wildcards of one resolved statement. A Deny statement has none, because it grants nothing. */
  public static of(statement: Record<string, unknown>): Wildcard[] {
    if (statement.Effect === 'Deny') return [];
    return [...negations(statement), ...wideActions(statement), ...wideResources(statement)];
  }

  /**
   * @param key The actions and resources, to compare with the wildcards of allowWildcard
   * @param problem The message
   * @param nagDetail The detail in the finding of cdk-nag's rule IAM5, which does not report negations
   */
  constructor(public readonly key: string, public readonly problem: string, public readonly nagDetail?: string) {}
}

function negations(statement: Record<string, unknown>): Wildcard[] {
  return ['NotAction', 'NotResource'].filter(part => statement[part] !== undefined).map(part => new Wildcard(
    `${part}|${texts(statement[part])}`,
    `'${part}' allows everything it does not name, got ${texts(statement[part])}; `
    + `list the allowed ${part === 'NotAction' ? 'actions' : 'resources'}, ${ADVICE}`,
  ));
}

function wideActions(statement: Record<string, unknown>): Wildcard[] {
  const on = texts(statement.Resource);
  return list(statement.Action).map(flattenReference).filter(isWholeService).map(action => new Wildcard(
    `${action}|${on}`,
    `'Action' must name single actions, got '${action}' on ${on}; list the actions, ${ADVICE}`,
    `Action::${action}`,
  ));
}

function wideResources(statement: Record<string, unknown>): Wildcard[] {
  if (isScopedByCondition(statement)) return [];
  const scopable = list(statement.Action).map(flattenReference).filter(action => !UNSCOPABLE_ACTIONS.has(action));
  return list(statement.Resource).map(flattenReference).filter(isUnscoped).flatMap(resource => scopable.map(action => new Wildcard(
    `${action}|${resource}`,
    `'Resource' must name resources for ${action}, got '${resource}'; grant on the resource itself, ${ADVICE}`,
    `Resource::${resource}`,
  )));
}

function isScopedByCondition(statement: Record<string, unknown>): boolean {
  const { StringEquals: equals = {} } = (statement.Condition ?? {}) as Record<string, Record<string, unknown>>;
  return RESOURCE_CONDITIONS.some(key => equals[key] !== undefined && flattenReference(equals[key]) !== '*');
}

/** Whether an action is `*`, `s3:*` or equivalent. `s3:Get*` is a part of a service. */
function isWholeService(action: string): boolean {
  return /(^|:)\*+$/.test(action);
}

/** Whether a resource is `*`, or an ARN without a resource, such as `arn:aws:s3:::*`. `table/*` is a resource type. */
function isUnscoped(resource: string): boolean {
  return /^(arn(:[^:]*){0,4}:)?[*?]+$/.test(resource.replace(/<[^>]*>/g, 'reference'));
}

function texts(value: unknown): string {
  return list(value).map(v => `'${flattenReference(v)}'`).join(', ');
}

function list(value: unknown): unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
