import { aws_cognito as cognito, aws_route53 as route53, aws_s3 as s3, Duration, Lazy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { ANY, GET, JWT, OPEN, Payments, POST } from './app';
import { Access, type HttpEntranceProps } from '../../src';

function build(props: Partial<HttpEntranceProps> = {}): Payments {
  const stack = new Payments();
  stack.entrance(props);
  return stack;
}

describe('by default', () => {
  test('payload 2.0, a throttle, per-route metrics and the $default stage', () => {
    const template = build().template();
    template.hasResourceProperties('AWS::ApiGatewayV2::Integration', { PayloadFormatVersion: '2.0', IntegrationType: 'AWS_PROXY', TimeoutInMillis: Match.absent() });
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1_000, DetailedMetricsEnabled: true },
      RouteSettings: Match.absent(),
    });
  });

  test('no route but those that are named', () => {
    const routes = Object.values<any>(build().template().findResources('AWS::ApiGatewayV2::Route'));
    expect(routes.map(({ Properties }) => Properties.RouteKey)).toEqual(['POST /payments']);
  });

  test('an access log of one line of JSON a request', () => {
    const { AccessLogSettings } = Object.values<any>(build().template().findResources('AWS::ApiGatewayV2::Stage'))[0].Properties;
    expect(Object.keys(JSON.parse(AccessLogSettings.Format))).toEqual(expect.arrayContaining(
      ['requestId', 'routeKey', 'status', 'integrationErrorMessage', 'authorizerError', 'integrationLatency', 'sourceIp', 'functionRequestId']));
    expect(AccessLogSettings.Format.length).toBeLessThan(3 * 1024);
  });

  test('a log group of a name that costs no line of the resource policy and is never in the way of a new stack', () => {
    build().template().hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: { 'Fn::Join': ['', [Match.stringLikeRegexp('^/aws/vendedlogs/Payments-Api-'), { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }]] },
    });
  });

  test('no CORS, and the generated name in use', () => {
    build().template().hasResourceProperties('AWS::ApiGatewayV2::Api', { CorsConfiguration: Match.absent(), DisableExecuteApiEndpoint: false });
  });
});

