import { coversAllResources, isNeededByLambda, isWholeService, requiresAllResources } from '../aws';

/** A statement of an identity policy. References are in angle brackets: `<Bucket.Arn>/*`. */
export interface StatementTexts {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  /** The values of each condition, by operator and key. */
  readonly conditions: readonly Condition[];
}

export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** One action on one resource that a statement allows by a wildcard. */
export interface WidePart {
  readonly part: 'NotAction' | 'NotResource' | 'Action' | 'Resource';
  readonly action: string;
  readonly resource: string;
}

/** Operators that a request without the key does not match. */
const REQUIRES_THE_KEY = /^(foranyvalue:)?(string(equals|equalsignorecase|like)|arn(equals|like))$/;
/** Keys of the resource for all services. Other global keys describe the caller or the connection. */
const RESOURCE_KEYS = /^(aws:(resourcetag|requesttag)\/|iam:resourcetag\/)/;
/** Keys of services that do not restrict the resource. */
const OTHER_KEYS = /:(region|passedtoservice|apiversion|authtype|signatureversion|signatureage|tlsversion|securetransport|sourcefunctionarn)$/;

/**
 * The actions and resources that a statement allows by a wildcard and could name. The LeastPrivilegeRole rejects them, and the
 * rule LP-F72 reports them. Wildcards are accepted for actions that IAM cannot scope, for the network interfaces and the logs
 * that Lambda needs, and under a condition on the resource.
 */
export function widePartsOf(statement: StatementTexts): WidePart[] {
  if (statement.effect === 'Deny') return [];
  const { actions, notActions, resources, notResources } = statement;
  if (notActions.length > 0) return resourcesOrAll(resources).map(resource => ({ part: 'NotAction', action: texts(notActions), resource }));
  if (notResources.length > 0) return actions.map(action => ({ part: 'NotResource', action, resource: texts(notResources) }));
  const whole = actions.filter(isWholeService);
  const wide = resources.filter(coversAllResources);
  if (whole.length + wide.length === 0) return [];
  const named = actions.filter(action => !whole.includes(action) && !action.includes('<'));
  const scopable = named.filter(action => !requiresAllResources(action) && !isScoped(action, statement.conditions));
  return [
    ...whole.flatMap(action => resourcesOrAll(resources).map(resource => ({ part: 'Action' as const, action, resource }))),
    ...wide.flatMap(resource => scopable
      .filter(action => !isNeededByLambda(action, resource))
      .map(action => ({ part: 'Resource' as const, action, resource }))),
  ];
}

/** Whether a condition restricts the resources of an action: the request must have a key of the resource, with a value that is not a wildcard. */
function isScoped(action: string, conditions: readonly Condition[]): boolean {
  return conditions.some(({ operator, key, values }) => REQUIRES_THE_KEY.test(operator.toLowerCase())
    && describesResource(key.toLowerCase(), action.toLowerCase().split(':')[0])
    && values.length > 0
    && !values.some(value => /^[*?]+$/.test(value) || (value.startsWith('arn:') && coversAllResources(value))));
}

/** A request never has the keys of another service. */
function describesResource(key: string, service: string): boolean {
  if (key.startsWith('<')) return true;
  return RESOURCE_KEYS.test(key) || (key.startsWith(`${service}:`) && !OTHER_KEYS.test(key));
}

function resourcesOrAll(resources: readonly string[]): readonly string[] {
  return resources.length > 0 ? resources : ['*'];
}

function texts(values: readonly string[]): string {
  return [...values].sort().map(value => `'${value}'`).join(', ');
}
