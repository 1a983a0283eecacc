import { domain, invocation } from './apis';
import { withoutUndefined } from './properties';
import { isJson, textOf } from '../graph/value';
import type { Json } from '../graph/value';


/** The API, stage, routes, integrations and authorizer of a WebSocket API. */
export function expandWebSocketApi(id: string, properties: Json): Record<string, Json> {
  const ApiId = { Ref: id };
  const auth = isJson(properties.Auth) ? properties.Auth : {};
  const created: Record<string, Json> = {
    [id]: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: withoutUndefined({
        ProtocolType: 'WEBSOCKET',
        RouteSelectionExpression: properties.RouteSelectionExpression,
        DisableExecuteApiEndpoint: properties.DisableExecuteApiEndpoint,
      }),
    },
    [`${id}Stage`]: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: withoutUndefined({
        ApiId,
        StageName: properties.StageName ?? 'default',
        AccessLogSettings: properties.AccessLogSettings,
        DefaultRouteSettings: properties.DefaultRouteSettings,
      }),
    },
  };
  const mapping = { Type: 'AWS::ApiGatewayV2::ApiMapping', Properties: { ApiId } };
  Object.assign(created, domain(id, properties.Domain, 'AWS::ApiGatewayV2::DomainName', mapping));
  if (auth.AuthArn !== undefined) {
    created[`${id}Authorizer`] = {
      Type: 'AWS::ApiGatewayV2::Authorizer',
      Properties: withoutUndefined({
        ApiId, AuthorizerType: 'REQUEST', AuthorizerUri: invocation(auth.AuthArn), IdentitySource: auth.IdentitySource,
      }),
    };
  }
  for (const [key, route] of Object.entries(isJson(properties.Routes) ? properties.Routes : {})) {
    const name = `${id}${key.replace(/\W/g, '')}`;
    const settings = isJson(route) ? route : {};
    const timeout = settings.IntegrationTimeout;
    created[`${name}Integration`] = {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: withoutUndefined({
        ApiId, IntegrationType: 'AWS_PROXY', IntegrationUri: invocation(settings.FunctionArn), TimeoutInMillis: timeout,
      }),
    };
    created[`${name}Route`] = {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId,
        RouteKey: key,
        Target: { 'Fn::Sub': `integrations/\${${name}Integration}` },
        AuthorizationType: key === '$connect' ? textOf(auth.AuthType) || 'NONE' : 'NONE',
        ApiKeyRequired: settings.ApiKeyRequired,
      },
    };
  }
  return created;
}

/** The API and the data sources of a GraphQL API. */
export function expandGraphQlApi(id: string, properties: Json): Record<string, Json> {
  const ApiId = { 'Fn::GetAtt': [id, 'ApiId'] };
  const auth = isJson(properties.Auth) ? properties.Auth : {};
  const all = isJson(properties.DataSources) ? properties.DataSources : {};
  const sources = isJson(all.Lambda) ? all.Lambda : {};
  const { XrayEnabled, Logging } = properties;
  const created: Record<string, Json> = {
    [id]: {
      Type: 'AWS::AppSync::GraphQLApi',
      Properties: withoutUndefined({
        AuthenticationType: auth.Type,
        LambdaAuthorizerConfig: auth.LambdaAuthorizer,
        AdditionalAuthenticationProviders: Array.isArray(auth.Additional)
          ? auth.Additional.map(provider => (isJson(provider)
            ? withoutUndefined({ AuthenticationType: provider.Type, LambdaAuthorizerConfig: provider.LambdaAuthorizer })
            : provider))
          : auth.Additional,
        Visibility: properties.Visibility,
        XrayEnabled,
        LogConfig: Logging === false ? undefined : Logging ?? {},
      }),
    },
  };
  for (const [name, source] of Object.entries(sources)) {
    created[`${id}${name}DataSource`] = {
      Type: 'AWS::AppSync::DataSource',
      Properties: {
        ApiId, Type: 'AWS_LAMBDA', LambdaConfig: { LambdaFunctionArn: isJson(source) ? source.FunctionArn : undefined },
      },
    };
  }
  return created;
}
