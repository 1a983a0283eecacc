import { groupBy } from './group-by';
import { permissionPolicyBytes } from './permission-size';
import { targetOf } from '../../graph';
import type { LambdaFunction, Resource } from '../../graph';

export interface ResourcePolicySize {
  permissions: number;
  /** The fewest bytes that the policy can have. */
  bytes: number;
}

/** The largest resource policy of a function: each qualifier has its own. */
export function largestResourcePolicy(fn: LambdaFunction): ResourcePolicySize {
  const qualifierOf = (permission: Resource) =>
    targetOf(fn.app, permission.get('FunctionName'), permission).qualifier;
  return [...groupBy(fn.permissions, qualifierOf)]
    .map(([qualifier, permissions]) =>
      ({ permissions: permissions.length, bytes: permissionPolicyBytes(fn.resource, qualifier, permissions) }))
    .reduce((largest, policy) => (policy.bytes > largest.bytes ? policy : largest), { permissions: 0, bytes: 0 });
}
