import { aws_lambda as lambda } from 'aws-cdk-lib';
import { ENTRANCES, GET, OPEN, Payments, POST, errorOf } from './app';
import { Access, Entrance, HttpEntrance, type HttpEntranceProps } from '../../src';
import { LAMBDA } from '../../src/aws';

const SEVERAL = 'Entrance.httpApi(), Entrance.restApi() or Entrance.loadBalancer()';

function build(kind: string, routes: HttpEntranceProps['routes'] | undefined, stack: Payments): Payments {
  stack.entrance({ access: Access.unauthenticated({ reason: OPEN }), ...ENTRANCES[kind](stack), ...routes ? { routes } : {} });
  return stack;
}

function twoPaths(kind: string, one: string, other: string): void {
  const stack = new Payments();
  build(kind, [one, other].map(path => ({ path, function: stack.pay })), stack);
}

describe('221 routes of one function', () => {
  const routes = ({ pay }: Payments) => Array.from({ length: 221 }, (_, n) => ({ method: GET, path: `/r${n}`, function: pay }));
  const resources = (stack: Payments) => Object.keys(stack.template().toJSON().Resources).length;

  // The policy as Lambda stores it. The id of a permission consists of stack, logical id and twelve characters.
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

  test.each(['httpApi', 'restApi', 'loadBalancer'])('need one permission with %s, far below the limit of Lambda', kind => {
    const stack = new Payments();
    build(kind, routes(stack), stack);
    expect(storedPolicyBytes(stack)).toBeLessThan(LAMBDA.resourcePolicyMaxBytes / 25);
    stack.template().resourceCountIs('AWS::Lambda::Permission', 1);
  });

  // A REST API has a resource for each path segment, and a method.
  test.each([['httpApi', 1, 260], ['restApi', 2, 500], ['loadBalancer', 1, 300]])('with %s need %d resources for each route, and fit into a stack', (kind, each, most) => {
    const stack = new Payments();
    build(kind, routes(stack), stack);
    expect(resources(stack)).toBe(resources(build(kind, undefined, new Payments())) + 220 * each);
    expect(resources(stack)).toBeLessThan(most);
  });
});

test.each([
  ['httpApi', '/p/{id}', '/p/{name}/q'], ['restApi', '/p/{id}', '/p/{id}/q'], ['restApi', '/{proxy+}', '/p/{id}'], ['restApi', '/$a.b:c_d-e', '/x'],
])('with %s accepts %s and %s', (kind, one, other) => {
  expect(() => twoPaths(kind, one, other)).not.toThrow();
});

describe('fails when', () => {
  const NAMES = "'path' must use one parameter name for one segment of a REST API, got";
  const FIX = 'use the same name, or use Entrance.httpApi() (at Payments/Api)';

  test('a segment of a REST API has parameters of two names', () => {
    expect(errorOf(() => twoPaths('restApi', '/p/{id}', '/p/{name}/q'))).toBe(`${NAMES} {name} of /p/{name}/q beside {id}; ${FIX}`);
  });

  test('a segment of a REST API has {id} and {id+}', () => {
    expect(errorOf(() => twoPaths('restApi', '/p/{id}', '/p/{id+}'))).toBe(`${NAMES} {id+} of /p/{id+} beside {id}; ${FIX}`);
  });

  test('two routes differ only in the name of a parameter', () => {
    expect(errorOf(() => twoPaths('httpApi', '/p/{id}', '/p/{name}'))).toBe("'routes' must differ in method or path, got ANY /p/{id} and ANY /p/{name}, which match the same requests "
      + 'because the names of parameters do not count; remove one, or change a fixed part of its path (at Payments/Api)');
  });

  test('a route is added twice', () => {
    const stack = new Payments();
    const api = stack.entrance();
    expect(errorOf(() => api.addRoute({ method: POST, path: '/payments', function: stack.pay })))
      .toBe("'routes' must differ in method or path, got POST /payments twice; remove one (at Payments/Api)");
  });

  test('a function URL has two functions', () => {
    const stack = new Payments();
    expect(errorOf(() => build('functionUrl', [{ path: '/a', function: stack.pay }, { path: '/b', function: stack.function('Other') }], stack)))
      .toBe(`'function' of ANY /b, a second function, is not supported by a function URL; use ${SEVERAL} (at Payments/Api)`);
  });

  describe.each(['functionUrl', 'cloudFront'])('the function of %s has a function URL', kind => {
    const message = (path: string) => `'function' of POST /payments must not have a function URL yet, got one at ${path}; `
      + `Lambda supports one for each function or alias, so use that URL, or ${SEVERAL} (at Payments/Api)`;

    test('of another HttpEntrance', () => {
      const stack = new Payments();
      new HttpEntrance(stack, 'First', { entrance: Entrance.functionUrl(), access: Access.iam(), routes: [{ path: '/', function: stack.pay.live }] });
      expect(errorOf(() => build(kind, undefined, stack))).toBe(message('Payments/First/Url'));
    });

    test.each(['pay', 'live'])('of its own: %s', name => {
      const stack = new Payments();
      stack.pay.addFunctionUrl();
      const fn = name === 'pay' ? stack.pay : stack.pay.live;
      expect(errorOf(() => build(kind, [{ method: POST, path: '/payments', function: fn }], stack))).toBe(message('Payments/Pay/FunctionUrl'));
    });
  });

  test('an imported function has a function URL in the same app', () => {
    const stack = new Payments();
    const fn = lambda.Function.fromFunctionAttributes(stack, 'Imported', { functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:f', sameEnvironment: true });
    fn.addFunctionUrl();
    expect(errorOf(() => build('functionUrl', [{ method: POST, path: '/payments', function: fn }], stack))).toContain('got one at Payments/Imported/FunctionUrl');
  });
});
