import { PaymentsEntrance } from '../../../sample/http/payments-entrance';
import { Access } from '../../../src';
import { ENTRANCES, JWT, OPEN, Payments as Base } from '../../entrance/app';

class Payments extends Base {
  public readonly webhook = this.function('Webhook');
}

test('the payments API stands behind an HTTP API: two routes with tokens, the webhook open for what it signs', () => {
  const stack = new Payments();
  new PaymentsEntrance(stack, 'Api', { access: Access.jwt(JWT), payments: stack.pay, webhook: stack.webhook });
  const routes = Object.values<any>(stack.template().findResources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => [Properties.RouteKey, Properties.AuthorizationType]);
  expect(routes).toEqual([['POST /payments', 'JWT'], ['GET /payments/{id}', 'JWT'], ['POST /webhooks/provider', 'NONE']]);
});

test.each([
  ['restApi', 'AWS::ApiGateway::Method', () => Access.iam()],
  ['loadBalancer', 'AWS::ElasticLoadBalancingV2::ListenerRule', () => Access.jwt(JWT)],
])('the same behind %s', (kind, type, access) => {
  const stack = new Payments();
  new PaymentsEntrance(stack, 'Api', { access: access(), payments: stack.pay, webhook: stack.webhook, ...ENTRANCES[kind](stack) });
  stack.template().resourceCountIs(type, 3);
});

test('behind a function URL there is no place for the webhook', () => {
  const stack = new Payments();
  expect(() => new PaymentsEntrance(stack, 'Api', { access: Access.unauthenticated({ reason: OPEN }), payments: stack.pay, webhook: stack.webhook, ...ENTRANCES.functionUrl(stack) }))
    .toThrow("'function' of POST /webhooks/provider, a second function, is not supported by a function URL");
});
