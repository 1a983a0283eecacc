import { API_AUTHORIZER, HTTP_API, REST_API } from '../../../limits';
import { asNumber, member, patternOf } from '../../graph';
import type { Resource } from '../../graph';
import { each, eachFunction, list } from '../each';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';

const V2_API = 'AWS::ApiGatewayV2::Api';
const ROUTE = 'AWS::ApiGatewayV2::Route';
const STAGE = 'AWS::ApiGatewayV2::Stage';
const V2_AUTHORIZER = 'AWS::ApiGatewayV2::Authorizer';
const METHOD = 'AWS::ApiGateway::Method';
const QUOTAS = SOURCE.api('limits');
const JWT = SOURCE.api('http-api-jwt-authorizer');
const AUTHORIZER = SOURCE.api('http-api-lambda-authorizer');
const COMPARE = SOURCE.api('http-api-vs-rest');

/** REST and HTTP APIs. */
export const API_RULES: Rule[] = [
  {
    id: 'LP-F03',
    article: 'foundation',
    severity: 'error',
    title: 'the function outlives its caller',
    why: 'the client gets 503 or 504 while the function goes on changing data, and its retry does it again',
    fix: 'lower the timeout of the function below that of the integration',
    source: QUOTAS,
    evaluate: eachFunction(fn => {
      const waits = fn.callers.filter(({ kind, async }) => async === false && (kind === 'rest' || kind === 'http')).flatMap(({ kind, resource }) => {
        const seconds = kind === 'rest' ? restTimeout(resource) : httpTimeout(resource);
        return seconds === undefined ? [] : [{ resource, seconds }];
      });
      const shortest = waits.sort((a, b) => a.seconds - b.seconds)[0];
      return shortest && fn.timeout !== undefined && fn.timeout >= shortest.seconds
        && { at: fn.resource, property: 'Timeout', must: `must be below ${shortest.seconds} s (the integration timeout of ${shortest.resource.path})`, got: fn.timeout };
    }),
  },
  {
    id: 'LP-H01',
    article: 'http',
    severity: 'warning',
    title: 'the integration waits longer than the quota',
    why: 'a REST API waits 29 s unless the quota of a Regional or private API was raised, which also lowers its throttle; an HTTP API waits 30 s and no longer',
    fix: 'lower it, or ask for the quota first and acknowledge this',
    source: QUOTAS,
    elsewhere: 'CDK throws for HTTP APIs and is silent for REST',
    evaluate: app => [
      ...app.ofType(METHOD).filter(method => (restTimeout(method) ?? 0) > REST_API.integrationTimeoutDefaultSeconds && !streams(method))
        .map(method => ({ at: method, property: 'Integration.TimeoutInMillis', must: `must be at most ${REST_API.integrationTimeoutDefaultSeconds * 1_000} without a raised quota`, got: method.get('Integration.TimeoutInMillis') })),
      ...app.ofType('AWS::ApiGatewayV2::Integration').filter(integration => (httpTimeout(integration) ?? 0) > HTTP_API.integrationTimeoutMaxSeconds)
        .map(integration => ({ at: integration, property: 'TimeoutInMillis', must: `must be at most ${HTTP_API.integrationTimeoutMaxSeconds * 1_000}`, got: integration.get('TimeoutInMillis') })),
    ],
  },
  {
    id: 'LP-H03',
    article: 'http',
    severity: 'warning',
    title: 'any website may call the API from a browser',
    why: 'with * every page that a user visits can call it',
    fix: 'list the origins',
    source: SOURCE.api('http-api-cors'),
    practice: true,
    evaluate: each(V2_API, api => api.list('CorsConfiguration.AllowOrigins').includes('*')
      && { at: api, property: 'CorsConfiguration.AllowOrigins', must: 'must list origins', got: '*' }),
  },
  {
    id: 'LP-H31',
    article: 'http',
    severity: 'error',
    title: 'CORS with credentials for everyone',
    why: 'browsers refuse * together with credentials, and so does API Gateway',
    fix: 'list the origins, or drop AllowCredentials',
    source: SOURCE.api('http-api-cors'),
    elsewhere: 'CDK throws for its own APIs',
    evaluate: each(V2_API, api => api.list('CorsConfiguration.AllowOrigins').includes('*') && api.boolean('CorsConfiguration.AllowCredentials') === true
      && { at: api, property: 'CorsConfiguration.AllowOrigins', must: 'must list origins with AllowCredentials', got: '*' }),
  },
  {
    id: 'LP-H04',
    article: 'http',
    severity: 'error',
    title: 'a JWT authorizer without issuer or audience',
    why: 'without an audience a token that was made for another application opens this one',
    fix: 'set both Issuer and Audience',
    source: JWT,
    elsewhere: 'CDK throws for an empty audience',
    evaluate: each(V2_AUTHORIZER, authorizer => (authorizer.string('AuthorizerType') === 'JWT' ? ['Issuer', 'Audience']
      .filter(key => authorizer.lacks(`JwtConfiguration.${key}`) || (Array.isArray(authorizer.get(`JwtConfiguration.${key}`)) && authorizer.list(`JwtConfiguration.${key}`).length === 0))
      .map(key => ({ at: authorizer, property: `JwtConfiguration.${key}`, must: 'must be set', got: undefined })) : undefined)),
  },
  {
    id: 'LP-H05',
    article: 'http',
    severity: 'error',
    title: 'beyond a quota of HTTP APIs',
    why: 'an authorizer takes 50 audiences, an API 10 authorizers and 300 routes',
    fix: 'split the API',
    source: QUOTAS,
    evaluate: app => app.ofType(V2_API).flatMap(api => {
      const of = (type: string) => app.ofType(type).filter(resource => resource.target('ApiId') === api);
      return [
        ...of(V2_AUTHORIZER).filter(authorizer => authorizer.list('JwtConfiguration.Audience').length > HTTP_API.audiencesPerAuthorizerMax)
          .map(authorizer => ({ at: authorizer, property: 'JwtConfiguration.Audience', must: `must be at most ${HTTP_API.audiencesPerAuthorizerMax}`, got: authorizer.list('JwtConfiguration.Audience').length })),
        ...tooMany(api, 'Authorizer', of(V2_AUTHORIZER).length, HTTP_API.authorizersDefault), ...tooMany(api, 'Route', of(ROUTE).length, HTTP_API.routesDefault),
      ];
    }),
  },
  {
    id: 'LP-H06',
    article: 'http',
    severity: 'error',
    title: 'the authorizer may take longer than API Gateway waits',
    why: 'API Gateway gives an authorizer 10 s and answers 500',
    fix: 'lower its timeout to 10 s or less',
    source: AUTHORIZER,
    evaluate: eachFunction(fn => {
      const caller = fn.callers.find(({ kind }) => kind === 'authorizer');
      return caller && fn.timeout !== undefined && fn.timeout > API_AUTHORIZER.answerMaxSeconds
        && { at: fn.resource, property: 'Timeout', must: `must be at most ${API_AUTHORIZER.answerMaxSeconds} s for the authorizer ${caller.resource.path}`, got: fn.timeout };
    }),
  },
  {
    id: 'LP-H07',
    article: 'http',
    severity: 'error',
    title: 'the cache of the authorizer cannot work',
    why: 'results are kept 0 to 3,600 s, and the cache needs something to tell callers apart',
    fix: 'set IdentitySource, and a TTL of 60 to 300 s',
    source: AUTHORIZER,
    evaluate: app => [
      ...app.ofType(V2_AUTHORIZER, 'AWS::ApiGateway::Authorizer').flatMap(authorizer => {
        const ttl = asNumber(authorizer.get('AuthorizerResultTtlInSeconds'));
        const unidentified = authorizer.type === V2_AUTHORIZER && authorizer.string('AuthorizerType') === 'REQUEST' && ttl !== undefined && ttl > 0
          && !authorizer.isUnknown('IdentitySource') && authorizer.list('IdentitySource').length === 0;
        return [
          ...(ttl !== undefined && (ttl < 0 || ttl > API_AUTHORIZER.cacheMaxSeconds) ? [{ at: authorizer, property: 'AuthorizerResultTtlInSeconds', must: `must be between 0 and ${API_AUTHORIZER.cacheMaxSeconds}`, got: ttl }] : []),
          ...(unidentified ? [{ at: authorizer, property: 'IdentitySource', must: `must be set to cache for ${ttl} s`, got: undefined }] : []),
        ];
      }),
    ],
  },
  {
    id: 'LP-H08',
    article: 'http',
    severity: 'warning',
    title: 'one cached answer opens all routes',
    why: 'with simple responses the cache knows the caller and not the route: what one route allowed, every route allows',
    fix: 'add $context.routeKey to IdentitySource',
    source: AUTHORIZER,
    evaluate: each(V2_AUTHORIZER, (authorizer, app) => {
      const routes = app.ofType(ROUTE).filter(route => route.target('AuthorizerId') === authorizer);
      const ttl = asNumber(authorizer.get('AuthorizerResultTtlInSeconds')) ?? 0;
      return authorizer.boolean('EnableSimpleResponses') === true && ttl > 0 && routes.length > 1 && !authorizer.isUnknown('IdentitySource')
        && !authorizer.list('IdentitySource').some(source => /routeKey/.test(patternOf(source)))
        && { at: authorizer, property: 'IdentitySource', must: `must have $context.routeKey for its ${routes.length} routes`, got: authorizer.get('IdentitySource') };
    }),
  },
  {
    id: 'LP-H09',
    article: 'http',
    severity: 'error',
    title: 'anyone may call',
    why: 'a route or method without an authorizer is public',
    fix: 'add an authorizer, or acknowledge that it is public and why',
    source: SOURCE.api('http-api-access-control'),
    elsewhere: 'cdk-nag: AwsSolutions-APIG4',
    practice: true,
    evaluate: app => [
      ...byApi(app.ofType(ROUTE).filter(route => route.string('AuthorizationType', 'NONE') === 'NONE' && route.exemptionFrom('LP-H09') === undefined && !/^OPTIONS /.test(route.string('RouteKey') ?? '') && opens(route)), 'ApiId')
        .map(([api, routes]) => ({ at: api, property: 'AuthorizationType', must: 'must be set on every route', got: list(routes.map(route => route.string('RouteKey') ?? route.path)) })),
      ...byApi(app.ofType(METHOD).filter(method => method.string('AuthorizationType', 'NONE') === 'NONE' && method.exemptionFrom('LP-H09') === undefined && method.string('HttpMethod') !== 'OPTIONS' && method.boolean('ApiKeyRequired') !== true && calls(method) && !guarded(method)), 'RestApiId')
        .map(([api, methods]) => ({ at: api, property: 'AuthorizationType', must: 'must be set on every method', got: list(methods.map(method => method.path)) })),
    ],
  },
  {
    id: 'LP-H10',
    article: 'http',
    severity: 'error',
    title: 'preflight requests are refused',
    why: 'a $default route with an authorizer also catches OPTIONS, which browsers send without credentials',
    fix: 'add the route OPTIONS /{proxy+} without an authorizer',
    source: SOURCE.api('http-api-cors'),
    evaluate: each(V2_API, (api, app) => {
      const routes = app.ofType(ROUTE).filter(route => route.target('ApiId') === api);
      const all = routes.find(route => route.string('RouteKey') === '$default' && route.string('AuthorizationType', 'NONE') !== 'NONE' && route.string('AuthorizationType') !== undefined);
      const preflight = app.ofType(ROUTE).some(route => (route.isUnknown('ApiId') || routes.includes(route)) && (route.isUnknown('RouteKey') || /^OPTIONS /.test(route.string('RouteKey') ?? '')));
      return all && !api.lacks('CorsConfiguration') && !preflight
        && { at: all, property: 'AuthorizationType', must: 'must let OPTIONS through', got: all.get('AuthorizationType') };
    }),
  },
  {
    id: 'LP-H16',
    article: 'http',
    severity: 'error',
    title: 'a web ACL on an HTTP API',
    why: 'AWS WAF protects REST APIs, load balancers and CloudFront; the association with an HTTP API fails',
    fix: 'use a REST API, or CloudFront in front',
    source: COMPARE,
    evaluate: each('AWS::WAFv2::WebACLAssociation', (association, app) => {
      const api = app.resourceOf(association.get('ResourceArn'), association, V2_API, STAGE);
      return api && { at: association, property: 'ResourceArn', must: 'must be a REST API, load balancer or user pool', got: api.path };
    }),
  },
  {
    id: 'LP-H17',
    article: 'http',
    severity: 'error',
    title: 'a usage plan or validator on an HTTP API',
    why: 'only REST APIs have API keys, usage plans and request validation',
    fix: 'use a REST API',
    source: COMPARE,
    evaluate: app => [
      ...app.ofType('AWS::ApiGateway::UsagePlan').flatMap(plan => plan.list('ApiStages').flatMap((stage, i) => {
        const api = app.resourceOf(member(stage, 'ApiId'), plan, V2_API);
        return api ? [{ at: plan, property: `ApiStages.${i}.ApiId`, must: 'must be a REST API', got: api.path }] : [];
      })),
      ...app.ofType('AWS::ApiGateway::RequestValidator', 'AWS::ApiGateway::Model').flatMap(validator => {
        const api = app.resourceOf(validator.get('RestApiId'), validator, V2_API);
        return api ? [{ at: validator, property: 'RestApiId', must: 'must be a REST API', got: api.path }] : [];
      }),
    ],
  },
  {
    id: 'LP-H18',
    article: 'http',
    severity: 'error',
    title: 'streaming through an HTTP API',
    why: 'HTTP APIs buffer responses; only REST APIs and function URLs stream',
    fix: 'use a REST API or a function URL',
    source: COMPARE,
    evaluate: each('AWS::ApiGatewayV2::Integration', integration => /response-streaming-invocations/.test(patternOf(integration.get('IntegrationUri')))
      && { at: integration, property: 'IntegrationUri', must: 'must be the plain invocation', got: integration.get('IntegrationUri') }),
  },
];

