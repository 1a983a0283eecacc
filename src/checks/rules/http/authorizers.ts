import { API_AUTHORIZER } from '../../../aws';
import { durationText } from '../../../private/duration-text';
import {
  asString, hasOpenPolicy, isBehindMutualTls, isPrivate, isRecord, member, operationsOf, patternOf,
} from '../../graph';
import type { ApiOperation, AppGraph, LambdaFunction, Resource, Value } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { protocolOf } from '../support/api-protocol';
import { collect, each, eachFunction } from '../support/each';
import type { Found } from '../support/each';
import { groupBy } from '../support/group-by';
import { authorizersIn, requestAuthorizersOf } from '../support/lambda-authorizers';
import type { RequestAuthorizer } from '../support/lambda-authorizers';
import { nameList } from '../support/name-list';
import { outOfRange } from '../support/out-of-range';
import { overridesOf } from '../support/quick-create';

const ROUTE = 'AWS::ApiGatewayV2::Route';
const V2_API = 'AWS::ApiGatewayV2::Api';
const V2_AUTHORIZER = 'AWS::ApiGatewayV2::Authorizer';
const METHOD = 'AWS::ApiGateway::Method';
const JWT = SOURCE.api('http-api-jwt-authorizer');
const AUTHORIZER = SOURCE.api('http-api-lambda-authorizer');

export const AUTHORIZERS_RULES: Rule[] = [
  {
    id: 'LP-H04',
    category: 'http',
    severity: 'error',
    title: 'JWT authorizer has no issuer or audience',
    why: 'Without an audience the authorizer accepts a token that was issued for another application.',
    fix: 'set both Issuer and Audience',
    source: JWT,
    elsewhere: 'CDK throws for an empty audience',
    evaluate: app => [
      ...each(V2_AUTHORIZER, jwtWithoutIssuerOrAudience)(app),
      ...each(V2_API, jwtInDocument)(app),
    ],
  },
  {
    id: 'LP-H06',
    category: 'http',
    severity: 'error',
    title: 'Authorizer timeout exceeds the timeout of API Gateway',
    why: 'API Gateway waits 10 seconds for an authorizer and then responds with 500.',
    fix: 'lower the function timeout to 10 seconds or less',
    source: AUTHORIZER,
    evaluate: eachFunction(authorizerTooSlow),
  },
  {
    id: 'LP-H07',
    category: 'http',
    severity: 'error',
    title: 'Authorizer cache is not valid',
    why: 'Results are cached for up to 1 hour, and the cache requires an identity source.',
    fix: 'set IdentitySource, and a TTL of 1 to 5 minutes',
    source: AUTHORIZER,
    evaluate: app => [
      ...each([V2_AUTHORIZER, 'AWS::ApiGateway::Authorizer'], cacheTooLong)(app),
      ...collect(requestAuthorizersOf(app), cacheWithoutIdentity, app),
    ],
  },
  {
    id: 'LP-H08',
    category: 'http',
    severity: 'warning',
    title: 'One cached authorizer result applies to all routes',
    why:
      'With simple responses the cache key contains the caller and not the route. A result that allows one '
      + 'route allows every route.',
    fix: 'add $context.routeKey to IdentitySource',
    source: AUTHORIZER,
    evaluate: app => collect(requestAuthorizersOf(app), cacheSharedByRoutes, app),
  },
  {
    id: 'LP-H09',
    category: 'http',
    severity: 'error',
    title: 'API is public',
    why: 'A route or method without an authorizer is public.',
    fix: 'add an authorizer, or acknowledge this finding with the reason why the API is public',
    source: SOURCE.api('http-api-access-control'),
    elsewhere: 'cdk-nag: AwsSolutions-APIG4',
    practice: true,
    evaluate: publicRoutes,
  },
];

function jwtWithoutIssuerOrAudience(authorizer: Resource): Found {
  if (authorizer.string('AuthorizerType') !== 'JWT') return undefined;
  return ['JwtConfiguration.Issuer', 'JwtConfiguration.Audience']
    .filter(property => authorizer.lacks(property) || isEmptyList(authorizer.get(property)))
    .map(property => ({ at: authorizer, property, must: 'must be set', got: undefined }));
}

function jwtInDocument(api: Resource): Found {
  if (api.lacks('Body')) return undefined;
  return authorizersIn(api).filter(({ type }) => type === 'jwt').flatMap(({ property, settings }) => {
    const [jwt, place] = [member(settings, 'jwtConfiguration'), `${property}.jwtConfiguration`];
    if (jwt !== undefined && !isRecord(jwt)) return [];
    return ['issuer', 'audience'].filter(name => member(jwt, name) === undefined || isEmptyList(member(jwt, name)))
      .map(name => ({ at: api, property: `${place}.${name}`, must: 'must be set', got: undefined }));
  });
}

function authorizerTooSlow(fn: LambdaFunction): Found {
  const caller = fn.callers.find(({ kind }) => kind === 'authorizer');
  if (caller && fn.timeout !== undefined && fn.timeout > API_AUTHORIZER.resultTimeoutMaxSeconds) {
    return {
      at: fn.resource,
      property: 'Timeout',
      must: `must be at most ${durationText(API_AUTHORIZER.resultTimeoutMaxSeconds)} for the authorizer `
        + caller.resource.path,
      got: fn.timeout,
      severity: fn.timeout <= API_AUTHORIZER.resultTimeoutMaxSeconds + 1 ? 'warning' : undefined,
    };
  }
  return undefined;
}

