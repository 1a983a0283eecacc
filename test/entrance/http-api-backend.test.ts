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
  test('has payload format 2.0, a throttle, metrics for each route and the $default stage', () => {
    const template = build().template();
    template.hasResourceProperties('AWS::ApiGatewayV2::Integration', { PayloadFormatVersion: '2.0', IntegrationType: 'AWS_PROXY', TimeoutInMillis: Match.absent() });
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1_000, DetailedMetricsEnabled: true },
      RouteSettings: Match.absent(),
    });
  });

  test('has only the routes of the props', () => {
    const routes = Object.values<any>(build().template().findResources('AWS::ApiGatewayV2::Route'));
    expect(routes.map(({ Properties }) => Properties.RouteKey)).toEqual(['POST /payments']);
  });

  test('has an access log with one line of JSON for each request', () => {
    const { AccessLogSettings } = Object.values<any>(build().template().findResources('AWS::ApiGatewayV2::Stage'))[0].Properties;
    expect(Object.keys(JSON.parse(AccessLogSettings.Format))).toEqual(expect.arrayContaining(
      ['requestId', 'routeKey', 'status', 'integrationErrorMessage', 'authorizerError', 'integrationLatency', 'sourceIp', 'functionRequestId']));
    expect(AccessLogSettings.Format.length).toBeLessThan(3 * 1024);
  });

  test('has a log group with a name that needs no statement in the resource policy and that no other stack uses', () => {
    build().template().hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: { 'Fn::Join': ['', [Match.stringLikeRegexp('^/aws/vendedlogs/Payments-Api-'), { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }]] },
    });
  });

  test('has no CORS, and the generated name is enabled', () => {
    build().template().hasResourceProperties('AWS::ApiGatewayV2::Api', { CorsConfiguration: Match.absent(), DisableExecuteApiEndpoint: false });
  });
});

describe('access', () => {
  test('by JWT: issuer, audience, and scopes of each route', () => {
    const stack = new Payments();
    stack.entrance({ routes: [{ method: POST, path: '/payments', function: stack.pay, scopes: ['payments:write'] }] });
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'JWT', IdentitySource: ['$request.header.Authorization'], JwtConfiguration: { Issuer: JWT.issuer, Audience: JWT.audience },
    });
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::Route', { AuthorizationType: 'JWT', AuthorizationScopes: ['payments:write'], AuthorizerId: { Ref: Match.stringLikeRegexp('JwtAuthorizer') } });
  });

  test('by user pool: accepts the tokens of its clients', () => {
    const stack = new Payments();
    const pool = new cognito.UserPool(stack, 'Pool');
    stack.entrance({ access: Access.userPool(pool, [pool.addClient('App')]) });
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'JWT',
      JwtConfiguration: {
        // The provider name has the Region and partition of the pool.
        Issuer: { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': [Match.stringLikeRegexp('Pool'), 'ProviderName'] }]] },
        Audience: [{ Ref: Match.stringLikeRegexp('PoolApp') }],
      },
    });
  });

  test('by user pool of another Region', () => {
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

  test('by Lambda authorizer: simple responses, cached for five minutes and for one route only', () => {
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

  test('by Lambda authorizer without caching', () => {
    const stack = new Payments();
    stack.entrance({ access: Access.lambdaAuthorizer(stack.function('Who'), { headers: ['X-Tenant'], queryStrings: ['token'], resultsCacheTtl: Duration.seconds(0) }) });
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerResultTtlInSeconds: 0, IdentitySource: ['$request.header.X-Tenant', '$request.querystring.token'],
    });
  });

  test('by Lambda authorizer with a cache time that is a token: cached for one route only', () => {
    const stack = new Payments();
    stack.entrance({ access: Access.lambdaAuthorizer(stack.function('Who'), { resultsCacheTtl: Duration.seconds(Lazy.number({ produce: () => 60 })) }) });
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerResultTtlInSeconds: 60, IdentitySource: ['$request.header.Authorization', '$context.routeKey'],
    });
  });

  test('with equal content shares one authorizer, in any order of the routes', () => {
    const stack = new Payments();
    const routes = [1, 2, 3].map(id => ({ method: GET, path: `/${id}`, function: stack.pay, access: Access.jwt(id === 3 ? { ...JWT, audience: ['other'] } : JWT) }));
    stack.entrance({ routes });
    const ids = Object.keys(stack.template().findResources('AWS::ApiGatewayV2::Authorizer'));
    expect(ids).toHaveLength(2);
    const reversed = new Payments();
    reversed.entrance({ routes: [...routes].reverse().map(route => ({ ...route, function: reversed.pay })) });
    expect(Object.keys(reversed.template().findResources('AWS::ApiGatewayV2::Authorizer')).sort()).toEqual(ids.sort());
  });

  test('of one route: an unauthenticated webhook beside routes with JWT', () => {
    const stack = new Payments();
    stack.entrance({
      routes: [
        { method: POST, path: '/payments', function: stack.pay }, { method: POST, path: '/webhook', function: stack.pay, access: Access.unauthenticated({ reason: OPEN }) },
      ],
    });
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'POST /webhook', AuthorizationType: 'NONE' });
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'POST /payments', AuthorizationType: 'JWT' });
  });
});

