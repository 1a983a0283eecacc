import { App, aws_apigateway as apigateway, aws_apigatewayv2 as apigwv2, aws_cognito as cognito, aws_ec2 as ec2, Duration, Lazy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { ANY, GET, Payments, POST } from './app';
import { Access, Entrance, HttpEntrance, type HttpEntranceProps, type RestApiEntranceOptions } from '../../src';

function build(props: Partial<HttpEntranceProps> = {}, options: RestApiEntranceOptions = {}, stack = new Payments()): Payments {
  stack.entrance({ entrance: Entrance.restApi(options), access: Access.iam(), ...props });
  return stack;
}

describe('by default', () => {
  test('regional, traced, throttled, with errors logged and bodies not', () => {
    const template = build().template();
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { EndpointConfiguration: { Types: ['REGIONAL'] }, DisableExecuteApiEndpoint: false });
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      TracingEnabled: true,
      MethodSettings: [{
        HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1_000, MetricsEnabled: true, LoggingLevel: 'ERROR', DataTraceEnabled: false,
      }],
    });
  });

  test('an access log of one line of JSON a request, with what the validation said', () => {
    const { AccessLogSetting } = Object.values<any>(build().template().findResources('AWS::ApiGateway::Stage'))[0].Properties;
    expect(Object.keys(JSON.parse(AccessLogSetting.Format))).toEqual(expect.arrayContaining(['requestId', 'resourcePath', 'status', 'validationError', 'integrationLatency']));
  });

  test('the log group without `:*`, as API Gateway keeps it, so that nothing has drifted', () => {
    build().template().hasResourceProperties('AWS::ApiGateway::Stage', {
      AccessLogSetting: {
        DestinationArn: {
          'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:us-east-1:111122223333:log-group:', { Ref: Match.stringLikeRegexp('AccessLog') }]],
        },
      },
    });
  });

  test('a name of its own, for it is the dimension of the metrics', () => {
    const stack = build();
    new HttpEntrance(stack, 'Second', { entrance: Entrance.restApi(), access: Access.iam(), routes: [{ path: '/', handler: stack.pay }] });
    const names = Object.values<any>(stack.template().findResources('AWS::ApiGateway::RestApi')).map(({ Properties }) => Properties.Name);
    expect(new Set(names).size).toBe(2);
  });

  test('one role for the logs of all REST APIs of the stack, which stays when the stack goes', () => {
    const stack = build();
    new HttpEntrance(stack, 'Second', { entrance: Entrance.restApi(), access: Access.iam(), routes: [{ path: '/', handler: stack.pay }] });
    stack.template().resourceCountIs('AWS::ApiGateway::Account', 1);
    stack.template().hasResource('AWS::ApiGateway::Account', { DeletionPolicy: 'Retain' });
    stack.template().hasResource('AWS::ApiGateway::Stage', { DependsOn: Match.arrayWith([Match.stringLikeRegexp('ApiGatewayAccount')]) });
  });
});

