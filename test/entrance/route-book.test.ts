import { App, aws_cognito as cognito, aws_lambda as lambda, Duration, Lazy, Stack, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ANY, ENTRANCES, GET, JWT, OPEN, OPTIONS, Payments, POST, refusalOf, warningsOf } from './app';
import { Access, Entrance, type EntranceRoute, HttpEntrance, type HttpEntranceProps } from '../../src';
import { LAMBDA } from '../../src/limits';

const ID = 'cdk-production-lambda:HttpEntrance.';
const CORS = { allowOrigins: ['https://a.example.com'] };

function build(kind: string, route: Partial<EntranceRoute> = {}, props: Partial<HttpEntranceProps> = {}, stack = new Payments()): Payments {
  const access = kind === 'httpApi' ? Access.jwt(JWT) : Access.publicBecause(OPEN);
  stack.entrance({ access, ...ENTRANCES[kind](stack), routes: [{ method: POST, path: '/payments', handler: stack.pay, ...route }], ...props });
  return stack;
}

describe('221 routes on one function', () => {
  // What Lambda writes down for one permission of CloudFormation: its id is stack, logical id and twelve characters.
  function storedPolicyBytes(stack: Payments): number {
    const statements = Object.entries<any>(stack.template().findResources('AWS::Lambda::Permission')).map(([id, { Properties }]) => ({
      Sid: `Payments-${id}-1A2B3C4D5E6F`,
      Effect: 'Allow',
      Principal: { Service: Properties.Principal },
      Action: Properties.Action,
      Resource: 'arn:aws:lambda:us-east-1:111122223333:function:Payments-Pay6F77D406-1A2B3C4D5E6F:live',
      Condition: {
        ...Properties.SourceAccount ? { StringEquals: { 'AWS:SourceAccount': Properties.SourceAccount } } : {},
        ArnLike: { 'AWS:SourceArn': JSON.stringify(Properties.SourceArn).replace(/\{"Ref":"[^"]+"\}/g, 'abcdef1234') },
      },
    }));
    return Buffer.byteLength(JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements }));
  }

  const resources = (stack: Payments) => Object.keys(stack.template().toJSON().Resources).length;

  test.each(['httpApi', 'restApi', 'loadBalancer'])('need one permission behind %s, far below what Lambda keeps', kind => {
    const stack = new Payments();
    build(kind, {}, { routes: Array.from({ length: 221 }, (_, n) => ({ method: GET, path: `/r${n}`, handler: stack.pay })) }, stack);
    expect(storedPolicyBytes(stack)).toBeLessThan(LAMBDA.resourcePolicyMaxBytes / 25);
    stack.template().resourceCountIs('AWS::Lambda::Permission', 1);
  });

  // A REST API has a resource for each segment beside its method.
  test.each([['httpApi', 1, 260], ['restApi', 2, 500], ['loadBalancer', 1, 300]])('behind %s need %d resources a route, and fit into a stack', (kind, each, most) => {
    const many = new Payments();
    const routes = Array.from({ length: 221 }, (_, n) => ({ method: GET, path: `/r${n}`, handler: many.pay }));
    build(kind, {}, { routes }, many);
    expect(resources(many)).toBe(resources(build(kind)) + 220 * each);
    expect(resources(many)).toBeLessThan(most);
  });
});