describe('throttle', () => {
  test('of the stage is the throttle of the props', () => {
    build({ throttle: { rateLimit: 20, burstLimit: 30 } }).template().hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 30 },
    });
  });

  test('of a route is in the stage, which depends on the route', () => {
    const stack = new Payments();
    const api = stack.entrance();
    api.addRoute({ method: GET, path: '/payments/{id}', function: stack.pay, throttle: { rateLimit: 5 } });
    stack.template().hasResource('AWS::ApiGatewayV2::Stage', {
      Properties: { RouteSettings: { 'GET /payments/{id}': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10, DetailedMetricsEnabled: true } } },
      DependsOn: [Match.stringLikeRegexp('ApiGETpaymentsid')],
    });
  });
});

describe('cors', () => {
  const cors = { allowOrigins: ['https://shop.example.com'] };

  test('allows the default methods and headers', () => {
    build({ cors }).template().hasResourceProperties('AWS::ApiGatewayV2::Api', {
      CorsConfiguration: {
        AllowOrigins: ['https://shop.example.com'],
        AllowMethods: ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'],
        AllowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key'],
        MaxAge: 7_200,
      },
    });
  });

  test('replaces a route for ANY by a route for each method, so that no authorizer rejects preflight requests', () => {
    const stack = new Payments();
    stack.entrance({ cors, routes: [{ method: ANY, path: '/{proxy+}', function: stack.pay }] });
    const keys = Object.values<any>(stack.template().findResources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => Properties.RouteKey);
    expect(keys.sort()).toEqual(['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'].map(method => `${method} /{proxy+}`));
  });

  const PROXY = '/{proxy+}';
  const orders: [string, (stack: Payments) => void][] = [
    ['before', stack => stack.entrance({ cors, routes: [{ method: GET, path: PROXY, function: stack.pay, scopes: ['read'] }, { path: PROXY, function: stack.pay, throttle: { rateLimit: 5 } }] })],
    ['after', stack => stack.entrance({ cors, routes: [{ path: PROXY, function: stack.pay, throttle: { rateLimit: 5 } }] })
      .addRoute({ method: GET, path: '/{other+}', function: stack.pay, scopes: ['read'] })],
  ];
  test.each(orders)('keeps the own route of a method that is added %s ANY', (_, open) => {
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

  test('is not set: a route for ANY is one route', () => {
    const stack = new Payments();
    stack.entrance({ routes: [{ path: '/{proxy+}', function: stack.pay }] });
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: 'ANY /{proxy+}' });
  });
});

describe('domain', () => {
  test('replaces the generated name, with TLS 1.2', () => {
    const stack = new Payments();
    const hostedZone = route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' });
    const api = stack.entrance({ domain: { ...stack.domain, hostedZone } });
    expect(api.url).toBe('https://api.example.com/');
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: true });
    stack.template().hasResourceProperties('AWS::ApiGatewayV2::DomainName', { DomainNameConfigurations: [{ SecurityPolicy: 'TLS_1_2', EndpointType: 'REGIONAL' }] });
    stack.template().resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 1);
    stack.template().hasResourceProperties('AWS::Route53::RecordSet', { Name: 'api.example.com.', Type: 'A' });
  });

  test('validates client certificates', () => {
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
