import { OPEN, Payments, GET, POST, ANY, JWT } from './app';
import { Access, Entrance, type EntranceRoute } from '../../src';
import { EntranceKind } from '../../src/entrance/entrance-capabilities';
import { bySpecificity, patternOf } from '../../src/entrance/listener-rules';
import { type ResolvedRoute, resolveRoute } from '../../src/entrance/resolved-route';
import { findOverlapProblems } from '../../src/entrance/route-overlap';

const open = Access.unauthenticated({ reason: OPEN });
const jwt = Access.jwt(JWT);
const partners = Access.jwt({ issuer: 'https://partners.example.com', audience: ['orders'] });

type Route = Pick<EntranceRoute, 'path' | 'method' | 'access'>;

function build(routes: Route[], access = jwt): Payments {
  const stack = new Payments();
  stack.entrance({
    entrance: Entrance.loadBalancer({ vpc: stack.vpc() }),
    domain: stack.domain,
    access,
    routes: routes.map(route => ({ ...route, function: stack.pay })),
  });
  return stack;
}

function warnings(stack: Payments): string[] {
  stack.template();
  return stack.node.findAll().flatMap(node => node.node.metadata).filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data)).filter(text => text.includes('overlappingAccess'));
}

/** Whether the first rule that matches a request forwards it without a token, as a load balancer matches path patterns. */
function isOpen(routes: ResolvedRoute[], path: string): boolean {
  const rule = [...routes].sort(bySpecificity).find(route => new RegExp(`^${patternOf(route.path).replace(/\*/g, '.*')}$`).test(path));
  return rule?.access.kind === 'unauthenticated';
}

describe('with a load balancer, a route without authentication', () => {
  test.each<[string, Route, Route]>([
    ['a parameter before a literal', { path: '/orders/{id}/status', access: open }, { path: '/orders/{proxy+}' }],
    ['a parameter at the end', { path: '/orders/{id}', access: open }, { path: '/orders/{proxy+}' }],
    ['a parameter at the end, by another method of ANY', { path: '/orders/{id}', method: GET, access: open }, { path: '/orders/{proxy+}', method: ANY }],
    ['a parameter of one branch', { path: '/orders/{id}/status', access: open }, { path: '/{proxy+}' }],
    ['two parameters', { path: '/a/{b}/c/{d}', access: open }, { path: '/a/{proxy+}' }],
    ['a parameter and more segments', { path: '/{tenant}/health', access: open }, { path: '/{proxy+}' }],
    ['a literal beside a parameter', { path: '/a/{b}/c', access: open }, { path: '/a/{b}/{c}/{d}/{rest+}' }],
  ])('must not match paths of a route with authentication: %s', (_, one, other) => {
    for (const routes of [[one, other], [other, one]]) {
      expect(() => build(routes).template()).toThrow(/'access' of \S+ \S+ must be the access of \S+ \S+, got none: a load balancer forwards \/\S+ by the first rule without authentication/);
    }
  });

  test('fails with the path that would be open', () => {
    expect(() => build([{ path: '/orders/{id}/status', method: GET, access: open }, { path: '/orders/{proxy+}', method: GET }]).template())
      .toThrow("'access' of GET /orders/{id}/status must be the access of GET /orders/{proxy+}, got none: a load balancer forwards /orders/x/x/status by the first rule without authentication, "
        + 'because * in a path pattern matches slashes; use different prefixes, authenticate both, or use Entrance.httpApi()');
  });

  test.each<[string, Route[]]>([
    ['other methods', [{ path: '/orders/{id}', method: GET, access: open }, { path: '/orders/{proxy+}', method: POST }]],
    ['a longer path that has precedence', [{ path: '/orders/{id}/status', access: open }, { path: '/orders/{id}/payments/{payment}' }]],
    ['another prefix', [{ path: '/public/{id}', access: open }, { path: '/orders/{proxy+}' }]],
    ['a path without parameters', [{ path: '/health', access: open }, { path: '/{proxy+}' }]],
    ['a greedy route of its own', [{ path: '/public/{proxy+}', access: open }, { path: '/{proxy+}' }]],
    ['a route before it for the paths with more segments', [{ path: '/orders/{id}', access: open }, { path: '/orders/{id}/{more+}' }, { path: '/orders/{proxy+}' }]],
    ['routes that are all open', [{ path: '/orders/{id}', access: open }, { path: '/orders/{proxy+}', access: open }]],
  ])('is accepted beside %s', (_, routes) => {
    expect(() => build(routes).template()).not.toThrow();
  });

  test('is also checked for a route that is added later', () => {
    const stack = new Payments();
    const api = stack.entrance({ entrance: Entrance.loadBalancer({ vpc: stack.vpc() }), domain: stack.domain, routes: [{ path: '/orders/{proxy+}', function: stack.pay }] });
    api.addRoute({ path: '/orders/{id}', function: stack.pay, access: open });
    expect(() => stack.template()).toThrow("'access' of ANY /orders/{id} must be the access of ANY /orders/{proxy+}");
  });

  test('is never matched by requests of the protected routes, in any set of routes that is accepted', () => {
    const segments = ['a', '{x}', 'b'];
    const paths = [...segments, '{rest+}'].flatMap(first => first === '{rest+}' ? [`/${first}`] : [`/${first}`, ...[...segments, '{rest+}'].map(second => `/${first}/${second}`)]);
    const requests = ['/a', '/b', '/z', '/a/a', '/a/b', '/a/z', '/b/b', '/z/b', '/a/z/b', '/a/z/z', '/z/z/b', '/b/a/b/z'];
    const stack = new Payments();
    let [accepted, rejected] = [0, 0];
    for (const [index, one] of paths.entries()) {
      for (const other of paths.slice(0, index).concat(paths.slice(index + 1))) {
        const routes = [{ path: one, access: open }, { path: other }].map(route => resolveRoute({ ...route, function: stack.pay }, jwt));
        if (findOverlapProblems(EntranceKind.LOAD_BALANCER, false, routes).length > 0) {
          rejected++;
          continue;
        }
        accepted++;
        for (const request of requests.filter(path => !matches(one, path))) {
          expect([one, other, request, isOpen(routes, request) && matches(other, request)]).toEqual([one, other, request, false]);
        }
      }
    }
    expect(accepted).toBeGreaterThan(50);
    expect(rejected).toBeGreaterThan(10);
  });
});

function matches(path: string, request: string): boolean {
  return new RegExp(`^${path.replace(/\{\w+\+\}/g, '.+').replace(/\{\w+\}/g, '[^/]+')}$`).test(request);
}

test('with a load balancer, a route with another authentication adds a warning', () => {
  const found = warnings(build([{ path: '/orders/{id}', access: partners }, { path: '/orders/{proxy+}' }]));
  expect(found).toEqual([expect.stringContaining('a load balancer forwards /orders/x/x of ANY /orders/{proxy+} by the rule of ANY /orders/{id}, which authenticates with another access')]);
  expect(found[0]).toContain('cdk-production-lambda:HttpEntrance.overlappingAccess');
  expect(warnings(build([{ path: '/orders/{id}', access: jwt }, { path: '/orders/{proxy+}' }]))).toEqual([]);
});

test('an HTTP API distinguishes segments, so that the same routes are accepted', () => {
  const stack = new Payments();
  stack.entrance({ routes: [{ path: '/orders/{id}/status', function: stack.pay, access: open }, { path: '/orders/{proxy+}', function: stack.pay }] });
  expect(() => stack.template()).not.toThrow();
});
