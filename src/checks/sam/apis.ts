import { demandsSecurity, withSamAuth } from './open-api';
import { withoutUndefined } from './properties';
import { intrinsicOf } from '../graph/resolver';
import { isJson, textOf } from '../graph/value';
import type { Json } from '../graph/value';

/** The properties of the SAM API that an event refers to, or of the implicit API if the event refers to none. */
export type ApiOf = (reference: unknown, implicit: 'ServerlessRestApi' | 'ServerlessHttpApi') => Json | undefined;

export function expandApi(id: string, properties: Json): Record<string, Json> {
  const RestApiId = { Ref: id };
  return {
    [id]: {
      Type: 'AWS::ApiGateway::RestApi',
      Properties: withoutUndefined({
        EndpointConfiguration: endpoint(properties.EndpointConfiguration),
        Policy: properties.Policy ?? resourcePolicy(authOf(properties).ResourcePolicy),
        Body: withSamAuth(properties.DefinitionBody, authOf(properties), 'rest'),
        DefinitionUri: properties.DefinitionUri,
        DisableExecuteApiEndpoint: properties.DisableExecuteApiEndpoint,
      }),
    },
    [`${id}Stage`]: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: withoutUndefined({
        RestApiId,
        StageName: properties.StageName,
        AccessLogSetting: properties.AccessLogSetting,
        MethodSettings: properties.MethodSettings,
        TracingEnabled: properties.TracingEnabled,
      }),
    },
    ...(properties.Cors === undefined ? {} : {
      [`${id}Preflight`]: {
        Type: 'AWS::ApiGateway::Method',
        Properties: {
          RestApiId,
          HttpMethod: 'OPTIONS',
          ...preflightAuthorization(authOf(properties), properties.DefinitionBody),
          Integration: preflight(properties.Cors),
        },
      },
    }),
    ...usagePlan(id, authOf(properties).UsagePlan),
    ...each(properties.GatewayResponses, ResponseType => ({
      [`${id}${ResponseType}`]: { Type: 'AWS::ApiGateway::GatewayResponse', Properties: { RestApiId, ResponseType } },
    })),
    ...each(authOf(properties).Authorizers, (name, authorizer) => ({
      [`${id}${name}Authorizer`]: {
        Type: 'AWS::ApiGateway::Authorizer',
        Properties: withoutUndefined({
          RestApiId, AuthorizerUri: authorizerUri(authorizer), AuthorizerResultTtlInSeconds: ttlOf(authorizer),
        }),
      },
    })),
    ...domain(id, properties.Domain, 'AWS::ApiGateway::DomainName', {
      Type: 'AWS::ApiGateway::BasePathMapping', Properties: { RestApiId },
    }),
  };
}

export function expandHttpApi(id: string, properties: Json): Record<string, Json> {
  const ApiId = { Ref: id };
  const { CorsConfiguration } = properties;
  return {
    [id]: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: withoutUndefined({
        ProtocolType: 'HTTP',
        CorsConfiguration: CorsConfiguration === true ? { AllowOrigins: ['*'] } : CorsConfiguration,
        Body: withSamAuth(properties.DefinitionBody, authOf(properties), 'http'),
        DefinitionUri: properties.DefinitionUri,
        DisableExecuteApiEndpoint: properties.DisableExecuteApiEndpoint,
      }),
    },
    [`${id}Stage`]: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: withoutUndefined({
        ApiId,
        StageName: properties.StageName ?? '$default',
        AccessLogSettings: properties.AccessLogSettings,
        DefaultRouteSettings: properties.DefaultRouteSettings,
        RouteSettings: properties.RouteSettings,
      }),
    },
    ...each(authOf(properties).Authorizers, (name, authorizer) => ({
      [`${id}${name}Authorizer`]: {
        Type: 'AWS::ApiGatewayV2::Authorizer',
        Properties: withoutUndefined({ ApiId, Name: name, ...httpAuthorizer(authorizer) }),
      },
    })),
    ...domain(id, properties.Domain, 'AWS::ApiGatewayV2::DomainName', {
      Type: 'AWS::ApiGatewayV2::ApiMapping', Properties: { ApiId },
    }),
  };
}

