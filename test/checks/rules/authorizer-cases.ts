/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { allow, att, fn, httpApi, integration, method, permission, r, ref, uri } from './harness';
import type { RuleCase } from './harness';

const Rest = r('AWS::ApiGateway::RestApi', { EndpointConfiguration: { Types: ['REGIONAL'] } });
const mock = { Type: 'MOCK' };
const options = (props: object, settings: object = mock) => method({ HttpMethod: 'OPTIONS', ...props }, settings);
const documented = (type: string, security?: object[]) => r('AWS::ApiGateway::RestApi', {
  EndpointConfiguration: { Types: ['REGIONAL'] },
  Body: { paths: { '/pay': { options: { security, 'x-amazon-apigateway-integration': { type } }, post: { 'security': [{ login: [] }], 'x-amazon-apigateway-integration': { type: 'aws_proxy' } } } } },
});
const preflight = (property: string, got: string, at: string) => [
  `'${property}' must allow preflight requests, got ${got}; remove the authorizer and the API key from OPTIONS; in SAM set AddDefaultAuthorizerToCorsPreflight and AddApiKeyRequiredToCorsPreflight to false (at ${at})`,
];
const restAuthorizer = (props: object) => r('AWS::ApiGateway::Authorizer', { RestApiId: ref('Rest'), Type: 'REQUEST', AuthorizerUri: uri(), ...props });
const guardedBy = (settings: object, type = 'AWS::ApiGatewayV2::Api') => r(type, {
  Body: {
    components: { securitySchemes: { login: { 'type': 'apiKey', 'x-amazon-apigateway-authorizer': { type: 'request', authorizerUri: uri(), ...settings } }, jwt: { 'x-amazon-apigateway-authorizer': { type: 'jwt', jwtConfiguration: { issuer: 'https://i', audience: ['a'] } } } } },
    paths: Object.fromEntries(['/a', '/b'].map(path => [path, { get: { 'security': [{ login: [] }], 'x-amazon-apigateway-integration': { type: 'aws_proxy', uri: uri() } } }])),
  },
});
const IN_DOCUMENT = 'Body.components.securitySchemes.login.x-amazon-apigateway-authorizer.identitySource';
const mtls = { MutualTlsAuthentication: { TruststoreUri: 's3://b/k' } };
const domain = (DomainName: unknown, props: object = {}) => r('AWS::ApiGatewayV2::DomainName', { DomainName, ...props });
const mapped = (DomainName: unknown) => r('AWS::ApiGatewayV2::ApiMapping', { ApiId: ref('Api'), DomainName });
const bypassed = (at: string) => [`'DisableExecuteApiEndpoint' must be true for the mutual TLS of ${at}, got nothing; set DisableExecuteApiEndpoint to true (at Api)`];
const everyone = { Statement: [{ ...allow('execute-api:Invoke', 'execute-api:/*'), Principal: '*' }] };
const Private = (props: object) => r('AWS::ApiGateway::RestApi', { EndpointConfiguration: { Types: ['PRIVATE'] }, ...props });
const openToEndpoints = ["'Policy' must restrict the VPC endpoints, got a policy without a condition; restrict the policy with aws:SourceVpce or aws:SourceVpc, or add an authorizer (at Rest)"];
const post = (security: object[]) => ({ 'security': security, 'x-amazon-apigateway-integration': { type: 'aws_proxy' } });
const cors = (settings: object) => httpApi({ Body: { 'x-amazon-apigateway-cors': settings, 'paths': {} } });
const inText = (principal: string) => r('AWS::ApiGateway::RestApi', {
  EndpointConfiguration: { Types: ['REGIONAL'] }, Policy: { 'Fn::Sub': `{ "Statement": [{ "Effect": "Allow", "Principal": ${principal}, "Action": "execute-api:Invoke", "Resource": "arn:aws:execute-api:\${AWS::Region}:*" }] }` },
});
const connect = (props: object) => r('AWS::ApiGatewayV2::Route', { ApiId: ref('Socket'), RouteKey: '$connect', ...props });
const socket = { Socket: r('AWS::ApiGatewayV2::Api', { ProtocolType: 'WEBSOCKET' }), Connect: integration({ ApiId: ref('Socket') }) };

