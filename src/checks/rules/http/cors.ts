import { asBoolean, asList, asString, isRecord, member, operationsOf } from '../../graph';
import type { AppGraph, Resource, Value } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { each } from '../support/each';
import type { Found } from '../support/each';
import { nameList } from '../support/name-list';

const V2_API = 'AWS::ApiGatewayV2::Api';
const ROUTE = 'AWS::ApiGatewayV2::Route';
const REST_API = 'AWS::ApiGateway::RestApi';
const URL = 'AWS::Lambda::Url';
const URLS = SOURCE.lambda('urls-configuration');

export const CORS_RULES: Rule[] = [
  {
    id: 'LP-H02',
    category: 'http',
    severity: 'error',
    title: 'Function URL allows credentials for all origins',
    why: 'Browsers reject * together with credentials.',
    fix: 'list the origins, or remove AllowCredentials',
    source: URLS,
    evaluate: each(URL, urlCredentialsForAllOrigins),
  },
  {
    id: 'LP-H03',
    category: 'http',
    severity: 'warning',
    title: 'API or function URL allows requests from any website',
    why: 'With * every page that a user visits can call the API or URL from the browser.',
    fix: 'list the origins',
    source: SOURCE.api('http-api-cors'),
    practice: true,
    evaluate: app => [
      ...each(V2_API, allOriginsAllowed)(app),
      ...each(REST_API, preflightForAllOrigins)(app),
      ...each(URL, urlForAllOrigins)(app),
    ],
  },
  {
    id: 'LP-H10',
    category: 'http',
    severity: 'error',
    title: 'Preflight requests are rejected',
    why:
      'Browsers send OPTIONS without credentials and without an API key. A $default route with an authorizer also '
      + 'matches OPTIONS.',
    fix: 'add the route OPTIONS /{proxy+} without an authorizer',
    source: SOURCE.api('http-api-cors'),
    evaluate: app => [...each(V2_API, preflightRejected)(app), ...each(REST_API, preflightWithAuthorizer)(app)],
  },
  {
    id: 'LP-H21',
    category: 'http',
    severity: 'warning',
    title: 'Gateway responses have no CORS headers',
    why: 'An error response of API Gateway has no CORS headers, so the browser does not pass it to the page.',
    fix: 'add gateway responses DEFAULT_4XX and DEFAULT_5XX with Access-Control-Allow-Origin',
    source: SOURCE.api('supported-gateway-response-types'),
    practice: true,
    evaluate: each(REST_API, errorsWithoutCors),
  },
  {
    id: 'LP-H31',
    category: 'http',
    severity: 'error',
    title: 'API allows credentials for all origins',
    why: 'Browsers and API Gateway reject * together with credentials.',
    fix: 'list the origins, or remove AllowCredentials',
    source: SOURCE.api('http-api-cors'),
    elsewhere: 'CDK throws for its own APIs',
    evaluate: each(V2_API, apiCredentialsForAllOrigins),
  },
];

function urlCredentialsForAllOrigins(url: Resource): Found {
  if (url.boolean('Cors.AllowCredentials') === true && url.list('Cors.AllowOrigins').includes('*')) {
    return { at: url, property: 'Cors.AllowOrigins', must: 'must list origins with AllowCredentials', got: '*' };
  }
  return undefined;
}

function allOriginsAllowed(api: Resource): Found {
  const inBody = api.lacks('Body') ? undefined : member(api.get('Body'), 'x-amazon-apigateway-cors');
  if (api.list('CorsConfiguration.AllowOrigins').includes('*')) {
    return { at: api, property: 'CorsConfiguration.AllowOrigins', must: 'must list origins', got: '*' };
  }
  const isForAll = asList(member(inBody, 'allowOrigins')).includes('*');
  return isForAll && { at: api, property: 'Body.x-amazon-apigateway-cors', must: 'must list origins', got: '*' };
}

/** Whether the preflight method of a REST API, or of its document, allows every origin. */
function preflightForAllOrigins(api: Resource, app: AppGraph): Found {
  const methods = app.ofType('AWS::ApiGateway::Method')
    .filter(method => method.string('HttpMethod') === 'OPTIONS' && method.target('RestApiId') === api)
    .flatMap(method => method.list('Integration.IntegrationResponses'));
  const operations = operationsOf(app).filter(operation => operation.api === api && operation.method === 'options')
    .flatMap(operation => Object.values(recordOf(member(operation.integration, 'responses'))));
  const headers = [
    ...methods.map(response => member(response, 'ResponseParameters')),
    ...operations.map(response => member(response, 'responseParameters')),
  ].flatMap(parameters => Object.entries(recordOf(parameters)));
  const isForAll = headers.some(([name, value]) => (
    /allow-origin$/i.test(name) && /^'?\*'?$/.test(asString(value) ?? '')));
  return isForAll && { at: api, property: 'Access-Control-Allow-Origin', must: 'must list origins', got: '*' };
}

