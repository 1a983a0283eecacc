import { groupBy } from './group-by';
import { minimumBytes } from '../../graph';
import type { Resource, Value } from '../../graph';

/** The values that only the deployment knows, at their shortest: a stack has at least one letter. */
const SHORTEST = { region: 'us-east-1', account: '123456789012', stack: 's', random: 'XXXXXXXXXXXX' };
/** CloudFormation generates names of at most these lengths from the stack, the logical ID and 12 random characters. */
const STATEMENT_ID_MAX = 100;
const LOGICAL_ID_IN_NAME_MAX = 24;

/** The conditions that Lambda writes for the properties of a permission. */
const CONDITIONS: readonly [property: string, operator: string, key: string][] = [
  ['SourceArn', 'ArnLike', 'AWS:SourceArn'],
  ['SourceAccount', 'StringEquals', 'AWS:SourceAccount'],
  ['PrincipalOrgID', 'StringEquals', 'aws:PrincipalOrgID'],
  ['EventSourceToken', 'StringEquals', 'lambda:EventSourceToken'],
  ['FunctionUrlAuthType', 'StringEquals', 'lambda:FunctionUrlAuthType'],
  ['InvokedViaFunctionUrl', 'Bool', 'lambda:InvokedViaFunctionUrl'],
];

/**
 * The fewest bytes of the resource policy of one qualifier, which Lambda writes from the permissions. What the template
 * contains is counted as it is written, and what only the deployment knows as its shortest value, so that the policy is
 * never smaller.
 *
 * @param arn The ARN of the function with its qualifier
 */
export function permissionPolicyBytes(arn: string, permissions: readonly Resource[]): number {
  const Statement = permissions.map(permission => statementOf(arn, permission));
  return minimumBytes({ Version: '2012-10-17', Id: 'default', Statement });
}

function statementOf(arn: string, permission: Resource): Record<string, Value> {
  const conditions = CONDITIONS.filter(([property]) => !permission.lacks(property));
  const Condition = Object.fromEntries([...groupBy(conditions, ([, operator]) => operator)].map(([operator, group]) => (
    [operator, Object.fromEntries(group.map(([property, , key]) => [key, permission.get(property)]))])));
  return {
    Sid: `${SHORTEST.stack}-${permission.logicalId}-${SHORTEST.random}`.slice(0, STATEMENT_ID_MAX),
    Effect: 'Allow',
    Principal: principalOf(permission.get('Principal')),
    Action: permission.get('Action'),
    Resource: arn,
    ...conditions.length > 0 && { Condition },
  };
}

function principalOf(principal: Value): Value {
  if (principal === '*') return principal;
  const isService = typeof principal === 'string' && /^[\w.-]+\.[a-z]+$/.test(principal);
  return isService ? { Service: principal } : { AWS: principal };
}

/** The ARN of a function of the app, with the shortest name that the deployment can generate. */
export function shortestArnOf(fn: Resource, qualifier: string | undefined): string {
  const generated = [SHORTEST.stack, fn.logicalId.slice(0, LOGICAL_ID_IN_NAME_MAX), SHORTEST.random].join('-');
  const name = fn.string('FunctionName') ?? (fn.lacks('FunctionName') ? generated : 'f');
  return shortestArn(qualifier === undefined || qualifier === '$LATEST' ? name : `${name}:${qualifier}`);
}

/** The ARN of a function by its name, with its qualifier if it has one. */
export function shortestArn(name: string): string {
  return `arn:aws:lambda:${SHORTEST.region}:${SHORTEST.account}:function:${name}`;
}
