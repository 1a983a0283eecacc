import { App, Aspects, aws_lambda as lambda, Duration, Lazy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ANY, ENTRANCES, JWT, OPEN, OPTIONS, Payments, POST, errorOf } from './app';
import { Access, Entrance, type EntranceRoute, type HttpEntranceProps } from '../../src';
import { durationText } from '../../src/private/duration-text';

const APIS = 'Entrance.httpApi() or Entrance.restApi()';
const SEVERAL = 'Entrance.httpApi(), Entrance.restApi() or Entrance.loadBalancer()';
const PATH = "'path' must start with a slash and not end with one, with {name} for one segment and {name+} for all remaining segments, got";

function build(kind: string, route: Partial<EntranceRoute> = {}, props: Partial<HttpEntranceProps> = {}, stack = new Payments()): Payments {
  const access = kind === 'httpApi' ? Access.jwt(JWT) : Access.unauthenticated({ reason: OPEN });
  stack.entrance({ access, ...ENTRANCES[kind](stack), routes: [{ method: POST, path: '/payments', function: stack.pay, ...route }], ...props });
  return stack;
}

function withTimeout(seconds: number): Payments {
  return new Payments(new App(), { timeout: Duration.seconds(seconds) });
}

function resourceOf(stack: Payments): lambda.CfnFunction {
  return stack.pay.definition.node.defaultChild as lambda.CfnFunction;
}

function scopes(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `scope${n}`);
}

describe('accepts', () => {
  test.each(['/', '/payments', '/payments/{id}', '/payments/{id}/refunds', '/{proxy+}', '/a/{proxy+}', '/v1.2/a-b_c~d', '/{id}/{rest+}'])('the path %s', path => {
    expect(() => build('httpApi', { path })).not.toThrow();
  });

  test.each([['httpApi', 29], ['restApi', 28], ['cloudFront', 119], ['functionUrl', 900], ['loadBalancer', 900]])('a function of %s with a timeout of %d s', (kind, timeout) => {
    expect(() => build(kind, {}, {}, withTimeout(timeout)).template()).not.toThrow();
  });

  test('streamed responses of a REST API that last longer', () => {
    expect(() => build('restApi', {}, { streaming: true }, withTimeout(840)).template()).not.toThrow();
  });

  test('a path of 128 characters with a load balancer', () => {
    expect(() => build('loadBalancer', { path: `/${'a'.repeat(125)}/{id}` })).not.toThrow();
  });

  test('ten scopes', () => {
    expect(() => build('httpApi', { scopes: scopes(10) }).template()).not.toThrow();
  });
});