/** The authorization of a route: its own authorizer, the one of its API, or an authorizer outside the template. */
export function authorization(event: Json, api: Json | undefined): Json {
  const own = isJson(event.Auth) ? event.Auth : {};
  const shared = api && authOf(api);
  const isDefined = api?.DefinitionBody !== undefined;
  const demands = isDefined ? demandsSecurity(api.DefinitionBody, event.Path ?? '$default', event.Method) : false;
  const isUnknown = shared === undefined || api?.DefinitionUri !== undefined || demands !== false;
  const authorizer = own.Authorizer ?? shared?.DefaultAuthorizer;
  if (authorizer === 'NONE' || (authorizer === undefined && !isUnknown)) return { AuthorizationType: 'NONE' };
  return { AuthorizationType: authorizer === 'AWS_IAM' ? 'AWS_IAM' : 'CUSTOM' };
}

/** The authorizer of the HTTP API that a route uses, if the API defines it. */
export function authorizerOf(event: Json, api: Json | undefined, apiId: unknown): Json {
  const name = authOf(event).Authorizer ?? (api && authOf(api).DefaultAuthorizer);
  const authorizers = api && authOf(api).Authorizers;
  const id = isJson(apiId) ? textOf(apiId.Ref) : '';
  const isOwn = typeof name === 'string' && isJson(authorizers) && Object.hasOwn(authorizers, name) && id !== '';
  return isOwn ? { AuthorizerId: { Ref: `${id}${name}Authorizer` } } : {};
}

/** Whether the route, or its API, requires an API key. */
export function keyRequired(event: Json, api: Json | undefined): unknown {
  return authOf(event).ApiKeyRequired ?? (api && authOf(api).ApiKeyRequired);
}

/** The URI by which API Gateway invokes a function. */
export function invocation(arn: unknown): Json {
  const path = ':lambda:path/2015-03-31/functions/';
  return { 'Fn::Join': ['', ['arn:aws:apigateway:', { Ref: 'AWS::Region' }, path, arn, '/invocations']] };
}

function authOf(properties: Json): Json {
  return isJson(properties.Auth) ? properties.Auth : {};
}

function httpAuthorizer(authorizer: Json): Json {
  const jwt = authorizer.JwtConfiguration;
  if (isJson(jwt)) {
    const JwtConfiguration = { Issuer: jwt.issuer ?? jwt.Issuer, Audience: jwt.audience ?? jwt.Audience };
    return { AuthorizerType: 'JWT', JwtConfiguration: withoutUndefined(JwtConfiguration) };
  }
  const identity = isJson(authorizer.Identity) ? authorizer.Identity : {};
  const sources = ['Headers', 'QueryStrings', 'StageVariables', 'Context'].flatMap(key => (
    Array.isArray(identity[key]) ? identity[key] as unknown[] : []));
  return {
    AuthorizerType: 'REQUEST',
    AuthorizerUri: authorizerUri(authorizer),
    AuthorizerResultTtlInSeconds: ttlOf(authorizer),
    IdentitySource: sources,
    EnableSimpleResponses: authorizer.EnableSimpleResponses,
  };
}

function authorizerUri(authorizer: Json): Json | undefined {
  return authorizer.FunctionArn === undefined ? undefined : invocation(authorizer.FunctionArn);
}

function ttlOf(authorizer: Json): unknown {
  return isJson(authorizer.Identity) ? authorizer.Identity.ReauthorizeEvery : undefined;
}

export function domain(
  id: string, settings: unknown, Type: string, mapping: { Type: string; Properties: Json },
): Record<string, Json> {
  if (!isJson(settings)) return {};
  const { MutualTlsAuthentication, SecurityPolicy, EndpointConfiguration } = settings;
  // a private domain has other types
  const suffix = EndpointConfiguration === 'PRIVATE' ? 'V2' : '';
  return {
    [`${id}Domain`]: {
      Type: `${Type}${suffix}`, Properties: withoutUndefined({ MutualTlsAuthentication, SecurityPolicy }),
    },
    [`${id}Mapping`]: {
      Type: `${mapping.Type}${suffix}`, Properties: { ...mapping.Properties, DomainName: { Ref: `${id}Domain` } },
    },
  };
}

