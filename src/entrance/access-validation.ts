import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type AccessSpec, cacheSeconds, type JwtSpec, type LambdaAuthorizerSpec, type UserPoolSpec } from './access-spec';
import { Capability, EntranceKind, requireCapability } from './entrance-capabilities';
import { API_AUTHORIZER, HTTP_API, isParameterName } from '../aws';
import { durationText } from '../private/duration-text';
import { knownTimeoutSecondsOf, timeoutSecondsOf } from '../private/function-definition';
import { refuse, requireDuration, requireRange } from '../private/validation';

/** URLs beside the issuer, and what to use instead. */
const WRONG_ISSUERS: readonly [RegExp, string][] = [
  [/\/\.well-known(\/|$)/, "a discovery URL; remove '/.well-known/…'"],
  [/[?#]/, 'a URL with a query or fragment; copy the issuer from a token'],
  [/\s/, 'a text with white space; remove it'],
  [/[{}<>]/, 'a template; fill in its placeholders'],
  [/\.amazoncognito\.com(\/|$)/, 'the domain of the sign-in pages; use Access.userPool, or https://cognito-idp.<region>.amazonaws.com/<user pool id>'],
  [/^https:\/\/login\.microsoftonline\.com\/(common|organizations|consumers)(\/|$)/, 'an endpoint for several tenants; use the URL with the id of your tenant'],
];

/** Checks an access, and whether the entrance supports it. */
export function validateAccess(path: string, kind: EntranceKind, spec: AccessSpec): void {
  switch (spec.kind) {
    case 'jwt': return validateJwt(path, kind, spec);
    case 'userPool': return validateUserPool(path, kind, spec);
    case 'lambdaAuthorizer': return validateLambdaAuthorizer(path, kind, spec);
    case 'iam': return requireCapability(path, kind, Capability.IAM, "'access' by IAM");
    case 'unauthenticated':
      if (spec.reason.trim() === '') {
        refuse(path, "'reason' of Access.unauthenticated must not be empty, got an empty text; state what protects the route instead of authentication");
      }
  }
}

/** Finds an authorizer that can run longer than API Gateway waits. Called again at synthesis, like the check of the routes' functions. */
export function findAuthorizerTimeoutProblems(spec: AccessSpec, timeoutOf = timeoutSecondsOf): string[] {
  if (spec.kind !== 'lambdaAuthorizer') return [];
  const { resultTimeoutMaxSeconds: most } = API_AUTHORIZER;
  const timeout = timeoutOf(spec.function);
  if (timeout === undefined || timeout <= most) return [];
  return [`'timeout' of the authorizer ${spec.function.node.path} must be at most ${durationText(most)}, got ${durationText(timeout)}; API Gateway stops waiting after ${durationText(most)}`];
}

/** Finds problems in values of Access.jwt that are tokens, once they are known. Called at synthesis. */
export function findJwtProblems(scope: IConstruct, kind: EntranceKind, spec: AccessSpec): string[] {
  if (spec.kind !== 'jwt') return [];
  const { issuer, audience, jwksEndpoint } = Stack.of(scope).resolve(spec) as Record<'issuer' | 'audience' | 'jwksEndpoint', unknown>;
  const text = (value: unknown) => typeof value === 'string' ? value : Token.asString(value);
  const texts = Array.isArray(audience) ? audience.map(text) : Token.asList(audience);
  const known = { ...spec, issuer: text(issuer), jwksEndpoint: text(jwksEndpoint), audience: texts };
  return [...jwtProblems(kind, known)];
}

function validateJwt(path: string, kind: EntranceKind, spec: JwtSpec): void {
  requireCapability(path, kind, Capability.JWT, "'access' by JWT");
  for (const problem of jwtProblems(kind, spec)) refuse(path, problem);
}

function* jwtProblems(kind: EntranceKind, { issuer, audience, jwksEndpoint }: JwtSpec): Iterable<string> {
  for (const [prop, url] of [['issuer', issuer], ['jwksEndpoint', jwksEndpoint]]) {
    if (!Token.isUnresolved(url) && !/^https:\/\/[^/]/.test(url)) {
      yield `'${prop}' of Access.jwt must be an https URL, got '${url}'; copy it from the configuration of the issuer`;
    }
  }
  // No token has another URL as its issuer: `iss` is compared as text.
  const wrong = Token.isUnresolved(issuer) ? undefined : WRONG_ISSUERS.find(([pattern]) => pattern.test(issuer));
  if (wrong) yield `'issuer' of Access.jwt must be the 'iss' claim of the tokens, got '${issuer}', ${wrong[1]}`;
  if (Token.isUnresolved(audience)) return;
  const malformed = audience.find(each => !Token.isUnresolved(each) && isEmptyOrSpaced(each));
  if (malformed !== undefined) {
    yield `'audience' of Access.jwt must contain only audiences without white space, got '${malformed}'; write each as it is in the 'aud' claim of the tokens`;
  }
  const most = clientsMax(kind);
  if (audience.length === 0 || audience.length > most) {
    yield `'audience' must be between 1 and ${most}, got ${audience.length}; list the audiences of the tokens, at most ${most} for ${kind}`;
  }
}

/** Audiences and scopes contain no white space: a token separates its scopes by spaces. */
export function isEmptyOrSpaced(text: string): boolean {
  return text === '' || /\s/.test(text);
}

function validateUserPool(path: string, kind: EntranceKind, { clients }: UserPoolSpec): void {
  requireCapability(path, kind, Capability.USER_POOL, "'access' by user pool");
  const most = clientsMax(kind);
  requireRange(path, 'clients', clients.length, 1, most, `list the app clients of the callers, at most ${most} for ${kind}`);
}

function clientsMax(kind: EntranceKind): number {
  return kind === EntranceKind.LOAD_BALANCER ? 1 : HTTP_API.audiencesPerAuthorizerMax;
}

function validateLambdaAuthorizer(path: string, kind: EntranceKind, spec: LambdaAuthorizerSpec): void {
  requireCapability(path, kind, Capability.LAMBDA_AUTHORIZER, "'access' by Lambda authorizer");
  for (const problem of findAuthorizerTimeoutProblems(spec, knownTimeoutSecondsOf)) refuse(path, problem);
  for (const [prop, names] of [['headers', spec.headers], ['queryStrings', spec.queryStrings]] as const) {
    const other = names.find(name => !Token.isUnresolved(name) && !isParameterName(name));
    if (other !== undefined) {
      refuse(path, `'${prop}' of Access.lambdaAuthorizer may contain only letters, digits and . _ $ -, got '${other}'; API Gateway cannot read other names`);
    }
  }
  requireDuration(path, 'resultsCacheTtl', spec.resultsCacheTtl, API_AUTHORIZER.cacheMinSeconds, API_AUTHORIZER.cacheMaxSeconds);
  const ttl = cacheSeconds(spec);
  if (ttl !== 0 && spec.headers.length + spec.queryStrings.length === 0) {
    refuse(path, `'resultsCacheTtl' must be 0 without 'headers' and 'queryStrings', got ${Token.isUnresolved(ttl) ? 'a token' : durationText(ttl)}; `
      + 'add an identity source, or disable caching');
  }
}