describe('access', () => {
  test('by JWT: issuer, audience, scopes by route', () => {
    const stack = new Payments();
    stack.entrance({ routes: [{ method: POST, path: '/payments', handler: stack.pay, scopes: ['payments:write'] }] });
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'JWT', IdentitySource: ['$request.header.Authorization'], JwtConfiguration: { Issuer: JWT.issuer, Audience: JWT.audience },
    });
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::Route', { AuthorizationType: 'JWT', AuthorizationScopes: ['payments:write'], AuthorizerId: { Ref: Match.stringLikeRegexp('JwtAuthorizer') } });
  });

  test('by user pool: the tokens of its clients', () => {
    const stack = new Payments();
    const pool = new cognito.UserPool(stack, 'Pool');
    stack.entrance({ access: Access.userPool(pool, [pool.addClient('App')]) });
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'JWT',
      JwtConfiguration: {
        // of the region and partition of the pool
        Issuer: { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': [Match.stringLikeRegexp('Pool'), 'ProviderName'] }]] },
        Audience: [{ Ref: Match.stringLikeRegexp('PoolApp') }],
      },
    });
  });

  test('by user pool of another region', () => {
    const stack = new Payments();
    const pool = cognito.UserPool.fromUserPoolArn(stack, 'Pool', 'arn:aws-cn:cognito-idp:cn-north-1:111122223333:userpool/cn-north-1_abc');
    stack.entrance({ access: Access.userPool(pool, [cognito.UserPoolClient.fromUserPoolClientId(stack, 'App', 'app')]) });
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      JwtConfiguration: { Issuer: { 'Fn::Join': ['', ['https://cognito-idp.cn-north-1.', { Ref: 'AWS::URLSuffix' }, '/cn-north-1_abc']] }, Audience: ['app'] },
    });
  });

  test('by IAM', () => {
    build({ access: Access.iam() }).template().hasResourceProperties('AWS::ApiGatewayV2::Route', { AuthorizationType: 'AWS_IAM' });
  });

  test('by Lambda authorizer: simple answers, kept for five minutes and for one route only', () => {
    const stack = new Payments();
    stack.entrance({ access: Access.lambdaAuthorizer(stack.function('Who')) });
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'REQUEST',
      EnableSimpleResponses: true,
      AuthorizerPayloadFormatVersion: '2.0',
      AuthorizerResultTtlInSeconds: 300,
      IdentitySource: ['$request.header.Authorization', '$context.routeKey'],
      AuthorizerUri: { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('WhoLive') }])] },
    });
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::Route', { AuthorizationType: 'CUSTOM' });
    stack.template().hasResourceProperties('AWS::Lambda::Permission', {
      FunctionName: { Ref: Match.stringLikeRegexp('WhoLive') },
      SourceArn: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('authorizers/')])] },
    });
  });

  test('by Lambda authorizer that is asked each time', () => {
    const stack = new Payments();
    stack.entrance({ access: Access.lambdaAuthorizer(stack.function('Who'), { headers: ['X-Tenant'], queryStrings: ['token'], resultsCacheTtl: Duration.seconds(0) }) });
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerResultTtlInSeconds: 0, IdentitySource: ['$request.header.X-Tenant', '$request.querystring.token'],
    });
  });

  test('by Lambda authorizer whose answers are kept nobody knows how long: for one route only', () => {
    const stack = new Payments();
    stack.entrance({ access: Access.lambdaAuthorizer(stack.function('Who'), { resultsCacheTtl: Duration.seconds(Lazy.number({ produce: () => 60 })) }) });
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerResultTtlInSeconds: 60, IdentitySource: ['$request.header.Authorization', '$context.routeKey'],
    });
  });

  test('that says the same shares one authorizer, whatever the order', () => {
    const stack = new Payments();
    const routes = [1, 2, 3].map(id => ({ method: GET, path: `/${id}`, handler: stack.pay, access: Access.jwt(id === 3 ? { ...JWT, audience: ['other'] } : JWT) }));
    stack.entrance({ routes });
    const ids = Object.keys(stack.template().findResources('AWS::ApiGatewayV2::Authorizer'));
    expect(ids).toHaveLength(2);
    const reversed = new Payments();
    reversed.entrance({ routes: [...routes].reverse().map(route => ({ ...route, handler: reversed.pay })) });
    expect(Object.keys(reversed.template().findResources('AWS::ApiGatewayV2::Authorizer')).sort()).toEqual(ids.sort());
  });

  test('of a route of its own: a public webhook beside routes with JWT', () => {
    const stack = new Payments();
    stack.entrance({
      routes: [
        { method: POST, path: '/payments', handler: stack.pay }, { method: POST, path: '/webhook', handler: stack.pay, access: Access.publicBecause(OPEN) },
      ],
    });
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'POST /webhook', AuthorizationType: 'NONE' });
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'POST /payments', AuthorizationType: 'JWT' });
  });
});

describe('throttle', () => {
  test('of the stage', () => {
    build({ throttle: { rateLimit: 20, burstLimit: 30 } }).template().hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 30 },
    });
  });

  test('of a route, with the stage waiting for the route', () => {
    const stack = new Payments();
    const api = stack.entrance();
    api.addRoute({ method: GET, path: '/payments/{id}', handler: stack.pay, throttle: { rateLimit: 5 } });
    stack.template().hasResource('AWS::ApiGatewayV2::Stage', {
      Properties: { RouteSettings: { 'GET /payments/{id}': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10, DetailedMetricsEnabled: true } } },
      DependsOn: [Match.stringLikeRegexp('ApiGETpaymentsid')],
    });
  });
});