export const AUTHORIZER_HTTP: RuleCase[] = [
  { id: 'LP-H04', name: 'in a document', fails: { Api: guardedBy({ type: 'jwt', jwtConfiguration: { issuer: 'https://i', audience: [] } }) }, passes: { Api: guardedBy({ type: 'jwt', jwtConfiguration: { issuer: 'https://i', audience: ['a'] } }), Given: guardedBy({ type: 'jwt', jwtConfiguration: ref('Unknown') }) }, says: [`'${IN_DOCUMENT.replace('identitySource', 'jwtConfiguration.audience')}' must be set, got nothing; set both Issuer and Audience (at Api)`] },
  { id: 'LP-H09', name: 'of a WebSocket API, unless it demands an API key', fails: { ...socket, C: connect({}) }, passes: { ...socket, C: connect({ ApiKeyRequired: true }) }, says: ["'AuthorizationType' must be set on every route, got $connect; add an authorizer, or acknowledge this finding with the reason why the API is public (at Socket)"] },
  { id: 'LP-H09', name: 'with a policy as text with unknown parts', fails: { Rest: inText('"*"'), Get: method({ AuthorizationType: 'NONE' }) }, passes: { Rest: inText('{ "AWS": "${AWS::AccountId}" }'), Get: method({ AuthorizationType: 'NONE' }) }, says: ["'AuthorizationType' must be set on every method, got Get; add an authorizer, or acknowledge this finding with the reason why the API is public (at Rest)"] },
  { id: 'LP-H31', name: 'in a document', fails: { Api: cors({ allowOrigins: ['*'], allowCredentials: true }) }, passes: { Api: cors({ allowOrigins: ['*'] }), Listed: cors({ allowOrigins: ['https://example.com'], allowCredentials: true }) }, says: ["'Body.x-amazon-apigateway-cors.allowOrigins' must list origins with allowCredentials, got *; list the origins, or remove AllowCredentials (at Api)"] },
  { id: 'LP-H07', name: 'of a REST API', fails: { Auth: restAuthorizer({ AuthorizerResultTtlInSeconds: 60 }) }, passes: { Auth: restAuthorizer({ AuthorizerResultTtlInSeconds: 60, IdentitySource: 'method.request.header.Authorization' }), Off: restAuthorizer({ AuthorizerResultTtlInSeconds: 0 }), Token: restAuthorizer({ Type: 'TOKEN', AuthorizerResultTtlInSeconds: 60 }) }, says: ["'IdentitySource' must be set to cache for 1 minute, got nothing; set IdentitySource, and a TTL of 1 to 5 minutes (at Auth)"] },
  { id: 'LP-H07', name: 'in a document', fails: { Api: guardedBy({ authorizerResultTtlInSeconds: 60 }) }, passes: { Api: guardedBy({ authorizerResultTtlInSeconds: 60, identitySource: '$request.header.A' }), Given: guardedBy({ authorizerResultTtlInSeconds: 60, identitySource: ref('Unknown') }) }, says: [`'${IN_DOCUMENT}' must be set to cache for 1 minute, got nothing; set IdentitySource, and a TTL of 1 to 5 minutes (at Api)`] },
  { id: 'LP-H08', name: 'in a document', fails: { Api: guardedBy({ enableSimpleResponses: true, authorizerResultTtlInSeconds: 60, identitySource: ['$request.header.A'] }) }, passes: { Api: guardedBy({ enableSimpleResponses: true, authorizerResultTtlInSeconds: 60, identitySource: '$request.header.A, $context.routeKey' }), Full: guardedBy({ authorizerResultTtlInSeconds: 60, identitySource: '$request.header.A' }) }, says: [`'${IN_DOCUMENT}' must contain $context.routeKey for its 2 routes, got ["$request.header.A"]; add $context.routeKey to IdentitySource (at Api)`] },
  { id: 'LP-H10', name: 'by the authorizer of OPTIONS', fails: { Rest, Options: options({ AuthorizationType: 'COGNITO_USER_POOLS' }) }, passes: { Rest, Open: options({ AuthorizationType: 'NONE' }), Given: options({ AuthorizationType: ref('Unknown') }), Own: options({}, { Type: 'AWS_PROXY' }) }, says: preflight('AuthorizationType', 'COGNITO_USER_POOLS', 'Options') },
  { id: 'LP-H10', name: 'by the API key of OPTIONS', fails: { Rest, Open: options({ AuthorizationType: 'NONE' }), Options: options({ AuthorizationType: 'NONE', ApiKeyRequired: true }) }, passes: { Rest, Options: options({ AuthorizationType: 'NONE', ApiKeyRequired: false }) }, says: preflight('ApiKeyRequired', 'true', 'Options') },
  { id: 'LP-H10', name: 'in a document', fails: { Rest: documented('mock', [{ login: [] }]) }, passes: { Rest: documented('mock'), Proxy: documented('aws_proxy', [{ login: [] }]) }, says: preflight('Body.paths./pay.options.security', 'login', 'Rest') },
  { id: 'LP-H15', name: 'of the second domain', fails: { Api: httpApi(), A: domain('a.example.com'), B: domain('b.example.com', mtls), MapA: mapped(ref('A')), MapB: mapped(ref('B')) }, passes: { Api: httpApi({ DisableExecuteApiEndpoint: true }), B: domain('b.example.com', mtls), MapB: mapped(ref('B')) }, says: bypassed('B') },
  { id: 'LP-H15', name: 'of a domain with the same name', fails: { Api: httpApi(), Domain: domain(ref('Given'), mtls), Map: mapped(ref('Given')) }, passes: { Api: httpApi(), Domain: domain('b.example.com', mtls), Map: mapped('a.example.com') }, says: bypassed('Domain') },
  { id: 'LP-H60', name: 'with the policy in a document', fails: { Rest: Private({ Body: { 'x-amazon-apigateway-policy': everyone, 'paths': { '/pay': { post: post([]) } } } }) }, passes: { Rest: Private({ Body: { 'x-amazon-apigateway-policy': everyone, 'paths': { '/pay': { post: post([{ login: [] }]), options: post([]) } } } }), None: Private({ Body: { paths: { '/pay': { post: post([]) } } } }) }, says: openToEndpoints },
  { id: 'LP-H60', name: 'unless only preflight requests are open', fails: { Rest: Private({ Policy: everyone }), Get: method({ AuthorizationType: 'NONE' }) }, passes: { Rest: Private({ Policy: everyone }), Get: method({ AuthorizationType: 'NONE', ApiKeyRequired: true }), Options: options({ AuthorizationType: 'NONE' }) }, says: openToEndpoints },
];