describe('fails when', () => {
  test.each<[string, string, (stack: Payments) => { route?: Partial<EntranceRoute>; props?: Partial<HttpEntranceProps> }, string]>([
    ['a path has no slash', 'httpApi', () => ({ route: { path: 'payments' } }), `${PATH} 'payments'; write it as /payments/{id}`],
    ['a path ends in a slash', 'httpApi', () => ({ route: { path: '/payments/' } }), `${PATH} '/payments/'; write it as /payments/{id}`],
    ['a path has a parameter of another framework', 'httpApi', () => ({ route: { path: '/payments/:id/lines/:line' } }), "'path' must name a parameter in braces, got '/payments/:id/lines/:line'; write it as /payments/{id}/lines/{line}"],
    ['a path has a wildcard', 'httpApi', () => ({ route: { path: '/a/*' } }), "'path' must not contain '*', which API Gateway does not match and a load balancer matches with anything, got '/a/*'; write it as /payments/{name} or /payments/{name+}"],
    ['a path of a load balancer has a wildcard', 'loadBalancer', () => ({ route: { path: '/a*b' } }), "'path' must not contain '*', which API Gateway does not match and a load balancer matches with anything, got '/a*b'; write it as /payments/{name} or /payments/{name+}"],
    ['a path has characters that a load balancer does not support', 'loadBalancer', () => ({ route: { path: '/a;b' } }), "'path' may contain only letters, digits and . _ - $ / ~ ' @ : + & with a load balancer, got '/a;b'; change it, or use Entrance.httpApi()"],
    ['a path has 129 characters with a load balancer', 'loadBalancer', () => ({ route: { path: `/${'a'.repeat(126)}/{id}` } }), "'path' must have at most 128 characters with a load balancer, got 129 with '*' for each parameter; shorten it, or use Entrance.httpApi()"],
    ['{proxy+} is not at the end', 'httpApi', () => ({ route: { path: '/{proxy+}/a' } }), `${PATH} '/{proxy+}/a'; write it as /payments/{id}`],
    ['the path is the default route of an HTTP API, which has no authorizer', 'httpApi', () => ({ route: { path: '$default' } }), `${PATH} '$default'; write it as /payments/{id}`],
    ['the method is OPTIONS with cors', 'httpApi', () => ({ route: { method: OPTIONS }, props: { cors: { allowOrigins: ['https://a.example.com'] } } }), "'method' of OPTIONS /payments must not be OPTIONS with 'cors', which responds to OPTIONS; remove the route or 'cors'"],
    ['a path has characters that a REST API does not support', 'restApi', () => ({ route: { path: '/a~b' } }), "'path' may contain only letters, digits and . : _ $ - in a REST API, got '/a~b'; change it, or use Entrance.httpApi()"],
    ['a required header has a name that API Gateway cannot read', 'restApi', () => ({ route: { validation: { headers: ['X-A', 'X A'] } } }), "'headers' of POST /payments may contain only letters, digits and . _ $ -, got 'X A'; API Gateway cannot read other names, so check it in the function"],
    ['a required query string has a name that API Gateway cannot read', 'restApi', () => ({ route: { validation: { queryStrings: ['a[b]'] } } }), "'queryStrings' of POST /payments may contain only letters, digits and . _ $ -, got 'a[b]'; API Gateway cannot read other names, so check it in the function"],
    ['a route of a function URL has a throttle', 'functionUrl', () => ({ route: { throttle: { rateLimit: 1 } } }), `'throttle' of POST /payments is not supported by a function URL; use ${APIS}`],
    ['a route of a load balancer has a throttle', 'loadBalancer', () => ({ route: { throttle: { rateLimit: 1 } } }), `'throttle' of POST /payments is not supported by a load balancer; use ${APIS}`],
    ['the rate of a route is 0', 'httpApi', () => ({ route: { throttle: { rateLimit: 0 } } }), "'rateLimit' must be at least 1, got 0; it is a number of requests a second"],
    ['an HTTP API validates requests', 'httpApi', () => ({ route: { validation: { headers: ['X'] } } }), "'validation' of POST /payments is not supported by an HTTP API; use Entrance.restApi()"],
    ['a function URL validates requests', 'functionUrl', () => ({ route: { validation: {} } }), "'validation' of POST /payments is not supported by a function URL; use Entrance.restApi()"],
    ['an HTTP API requires API keys', 'httpApi', () => ({ route: { apiKeyRequired: true } }), "'apiKeyRequired' of POST /payments is not supported by an HTTP API; use Entrance.restApi()"],
    ['a route of a function URL has another access', 'functionUrl', () => ({ route: { access: Access.iam() } }), `'access' of POST /payments, different from the access of the entrance, is not supported by a function URL; use ${SEVERAL}`],
    ['a load balancer validates scopes', 'loadBalancer', () => ({ route: { scopes: ['a'] }, props: { access: Access.jwt(JWT) } }), `'scopes' of POST /payments is not supported by a load balancer; use ${APIS}`],
    ['scopes are set without tokens', 'httpApi', () => ({ route: { scopes: ['a'], access: Access.iam() } }), "'scopes' of POST /payments must be used with Access.jwt or Access.userPool, got another access; remove the scopes, or change the access"],
    ['there are eleven scopes', 'httpApi', () => ({ route: { scopes: scopes(11) } }), "'scopes' of POST /payments must be at most 10, got 11; a token needs only one of them, so group them"],
    ['a function URL streams from a VPC', 'functionUrl', stack => ({ props: { streaming: true }, route: { function: stack.function('Inside', { vpc: new ec2.Vpc(stack, 'Net', { availabilityZones: ['us-east-1a', 'us-east-1b'] }) }) } }), "'streaming' is not supported by a function URL of a function in a VPC; use Entrance.restApi(), or move the function out of the VPC"],
  ])('%s', (_, kind, given, message) => {
    const stack = new Payments();
    const { route, props } = given(stack);
    expect(errorOf(() => build(kind, route, props, stack))).toBe(`${message} (at Payments/Api)`);
  });

  test('a route that is added later is invalid', () => {
    const stack = new Payments();
    const api = stack.entrance();
    expect(errorOf(() => api.addRoute({ path: 'payments', function: stack.pay }))).toBe(`${PATH} 'payments'; write it as /payments/{id} (at Payments/Api)`);
  });
});

