import { PaymentsEntrance } from '../../../sample/http/payments-entrance';
import { Access } from '../../../src';
import { ENTRANCES, JWT, OPEN, Payments } from '../../entrance/app';

test('the payments API stands behind an HTTP API: two routes with tokens, the webhook open for what it signs', () => {
  const stack = new Payments();
  new PaymentsEntrance(stack, 'Api', { access: Access.jwt(JWT), handler: stack.pay });
  const routes = Object.values<any>(stack.template().findResources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => [Properties.RouteKey, Properties.AuthorizationType]);
  expect(routes).toEqual([['POST /payments', 'JWT'], ['GET /payments/{id}', 'JWT'], ['POST /webhook', 'NONE']]);
});

test.each([
  ['restApi', 'AWS::ApiGateway::Method', () => Access.iam()],
  ['loadBalancer', 'AWS::ElasticLoadBalancingV2::ListenerRule', () => Access.jwt(JWT)],
])('the same behind %s', (kind, type, access) => {
  const stack = new Payments();
  new PaymentsEntrance(stack, 'Api', { access: access(), handler: stack.pay, ...ENTRANCES[kind](stack) });
  stack.template().resourceCountIs(type, 3);
});

test('behind a function URL its webhook finds no access of its own', () => {
  const stack = new Payments();
  expect(() => new PaymentsEntrance(stack, 'Api', { access: Access.publicBecause(OPEN), handler: stack.pay, ...ENTRANCES.functionUrl(stack) }))
    .toThrow("'access' of POST /webhook, another than the entrance's, is not possible behind a function URL");
});