export const AUTHORIZER_FOUNDATION: RuleCase[] = [
  { id: 'LP-F03', name: 'of the caller with an error, and not of a WebSocket API with a warning', fails: { Fn: fn({ Timeout: 60 }), ...socket, Api: httpApi(), I: integration({}, att('Fn')) }, passes: { Fn: fn({ Timeout: 28 }), ...socket, Api: httpApi(), I: integration() }, says: ["'Timeout' must be below 30 seconds (the integration timeout of I), got 1 minute; lower the function timeout below the integration timeout (at Fn)"] },
  { id: 'LP-F73', name: 'of a service whose principal contains the Region', fails: { Fn: fn(), P: permission({ Principal: { 'Fn::Sub': 'logs.${AWS::Region}.amazonaws.com' } }) }, passes: { Fn: fn(), P: permission({ Principal: { 'Fn::Sub': 'logs.${AWS::Region}.amazonaws.com' }, SourceAccount: ref('AWS::AccountId') }), Given: permission({ Principal: ref('Unknown') }) }, says: ["'SourceArn' must restrict logs.*.amazonaws.com to one source, got nothing; set SourceArn, and SourceAccount if the ARN contains no account (at P)"] },
  { id: 'LP-F87', name: 'by a signed request to its URL', fails: { Fn: fn(), P: permission({ Action: 'lambda:InvokeFunctionUrl', Principal: '*', FunctionUrlAuthType: 'AWS_IAM' }) }, passes: { Fn: fn(), None: permission({ Action: 'lambda:InvokeFunctionUrl', Principal: '*', FunctionUrlAuthType: 'NONE' }), Of: permission({ Action: 'lambda:InvokeFunctionUrl', Principal: '*', FunctionUrlAuthType: 'AWS_IAM', PrincipalOrgID: 'o-1' }), Account: permission({ Action: 'lambda:InvokeFunctionUrl', Principal: '123456789012', FunctionUrlAuthType: 'AWS_IAM' }) }, says: ["'Principal' must name an account, service or organization, got *; name the account, service or organization (at P)"] },
];