/** LP-H02 reports * together with credentials. */
function urlForAllOrigins(url: Resource): Found {
  return url.list('Cors.AllowOrigins').includes('*') && url.boolean('Cors.AllowCredentials', false) !== true && {
    at: url, property: 'Cors.AllowOrigins', must: 'must list origins', got: '*',
  };
}

function recordOf(value: Value): { [key: string]: Value } {
  return isRecord(value) ? value : {};
}

function preflightRejected(api: Resource, app: AppGraph): Found {
  const routes = app.ofType(ROUTE).filter(route => route.target('ApiId') === api);
  const all = routes.find(
    route =>
      route.string('RouteKey') === '$default'
      && route.string('AuthorizationType', 'NONE') !== 'NONE'
      && route.string('AuthorizationType') !== undefined,
  );
  const mayHandlePreflight = (route: Resource) =>
    (route.isUnknown('ApiId') || routes.includes(route))
    && (route.isUnknown('RouteKey') || /^OPTIONS /.test(route.string('RouteKey') ?? ''));
  if (all && !api.lacks('CorsConfiguration') && !app.ofType(ROUTE).some(mayHandlePreflight)) {
    return {
      at: all,
      property: 'AuthorizationType',
      must: 'must allow OPTIONS requests',
      got: all.get('AuthorizationType'),
    };
  }
  return undefined;
}

/** A mock integration of OPTIONS answers preflight requests only. */
function preflightWithAuthorizer(api: Resource, app: AppGraph): Found {
  const methods = app.ofType('AWS::ApiGateway::Method').filter(method => method.target('RestApiId') === api
    && method.string('HttpMethod') === 'OPTIONS' && method.string('Integration.Type') === 'MOCK');
  const operation = operationsOf(app).find(found => found.api === api && found.method === 'options'
    && found.secured === true && /^mock$/i.test(asString(member(found.integration, 'type')) ?? ''));
  const fix = 'remove the authorizer and the API key from OPTIONS; in SAM set AddDefaultAuthorizerToCorsPreflight and '
    + 'AddApiKeyRequiredToCorsPreflight to false';
  const must = 'must allow preflight requests';
  for (const method of methods) {
    const authorization = method.string('AuthorizationType', 'NONE') ?? 'NONE';
    const hasKey = method.boolean('ApiKeyRequired') === true;
    if (authorization === 'NONE' && !hasKey) continue;
    return authorization === 'NONE'
      ? { at: method, property: 'ApiKeyRequired', must, got: true, fix }
      : { at: method, property: 'AuthorizationType', must, got: authorization, fix };
  }
  if (operation === undefined) return undefined;
  return { at: api, property: `${operation.property}.security`, must, got: nameList([...operation.schemes]), fix };
}

function errorsWithoutCors(api: Resource, app: AppGraph): Found {
  const cors = app
    .ofType('AWS::ApiGateway::Method')
    .some(method => method.target('RestApiId') === api && method.string('HttpMethod') === 'OPTIONS')
    || operationsOf(app).some(operation => operation.api === api && operation.method === 'options');
  const inBody = api.lacks('Body') ? undefined : member(api.get('Body'), 'x-amazon-apigateway-gateway-responses');
  const types = app
    .ofType('AWS::ApiGateway::GatewayResponse')
    .filter(response => response.target('RestApiId') === api)
    .map(response => response.string('ResponseType'))
    .concat(Object.keys(recordOf(inBody)));
  const missing = ['DEFAULT_4XX', 'DEFAULT_5XX'].filter(type => !types.includes(type));
  if (cors && missing.length > 0) {
    return {
      at: api,
      property: 'GatewayResponse',
      must: `must have ${missing.join(' and ')} with CORS headers`,
      got: undefined,
    };
  }
  return undefined;
}

function apiCredentialsForAllOrigins(api: Resource): Found {
  const inBody = api.lacks('Body') ? undefined : member(api.get('Body'), 'x-amazon-apigateway-cors');
  if (asList(member(inBody, 'allowOrigins')).includes('*') && asBoolean(member(inBody, 'allowCredentials')) === true) {
    const must = 'must list origins with allowCredentials';
    return { at: api, property: 'Body.x-amazon-apigateway-cors.allowOrigins', must, got: '*' };
  }
  if (
    api.list('CorsConfiguration.AllowOrigins').includes('*')
    && api.boolean('CorsConfiguration.AllowCredentials') === true
  ) {
    return {
      at: api,
      property: 'CorsConfiguration.AllowOrigins',
      must: 'must list origins with AllowCredentials',
      got: '*',
    };
  }
  return undefined;
}
