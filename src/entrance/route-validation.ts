import { Token } from 'aws-cdk-lib';
import { isSameAccess } from './access-spec';
import { findAuthorizerTimeoutProblems, isEmptyOrSpaced, validateAccess } from './access-validation';
import type { Entrance, EntranceSpec } from './entrance';
import { Capability, EntranceKind, factoriesWith, isFunctionUrl, requireCapability } from './entrance-capabilities';
import type { RouteValidation } from './entrance-route';
import type { HttpEntranceProps } from './http-entrance-props';
import { patternOf } from './listener-rules';
import { type ResolvedRoute, routeKey } from './resolved-route';
import { findTenancyProblems } from './tenant-isolation';
import { validateThrottle } from './throttle';
import { HTTP_API, isParameterName, LOAD_BALANCER } from '../aws';
import { durationText } from '../private/duration-text';
import { knownTimeoutSecondsOf, timeoutSecondsOf } from '../private/function-definition';
import { refuse } from '../private/validation';

/** Checks one route against its entrance. The route registry compares the route with the other routes of the entrance. */
export function validateRoute(path: string, { _spec: entrance }: Entrance, props: HttpEntranceProps, route: ResolvedRoute): void {
  const { kind } = entrance;
  validatePath(path, kind, route.path);
  if (route.method === 'OPTIONS' && props.cors) {
    refuse(path, `'method' of ${routeKey(route)} must not be OPTIONS with 'cors', which responds to OPTIONS; remove the route or 'cors'`);
  }
  validateOptions(path, kind, route);
  validateRouteAccess(path, kind, props, route);
  const streaming = props.streaming ?? false;
  for (const problem of findTimeoutProblems(entrance, streaming, route, knownTimeoutSecondsOf)) refuse(path, problem);
  for (const problem of findTenancyProblems(kind, route)) refuse(path, problem);
  if (streaming && isFunctionUrl(kind) && route.function.isBoundToVpc) {
    refuse(path, "'streaming' is not supported by a function URL of a function in a VPC; use Entrance.restApi(), or move the function out of the VPC");
  }
}

/**
 * Finds functions that can run longer than their caller waits. Called again at synthesis: overrides and Aspects can change a
 * timeout after the route was added.
 */
export function findTimeoutProblems(entrance: EntranceSpec, streaming: boolean, route: ResolvedRoute, timeoutOf = timeoutSecondsOf): string[] {
  const wait = streaming ? entrance.streamedWaitSeconds ?? entrance.longestWaitSeconds : entrance.longestWaitSeconds;
  const timeout = timeoutOf(route.function);
  const problems = findAuthorizerTimeoutProblems(route.access, timeoutOf);
  if (wait === undefined || timeout === undefined || timeout < wait) return problems;
  return [...problems, `'timeout' of the function of ${routeKey(route)} must be below ${durationText(wait)}, got ${durationText(timeout)}; `
    + `${entrance.kind} stops waiting after ${durationText(wait)} while the function runs on: lower the timeout, or use ${factoriesThatWaitLonger(entrance.kind)}`];
}

function factoriesThatWaitLonger(kind: EntranceKind): string {
  const isLimited = kind === EntranceKind.CLOUD_FRONT || kind === EntranceKind.HTTP_API || kind === EntranceKind.REST_API;
  return isLimited ? 'Entrance.functionUrl() or Entrance.loadBalancer()' : factoriesWith(Capability.STREAMING);
}

