import { groupBy } from './group-by';
import { permissionPolicyBytes, shortestArn, shortestArnOf } from './permission-size';
import { patternOf, targetOf } from '../../graph';
import type { AppGraph, LambdaFunction, Resource } from '../../graph';

export interface ResourcePolicySize {
  readonly permissions: readonly Resource[];
  /** The fewest bytes that the policy can have. */
  readonly bytes: number;
}

/** The largest resource policy of a function: each qualifier has its own. */
export function largestResourcePolicy(fn: LambdaFunction): ResourcePolicySize {
  const qualifierOf = (permission: Resource) =>
    targetOf(fn.app, permission.get('FunctionName'), permission).qualifier;
  return [...groupBy(fn.permissions, qualifierOf)]
    .map(([qualifier, permissions]) =>
      ({ permissions, bytes: permissionPolicyBytes(shortestArnOf(fn.resource, qualifier), permissions) }))
    .reduce((largest, policy) => (policy.bytes > largest.bytes ? policy : largest), { permissions: [], bytes: 0 });
}

/** What each template adds to the resource policy of a function outside the app that it names. */
export function policiesOfOthers(app: AppGraph): ResourcePolicySize[] {
  const permissions = app.ofType('AWS::Lambda::Permission')
    .filter(permission => !targetOf(app, permission.get('FunctionName'), permission).function);
  return [...groupBy(permissions, ({ template }) => template).values()].flatMap(ofTemplate => (
    [...groupBy(ofTemplate, permission => nameIn(patternOf(permission.get('FunctionName'))))]
      .filter(([name]) => name !== undefined)
      .map(([name, ofFunction]) =>
        ({ permissions: ofFunction, bytes: permissionPolicyBytes(shortestArn(name!), ofFunction) }))));
}

/** The name and the qualifier in a name or ARN that is known. */
function nameIn(text: string): string | undefined {
  const name = /^(?:.*:function:)?([\w-]+(?::[\w$-]+)?)$/.exec(text)?.[1];
  return name?.startsWith('arn') ? undefined : name;
}