describe('options', () => {
  test('raisedTimeoutQuota: what AWS has granted', () => {
    for (const TimeoutInMillis of [29_000, 45_500, 60_000]) {
      build({}, { raisedTimeoutQuota: Duration.millis(TimeoutInMillis) }).template().hasResourceProperties('AWS::ApiGateway::Method', { Integration: { TimeoutInMillis } });
    }
  });

  test('cloudWatchRole: not where something else owns it', () => {
    build({}, { cloudWatchRole: false }).template().resourceCountIs('AWS::ApiGateway::Account', 0);
  });

  test('vpcEndpoints: reached through them and no other way', () => {
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
    build({ access: Access.userPool(pool, [pool.addClient('App')]), routes: [{ path: '/', handler: stack.pay, scopes: ['pay/write'] }] }, {}, stack);
    stack.template().hasResourceProperties('AWS::ApiGateway::Authorizer', { Type: 'COGNITO_USER_POOLS' });
    stack.template().hasResourceProperties('AWS::ApiGateway::Method', { AuthorizationType: 'COGNITO_USER_POOLS', AuthorizationScopes: ['pay/write'] });
  });

  test('by Lambda authorizer, kept for one method and path only', () => {
    const stack = new Payments();
    const access = Access.lambdaAuthorizer(stack.function('Who'));
    build({ access, routes: [{ method: GET, path: '/a', handler: stack.pay }, { method: GET, path: '/b', handler: stack.pay }] }, {}, stack);
    stack.template().resourceCountIs('AWS::ApiGateway::Authorizer', 1);
    stack.template().hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Type: 'REQUEST', AuthorizerResultTtlInSeconds: 300, IdentitySource: 'method.request.header.Authorization,context.httpMethod,context.resourcePath',
    });
  });

  test('by Lambda authorizer whose answers are kept nobody knows how long: for one method and path only', () => {
    const stack = new Payments();
    const resultsCacheTtl = Duration.seconds(Lazy.number({ produce: () => 60 }));
    build({ access: Access.lambdaAuthorizer(stack.function('Who'), { resultsCacheTtl }) }, {}, stack);
    stack.template().hasResourceProperties('AWS::ApiGateway::Authorizer', { IdentitySource: 'method.request.header.Authorization,context.httpMethod,context.resourcePath' });
  });

  test('by Lambda authorizer of another stack, with its permission beside the API', () => {
    const app = new App();
    const functions = new Payments(app, {}, 'Functions');
    const stack = new Payments(app);
    build({ access: Access.lambdaAuthorizer(functions.function('Who')) }, {}, stack);
    stack.template().hasResourceProperties('AWS::Lambda::Permission', {
      FunctionName: { 'Fn::ImportValue': Match.stringLikeRegexp('Who') }, SourceArn: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('/authorizers/')])] },
    });
    functions.template().resourceCountIs('AWS::Lambda::Permission', 0);
  });

  test('by Lambda authorizer that is asked each time', () => {
    const stack = new Payments();
    build({ access: Access.lambdaAuthorizer(stack.function('Who'), { queryStrings: ['key'], resultsCacheTtl: Duration.seconds(0) }) }, {}, stack);
    stack.template().hasResourceProperties('AWS::ApiGateway::Authorizer', { AuthorizerResultTtlInSeconds: 0, IdentitySource: 'method.request.header.Authorization,method.request.querystring.key' });
  });

  test('by IAM, and open with a reason', () => {
    build().template().hasResourceProperties('AWS::ApiGateway::Method', { AuthorizationType: 'AWS_IAM' });
    build({ access: Access.publicBecause('status page') }).template().hasResourceProperties('AWS::ApiGateway::Method', { AuthorizationType: 'NONE' });
  });
});