function validatePath(owner: string, kind: EntranceKind, path: string): void {
  if (path.includes('*')) {
    refuse(owner, `'path' must not contain '*', which API Gateway does not match and a load balancer matches with anything, got '${path}'; write it as /payments/{name} or /payments/{name+}`);
  }
  if (/\/:\w/.test(path)) {
    refuse(owner, `'path' must name a parameter in braces, got '${path}'; write it as ${path.replace(/\/:(\w+)/g, '/{$1}')}`);
  }
  if (!/^\/(([\w.~!$&'(),;=:@%-]+|\{[\w-]+\})(\/|$))*(\{[\w-]+\+\})?$/.test(path) || (path.length > 1 && path.endsWith('/'))) {
    refuse(owner, "'path' must start with a slash and not end with one, with {name} for one segment and {name+} for all remaining segments, "
      + `got '${path}'; write it as /payments/{id}`);
  }
  if (kind === EntranceKind.REST_API && !/^[\w.:$/{}+-]*$/.test(path)) {
    refuse(owner, `'path' may contain only letters, digits and . : _ $ - in a REST API, got '${path}'; change it, or use Entrance.httpApi()`);
  }
  if (kind === EntranceKind.LOAD_BALANCER) validatePattern(owner, path);
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html */
function validatePattern(owner: string, path: string): void {
  const pattern = patternOf(path);
  if (!/^[\w./$~'@:+&*-]*$/.test(pattern)) {
    refuse(owner, `'path' may contain only letters, digits and . _ - $ / ~ ' @ : + & with a load balancer, got '${path}'; change it, or use Entrance.httpApi()`);
  }
  const most = LOAD_BALANCER.pathPatternMaxCharacters;
  if (pattern.length > most) {
    refuse(owner, `'path' must have at most ${most} characters with a load balancer, got ${pattern.length} with '*' for each parameter; shorten it, or use Entrance.httpApi()`);
  }
}

function validateOptions(path: string, kind: EntranceKind, route: ResolvedRoute): void {
  if (route.throttle) {
    requireCapability(path, kind, Capability.THROTTLE, `'throttle' of ${routeKey(route)}`);
    validateThrottle(path, route.throttle);
  }
  if (route.validation) {
    requireCapability(path, kind, Capability.VALIDATION, `'validation' of ${routeKey(route)}`);
    validateParameterNames(path, routeKey(route), route.validation);
  }
  if (route.apiKeyRequired) requireCapability(path, kind, Capability.API_KEY, `'apiKeyRequired' of ${routeKey(route)}`);
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html */
function validateParameterNames(path: string, key: string, { headers = [], queryStrings = [] }: RouteValidation): void {
  for (const [prop, names] of [['headers', headers], ['queryStrings', queryStrings]] as const) {
    const other = names.find(name => !isParameterName(name));
    if (other !== undefined) {
      refuse(path, `'${prop}' of ${key} may contain only letters, digits and . _ $ -, got '${other}'; API Gateway cannot read other names, so check it in the function`);
    }
  }
}

function validateRouteAccess(path: string, kind: EntranceKind, props: HttpEntranceProps, route: ResolvedRoute): void {
  const { access, scopes } = route;
  if (!isSameAccess(access, props.access._spec)) {
    requireCapability(path, kind, Capability.ACCESS_PER_ROUTE, `'access' of ${routeKey(route)}, different from the access of the entrance,`);
  }
  validateAccess(path, kind, access);
  if (scopes.length === 0) return;
  requireCapability(path, kind, Capability.SCOPES, `'scopes' of ${routeKey(route)}`);
  if (access.kind !== 'jwt' && access.kind !== 'userPool') {
    refuse(path, `'scopes' of ${routeKey(route)} must be used with Access.jwt or Access.userPool, got another access; remove the scopes, or change the access`);
  }
  const malformed = scopes.find(scope => !Token.isUnresolved(scope) && isEmptyOrSpaced(scope));
  if (malformed !== undefined) {
    refuse(path, `'scopes' of ${routeKey(route)} must contain only scopes without white space, got '${malformed}'; write each as an item of its own`);
  }
  if (scopes.length > HTTP_API.scopesPerRouteMax) {
    refuse(path, `'scopes' of ${routeKey(route)} must be at most ${HTTP_API.scopesPerRouteMax}, got ${scopes.length}; a token needs only one of them, so group them`);
  }
}
