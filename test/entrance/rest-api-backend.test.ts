import { App, aws_apigateway as apigateway, aws_apigatewayv2 as apigwv2, aws_cognito as cognito, aws_ec2 as ec2, Duration, Lazy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { ANY, GET, Payments, POST } from './app';
import { Access, Entrance, HttpEntrance, type HttpEntranceProps, type RestApiEntranceOptions } from '../../src';

function build(props: Partial<HttpEntranceProps> = {}, options: RestApiEntranceOptions = {}, stack = new Payments()): Payments {
  stack.entrance({ entrance: Entrance.restApi(options), access: Access.iam(), ...props });
  return stack;
}

describe('by default', () => {
  test('is regional, with tracing, a throttle and an execution log of errors without bodies', () => {
    const template = build().template();
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { EndpointConfiguration: { Types: ['REGIONAL'] }, DisableExecuteApiEndpoint: false });
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      TracingEnabled: true,
      MethodSettings: [{
        HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1_000, MetricsEnabled: true, LoggingLevel: 'ERROR', DataTraceEnabled: false,
      }],
    });
  });

  test('has an access log with one line of JSON for each request, with the validation error', () => {
    const { AccessLogSetting } = Object.values<any>(build().template().findResources('AWS::ApiGateway::Stage'))[0].Properties;
    expect(Object.keys(JSON.parse(AccessLogSetting.Format))).toEqual(expect.arrayContaining(['requestId', 'resourcePath', 'status', 'validationError', 'integrationLatency']));
  });

  test('has the log group without `:*`, as API Gateway stores it, so that there is no drift', () => {
    build().template().hasResourceProperties('AWS::ApiGateway::Stage', {
      AccessLogSetting: {
        DestinationArn: {
          'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:us-east-1:111122223333:log-group:', { Ref: Match.stringLikeRegexp('AccessLog') }]],
        },
      },
    });
  });

  test('has a unique name, because the name is the dimension of its metrics', () => {
    const stack = build();
    new HttpEntrance(stack, 'Second', { entrance: Entrance.restApi(), access: Access.iam(), routes: [{ path: '/', function: stack.pay }] });
    const names = Object.values<any>(stack.template().findResources('AWS::ApiGateway::RestApi')).map(({ Properties }) => Properties.Name);
    expect(new Set(names).size).toBe(2);
  });

  test('has one role for the logs of all REST APIs of the stack, which is retained', () => {
    const stack = build();
    new HttpEntrance(stack, 'Second', { entrance: Entrance.restApi(), access: Access.iam(), routes: [{ path: '/', function: stack.pay }] });
    stack.template().resourceCountIs('AWS::ApiGateway::Account', 1);
    stack.template().hasResource('AWS::ApiGateway::Account', { DeletionPolicy: 'Retain' });
    stack.template().hasResource('AWS::ApiGateway::Stage', { DependsOn: Match.arrayWith([Match.stringLikeRegexp('ApiGatewayAccount')]) });
  });
});

describe('options', () => {
  test('raisedTimeoutQuota is the integration timeout', () => {
    for (const TimeoutInMillis of [29_000, 45_500, 60_000]) {
      build({}, { raisedTimeoutQuota: Duration.millis(TimeoutInMillis) }).template().hasResourceProperties('AWS::ApiGateway::Method', { Integration: { TimeoutInMillis } });
    }
  });

  test('cloudWatchRole: false creates no role', () => {
    build({}, { cloudWatchRole: false }).template().resourceCountIs('AWS::ApiGateway::Account', 0);
  });

  test('vpcEndpoints: the API is private, and denies requests of other endpoints', () => {
    const stack = new Payments();
    const vpcEndpoints = [stack.vpc().addInterfaceEndpoint('Endpoint', { service: ec2.InterfaceVpcEndpointAwsService.APIGATEWAY })];
    build({}, { vpcEndpoints }, stack).template().hasResourceProperties('AWS::ApiGateway::RestApi', {
      EndpointConfiguration: { Types: ['PRIVATE'], VpcEndpointIds: [Match.anyValue()] },
      Policy: { Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { StringNotEquals: { 'aws:SourceVpce': Match.anyValue() } } })]) },
    });
  });
});

