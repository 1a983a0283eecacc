import { createHash } from 'crypto';
import { type CfnResource, Duration, Stack, Validations } from 'aws-cdk-lib';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { DEFAULTS } from '../defaults';
import { exempt } from '../private/template-metadata';

export type { AccessSpec, AuthorizerSpec };

export interface JwtSpec {
  readonly kind: 'jwt';
  readonly issuer: string;
  readonly audience: string[];
  readonly jwksEndpoint: string;
}

export interface UserPoolSpec {
  readonly kind: 'userPool';
  readonly userPool: cognito.IUserPool;
  readonly clients: cognito.IUserPoolClient[];
}

export interface LambdaAuthorizerSpec {
  readonly kind: 'lambdaAuthorizer';
  readonly function: lambda.IFunction;
  readonly headers: string[];
  readonly queryStrings: string[];
  readonly resultsCacheTtl?: Duration;
}

export interface IamSpec {
  readonly kind: 'iam';
}

export interface UnauthenticatedSpec {
  readonly kind: 'unauthenticated';
  readonly reason: string;
}

/** The content of an Access, for validation and for the backends. */
type AccessSpec = JwtSpec | UserPoolSpec | LambdaAuthorizerSpec | IamSpec | UnauthenticatedSpec;

/** An access that needs an authorizer in API Gateway. */
type AuthorizerSpec = JwtSpec | UserPoolSpec | LambdaAuthorizerSpec;

/** Whether two accesses admit the same callers. Two separate Access objects with an authorizer count as different. */
export function isSameAccess(one: AccessSpec, other: AccessSpec): boolean {
  return one === other || (one.kind === other.kind && (one.kind === 'iam' || one.kind === 'unauthenticated'));
}

/** How long results of the authorizer are cached, in seconds; 0 disables caching. The number can be a token. */
export function cacheSeconds({ resultsCacheTtl }: LambdaAuthorizerSpec): number {
  return (resultsCacheTtl ?? Duration.seconds(DEFAULTS.HttpEntrance.authorizerCacheSeconds.value)).toSeconds();
}

/** The JWT issuer of a user pool, for backends that have no authorizer for user pools. */
export function asJwt({ userPool, clients }: UserPoolSpec): JwtSpec {
  const issuer = `https://${userPool.userPoolProviderName}`;
  return { kind: 'jwt', issuer, audience: clients.map(client => client.userPoolClientId), jwksEndpoint: `${issuer}/.well-known/jwks.json` };
}

/** An id for an authorizer, computed from its content: equal accesses share one authorizer, and the order of routes changes no logical id. */
export function authorizerId(scope: IConstruct, spec: AuthorizerSpec): string {
  const hash = createHash('sha256').update(JSON.stringify(Stack.of(scope).resolve(contentOf(spec)))).digest('hex').slice(0, 8);
  return `${{ jwt: 'Jwt', userPool: 'UserPool', lambdaAuthorizer: 'Lambda' }[spec.kind]}Authorizer${hash}`;
}

function contentOf(spec: AuthorizerSpec): unknown[] {
  switch (spec.kind) {
    case 'jwt': return [spec.issuer, spec.audience];
    case 'userPool': return [spec.userPool.node.addr, spec.clients.map(client => client.node.addr)];
    default: return [spec.function.node.addr, spec.headers, spec.queryStrings, cacheSeconds(spec)];
  }
}

/** Writes the reason for an unauthenticated route into cdk-nag's report, and into the template for ProductionChecks. */
export function acknowledgeUnauthenticated(route: CfnResource, access: AccessSpec): void {
  if (access.kind !== 'unauthenticated') return;
  Validations.of(route).acknowledge({ id: 'AwsSolutions::AwsSolutions-APIG4', reason: access.reason });
  exempt(route, 'LP-H09', access.reason);
}