describe('warns', () => {
  test.each<[string, string, string, (stack: Payments) => Partial<HttpEntranceProps>]>([
    ['of routes beyond the quota of an HTTP API', 'routeQuota', 'httpApi', ({ pay: handler }) => ({ routes: paths(301).map(path => ({ path, handler })) })],
    ['of routes that ANY beside cors makes beyond the quota', 'routeQuota', 'httpApi', ({ pay: handler }) => ({ cors: CORS, routes: paths(52).map(path => ({ path, handler })) })],
    ['of routes beyond the quota of a load balancer', 'routeQuota', 'loadBalancer', ({ pay: handler }) => ({ routes: paths(101).map(path => ({ path, handler })) })],
    ['of authorizers beyond the quota', 'authorizerQuota', 'httpApi', ({ pay: handler }) => ({
      routes: paths(11).map(path => ({ path, handler, access: Access.jwt({ ...JWT, audience: [path] }) })),
    })],
    ['of a function URL without reserved concurrency', 'noReservedConcurrency', 'functionUrl', () => ({})],
    ['of a function URL behind CloudFront without reserved concurrency', 'noReservedConcurrency', 'cloudFront', () => ({})],
    ['of clients that a REST API does not tell apart', 'userPoolClients', 'restApi', stack => ({ access: pool(stack) })],
    ['of bodies that callers must hash', 'signedBodies', 'cloudFront', () => ({})],
  ])('%s', (_, what, kind, props) => {
    const stack = new Payments();
    build(kind, {}, props(stack), stack);
    expect(warningsOf(stack).filter(text => text.includes(ID + what))).toHaveLength(1);
  });

  test.each<[string, string, string, (stack: Payments) => Partial<HttpEntranceProps>]>([
    ['300 routes behind an HTTP API', 'routeQuota', 'httpApi', ({ pay: handler }) => ({ routes: paths(300).map(path => ({ path, handler })) })],
    ['what ANY beside cors makes within the quota', 'routeQuota', 'httpApi', ({ pay: handler }) => ({ cors: CORS, routes: paths(50).map(path => ({ path, handler })) })],
    ['100 routes behind a load balancer', 'routeQuota', 'loadBalancer', ({ pay: handler }) => ({ routes: paths(100).map(path => ({ path, handler })) })],
    ['ten authorizers', 'authorizerQuota', 'httpApi', ({ pay: handler }) => ({
      routes: [{ path: '/open', handler, access: Access.publicBecause(OPEN) }, ...paths(9).map(path => (
        { path, handler, access: Access.jwt({ ...JWT, audience: [path] }) }))],
    })],
    ['clients that an HTTP API does tell apart', 'userPoolClients', 'httpApi', stack => ({ access: pool(stack) })],
    ['clients of a REST API that asks for scopes', 'userPoolClients', 'restApi', stack => ({
      access: pool(stack), routes: [{ path: '/', handler: stack.pay, scopes: ['pay/write'] }],
    })],
    ['GET through CloudFront', 'signedBodies', 'cloudFront', ({ pay: handler }) => ({ routes: [{ method: GET, path: '/', handler }] })],
    ['a function URL whose function is not known', 'noReservedConcurrency', 'functionUrl', stack => ({ routes: [{ path: '/', handler: imported(stack) }] })],
  ])('not of %s', (_, what, kind, props) => {
    const stack = new Payments();
    build(kind, {}, props(stack), stack);
    expect(warningsOf(stack).join()).not.toContain(ID + what);
  });

  test.each([[10, 101, 1], [10, 100, 0]])('of a rate that the function never takes: %d at once, %d a second', (reservedConcurrentExecutions, rateLimit, warnings) => {
    const stack = new Payments(new App(), { reservedConcurrentExecutions });
    build('httpApi', {}, { throttle: { rateLimit } }, stack);
    expect(warningsOf(stack).filter(text => text.includes(`${ID}rateAboveReserved`))).toHaveLength(warnings);
  });

  test.each([[lambda.Runtime.PYTHON_3_13, 1], [lambda.Runtime.NODEJS_24_X, 0], [lambda.Runtime.PROVIDED_AL2023, 0]])('of streaming from a runtime that can not by itself: %s', (runtime, warnings) => {
    const stack = new Payments(new App(), { runtime, code: lambda.Code.fromBucket({ bucketName: 'b', bucketArn: 'arn' } as never, 'k', 'v') });
    build('functionUrl', {}, { streaming: true }, stack);
    expect(warningsOf(stack).filter(text => text.includes(`${ID}streamingRuntime`))).toHaveLength(warnings);
  });

  test('until it is acknowledged', () => {
    const stack = build('functionUrl');
    Validations.of(stack).acknowledge({ id: `${ID}noReservedConcurrency`, reason: 'internal' });
    expect(warningsOf(stack).join()).not.toContain('noReservedConcurrency');
  });
});

