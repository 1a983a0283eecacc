import { API_ACCOUNT, LAMBDA } from '../../../limits';
import { asBoolean, asNumber, asString, LATEST, member, patternOf, releasesOf } from '../../graph';
import type { AppGraph, LambdaFunction, Resource } from '../../graph';
import { each, eachFunction } from '../each';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { protocol } from './rest-and-http';

const HTTP_API = 'AWS::ApiGatewayV2::Api';
const STAGE = 'AWS::ApiGatewayV2::Stage';
const REST_API = 'AWS::ApiGateway::RestApi';
const REST_STAGE = 'AWS::ApiGateway::Stage';
const URLS = SOURCE.lambda('urls-configuration');
const THROTTLE = SOURCE.api('http-api-throttling');
const DOMAIN = SOURCE.api('http-api-mutual-tls');

/** Stages, domains, function URLs and load balancers. */
export const STAGE_RULES: Rule[] = [
  {
    id: 'LP-H02',
    article: 'http',
    severity: 'error',
    title: 'a function URL with credentials for everyone',
    why: 'browsers refuse * together with credentials',
    fix: 'list the origins, or drop AllowCredentials',
    source: URLS,
    evaluate: each('AWS::Lambda::Url', url => url.boolean('Cors.AllowCredentials') === true && url.list('Cors.AllowOrigins').includes('*')
      && { at: url, property: 'Cors.AllowOrigins', must: 'must list origins with AllowCredentials', got: '*' }),
  },
  {
    id: 'LP-H11',
    article: 'http',
    severity: 'warning',
    title: 'a stage without a throttle',
    why: `all APIs of the account share ${API_ACCOUNT.requestsPerSecondDefault} requests a second; one stage can use them up`,
    fix: 'set rate and burst on the stage',
    source: THROTTLE,
    elsewhere: 'cdk-nag Serverless: APIGWDefaultThrottling',
    practice: true,
    evaluate: eachStage(({ stage, throttle, property }) => throttle === undefined && { at: stage, property, must: 'must be set', got: undefined }),
  },
  {
    id: 'LP-H12',
    article: 'http',
    severity: 'warning',
    title: 'a throttle that does not fit',
    why: 'a burst below the rate cuts the rate off',
    fix: 'set the burst to the rate or more',
    source: THROTTLE,
    evaluate: eachStage(({ stage, throttle, burst, property }) => throttle !== undefined && burst !== undefined && burst < throttle
      && { at: stage, property: property.replace('RateLimit', 'BurstLimit'), must: `must be at least ${throttle} (the rate)`, got: burst }),
  },
  {
    id: 'LP-H13',
    article: 'http',
    severity: 'warning',
    title: 'a stage without an access log',
    why: 'without it nobody can tell who called, and why an integration failed',
    fix: 'set a log group and a JSON format',
    source: SOURCE.api('http-api-logging'),
    elsewhere: 'cdk-nag: AwsSolutions-APIG1',
    practice: true,
    evaluate: each([STAGE, REST_STAGE], stage => {
      const property = stage.type === STAGE ? 'AccessLogSettings' : 'AccessLogSetting';
      return stage.lacks(property) && { at: stage, property, must: 'must be set', got: undefined };
    }),
  },
  {
    id: 'LP-H14',
    article: 'http',
    severity: 'warning',
    title: 'the API is open beside its domain',
    why: 'the execute-api endpoint goes round what guards the domain',
    fix: 'set DisableExecuteApiEndpoint to true',
    source: DOMAIN,
    evaluate: app => mappings(app).filter(({ api, domain }) => api.boolean('DisableExecuteApiEndpoint', false) === false && domain?.lacks('MutualTlsAuthentication') !== false)
      .map(({ api }) => ({ at: api, property: 'DisableExecuteApiEndpoint', must: 'must be true beside a custom domain', got: api.get('DisableExecuteApiEndpoint') })),
  },
  {
    id: 'LP-H15',
    article: 'http',
    severity: 'error',
    title: 'mutual TLS with a way round it',
    why: 'clients without a certificate use the execute-api endpoint',
    fix: 'set DisableExecuteApiEndpoint to true',
    source: DOMAIN,
    evaluate: app => mappings(app).filter(({ api, domain }) => api.boolean('DisableExecuteApiEndpoint', false) === false && domain !== undefined
      && !domain.lacks('MutualTlsAuthentication') && !domain.isUnknown('MutualTlsAuthentication'))
      .map(({ api, domain }) => ({ at: api, property: 'DisableExecuteApiEndpoint', must: `must be true for the mutual TLS of ${domain!.path}`, got: api.get('DisableExecuteApiEndpoint') })),
  },
  {
    id: 'LP-H19',
    article: 'http',
    severity: 'warning',
    title: 'an edge-optimised API',
    why: 'EDGE, the default, adds a CloudFront that you cannot configure, and its integration timeout cannot be raised',
    fix: 'set EndpointConfiguration.Types to REGIONAL',
    source: SOURCE.api('api-gateway-api-endpoint-types'),
    practice: true,
    evaluate: each(REST_API, api => {
      const types = api.get('EndpointConfiguration.Types');
      return (api.lacks('EndpointConfiguration') || (Array.isArray(types) && types.includes('EDGE')))
        && { at: api, property: 'EndpointConfiguration.Types', must: 'must be REGIONAL or PRIVATE', got: types === undefined ? 'EDGE (the default)' : types };
    }),
  },
  {
    id: 'LP-H20',
    article: 'http',
    severity: 'error',
    title: 'request bodies in the logs',
    why: 'data trace writes whole requests and responses, with all that is personal in them',
    fix: 'set DataTraceEnabled to false',
    source: SOURCE.api('set-up-logging'),
    practice: true,
    evaluate: each(REST_STAGE, stage => stage.list('MethodSettings').some(setting => asBoolean(member(setting, 'DataTraceEnabled')) === true)
      && { at: stage, property: 'MethodSettings.DataTraceEnabled', must: 'must be false in production', got: true }),
  },
  {
    id: 'LP-H21',
    article: 'http',
    severity: 'warning',
    title: 'errors without CORS headers',
    why: 'a refusal by the gateway itself has no CORS headers, and the browser hides it from the page',
    fix: 'add gateway responses DEFAULT_4XX and DEFAULT_5XX with Access-Control-Allow-Origin',
    source: SOURCE.api('supported-gateway-response-types'),
    practice: true,
    evaluate: each(REST_API, (api, app) => {
      const cors = app.ofType('AWS::ApiGateway::Method').some(method => method.target('RestApiId') === api && method.string('HttpMethod') === 'OPTIONS');
      const types = app.ofType('AWS::ApiGateway::GatewayResponse').filter(response => response.target('RestApiId') === api).map(response => response.string('ResponseType'));
      const missing = ['DEFAULT_4XX', 'DEFAULT_5XX'].filter(type => !types.includes(type));
      return cors && missing.length > 0 && { at: api, property: 'GatewayResponse', must: `must have ${missing.join(' and ')} with CORS headers`, got: undefined };
    }),
  },
  {
    id: 'LP-H22',
    article: 'http',
    severity: 'error',
    title: 'a public function URL',
    why: 'with NONE anyone who learns the address runs the function',
    fix: 'use AWS_IAM with CloudFront and origin access control, or acknowledge that it is public and why',
    source: SOURCE.lambda('urls-auth'),
    elsewhere: 'checkov: CKV_AWS_258',
    practice: true,
    evaluate: each('AWS::Lambda::Url', url => url.string('AuthType') === 'NONE' && { at: url, property: 'AuthType', must: 'must be AWS_IAM', got: 'NONE' }),
  },
  {
    id: 'LP-H23',
    article: 'http',
    severity: 'warning',
    title: 'a function URL without a bound',
    why: 'reserved concurrency is the only throttle that a URL has',
    fix: 'set ReservedConcurrentExecutions to a tenth of the requests a second',
    source: URLS,
    practice: true,
    evaluate: eachFunction(fn => fn.urls.length > 0 && fn.resource.lacks('ReservedConcurrentExecutions')
      && { at: fn.resource, property: 'ReservedConcurrentExecutions', must: `must bound ${fn.urls[0].resource.path}`, got: undefined }),
  },
  {
    id: 'LP-H24',
    article: 'http',
    severity: 'error',
    title: 'streaming from inside a VPC',
    why: 'a function URL does not stream from a function in a VPC',
    fix: 'use BUFFERED, a REST API, or take the function out of the VPC',
    source: SOURCE.lambda('configuration-response-streaming'),
    evaluate: eachFunction(fn => (fn.inVpc ? streaming(fn).map(url => ({ at: url, property: 'InvokeMode', must: `must be BUFFERED, as ${fn.path} is in a VPC`, got: 'RESPONSE_STREAM' })) : undefined)),
  },
  {
    id: 'LP-H25',
    article: 'http',
    severity: 'warning',
    title: 'streaming from a runtime without it',
    why: 'of the managed runtimes only Node.js streams by itself',
    fix: 'use the Lambda Web Adapter or a custom runtime, and acknowledge this',
    source: SOURCE.lambda('configuration-response-streaming'),
    evaluate: eachFunction(fn => (/^(python|java|dotnet|ruby)/.test(fn.runtime) && !fn.resource.list('Layers').some(layer => /LambdaAdapterLayer/.test(patternOf(layer)))
      ? streaming(fn).map(url => ({ at: url, property: 'InvokeMode', must: `must be BUFFERED for ${fn.runtime}`, got: 'RESPONSE_STREAM' })) : undefined)),
  },
  {
    id: 'LP-H26',
    article: 'http',
    severity: 'warning',
    title: 'traffic goes past the alias',
    why: 'what calls $LATEST gets each change at once, and no provisioned concurrency',
    fix: 'point it at the alias',
    source: SOURCE.lambda('configuration-aliases'),
    evaluate: eachFunction((fn, app) => {
      const alias = fn.aliases[0];
      const past = alias === undefined ? [] : entrances(fn).filter(({ qualifier }) => qualifier === LATEST);
      return past.length > 0 && !releasesOf(app).some(release => release.function === fn)
        && past.map(({ at, property }) => ({ at, property, must: `must be the alias ${alias.path}`, got: LATEST }));
    }),
  },
  {
    id: 'LP-H27',
    article: 'http',
    severity: 'warning',
    title: 'any load balancer may invoke',
    why: 'CDK\'s LambdaTarget permits the whole service, so that a load balancer of another account gets in too',
    fix: 'set SourceArn or SourceAccount on the permission',
    source: SOURCE.lambda('services-alb'),
    evaluate: each('AWS::Lambda::Permission', permission => permission.string('Principal') === 'elasticloadbalancing.amazonaws.com' && permission.lacks('SourceArn') && permission.lacks('SourceAccount')
      && { at: permission, property: 'SourceAccount', must: 'must say whose load balancers invoke', got: undefined }),
  },
  {
    id: 'LP-H29',
    article: 'http',
    severity: 'warning',
    title: 'many routes have a permission each',
    why: `a permission takes about ${LAMBDA.routePermissionBytes} bytes of the ${LAMBDA.resourcePolicyMaxBytes} that the policy of a function may have`,
    fix: 'use one permission for the API (scopePermissionToRoute or scopePermissionToMethod: false)',
    source: SOURCE.lambda('gettingstarted-limits'),
    evaluate: eachFunction(fn => {
      const most = Math.floor(LAMBDA.resourcePolicyMaxBytes / LAMBDA.routePermissionBytes);
      const routes = fn.permissions.filter(permission => permission.string('Principal') === 'apigateway.amazonaws.com').length;
      return routes > 0.8 * most && { at: fn.resource, property: 'Permission', must: `must stay well below ${most} permissions of API Gateway`, got: routes };
    }),
  },
  {
    id: 'LP-H30',
    article: 'http',
    severity: 'error',
    title: 'an enhanced TLS policy with mutual TLS',
    why: 'the enhanced security policies do not support mutual TLS',
    fix: 'use TLS_1_2',
    source: SOURCE.api('apigateway-security-policies'),
    elsewhere: 'CDK throws for its own domains',
    evaluate: each('AWS::ApiGateway::DomainName', domain => /^SecurityPolicy_/.test(domain.string('SecurityPolicy') ?? '') && !domain.lacks('MutualTlsAuthentication') && !domain.isUnknown('MutualTlsAuthentication')
      && { at: domain, property: 'SecurityPolicy', must: 'must be TLS_1_2 with mutual TLS', got: domain.get('SecurityPolicy') }),
  },
];

