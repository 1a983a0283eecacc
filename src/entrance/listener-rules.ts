import { Lazy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import { type AccessSpec, asJwt } from './access-spec';
import type { ResolvedRoute } from './resolved-route';

/** The listener rules of a load balancer: one for each route. The most specific path has the highest priority, in any order of the routes. */
export class ListenerRules {
  private readonly routes: ResolvedRoute[] = [];

  constructor(private readonly scope: Construct, private readonly listener: elbv2.ApplicationListener) { }

  public add(route: ResolvedRoute, targetGroupArn: string): elbv2.CfnListenerRule {
    this.routes.push(route);
    const authentication = authenticationOf(route.access);
    if (authentication.length > 0) this.listener.connections.allowToAnyIpv4(ec2.Port.HTTPS, 'To the keys of token issuers');
    return new elbv2.CfnListenerRule(this.scope, `${route.method}${route.path}`, {
      listenerArn: this.listener.listenerArn,
      priority: Lazy.number({ produce: () => this.priorityOf(route) }),
      conditions: [
        { field: 'path-pattern', pathPatternConfig: { values: [patternOf(route.path)] } },
        ...route.method === 'ANY' ? [] : [{ field: 'http-request-method', httpRequestMethodConfig: { values: [route.method] } }],
      ],
      actions: [...authentication, { type: 'forward', order: authentication.length + 1, targetGroupArn }],
    });
  }

  private priorityOf(route: ResolvedRoute): number {
    return 1 + [...this.routes].sort(bySpecificity).indexOf(route);
  }
}

/** The pattern of a path. `*` also matches slashes: a load balancer does not distinguish path segments. */
export function patternOf(path: string): string {
  return path.replace(/\{[^}]+\}/g, '*');
}

/** Compares segment by segment: literals before parameters before `{name+}`; for one path, a method before ANY. */
export function bySpecificity(a: ResolvedRoute, b: ResolvedRoute): number {
  const [left, right] = [rankOf(a.path), rankOf(b.path)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (right[index] ?? 0) - (left[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return Number(a.method === 'ANY') - Number(b.method === 'ANY') || a.path.localeCompare(b.path) || a.method.localeCompare(b.method);
}

function rankOf(path: string): number[] {
  return path.split('/').slice(1).map(segment => segment.endsWith('+}') ? 1 : segment.startsWith('{') ? 2 : 3);
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-verify-jwt.html */
function authenticationOf(access: AccessSpec): elbv2.CfnListenerRule.ActionProperty[] {
  if (access.kind !== 'jwt' && access.kind !== 'userPool') return [];
  const { issuer, jwksEndpoint, audience } = access.kind === 'jwt' ? access : asJwt(access);
  return [{
    type: 'jwt-validation',
    order: 1,
    jwtValidationConfig: {
      issuer,
      jwksEndpoint,
      // Access tokens of a user pool have no `aud` claim.
      additionalClaims: [{ name: access.kind === 'jwt' ? 'aud' : 'client_id', format: 'single-string', values: audience }],
    },
  }];
}