describe('accepts', () => {
  test.each(['/', '/payments', '/payments/{id}', '/payments/{id}/refunds', '/{proxy+}', '/a/{proxy+}', '/v1.2/a-b_c~d', '/{id}/{rest+}'])('the path %s', path => {
    expect(() => build('httpApi', { path })).not.toThrow();
  });

  test.each([['httpApi', '/p/{id}', '/p/{name}/q'], ['restApi', '/p/{id}', '/p/{id}/q'], ['restApi', '/{proxy+}', '/p/{id}'], ['restApi', '/$a.b:c_d-e', '/x']])('behind %s %s beside %s', (kind, one, other) => {
    const stack = new Payments();
    expect(() => build(kind, {}, { routes: [one, other].map(path => ({ path, handler: stack.pay })) }, stack)).not.toThrow();
  });

  test.each([['httpApi', 29], ['restApi', 28], ['cloudFront', 119], ['functionUrl', 900], ['loadBalancer', 900]])('behind %s a function of %d s', (kind, timeout) => {
    expect(() => build(kind, {}, {}, new Payments(new App(), { timeout: Duration.seconds(timeout) }))).not.toThrow();
  });

  test('a timeout that is not known yet', () => {
    const timeout = Duration.seconds(Lazy.number({ produce: () => 900 }));
    const stack = new Payments();
    (stack.pay.definition.node.defaultChild as lambda.CfnFunction).timeout = timeout.toSeconds();
    expect(() => build('httpApi', {}, {}, stack)).not.toThrow();
  });

  test('streamed answers of a REST API that take longer', () => {
    const stack = new Payments(new App(), { timeout: Duration.minutes(14) });
    expect(() => build('restApi', {}, { streaming: true }, stack)).not.toThrow();
  });
});