function cacheTooLong(authorizer: Resource): Found {
  return outOfRange(authorizer, 'AuthorizerResultTtlInSeconds', 0, API_AUTHORIZER.cacheMaxSeconds);
}

function cacheWithoutIdentity({ at, sourceProperty, ttl = 0, sources }: RequestAuthorizer): Found {
  return ttl > 0 && sources?.length === 0
    && { at, property: sourceProperty, must: `must be set to cache for ${durationText(ttl)}`, got: undefined };
}

function cacheSharedByRoutes({ at, sourceProperty, ttl = 0, sources, isSimple, routes }: RequestAuthorizer): Found {
  if (!isSimple || ttl === 0 || routes < 2 || sources === undefined) return undefined;
  return !sources.some(source => /routeKey/.test(patternOf(source))) && {
    at,
    property: sourceProperty,
    must: `must contain $context.routeKey for its ${routes} routes`,
    got: [...sources],
  };
}

function publicRoutes(app: AppGraph): Problem[] {
  const open = [
    ...app.ofType(V2_API).filter(api => isOpenWebSocket(api, app)).map(api => ({ api, name: '$connect', of: 'route' })),
    ...app.ofType(ROUTE).filter(isPublicRoute).map(route => (
      { api: route.target('ApiId') ?? route, name: route.string('RouteKey') ?? route.path, of: 'route' })),
    ...app.ofType(METHOD).filter(isPublicMethod).map(method => (
      { api: method.target('RestApiId') ?? method, name: method.path, of: 'method' })),
    ...operationsOf(app).filter(isPublicOperation).map(({ api, name }) => ({ api, name, of: 'operation' })),
    ...app.ofType(V2_API).filter(api => isPublicTarget(api, app)).map(api => (
      { api, name: api.string('RouteKey') ?? '$default', of: 'route' })),
  ];
  return [...groupBy(open, ({ api }) => api)].map(([api, routes]) => ({
    at: api,
    property: 'AuthorizationType',
    must: `must be set on every ${routes[0].of}`,
    got: nameList([...new Set(routes.map(({ name }) => name))]),
  }));
}

function isEmptyList(value: Value): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Whether the resource has no authorizer and no exemption of its own. */
function isUnauthorized(resource: Resource): boolean {
  return resource.string('AuthorizationType', 'NONE') === 'NONE' && resource.exemptionFrom('LP-H09') === undefined;
}

function isPublicRoute(route: Resource): boolean {
  const api = route.target('ApiId');
  const hasKey = protocolOf(route) === 'WEBSOCKET' && route.boolean('ApiKeyRequired', false) !== false;
  return isUnauthorized(route) && !hasKey && !/^OPTIONS /.test(route.string('RouteKey') ?? '') && isEntrypoint(route)
    && !(api && isBehindMutualTls(api.template.app, api));
}

/** Whether the route that the API creates for its target has no authorizer. */
function isPublicTarget(api: Resource, app: AppGraph): boolean {
  if (api.lacks('Target') || isBehindMutualTls(app, api)) return false;
  return overridesOf(app, api).every(overrides => overrides.string('Route.AuthorizationType', 'NONE') === 'NONE');
}

function isPublicMethod(method: Resource): boolean {
  const api = method.target('RestApiId');
  return (
    isUnauthorized(method)
    && method.string('HttpMethod') !== 'OPTIONS'
    && method.boolean('ApiKeyRequired', false) === false
    && callsBackend(method)
    && api !== undefined
    && isOpenApi(api)
  );
}

function isPublicOperation({ api, method, integration, secured }: ApiOperation): boolean {
  const type = asString(member(integration, 'type'))?.toLowerCase();
  return secured === false && method !== 'options' && type !== undefined && type !== 'mock' && isOpenApi(api)
    && api.exemptionFrom('LP-H09') === undefined;
}

/** Whether neither a policy nor the network keeps strangers away from the API. */
function isOpenApi(api: Resource): boolean {
  const isReachable = !isPrivate(api) && !isBehindMutualTls(api.template.app, api);
  return isReachable && (api.type === V2_API || hasOpenPolicy(api));
}

/** Whether an authorizer applies to the route: in a WebSocket API only to the route that opens the connection. */
function isEntrypoint(route: Resource): boolean {
  const kind = route.target('ApiId')?.string('ProtocolType', 'HTTP');
  const key = route.string('RouteKey');
  if (key === undefined) return false;
  return kind === 'WEBSOCKET' ? key === '$connect' : kind === 'HTTP' || /^[A-Z]+ \//.test(key);
}

/** Whether everyone may connect, because only the route $connect can have an authorizer, and the API has none. */
function isOpenWebSocket(api: Resource, app: AppGraph): boolean {
  if (api.string('ProtocolType') !== 'WEBSOCKET' || isBehindMutualTls(app, api)) return false;
  const routes = app.ofType(ROUTE).filter(route => route.target('ApiId') === api);
  const isElsewhere = app.ofType(ROUTE).some(route => route.target('ApiId') === undefined);
  return routes.length > 0 && !isElsewhere && routes.every(isKnownOther);
}

function isKnownOther(route: Resource): boolean {
  const key = route.string('RouteKey');
  return key !== undefined && key !== '$connect';
}

/** Whether the method has a backend: a mock integration has none. */
function callsBackend(method: Resource): boolean {
  return !['MOCK', undefined].includes(method.string('Integration.Type', 'AWS_PROXY'));
}