describe('access', () => {
  test('by user pool, with scopes', () => {
    const stack = new Payments();
    const pool = new cognito.UserPool(stack, 'Pool');
    build({ access: Access.userPool(pool, [pool.addClient('App')]), routes: [{ path: '/', function: stack.pay, scopes: ['pay/write'] }] }, {}, stack);
    stack.template().hasResourceProperties('AWS::ApiGateway::Authorizer', { Type: 'COGNITO_USER_POOLS' });
    stack.template().hasResourceProperties('AWS::ApiGateway::Method', { AuthorizationType: 'COGNITO_USER_POOLS', AuthorizationScopes: ['pay/write'] });
  });

  test('by Lambda authorizer: cached for one method and path only', () => {
    const stack = new Payments();
    const access = Access.lambdaAuthorizer(stack.function('Who'));
    build({ access, routes: [{ method: GET, path: '/a', function: stack.pay }, { method: GET, path: '/b', function: stack.pay }] }, {}, stack);
    stack.template().resourceCountIs('AWS::ApiGateway::Authorizer', 1);
    stack.template().hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Type: 'REQUEST', AuthorizerResultTtlInSeconds: 300, IdentitySource: 'method.request.header.Authorization,context.httpMethod,context.resourcePath',
    });
  });

  test('by Lambda authorizer with a cache time that is a token: cached for one method and path only', () => {
    const stack = new Payments();
    const resultsCacheTtl = Duration.seconds(Lazy.number({ produce: () => 60 }));
    build({ access: Access.lambdaAuthorizer(stack.function('Who'), { resultsCacheTtl }) }, {}, stack);
    stack.template().hasResourceProperties('AWS::ApiGateway::Authorizer', { IdentitySource: 'method.request.header.Authorization,context.httpMethod,context.resourcePath' });
  });

  test('by Lambda authorizer of another stack: the permission is in the stack of the API', () => {
    const app = new App();
    const functions = new Payments(app, {}, 'Functions');
    const stack = new Payments(app);
    build({ access: Access.lambdaAuthorizer(functions.function('Who')) }, {}, stack);
    stack.template().hasResourceProperties('AWS::Lambda::Permission', {
      FunctionName: { 'Fn::ImportValue': Match.stringLikeRegexp('Who') }, SourceArn: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('/authorizers/')])] },
    });
    functions.template().resourceCountIs('AWS::Lambda::Permission', 0);
  });

  test.each([true, false])('by Lambda authorizer: the deployment depends on it if the feature flag is on: %p', isOn => {
    const stack = new Payments(new App({ context: { '@aws-cdk/aws-apigateway:authorizerChangeDeploymentLogicalId': isOn } }));
    build({ access: Access.lambdaAuthorizer(stack.function('Who')) }, {}, stack);
    const [{ DependsOn }] = Object.values<any>(stack.template().findResources('AWS::ApiGateway::Deployment'));
    expect(DependsOn.some((id: string) => id.includes('LambdaAuthorizer'))).toBe(isOn);
  });

  test('by Lambda authorizer without caching', () => {
    const stack = new Payments();
    build({ access: Access.lambdaAuthorizer(stack.function('Who'), { queryStrings: ['key'], resultsCacheTtl: Duration.seconds(0) }) }, {}, stack);
    stack.template().hasResourceProperties('AWS::ApiGateway::Authorizer', { AuthorizerResultTtlInSeconds: 0, IdentitySource: 'method.request.header.Authorization,method.request.querystring.key' });
  });

  test('by IAM, and unauthenticated with a reason', () => {
    build().template().hasResourceProperties('AWS::ApiGateway::Method', { AuthorizationType: 'AWS_IAM' });
    build({ access: Access.unauthenticated({ reason: 'status page' }) }).template().hasResourceProperties('AWS::ApiGateway::Method', { AuthorizationType: 'NONE' });
  });
});