describe('fails when', () => {
  const slow = (seconds: number) => new Payments(new App(), { timeout: Duration.seconds(seconds) });
  const APIS = 'Entrance.httpApi() or Entrance.restApi()';
  const NOT_URL = 'Entrance.httpApi(), Entrance.restApi() or Entrance.loadBalancer()';

  test.each<[string, string, (stack: Payments) => { route?: Partial<EntranceRoute>; props?: Partial<HttpEntranceProps> }, string]>([
    ['a path has no slash', 'httpApi', () => ({ route: { path: 'payments' } }), "'path' must start with a slash, without one at its end, with {name} for one segment and {name+} for the last ones, got 'payments'; write it as /payments/{id}"],
    ['a path ends in a slash', 'httpApi', () => ({ route: { path: '/payments/' } }), "'path' must start with a slash, without one at its end, with {name} for one segment and {name+} for the last ones, got '/payments/'; write it as /payments/{id}"],
    ['{proxy+} is not at the end', 'httpApi', () => ({ route: { path: '/{proxy+}/a' } }), "'path' must start with a slash, without one at its end, with {name} for one segment and {name+} for the last ones, got '/{proxy+}/a'; write it as /payments/{id}"],
    ['the open default route of an HTTP API is asked for', 'httpApi', () => ({ route: { path: '$default' } }), "'path' must start with a slash, without one at its end, with {name} for one segment and {name+} for the last ones, got '$default'; write it as /payments/{id}"],
    ['a route is OPTIONS beside cors', 'httpApi', () => ({ route: { method: OPTIONS }, props: { cors: { allowOrigins: ['https://a.example.com'] } } }), "'method' of OPTIONS /payments must not be OPTIONS with 'cors', which answers it; drop the route or 'cors'"],
    ['a path has signs that a REST API knows not', 'restApi', () => ({ route: { path: '/a~b' } }), "'path' must be of letters, digits and . : _ $ - behind a REST API, got '/a~b'; change it, or use Entrance.httpApi()"],
    ['a REST API is to call one segment by two names', 'restApi', ({ pay: handler }) => ({ props: { routes: [{ path: '/p/{id}', handler }, { path: '/p/{name}/q', handler }] } }), "'path' must have one parameter in one place behind a REST API, got {name} of /p/{name}/q beside {id}; give them one name, or use Entrance.httpApi()"],
    ['a REST API is to take one segment and all', 'restApi', ({ pay: handler }) => ({ props: { routes: [{ path: '/p/{id}', handler }, { path: '/p/{id+}', handler }] } }), "'path' must have one parameter in one place behind a REST API, got {id+} of /p/{id+} beside {id}; give them one name, or use Entrance.httpApi()"],
    ['a REST API is to ask for a header that it can not name', 'restApi', () => ({ route: { validation: { headers: ['X-A', 'X A'] } } }), "'headers' of POST /payments must be of letters, digits and . _ $ -, got 'X A'; let the function check it"],
    ['a REST API is to ask for a query string that it can not name', 'restApi', () => ({ route: { validation: { queryStrings: ['a[b]'] } } }), "'queryStrings' of POST /payments must be of letters, digits and . _ $ -, got 'a[b]'; let the function check it"],
    ['the access of a route is open without a reason where the entrance is open', 'restApi', () => ({ route: { access: Access.publicBecause('') } }), "'reason' of Access.publicBecause must say why everybody may call, got an empty text; name what protects the route instead"],
    ['two routes are the same but for the name of a parameter', 'httpApi', ({ pay: handler }) => ({ props: { routes: [{ path: '/p/{id}', handler }, { path: '/p/{name}', handler }] } }), "'routes' must differ in method or path, got ANY /p/{name} twice; drop one"],
    ['a route of a function URL is throttled', 'functionUrl', () => ({ route: { throttle: { rateLimit: 1 } } }), `'throttle' of POST /payments is not possible behind a function URL; use ${APIS}`],
    ['a route of a load balancer is throttled', 'loadBalancer', () => ({ route: { throttle: { rateLimit: 1 } } }), `'throttle' of POST /payments is not possible behind a load balancer; use ${APIS}`],
    ['an HTTP API is to validate', 'httpApi', () => ({ route: { validation: { headers: ['X'] } } }), "'validation' of POST /payments is not possible behind an HTTP API; use Entrance.restApi()"],
    ['a function URL is to validate', 'functionUrl', () => ({ route: { validation: {} } }), "'validation' of POST /payments is not possible behind a function URL; use Entrance.restApi()"],
    ['an HTTP API is to ask for API keys', 'httpApi', () => ({ route: { apiKeyRequired: true } }), "'apiKeyRequired' of POST /payments is not possible behind an HTTP API; use Entrance.restApi()"],
    ['a function URL is to lead to two functions', 'functionUrl', stack => ({ props: { routes: [{ path: '/a', handler: stack.pay }, { path: '/b', handler: stack.function('Other') }] } }), `'handler' of ANY /b, a second function, is not possible behind a function URL; use ${NOT_URL}`],
    ['a function URL is to have two accesses', 'functionUrl', () => ({ route: { access: Access.iam() } }), `'access' of POST /payments, another than the entrance's, is not possible behind a function URL; use ${NOT_URL}`],
    ['the access of a route has no reason', 'httpApi', () => ({ route: { access: Access.publicBecause(' ') } }), "'reason' of Access.publicBecause must say why everybody may call, got an empty text; name what protects the route instead"],
    ['a load balancer is to check scopes', 'loadBalancer', () => ({ route: { scopes: ['a'] }, props: { access: Access.jwt(JWT) } }), `'scopes' of POST /payments is not possible behind a load balancer; use ${APIS}`],
    ['scopes come without tokens', 'httpApi', () => ({ route: { scopes: ['a'], access: Access.iam() } }), "'scopes' of POST /payments must come with access by JWT or user pool, got another access; let the other access decide, or change it"],
    ['there are eleven scopes', 'httpApi', () => ({ route: { scopes: paths(11) } }), "'scopes' of POST /payments must be at most 10, got 11; one of them is enough for a token, so group them"],
    ['streams come through a function URL out of a VPC', 'functionUrl', stack => ({ props: { streaming: true }, route: { handler: stack.function('Inside', { vpc: new ec2.Vpc(stack, 'Net', { availabilityZones: ['us-east-1a', 'us-east-1b'] }) }) } }), "'streaming' is not possible through a function URL from a function in a VPC; use Entrance.restApi(), or take the function out of the VPC"],
  ])('%s', (_, kind, given, message) => {
    const stack = new Payments();
    const { route, props } = given(stack);
    expect(refusalOf(() => build(kind, route, props, stack))).toBe(`${message} (at Payments/Api)`);
  });

  test.each([
    ['httpApi', 30, 'an HTTP API', 30], ['restApi', 29, 'a REST API', 29], ['cloudFront', 120, 'a function URL behind CloudFront', 120],
  ])('the function behind %s may run %d s', (kind, timeout, title, wait) => {
    expect(refusalOf(() => build(kind, {}, {}, slow(timeout)))).toBe(`'timeout' of the function of POST /payments must be below ${wait} s, got ${timeout} s; `
      + `${title} gives up after ${wait} s while the function runs on: lower it, or use Entrance.functionUrl() or Entrance.loadBalancer() (at Payments/Api)`);
  });

  test('the function behind a raised quota may run longer still', () => {
    const stack = slow(60);
    expect(refusalOf(() => build('restApi', {}, { entrance: Entrance.restApi({ raisedTimeoutQuota: Duration.seconds(60) }) }, stack)))
      .toContain('must be below 60 s, got 60 s');
    expect(() => build('restApi', {}, { entrance: Entrance.restApi({ raisedTimeoutQuota: Duration.seconds(61) }) }, slow(60))).not.toThrow();
  });

  test('a plain function or alias may run too long, too', () => {
    const stack = new Payments();
    const fn = new lambda.Function(stack, 'Plain', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'i.h', code: lambda.Code.fromInline('x'), timeout: Duration.minutes(1) });
    for (const handler of [fn, fn.addAlias('blue'), fn.currentVersion]) {
      expect(refusalOf(() => new Payments(new App(), {}, 'Other').entrance({ routes: [{ method: ANY, path: '/', handler }] }))).toContain('got 60 s');
    }
  });

  test.each(['functionUrl', 'cloudFront'])('a function behind %s has a function URL', kind => {
    const stack = new Payments();
    new HttpEntrance(stack, 'First', { entrance: Entrance.functionUrl(), access: Access.iam(), routes: [{ path: '/', handler: stack.pay.live }] });
    expect(refusalOf(() => build(kind, {}, {}, stack))).toBe("'handler' of POST /payments must be without a function URL, got one that Payments/First has made; a function has one, so use that, "
      + `or ${NOT_URL} (at Payments/Api)`);
  });

  test('a route is added later that could not have been given', () => {
    const stack = new Payments();
    const api = stack.entrance();
    expect(refusalOf(() => api.addRoute({ method: POST, path: '/payments', handler: stack.pay }))).toBe("'routes' must differ in method or path, got POST /payments twice; drop one (at Payments/Api)");
  });
});

function paths(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `/r${n}`);
}

function imported(stack: Stack): lambda.IFunction {
  return lambda.Function.fromFunctionAttributes(stack, 'Imported', { functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:f', sameEnvironment: true });
}

function pool(stack: Stack): Access {
  const userPool = new cognito.UserPool(stack, 'Pool');
  return Access.userPool(userPool, [userPool.addClient('App')]);
}