function each(map: unknown, create: (name: string, value: Json) => Record<string, Json>): Record<string, Json> {
  const entries = isJson(map) ? Object.entries(map) : [];
  return Object.fromEntries(entries.flatMap(([name, value]) => (
    Object.entries(create(name, isJson(value) ? value : {})))));
}

/** SAM accepts a string, or an object with `Type`. */
function endpoint(configuration: unknown): unknown {
  if (typeof configuration === 'string') return { Types: [configuration] };
  if (isJson(configuration) && configuration.Type !== undefined) return { Types: [configuration.Type] };
  return isJson(configuration) && configuration.Ref !== undefined ? { Types: [configuration] } : configuration;
}

/** The integration of the preflight methods of a REST API, with the origins that it allows. */
function preflight(cors: unknown): Json {
  const origin = isJson(cors) && intrinsicOf(cors) === undefined ? cors.AllowOrigin : cors;
  const headers = { 'method.response.header.Access-Control-Allow-Origin': origin ?? "'*'" };
  return { Type: 'MOCK', IntegrationResponses: [{ StatusCode: '200', ResponseParameters: headers }] };
}

/**
 * SAM adds the default authorizer and the API key to the preflight methods unless a setting excludes them. Otherwise
 * the security of the whole document applies.
 */
function preflightAuthorization(auth: Json, body: unknown): Json {
  const { DefaultAuthorizer, ApiKeyRequired } = auth;
  const isOpen = DefaultAuthorizer === undefined || auth.AddDefaultAuthorizerToCorsPreflight === false;
  const isDemanded = isOpen && isJson(body) && demandsSecurity({ security: body.security }, '', '') === true;
  if (isDemanded) return { AuthorizationType: 'CUSTOM' };
  return withoutUndefined({
    AuthorizationType: isOpen ? 'NONE' : DefaultAuthorizer === 'AWS_IAM' ? 'AWS_IAM' : 'CUSTOM',
    ApiKeyRequired: auth.AddApiKeyRequiredToCorsPreflight === false ? undefined : ApiKeyRequired,
  });
}

/** A usage plan that SAM creates for the API. */
function usagePlan(id: string, plan: unknown): Record<string, Json> {
  if (!isJson(plan) || plan.CreateUsagePlan === 'NONE' || plan.CreateUsagePlan === undefined) return {};
  const ApiStages = [{ ApiId: { Ref: id }, Stage: { Ref: `${id}Stage` } }];
  return {
    [`${id}UsagePlan`]: {
      Type: 'AWS::ApiGateway::UsagePlan',
      Properties: withoutUndefined({ ApiStages, Throttle: plan.Throttle, Quota: plan.Quota }),
    },
  };
}

/** The policy of a REST API: own statements, and the lists of accounts, addresses and VPCs. */
function resourcePolicy(policy: unknown): unknown {
  if (!isJson(policy)) return policy;
  const list = (name: string) => [policy[name] ?? []].flat() as unknown[];
  const vpcs = (kind: string) => (
    [`SourceVpc${kind}`, `IntrinsicVpc${kind}`, `IntrinsicVpce${kind}`].flatMap(name => list(name)));
  const networks = [
    ['NotIpAddress', 'aws:SourceIp', list('IpRangeWhitelist')], ['IpAddress', 'aws:SourceIp', list('IpRangeBlacklist')],
    ['StringNotEquals', 'aws:SourceVpc', vpcs('Whitelist')], ['StringEquals', 'aws:SourceVpc', vpcs('Blacklist')],
  ] as const;
  const used = networks.filter(([, , values]) => values.length > 0);
  const [accounts, others] = [list('AwsAccountWhitelist'), list('AwsAccountBlacklist')];
  const statement = (Effect: string, Principal: unknown, Condition?: Json) => (
    withoutUndefined({ Effect, Principal, Action: 'execute-api:Invoke', Resource: 'execute-api:/*', Condition }));
  return {
    Statement: [
      ...list('CustomStatements'),
      ...accounts.length > 0 ? [statement('Allow', { AWS: accounts })] : [],
      ...others.length > 0 ? [statement('Deny', { AWS: others })] : [],
      ...used.length > 0 ? [statement('Allow', '*')] : [],
      ...used.map(([operator, key, values]) => statement('Deny', '*', { [operator]: { [key]: values } })),
    ],
  };
}