describe('validation', () => {
  test('of the body, whatever its content type says, of headers and of query strings', () => {
    const stack = new Payments();
    const validation = { body: { type: apigateway.JsonSchemaType.OBJECT, required: ['amount'] }, headers: ['Idempotency-Key'], queryStrings: ['currency'] };
    build({ routes: [{ method: POST, path: '/payments', handler: stack.pay, validation }] }, {}, stack);
    stack.template().hasResourceProperties('AWS::ApiGateway::Model', { Schema: { $schema: 'http://json-schema.org/draft-04/schema#', type: 'object', required: ['amount'] } });
    stack.template().hasResourceProperties('AWS::ApiGateway::Method', {
      RequestModels: { $default: { Ref: Match.stringLikeRegexp('BodyPOSTpayments') } },
      RequestParameters: { 'method.request.header.Idempotency-Key': true, 'method.request.querystring.currency': true },
      RequestValidatorId: { Ref: Match.stringLikeRegexp('Validator') },
    });
  });

  test('says in the body of a 400 what is wrong', () => {
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

  test('have one shape: message, code and requestId', () => {
    expect(responses().map(r => r.ResponseType).sort()).toEqual(['BAD_REQUEST_BODY', 'BAD_REQUEST_PARAMETERS', 'DEFAULT_4XX', 'DEFAULT_5XX', 'THROTTLED']);
    for (const { ResponseTemplates } of responses()) {
      const body = JSON.parse(ResponseTemplates['application/json'].replace('$context.error.messageString', '"a \\"quoted\\" text"'));
      expect(Object.keys(body)).toEqual(expect.arrayContaining(['message', 'code', 'requestId']));
    }
  });

  test('tell a throttled caller when to come again', () => {
    expect(responses().find(r => r.ResponseType === 'THROTTLED').ResponseParameters).toMatchObject({ 'gatewayresponse.header.Retry-After': "'1'" });
  });

  test('carry CORS headers, without which a page sees no error at all', () => {
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

test('cors answers preflight requests once a path, without asking who calls', () => {
  const stack = new Payments();
  build({
    cors: { allowOrigins: ['https://shop.example.com'], maxAge: Duration.minutes(5) },
    routes: [{ method: POST, path: '/payments', handler: stack.pay }, { method: GET, path: '/payments', handler: stack.pay }, { method: ANY, path: '/{proxy+}', handler: stack.pay }],
  }, {}, stack);
  const preflights = Object.values<any>(stack.template().findResources('AWS::ApiGateway::Method', { Properties: { HttpMethod: 'OPTIONS' } }));
  expect(preflights).toHaveLength(2);
  for (const { Properties } of preflights) {
    expect(Properties).toMatchObject({ AuthorizationType: 'NONE', Integration: { Type: 'MOCK' } });
    expect(Properties.Integration.IntegrationResponses[0].ResponseParameters['method.response.header.Access-Control-Max-Age']).toBe("'300'");
  }
});

test('cors with credentials names the methods, for browsers take a star for a name then', () => {
  const cors = { allowOrigins: ['https://shop.example.com'], allowMethods: [apigwv2.CorsHttpMethod.ANY] };
  const methodsOf = (allowCredentials: boolean) => Object.values<any>(build({ cors: { ...cors, allowCredentials } }).template()
    .findResources('AWS::ApiGateway::Method', { Properties: { HttpMethod: 'OPTIONS' } }))
    .map(({ Properties }) => Properties.Integration.IntegrationResponses[0].ResponseParameters['method.response.header.Access-Control-Allow-Methods']);
  expect([methodsOf(true), methodsOf(false)]).toEqual([["'DELETE,GET,HEAD,PATCH,POST,PUT'"], ["'*'"]]);
});

test('throttle of a method keeps the other settings of the stage', () => {
  const stack = new Payments();
  build({
    routes: [
      { method: POST, path: '/payments/{id}', handler: stack.pay, throttle: { rateLimit: 5, burstLimit: 6 } },
      { method: ANY, path: '/', handler: stack.pay, throttle: { rateLimit: 7, burstLimit: 8 } },
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

test('streaming goes over the streaming path and may take 15 minutes', () => {
  build({ streaming: true }).template().hasResourceProperties('AWS::ApiGateway::Method', {
    Integration: {
      ResponseTransferMode: 'STREAM', TimeoutInMillis: 900_000, Uri: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('response-streaming-invocations')])] },
    },
  });
});

test('apiKeyRequired, for usage plans on the API itself', () => {
  const stack = new Payments();
  build({ routes: [{ path: '/', handler: stack.pay, apiKeyRequired: true }] }, {}, stack);
  stack.template().hasResourceProperties('AWS::ApiGateway::Method', { ApiKeyRequired: true });
});

test('webAclArn is attached to the stage', () => {
  build({ webAclArn: 'arn:aws:wafv2:us-east-1:111122223333:regional/webacl/a/b' }).template().hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
    WebACLArn: 'arn:aws:wafv2:us-east-1:111122223333:regional/webacl/a/b', ResourceArn: { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('Stagelive') }])] },
  });
});

test('domain takes the place of the generated name, at TLS 1.2', () => {
  const stack = new Payments();
  build({ domain: stack.domain }, {}, stack);
  stack.template().hasResourceProperties('AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: true });
  stack.template().hasResourceProperties('AWS::ApiGateway::DomainName', { SecurityPolicy: 'TLS_1_2', EndpointConfiguration: { Types: ['REGIONAL'] } });
});
