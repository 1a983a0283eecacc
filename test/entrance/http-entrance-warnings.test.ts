import { App, Aspects, aws_cognito as cognito, aws_lambda as lambda, type Stack, Validations } from 'aws-cdk-lib';
import { ENTRANCES, GET, JWT, OPEN, Payments, POST } from './app';
import { Access, type HttpEntranceProps } from '../../src';
import { warningsOf } from '../support/warnings';

const ID = 'cdk-production-lambda:HttpEntrance.';
const CORS = { allowOrigins: ['https://a.example.com'] };

function build(kind: string, props: Partial<HttpEntranceProps> = {}, stack = new Payments()): Payments {
  const access = kind === 'httpApi' ? Access.jwt(JWT) : Access.unauthenticated({ reason: OPEN });
  stack.entrance({ access, ...ENTRANCES[kind](stack), routes: [{ method: POST, path: '/payments', function: stack.pay }], ...props });
  return stack;
}

/** The messages of the warnings with the given id. */
function only(stack: Payments, what: string): string[] {
  const ack = ` [ack: Annotation::${ID}${what}]`;
  return warningsOf(stack).filter(warning => warning.endsWith(ack)).map(warning => warning.replace(/^\S+: /, '').replace(ack, ''));
}

function paths(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `/r${n}`);
}

function routes(count: number, fn: lambda.IFunction): HttpEntranceProps['routes'] {
  return paths(count).map(path => ({ path, function: fn }));
}

function routesWithAuthorizers(count: number, fn: lambda.IFunction): HttpEntranceProps['routes'] {
  return paths(count).map(path => ({ path, function: fn, access: Access.jwt({ ...JWT, audience: [path] }) }));
}