describe('the timeout of a function', () => {
  function problem(timeout: number, wait = 30, title = 'an HTTP API'): string {
    return `'timeout' of the function of POST /payments must be below ${durationText(wait)}, got ${durationText(timeout)}; ${title} stops waiting after ${durationText(wait)} while the function runs on: `
      + 'lower the timeout, or use Entrance.functionUrl() or Entrance.loadBalancer()';
  }

  test.each([['httpApi', 30, 'an HTTP API'], ['restApi', 29, 'a REST API'], ['cloudFront', 120, 'a function URL behind CloudFront']])('fails at the timeout of %s, %d s', (kind, wait, title) => {
    expect(errorOf(() => build(kind, {}, {}, withTimeout(wait)))).toBe(`${problem(wait, wait, title)} (at Payments/Api)`);
  });

  test('fails at a raised quota', () => {
    const entrance = (seconds: number) => ({ entrance: Entrance.restApi({ raisedTimeoutQuota: Duration.seconds(seconds) }) });
    expect(errorOf(() => build('restApi', {}, entrance(60), withTimeout(60)))).toContain('must be below 1 minute, got 1 minute');
    expect(() => build('restApi', {}, entrance(61), withTimeout(60))).not.toThrow();
  });

  test('fails for a plain function, alias and version', () => {
    const stack = new Payments();
    const fn = new lambda.Function(stack, 'Plain', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'i.h', code: lambda.Code.fromInline('x'), timeout: Duration.minutes(1) });
    for (const each of [fn, fn.addAlias('blue'), fn.currentVersion]) {
      expect(errorOf(() => new Payments(new App(), {}, 'Other').entrance({ routes: [{ method: ANY, path: '/', function: each }] }))).toContain('got 1 minute');
    }
  });

  test('fails before any resource is created when an override raises it', () => {
    const stack = withTimeout(10);
    resourceOf(stack).addPropertyOverride('Timeout', 31);
    expect(errorOf(() => build('httpApi', {}, {}, stack))).toBe(`${problem(31)} (at Payments/Api)`);
    expect(stack.node.findChild('Api').node.children).toEqual([]);
  });

  test('is accepted when an override lowers it', () => {
    const stack = withTimeout(60);
    resourceOf(stack).addPropertyOverride('Timeout', 29);
    expect(() => build('httpApi', {}, {}, stack).template()).not.toThrow();
  });

  test.each(['httpApi', 'restApi', 'cloudFront'])('fails at synthesis when an override raises it later, with %s', kind => {
    const stack = build(kind, {}, {}, withTimeout(10));
    resourceOf(stack).addPropertyOverride('Timeout', 300);
    expect(() => stack.template()).toThrow("'timeout' of the function of POST /payments must be below");
  });

  test('fails at synthesis when an Aspect raises it', () => {
    const stack = build('httpApi', {}, {}, withTimeout(10));
    Aspects.of(stack).add({
      visit: node => {
        if (node instanceof lambda.CfnFunction) node.timeout = 60;
      },
    });
    expect(() => stack.template()).toThrow(problem(60));
  });

  test('fails at synthesis, not before, when it is a token', () => {
    const stack = withTimeout(10);
    resourceOf(stack).timeout = Lazy.number({ produce: () => 900 });
    expect(() => build('httpApi', {}, {}, stack)).not.toThrow();
    expect(() => stack.template()).toThrow(problem(900));
  });

  test('is checked at synthesis for a route that is added later', () => {
    const stack = new Payments();
    const other = stack.function('Other');
    stack.entrance().addRoute({ method: POST, path: '/other', function: other });
    (other.definition.node.defaultChild as lambda.CfnFunction).addPropertyOverride('Timeout', 60);
    expect(() => stack.template()).toThrow("'timeout' of the function of POST /other must be below 30 seconds, got 1 minute");
  });
});