describe('validation', () => {
  test('of the body with any content type, of headers and of query strings', () => {
    const stack = new Payments();
    const validation = { body: { type: apigateway.JsonSchemaType.OBJECT, required: ['amount'] }, headers: ['Idempotency-Key'], queryStrings: ['currency'] };
    build({ routes: [{ method: POST, path: '/payments', function: stack.pay, validation }] }, {}, stack);
    stack.template().hasResourceProperties('AWS::ApiGateway::Model', { Schema: { $schema: 'http://json-schema.org/draft-04/schema#', type: 'object', required: ['amount'] } });
    stack.template().hasResourceProperties('AWS::ApiGateway::Method', {
      RequestModels: { $default: { Ref: Match.stringLikeRegexp('BodyPOSTpayments') } },
      RequestParameters: { 'method.request.header.Idempotency-Key': true, 'method.request.querystring.currency': true },
      RequestValidatorId: { Ref: Match.stringLikeRegexp('Validator') },
    });
  });

  test('reports the error in the body of a 400 response', () => {
    const template = build().template();
    for (const ResponseType of ['BAD_REQUEST_BODY', 'BAD_REQUEST_PARAMETERS']) {
      template.hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
        ResponseType, ResponseTemplates: { 'application/json': Match.stringLikeRegexp('"detail":"\\$context.error.validationErrorString"') },
      });
    }
  });
});

describe('errors', () => {
  const responses = (props: Partial<HttpEntranceProps> = {}) => Object.values<any>(build(props).template().findResources('AWS::ApiGateway::GatewayResponse')).map(r => r.Properties);

  test('have one format: message, code and requestId', () => {
    expect(responses().map(r => r.ResponseType).sort()).toEqual(['BAD_REQUEST_BODY', 'BAD_REQUEST_PARAMETERS', 'DEFAULT_4XX', 'DEFAULT_5XX', 'THROTTLED']);
    for (const { ResponseTemplates } of responses()) {
      const body = JSON.parse(ResponseTemplates['application/json'].replace('$context.error.messageString', '"a \\"quoted\\" text"'));
      expect(Object.keys(body)).toEqual(expect.arrayContaining(['message', 'code', 'requestId']));
    }
  });

  test('have Retry-After for a throttled caller', () => {
    expect(responses().find(r => r.ResponseType === 'THROTTLED').ResponseParameters).toMatchObject({ 'gatewayresponse.header.Retry-After': "'1'" });
  });

  test('have CORS headers, without which scripts cannot read the error', () => {
    for (const { ResponseParameters } of responses({ cors: { allowOrigins: ['https://shop.example.com'] } })) {
      expect(ResponseParameters).toMatchObject({ 'gatewayresponse.header.Access-Control-Allow-Origin': "'https://shop.example.com'" });
    }
    for (const { ResponseParameters } of responses({ cors: { allowOrigins: ['https://a.example.com', 'https://b.example.com'], allowCredentials: true } })) {
      expect(ResponseParameters).toMatchObject({
        'gatewayresponse.header.Access-Control-Allow-Origin': 'method.request.header.Origin',
        'gatewayresponse.header.Access-Control-Allow-Credentials': "'true'",
        'gatewayresponse.header.Vary': "'Origin'",
      });
    }
    for (const { ResponseParameters } of responses()) expect(Object.keys(ResponseParameters).join()).not.toContain('Access-Control');
  });
});

