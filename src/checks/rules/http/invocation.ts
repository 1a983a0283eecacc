import { LAMBDA } from '../../../aws';
import { LATEST, releasesOf } from '../../graph';
import type { AppGraph, LambdaFunction, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { each, eachFunction } from '../support/each';
import type { Found } from '../support/each';
import { invocationsOf } from '../support/invocations';

export const INVOCATION_RULES: Rule[] = [
  {
    id: 'LP-H26',
    category: 'http',
    severity: 'warning',
    title: 'Caller bypasses the alias',
    why: 'A caller of $LATEST receives every code change immediately, and no provisioned concurrency.',
    fix: 'invoke the alias instead',
    source: SOURCE.lambda('configuration-aliases'),
    evaluate: eachFunction(callersBypassAlias),
  },
  {
    id: 'LP-H27',
    category: 'http',
    severity: 'warning',
    title: 'Any load balancer may invoke the function',
    why: 'The LambdaTarget of CDK permits the whole service, including load balancers of other accounts.',
    fix: 'set SourceArn or SourceAccount on the permission',
    source: SOURCE.lambda('services-alb'),
    evaluate: each('AWS::Lambda::Permission', anyLoadBalancerMayInvoke),
  },
  {
    id: 'LP-H29',
    category: 'http',
    severity: 'warning',
    title: 'Many routes have a permission each',
    why:
      `A permission uses about ${LAMBDA.routePermissionBytes} of the ${LAMBDA.resourcePolicyMaxBytes} `
      + 'bytes of the resource policy of a function.',
    fix: 'use one permission for the API (scopePermissionToRoute or scopePermissionToMethod: false)',
    source: SOURCE.lambda('gettingstarted-limits'),
    evaluate: eachFunction(permissionForEachRoute),
  },
];

function callersBypassAlias(fn: LambdaFunction, app: AppGraph): Found {
  const alias = fn.aliases[0];
  // LP-P19 reports the callers of a function that CodeDeploy releases
  if (alias === undefined || app.view(released).has(fn)) return undefined;
  return invocationsOf(fn)
    .filter(({ qualifier }) => qualifier === LATEST)
    .map(({ at, property }) => ({ at, property, must: `must be the alias ${alias.path}`, got: LATEST }));
}

function released(app: AppGraph): Set<LambdaFunction | undefined> {
  return new Set(releasesOf(app).map(release => release.function));
}

function anyLoadBalancerMayInvoke(permission: Resource): Found {
  if (
    permission.string('Principal') === 'elasticloadbalancing.amazonaws.com'
    && permission.lacks('SourceArn')
    && permission.lacks('SourceAccount')
  ) {
    return {
      at: permission,
      property: 'SourceAccount',
      must: 'must restrict the load balancers that may invoke',
      got: undefined,
    };
  }
  return undefined;
}

function permissionForEachRoute(fn: LambdaFunction): Found {
  const most = Math.floor(LAMBDA.resourcePolicyMaxBytes / LAMBDA.routePermissionBytes);
  const routes = fn.permissions.filter(
    permission => permission.string('Principal') === 'apigateway.amazonaws.com',
  ).length;
  if (routes > 0.8 * most) {
    return {
      at: fn.resource,
      property: 'Permission',
      must: `must be well below ${most} permissions for API Gateway`,
      got: routes,
    };
  }
  return undefined;
}
