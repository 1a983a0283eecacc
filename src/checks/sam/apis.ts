import { withoutUndefined } from './properties';
import { isJson } from '../graph/value';
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
        Policy: isJson(properties.Auth) ? properties.Auth.ResourcePolicy : undefined,
        DisableExecuteApiEndpoint: properties.DisableExecuteApiEndpoint,
      }),
    },
    [`${id}Stage`]: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: withoutUndefined({
        RestApiId, AccessLogSetting: properties.AccessLogSetting, MethodSettings: properties.MethodSettings,
      }),
    },
    ...(properties.Cors === undefined ? {} : {
      [`${id}Preflight`]: {
        Type: 'AWS::ApiGateway::Method',
        Properties: { RestApiId, HttpMethod: 'OPTIONS', AuthorizationType: 'NONE' },
      },
    }),
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
      }),
    },
    ...each(authOf(properties).Authorizers, (name, authorizer) => ({
      [`${id}${name}Authorizer`]: {
        Type: 'AWS::ApiGatewayV2::Authorizer', Properties: withoutUndefined({ ApiId, ...httpAuthorizer(authorizer) }),
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
  const isUnknown = shared === undefined || api?.DefinitionBody !== undefined || api?.DefinitionUri !== undefined;
  const authorizer = own.Authorizer ?? shared?.DefaultAuthorizer;
  if (authorizer === 'NONE' || (authorizer === undefined && !isUnknown)) return { AuthorizationType: 'NONE' };
  return { AuthorizationType: authorizer === 'AWS_IAM' ? 'AWS_IAM' : 'CUSTOM' };
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

function domain(
  id: string, settings: unknown, Type: string, mapping: { Type: string; Properties: Json },
): Record<string, Json> {
  if (!isJson(settings)) return {};
  const { MutualTlsAuthentication, SecurityPolicy } = settings;
  return {
    [`${id}Domain`]: { Type, Properties: withoutUndefined({ MutualTlsAuthentication, SecurityPolicy }) },
    [`${id}Mapping`]: {
      Type: mapping.Type, Properties: { ...mapping.Properties, DomainName: { Ref: `${id}Domain` } },
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
  return isJson(configuration) && configuration.Type !== undefined ? { Types: [configuration.Type] } : configuration;
}
