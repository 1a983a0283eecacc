import { createHash } from 'crypto';
import { Duration, Stack, Token } from 'aws-cdk-lib';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { Ability, EntranceKind, requireAble } from './entrance-kind';
import { isParameterName } from './parameter-name';
import { timeoutOf } from './target-function';
import { API_AUTHORIZER, DEFAULTS, HTTP_API } from '../limits';
import { refuse, requireRange } from '../private/validation';
import { wholeSeconds } from '../private/whole-seconds';

export type { AccessSpec };

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
  readonly handler: lambda.IFunction;
  readonly headers: string[];
  readonly queryStrings: string[];
  readonly resultsCacheTtl?: Duration;
}

/** What an Access says, as the entrances read it. */
type AccessSpec = JwtSpec | UserPoolSpec | LambdaAuthorizerSpec | { readonly kind: 'iam' } | { readonly kind: 'public'; readonly reason: string };

/** Refuses an access that is incomplete, out of range or beyond the entrance. */
export function checkAccess(path: string, kind: EntranceKind, spec: AccessSpec): void {
  switch (spec.kind) {
    case 'jwt': return checkJwt(path, kind, spec);
    case 'userPool': return checkUserPool(path, kind, spec);
    case 'lambdaAuthorizer': return checkLambdaAuthorizer(path, kind, spec);
    case 'iam': return requireAble(path, kind, Ability.IAM, "'access' by IAM");
    case 'public':
      if (spec.reason.trim() === '') {
        refuse(path, "'reason' of Access.publicBecause must say why everybody may call, got an empty text; name what protects the route instead");
      }
  }
}

/** Whether two let in the same callers, as far as that is seen without comparing authorizers. */
export function isSameAccess(one: AccessSpec, other: AccessSpec): boolean {
  return one === other || (one.kind === other.kind && (one.kind === 'iam' || one.kind === 'public'));
}

function checkJwt(path: string, kind: EntranceKind, { issuer, audience, jwksEndpoint }: JwtSpec): void {
  requireAble(path, kind, Ability.JWT, "'access' by JWT");
  for (const [prop, url] of [['issuer', issuer], ['jwksEndpoint', jwksEndpoint]]) {
    if (!Token.isUnresolved(url) && !url.startsWith('https://')) {
      refuse(path, `'${prop}' of Access.jwt must be an https URL, got '${url}'; write it as in the tokens of the issuer`);
    }
  }
  if (Token.isUnresolved(audience)) return;
  const most = kind === EntranceKind.LOAD_BALANCER ? 1 : HTTP_API.audiencesPerAuthorizerMax;
  requireRange(path, 'audience', audience.length, 1, most, `list for whom the tokens are issued, at most ${most} behind ${kind}`);
}

function checkUserPool(path: string, kind: EntranceKind, { clients }: UserPoolSpec): void {
  requireAble(path, kind, Ability.USER_POOL, "'access' by user pool");
  const most = kind === EntranceKind.LOAD_BALANCER ? 1 : HTTP_API.audiencesPerAuthorizerMax;
  requireRange(path, 'clients', clients.length, 1, most, `list the clients that callers sign in with, at most ${most} behind ${kind}`);
}

function checkLambdaAuthorizer(path: string, kind: EntranceKind, spec: LambdaAuthorizerSpec): void {
  requireAble(path, kind, Ability.LAMBDA_AUTHORIZER, "'access' by Lambda authorizer");
  const { answerMaxSeconds, cacheMinSeconds, cacheMaxSeconds } = API_AUTHORIZER;
  const timeout = timeoutOf(spec.handler);
  if (timeout !== undefined && timeout > answerMaxSeconds) {
    refuse(path, `'timeout' of the authorizer ${spec.handler.node.path} must be at most ${answerMaxSeconds} s, got ${timeout} s; API Gateway gives up after ${answerMaxSeconds} s`);
  }
  for (const [prop, names] of [['headers', spec.headers], ['queryStrings', spec.queryStrings]] as const) {
    const other = names.find(name => !Token.isUnresolved(name) && !isParameterName(name));
    if (other !== undefined) refuse(path, `'${prop}' of Access.lambdaAuthorizer must be of letters, digits and . _ $ -, got '${other}'; API Gateway can't look there`);
  }
  if (spec.resultsCacheTtl) wholeSeconds(path, 'resultsCacheTtl', spec.resultsCacheTtl);
  const ttl = cacheSeconds(spec);
  requireRange(path, 'resultsCacheTtl', ttl, cacheMinSeconds, cacheMaxSeconds, 'it is a number of seconds');
  if (ttl !== 0 && spec.headers.length + spec.queryStrings.length === 0) {
    refuse(path, `'resultsCacheTtl' must be 0 without 'headers' and 'queryStrings', got ${Token.isUnresolved(ttl) ? 'a token' : ttl}; name what tells callers apart, or don't keep answers`);
  }
}

/** How long an answer of the authorizer is kept: 0 is never, and what is not known yet may be long. */
export function cacheSeconds({ resultsCacheTtl }: LambdaAuthorizerSpec): number {
  return (resultsCacheTtl ?? Duration.seconds(DEFAULTS.HttpEntrance.authorizerCacheSeconds.value)).toSeconds();
}

/** The issuer of the tokens of a user pool, for what has no notion of user pools. */
export function asJwt({ userPool, clients }: UserPoolSpec): JwtSpec {
  const issuer = `https://${userPool.userPoolProviderName}`;
  return { kind: 'jwt', issuer, audience: clients.map(client => client.userPoolClientId), jwksEndpoint: `${issuer}/.well-known/jwks.json` };
}

/**
 * An id for the authorizer of an access, made of what it says: two that say the same share one authorizer, and the order
 * of the routes changes no logical id.
 */
export function authorizerId(scope: IConstruct, spec: JwtSpec | UserPoolSpec | LambdaAuthorizerSpec): string {
  const parts = spec.kind === 'jwt' ? [spec.issuer, spec.audience]
    : spec.kind === 'userPool' ? [spec.userPool.node.addr, spec.clients.map(client => client.node.addr)]
      : [spec.handler.node.addr, spec.headers, spec.queryStrings, cacheSeconds(spec)];
  const hash = createHash('sha256').update(JSON.stringify(Stack.of(scope).resolve(parts))).digest('hex').slice(0, 8);
  return `${{ jwt: 'Jwt', userPool: 'UserPool', lambdaAuthorizer: 'Lambda' }[spec.kind]}Authorizer${hash}`;
}
