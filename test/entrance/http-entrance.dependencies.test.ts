import { App } from 'aws-cdk-lib';
import { ENTRANCES, GET, OPEN, Payments, POST } from './app';
import { Access, HttpEntrance } from '../../src';
import { expectNoCycle } from '../support/template-graph';

test.each(Object.keys(ENTRANCES))('has no circular dependencies with %s, canaries and alarms included', kind => {
  const stack = new Payments(new App());
  const other = ['functionUrl', 'cloudFront'].includes(kind) ? stack.pay : stack.function('Other');
  const api = stack.entrance({
    access: Access.unauthenticated({ reason: OPEN }),
    ...ENTRANCES[kind](stack),
    routes: [{ method: POST, path: '/payments', function: stack.pay }, { method: GET, path: '/payments', function: other }],
  });
  api.addRoute({ method: GET, path: '/late', function: stack.pay, ...kind.endsWith('Api') ? { throttle: { rateLimit: 1 } } : {} });
  expectNoCycle(stack);
});

test.each(['httpApi', 'restApi'])('has no circular dependencies with %s and an authorizer that is released through a canary', kind => {
  const stack = new Payments(new App());
  const access = Access.lambdaAuthorizer(stack.function('Authorizer'));
  new HttpEntrance(stack, 'Api', { access, routes: [{ method: POST, path: '/payments', function: stack.pay }], ...ENTRANCES[kind](stack) });
  expectNoCycle(stack);
});