function restTimeout(method: Resource): number | undefined {
  const milliseconds = method.number('Integration.TimeoutInMillis', REST_API.integrationTimeoutDefaultSeconds * 1_000);
  return milliseconds === undefined ? undefined : milliseconds / 1_000;
}

function httpTimeout(integration: Resource): number | undefined {
  const milliseconds = integration.number('TimeoutInMillis', HTTP_API.integrationTimeoutMaxSeconds * 1_000);
  return milliseconds === undefined || protocol(integration) === 'WEBSOCKET' ? undefined : milliseconds / 1_000;
}

function streams(method: Resource): boolean {
  return method.string('Integration.ResponseTransferMode') === 'STREAM';
}

/** Of a WebSocket only the route that opens the connection has an authorizer: it stands for all that follow. */
function opens(route: Resource): boolean {
  const kind = route.target('ApiId')?.string('ProtocolType', 'HTTP');
  const key = route.string('RouteKey');
  if (key === undefined) return false;
  return kind === 'WEBSOCKET' ? key === '$connect' : kind === 'HTTP' || /^[A-Z]+ \//.test(key);
}

/** A mock answers by itself. */
function calls(method: Resource): boolean {
  return !['MOCK', undefined].includes(method.string('Integration.Type', 'AWS_PROXY'));
}

export function protocol(resource: Resource): string {
  return resource.target('ApiId')?.string('ProtocolType') ?? 'HTTP';
}

function tooMany(at: Resource, property: string, got: number, most: number): Problem[] {
  return got > most ? [{ at, property, must: `must be at most ${most}`, got }] : [];
}

/** A resource policy, or a private endpoint, is a guard of its own; an API from elsewhere may have one. */
function guarded(method: Resource): boolean {
  const api = method.target('RestApiId');
  return api === undefined || (!api.lacks('Policy') || api.list('EndpointConfiguration.Types').includes('PRIVATE'));
}

function byApi(resources: Resource[], property: string): [Resource, Resource[]][] {
  const groups = new Map<Resource, Resource[]>();
  for (const resource of resources) {
    const api = resource.target(property) ?? resource;
    groups.set(api, [...groups.get(api) ?? [], resource]);
  }
  return [...groups];
}