interface Throttled { stage: Resource; throttle?: number; burst?: number; property: string }

function eachStage(check: (stage: Throttled) => Problem | false): (app: AppGraph) => Problem[] {
  return each([STAGE, REST_STAGE], stage => {
    if (stage.type === STAGE) {
      if (protocol(stage) === 'WEBSOCKET' || stage.isUnknown('DefaultRouteSettings') || stage.isUnknown('DefaultRouteSettings.ThrottlingRateLimit')) return undefined;
      return check({ stage, throttle: stage.number('DefaultRouteSettings.ThrottlingRateLimit'), burst: stage.number('DefaultRouteSettings.ThrottlingBurstLimit'), property: 'DefaultRouteSettings.ThrottlingRateLimit' });
    }
    if (stage.isUnknown('MethodSettings')) return undefined;
    const all = stage.list('MethodSettings').find(setting => asString(member(setting, 'HttpMethod')) === '*' && member(setting, 'ThrottlingRateLimit') !== undefined);
    return check({ stage, throttle: asNumber(member(all, 'ThrottlingRateLimit')), burst: asNumber(member(all, 'ThrottlingBurstLimit')), property: 'MethodSettings.ThrottlingRateLimit' });
  });
}

function mappings(app: AppGraph): { api: Resource; domain?: Resource }[] {
  const all = [...app.ofType('AWS::ApiGatewayV2::ApiMapping'), ...app.ofType('AWS::ApiGateway::BasePathMapping')].flatMap(mapping => {
    const api = app.resourceOf(mapping.get(mapping.type.includes('V2') ? 'ApiId' : 'RestApiId'), mapping, HTTP_API, REST_API);
    return api ? [{ api, domain: mapping.target('DomainName') }] : [];
  });
  return all.filter(({ api }, i) => all.findIndex(other => other.api === api) === i);
}

function streaming(fn: LambdaFunction): Resource[] {
  return fn.urls.map(({ resource }) => resource).filter(url => url.string('InvokeMode') === 'RESPONSE_STREAM');
}

/** Everything that carries traffic to the function, with the qualifier it names. */
export function entrances(fn: LambdaFunction): { at: Resource; property: string; qualifier?: string }[] {
  return [
    ...fn.urls.map(({ resource, target }) => ({ at: resource, property: 'TargetFunctionArn', qualifier: target.qualifier })),
    ...fn.callers.map(({ resource, property, target }) => ({ at: resource, property, qualifier: target.qualifier })),
    ...fn.sources.map(({ mapping, target }) => ({ at: mapping, property: 'FunctionName', qualifier: target.qualifier })),
  ];
}