describe('cors', () => {
  const cors = { allowOrigins: ['https://shop.example.com'] };

  test('with the methods and headers that an API needs', () => {
    build({ cors }).template().hasResourceProperties('AWS::ApiGatewayV2::Api', {
      CorsConfiguration: {
        AllowOrigins: ['https://shop.example.com'],
        AllowMethods: ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'],
        AllowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key'],
        MaxAge: 7_200,
      },
    });
  });

  test('leaves preflight requests to the API: no route for ANY, which the authorizer would guard', () => {
    const stack = new Payments();
    stack.entrance({ cors, routes: [{ method: ANY, path: '/{proxy+}', handler: stack.pay }] });
    const keys = Object.values<any>(stack.template().findResources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => Properties.RouteKey);
    expect(keys.sort()).toEqual(['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'].map(method => `${method} /{proxy+}`));
  });

  const PROXY = '/{proxy+}';
  const orders: [string, (stack: Payments) => void][] = [
    ['before', stack => stack.entrance({ cors, routes: [{ method: GET, path: PROXY, handler: stack.pay, scopes: ['read'] }, { path: PROXY, handler: stack.pay, throttle: { rateLimit: 5 } }] })],
    ['after', stack => stack.entrance({ cors, routes: [{ path: PROXY, handler: stack.pay, throttle: { rateLimit: 5 } }] })
      .addRoute({ method: GET, path: '/{other+}', handler: stack.pay, scopes: ['read'] })],
  ];
  test.each(orders)('gives a method that is named %s ANY its own route', (_, open) => {
    const stack = new Payments();
    open(stack);
    const template = stack.template();
    const routes = Object.entries<any>(template.findResources('AWS::ApiGatewayV2::Route'));
    const keys = routes.map(([, { Properties }]) => Properties.RouteKey.replace('other', 'proxy'));
    expect(keys.sort()).toEqual(['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'].map(method => `${method} ${PROXY}`));
    const own = routes.filter(([, { Properties }]) => Properties.AuthorizationScopes);
    expect(own.map(([, { Properties }]) => Properties.RouteKey.slice(0, 3))).toEqual(['GET']);
    const [stage] = Object.values<any>(template.findResources('AWS::ApiGatewayV2::Stage'));
    expect(Object.keys(stage.Properties.RouteSettings).sort()).toEqual(['DELETE', 'HEAD', 'PATCH', 'POST', 'PUT'].map(method => `${method} ${PROXY}`));
    expect(stage.DependsOn.sort()).toEqual(routes.map(([id]) => id).filter(id => id !== own[0][0]).sort());
  });

  test('is not there, so ANY stays one route', () => {
    const stack = new Payments();
    stack.entrance({ routes: [{ path: '/{proxy+}', handler: stack.pay }] });
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'ANY /{proxy+}' });
  });
});

describe('domain', () => {
  test('takes the place of the generated name, at TLS 1.2', () => {
    const stack = new Payments();
    const hostedZone = route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' });
    const api = stack.entrance({ domain: { ...stack.domain, hostedZone } });
    expect(api.url).toBe('https://api.example.com/');
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: true });
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::DomainName', { DomainNameConfigurations: [{ SecurityPolicy: 'TLS_1_2', EndpointType: 'REGIONAL' }] });
    stack.template().resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 1);
    stack.template().hasResourceProperties('AWS::Route53::RecordSet', { Name: 'api.example.com.', Type: 'A' });
  });

  test('asks for client certificates', () => {
    const stack = new Payments();
    const bucket = new s3.Bucket(stack, 'Truststores');
    stack.entrance({ domain: { ...stack.domain, mutualTls: { bucket, key: 'partners.pem', version: '7' } } });
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      MutualTlsAuthentication: { TruststoreUri: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('partners.pem')])] }, TruststoreVersion: '7' },
    });
    stack.template().resourceCountIs('AWS::Route53::RecordSet', 0);
  });
});

test('the logical ids of the API and its stage are pinned', () => {
  const template = build().template();
  expect(Object.keys(template.findResources('AWS::ApiGatewayV2::Api'))).toEqual(['ApiCD79AAA0']);
  expect(Object.keys(template.findResources('AWS::ApiGatewayV2::Stage'))).toEqual(['ApiStage4697DF29']);
});