test('cors adds one unauthenticated method for preflight requests to each path', () => {
  const stack = new Payments();
  build({
    cors: { allowOrigins: ['https://shop.example.com'], maxAge: Duration.minutes(5) },
    routes: [{ method: POST, path: '/payments', function: stack.pay }, { method: GET, path: '/payments', function: stack.pay }, { method: ANY, path: '/{proxy+}', function: stack.pay }],
  }, {}, stack);
  const preflights = Object.values<any>(stack.template().findResources('AWS::ApiGateway::Method', { Properties: { HttpMethod: 'OPTIONS' } }));
  expect(preflights).toHaveLength(2);
  for (const { Properties } of preflights) {
    expect(Properties).toMatchObject({ AuthorizationType: 'NONE', Integration: { Type: 'MOCK' } });
    expect(Properties.Integration.IntegrationResponses[0].ResponseParameters['method.response.header.Access-Control-Max-Age']).toBe("'300'");
  }
});

test('cors with credentials lists the methods, because browsers then read * as a name', () => {
  const cors = { allowOrigins: ['https://shop.example.com'], allowMethods: [apigwv2.CorsHttpMethod.ANY] };
  const methodsOf = (allowCredentials: boolean) => Object.values<any>(build({ cors: { ...cors, allowCredentials } }).template()
    .findResources('AWS::ApiGateway::Method', { Properties: { HttpMethod: 'OPTIONS' } }))
    .map(({ Properties }) => Properties.Integration.IntegrationResponses[0].ResponseParameters['method.response.header.Access-Control-Allow-Methods']);
  expect([methodsOf(true), methodsOf(false)]).toEqual([["'DELETE,GET,HEAD,PATCH,POST,PUT'"], ["'*'"]]);
});

test('throttle of a method includes the other settings of the stage', () => {
  const stack = new Payments();
  build({
    routes: [
      { method: POST, path: '/payments/{id}', function: stack.pay, throttle: { rateLimit: 5, burstLimit: 6 } },
      { method: ANY, path: '/', function: stack.pay, throttle: { rateLimit: 7, burstLimit: 8 } },
    ],
  }, {}, stack);
  const common = { MetricsEnabled: true, LoggingLevel: 'ERROR', DataTraceEnabled: false };
  stack.template().hasResourceProperties('AWS::ApiGateway::Stage', {
    MethodSettings: [
      { ...common, HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1_000 },
      { ...common, HttpMethod: 'POST', ResourcePath: '/~1payments~1{id}', ThrottlingRateLimit: 5, ThrottlingBurstLimit: 6 },
      ...['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'].map(HttpMethod => (
        { ...common, HttpMethod, ResourcePath: '/', ThrottlingRateLimit: 7, ThrottlingBurstLimit: 8 })),
    ],
  });
});

test('streaming uses the streaming URI, with a timeout of 15 minutes', () => {
  build({ streaming: true }).template().hasResourceProperties('AWS::ApiGateway::Method', {
    Integration: {
      ResponseTransferMode: 'STREAM', TimeoutInMillis: 900_000, Uri: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('response-streaming-invocations')])] },
    },
  });
});

test('apiKeyRequired is set on the method', () => {
  const stack = new Payments();
  build({ routes: [{ path: '/', function: stack.pay, apiKeyRequired: true }] }, {}, stack);
  stack.template().hasResourceProperties('AWS::ApiGateway::Method', { ApiKeyRequired: true });
});

test('webAclArn is attached to the stage', () => {
  build({ webAclArn: 'arn:aws:wafv2:us-east-1:111122223333:regional/webacl/a/b' }).template().hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
    WebACLArn: 'arn:aws:wafv2:us-east-1:111122223333:regional/webacl/a/b', ResourceArn: { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('Stagelive') }])] },
  });
});

test('domain replaces the generated name, with TLS 1.2', () => {
  const stack = new Payments();
  build({ domain: stack.domain }, {}, stack);
  stack.template().hasResourceProperties('AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: true });
  stack.template().hasResourceProperties('AWS::ApiGateway::DomainName', { SecurityPolicy: 'TLS_1_2', EndpointConfiguration: { Types: ['REGIONAL'] } });
});
