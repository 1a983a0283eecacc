import { defined } from './expand';
import { isJson } from '../graph/value';
import type { Json } from '../graph/value';

/** What an API of SAM says about who may call: its own, or that of the API which SAM makes where none is named. */
export type ApiOf = (reference: unknown, implicit: 'ServerlessRestApi' | 'ServerlessHttpApi') => Json | undefined;

export function expandApi(id: string, properties: Json): Record<string, Json> {
  const RestApiId = { Ref: id };
  return {
    [id]: {
      Type: 'AWS::ApiGateway::RestApi',
      Properties: defined({
        EndpointConfiguration: endpoint(properties.EndpointConfiguration),
        Policy: isJson(properties.Auth) ? properties.Auth.ResourcePolicy : undefined,
        DisableExecuteApiEndpoint: properties.DisableExecuteApiEndpoint,
      }),
    },
    [`${id}Stage`]: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: defined({
        RestApiId, AccessLogSetting: properties.AccessLogSetting, MethodSettings: properties.MethodSettings,
      }),
    },
    ...(properties.Cors === undefined ? {} : {
      [`${id}Preflight`]: { Type: 'AWS::ApiGateway::Method', Properties: { RestApiId, HttpMethod: 'OPTIONS', AuthorizationType: 'NONE' } },
    }),
    ...each(properties.GatewayResponses, ResponseType => ({
      [`${id}${ResponseType}`]: { Type: 'AWS::ApiGateway::GatewayResponse', Properties: { RestApiId, ResponseType } },
    })),
    ...each(authOf(properties).Authorizers, (name, authorizer) => ({
      [`${id}${name}Authorizer`]: {
        Type: 'AWS::ApiGateway::Authorizer',
        Properties: defined({
          RestApiId, AuthorizerUri: authorizerUri(authorizer), AuthorizerResultTtlInSeconds: ttlOf(authorizer),
        }),
      },
    })),
    ...domain(id, properties.Domain, 'AWS::ApiGateway::DomainName', { Type: 'AWS::ApiGateway::BasePathMapping', Properties: { RestApiId } }),
  };
}

export function expandHttpApi(id: string, properties: Json): Record<string, Json> {
  const ApiId = { Ref: id };
  return {
    [id]: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: defined({
        ProtocolType: 'HTTP',
        CorsConfiguration: properties.CorsConfiguration === true ? { AllowOrigins: ['*'] } : properties.CorsConfiguration,
        DisableExecuteApiEndpoint: properties.DisableExecuteApiEndpoint,
      }),
    },
    [`${id}Stage`]: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: defined({
        ApiId,
        StageName: properties.StageName ?? '$default',
        AccessLogSettings: properties.AccessLogSettings,
        DefaultRouteSettings: properties.DefaultRouteSettings,
      }),
    },
    ...each(authOf(properties).Authorizers, (name, authorizer) => ({
      [`${id}${name}Authorizer`]: { Type: 'AWS::ApiGatewayV2::Authorizer', Properties: defined({ ApiId, ...httpAuthorizer(authorizer) }) },
    })),
    ...domain(id, properties.Domain, 'AWS::ApiGatewayV2::DomainName', { Type: 'AWS::ApiGatewayV2::ApiMapping', Properties: { ApiId } }),
  };
}

/** How a route is guarded: by its own authorizer, by that of its API, or by one that the template does not show. */
export function authorization(event: Json, api: Json | undefined): Json {
  const own = isJson(event.Auth) ? event.Auth : {};
  const shared = api && authOf(api);
  const hidden = shared === undefined || api?.DefinitionBody !== undefined || api?.DefinitionUri !== undefined;
  const authorizer = own.Authorizer ?? shared?.DefaultAuthorizer;
  if (authorizer === 'NONE' || (authorizer === undefined && !hidden)) return { AuthorizationType: 'NONE' };
  return { AuthorizationType: authorizer === 'AWS_IAM' ? 'AWS_IAM' : 'CUSTOM' };
}

/** API keys, asked for by the route or by its API. */
export function keyRequired(event: Json, api: Json | undefined): unknown {
  return isJson(event.Auth) && event.Auth.ApiKeyRequired !== undefined ? event.Auth.ApiKeyRequired : api && authOf(api).ApiKeyRequired;
}

/** The ARN by which API Gateway calls a function. */
export function invocation(arn: unknown): Json {
  return { 'Fn::Join': ['', ['arn:aws:apigateway:', { Ref: 'AWS::Region' }, ':lambda:path/2015-03-31/functions/', arn, '/invocations']] };
}

function authOf(properties: Json): Json {
  return isJson(properties.Auth) ? properties.Auth : {};
}

function httpAuthorizer(authorizer: Json): Json {
  const jwt = authorizer.JwtConfiguration;
  if (isJson(jwt)) return { AuthorizerType: 'JWT', JwtConfiguration: defined({ Issuer: jwt.issuer ?? jwt.Issuer, Audience: jwt.audience ?? jwt.Audience }) };
  const identity = isJson(authorizer.Identity) ? authorizer.Identity : {};
  const sources = ['Headers', 'QueryStrings', 'StageVariables', 'Context'].flatMap(key => (Array.isArray(identity[key]) ? identity[key] as unknown[] : []));
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

function domain(id: string, settings: unknown, Type: string, mapping: { Type: string; Properties: Json }): Record<string, Json> {
  if (!isJson(settings)) return {};
  const { MutualTlsAuthentication, SecurityPolicy } = settings;
  return {
    [`${id}Domain`]: { Type, Properties: defined({ MutualTlsAuthentication, SecurityPolicy }) },
    [`${id}Mapping`]: { Type: mapping.Type, Properties: { ...mapping.Properties, DomainName: { Ref: `${id}Domain` } } },
  };
}

function each(map: unknown, make: (name: string, value: Json) => Record<string, Json>): Record<string, Json> {
  const entries = isJson(map) ? Object.entries(map) : [];
  return Object.fromEntries(entries.flatMap(([name, value]) => Object.entries(make(name, isJson(value) ? value : {}))));
}

/** A bare type, or the type under a name of its own, as SAM takes them. */
function endpoint(configuration: unknown): unknown {
  if (typeof configuration === 'string') return { Types: [configuration] };
  return isJson(configuration) && configuration.Type !== undefined ? { Types: [configuration.Type] } : configuration;
}
