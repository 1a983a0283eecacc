import { AspectPriority, Aspects } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { patternOf } from './listener-rules';
import type { ResolvedRoute } from './resolved-route';

/** The stage of a REST API. */
export const STAGE = 'live';
/** Every method of an API, in the resource policy of the API itself. */
export const EVERY_METHOD = 'execute-api:/*';

/**
 * The resource policy of a private REST API. It denies requests that do not come through the endpoints, and allows the
 * routes that are not by IAM: without an explicit permission API Gateway rejects them.
 *
 * It does not allow routes by IAM, because such a permission would apply to every AWS principal. Their callers need a
 * permission of their own.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
export class PrivateApiPolicy {
  private readonly routes: ResolvedRoute[] = [];

  constructor(
    scope: Construct, private readonly api: apigateway.RestApi, vpcEndpoints: readonly ec2.IVpcEndpoint[], private readonly hasCors: boolean,
  ) {
    this.add(iam.Effect.DENY, [EVERY_METHOD], { StringNotEquals: { 'aws:SourceVpce': vpcEndpoints.map(endpoint => endpoint.vpcEndpointId) } });
    Aspects.of(scope).add({
      visit: node => {
        if (node === scope) this.allowRoutes(); // all routes are known
      },
    }, { priority: AspectPriority.MUTATING });
  }

  public addRoute(route: ResolvedRoute): void {
    this.routes.push(route);
  }

  private allowRoutes(): void {
    const others = this.routes.filter(({ access }) => access.kind !== 'iam');
    const preflight = this.hasCors && this.routes.length > 0 ? [resourceOf('OPTIONS', '/*')] : [];
    const resources = others.length === this.routes.length ? [EVERY_METHOD]
      : [...preflight, ...others.map(({ method, path }) => resourceOf(method === 'ANY' ? '*' : method, patternOf(path)))];
    if (resources.length > 0) this.add(iam.Effect.ALLOW, [...new Set(resources)]);
  }

  private add(effect: iam.Effect, resources: string[], conditions?: iam.Conditions): void {
    this.api.addToResourcePolicy(new iam.PolicyStatement({
      effect, principals: [new iam.AnyPrincipal()], actions: ['execute-api:Invoke'], resources, conditions,
    }));
  }
}

function resourceOf(method: string, path: string): string {
  return `execute-api:/${STAGE}/${method}${path}`;
}