function imported(stack: Stack): lambda.IFunction {
  return lambda.Function.fromFunctionAttributes(stack, 'Imported', { functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:f', sameEnvironment: true });
}

function pool(stack: Stack): Access {
  const userPool = new cognito.UserPool(stack, 'Pool');
  return Access.userPool(userPool, [userPool.addClient('App')]);
}

describe('warns if', () => {
  test.each<[string, string, string, (stack: Payments) => Partial<HttpEntranceProps>, string]>([
    ['an HTTP API has more routes than the default quota', 'routeQuota', 'httpApi', ({ pay }) => ({ routes: routes(301, pay) }), '301 routes exceed the default quota of an HTTP API, 300; request a quota increase before you deploy'],
    ['routes for ANY with CORS exceed the default quota', 'routeQuota', 'httpApi', ({ pay }) => ({ cors: CORS, routes: routes(51, pay) }), '306 routes exceed the default quota of an HTTP API, 300; request a quota increase before you deploy'],
    ['a load balancer has more routes than the default quota', 'routeQuota', 'loadBalancer', ({ pay }) => ({ routes: routes(101, pay) }), '101 routes exceed the default quota of a load balancer, 100; request a quota increase before you deploy'],
    ['an HTTP API has more authorizers than the default quota', 'authorizerQuota', 'httpApi', ({ pay }) => ({ routes: routesWithAuthorizers(11, pay) }), '11 authorizers exceed the default quota of an HTTP API, 10; use the same Access in several routes, or request a quota increase before you deploy'],
    ['the function of a function URL has no reserved concurrency', 'noReservedConcurrency', 'functionUrl', () => ({}), "a function URL is throttled only by the concurrency of its function; set 'reservedConcurrentExecutions' of Payments/Pay (10 requests a second for each)"],
    ['the function of a function URL behind CloudFront has no reserved concurrency', 'noReservedConcurrency', 'cloudFront', () => ({}), "a function URL is throttled only by the concurrency of its function; set 'reservedConcurrentExecutions' of Payments/Pay (10 requests a second for each)"],
    ['a REST API accepts every client of a user pool', 'userPoolClients', 'restApi', stack => ({ access: pool(stack) }), "a REST API accepts tokens of every client of the user pool for POST /payments, not only of 'clients'; require 'scopes' that only these clients have, or use Entrance.httpApi()"],
    ['callers of CloudFront must sign bodies', 'signedBodies', 'cloudFront', () => ({}), 'callers of POST /payments must send the SHA-256 of the body in the header x-amz-content-sha256: CloudFront signs the request but does not read its body'],
    ['every origin is allowed', 'corsAnyOrigin', 'httpApi', () => ({ cors: { allowOrigins: ['*'] } }), "'allowOrigins' of '*' allows scripts of every web page to read responses; list the origins of your own pages"],
    ['the burst is below the rate', 'burstBelowRate', 'httpApi', () => ({ throttle: { rateLimit: 10, burstLimit: 9 } }), "'burstLimit' of 9 is below 'rateLimit' of 10, so callers cannot reach the rate; raise the burst to at least the rate"],
    ['the burst of a route is below its rate', 'burstBelowRate', 'httpApi', ({ pay }) => ({ routes: [{ path: '/', function: pay, throttle: { rateLimit: 10, burstLimit: 9 } }] }), "'burstLimit' of 9 is below 'rateLimit' of 10, so callers cannot reach the rate; raise the burst to at least the rate"],
  ])('%s', (_, what, kind, props, message) => {
    const stack = new Payments();
    expect(only(build(kind, props(stack), stack), what)).toEqual([message]);
  });

  test('a route that is added later exceeds the quota', () => {
    const stack = new Payments();
    const api = stack.entrance({ routes: routes(300, stack.pay) });
    api.addRoute({ path: '/more', function: stack.pay });
    expect(only(stack, 'routeQuota')).toHaveLength(1);
  });

  test('a runtime does not stream natively', () => {
    const code = lambda.Code.fromBucket({ bucketName: 'b', bucketArn: 'arn' } as never, 'k', 'v');
    const python = new Payments(new App(), { runtime: lambda.Runtime.PYTHON_3_13, code });
    expect(only(build('functionUrl', { streaming: true }, python), 'streamingRuntime')).toEqual([
      "'streaming' from python3.13 requires a custom runtime or the Lambda Web Adapter; of the managed runtimes only Node.js supports it natively",
    ]);
    for (const runtime of [lambda.Runtime.NODEJS_24_X, lambda.Runtime.PROVIDED_AL2023]) {
      expect(only(build('functionUrl', { streaming: true }, new Payments(new App(), { runtime, code })), 'streamingRuntime')).toEqual([]);
    }
  });

  test('the rate is above the reserved concurrency of a function', () => {
    const stack = () => new Payments(new App(), { reservedConcurrentExecutions: 10 });
    expect(only(build('httpApi', { throttle: { rateLimit: 101 } }, stack()), 'rateAboveReserved')).toEqual([
      "'rateLimit' of 101 a second is above the 100 a second that Payments/Pay supports with its reserved concurrency; lower the rate, so that callers receive 429 and not 5xx",
    ]);
    expect(only(build('httpApi', { throttle: { rateLimit: 100 } }, stack()), 'rateAboveReserved')).toEqual([]);
  });

  test('an override removes the reserved concurrency', () => {
    const stack = new Payments(new App(), { reservedConcurrentExecutions: 10 });
    build('functionUrl', {}, stack);
    (stack.pay.definition.node.defaultChild as lambda.CfnFunction).addPropertyOverride('ReservedConcurrentExecutions', undefined);
    expect(only(stack, 'noReservedConcurrency')).toHaveLength(1);
  });

  test('an Aspect lowers the reserved concurrency', () => {
    const stack = new Payments(new App(), { reservedConcurrentExecutions: 10 });
    build('httpApi', { throttle: { rateLimit: 100 } }, stack);
    Aspects.of(stack).add({
      visit: node => {
        if (node instanceof lambda.CfnFunction) node.reservedConcurrentExecutions = 9;
      },
    });
    expect(only(stack, 'rateAboveReserved')).toHaveLength(1);
  });
});

describe('does not warn of', () => {
  test.each<[string, string, string, (stack: Payments) => Partial<HttpEntranceProps>]>([
    ['300 routes of an HTTP API', 'routeQuota', 'httpApi', ({ pay }) => ({ routes: routes(300, pay) })],
    ['300 routes of ANY with CORS', 'routeQuota', 'httpApi', ({ pay }) => ({ cors: CORS, routes: routes(50, pay) })],
    ['100 routes of a load balancer', 'routeQuota', 'loadBalancer', ({ pay }) => ({ routes: routes(100, pay) })],
    ['ten authorizers', 'authorizerQuota', 'httpApi', ({ pay }) => ({
      routes: [{ path: '/open', function: pay, access: Access.unauthenticated({ reason: OPEN }) }, ...routesWithAuthorizers(10, pay)],
    })],
    ['equal accesses, which share an authorizer', 'authorizerQuota', 'httpApi', ({ pay }) => ({ routes: paths(11).map(path => ({ path, function: pay, access: Access.jwt(JWT) })) })],
    ['the clients of an HTTP API', 'userPoolClients', 'httpApi', stack => ({ access: pool(stack) })],
    ['the clients of a REST API with scopes', 'userPoolClients', 'restApi', stack => ({ access: pool(stack), routes: [{ path: '/', function: stack.pay, scopes: ['pay/write'] }] })],
    ['GET through CloudFront', 'signedBodies', 'cloudFront', ({ pay }) => ({ routes: [{ method: GET, path: '/', function: pay }] })],
    ['a function URL of an imported function', 'noReservedConcurrency', 'functionUrl', stack => ({ routes: [{ path: '/', function: imported(stack) }] })],
    ['listed origins', 'corsAnyOrigin', 'httpApi', () => ({ cors: CORS })],
    ['a burst at the rate', 'burstBelowRate', 'httpApi', () => ({ throttle: { rateLimit: 10, burstLimit: 10 } })],
    ['a default burst', 'burstBelowRate', 'httpApi', () => ({ throttle: { rateLimit: 600 } })],
  ])('%s', (_, what, kind, props) => {
    const stack = new Payments();
    expect(only(build(kind, props(stack), stack), what)).toEqual([]);
  });

  test('an acknowledged warning', () => {
    const stack = build('functionUrl');
    Validations.of(stack).acknowledge({ id: `${ID}noReservedConcurrency`, reason: 'internal' });
    expect(only(stack, 'noReservedConcurrency')).toEqual([]);
  });
});
