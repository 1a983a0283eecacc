import { App } from 'aws-cdk-lib';
import { ENTRANCES, GET, OPEN, Payments, POST } from './app';
import { Access, HttpEntrance } from '../../src';
import { expectNoCycle } from '../support/template-graph';

test.each(Object.keys(ENTRANCES))('nothing in %s waits for itself, canaries and alarms included', kind => {
  const stack = new Payments(new App());
  const other = ['functionUrl', 'cloudFront'].includes(kind) ? stack.pay : stack.function('Other');
  const api = stack.entrance({
    access: Access.publicBecause(OPEN),
    ...ENTRANCES[kind](stack),
    routes: [{ method: POST, path: '/payments', handler: stack.pay }, { method: GET, path: '/payments', handler: other }],
  });
  api.addRoute({ method: GET, path: '/late', handler: stack.pay, ...kind.endsWith('Api') ? { throttle: { rateLimit: 1 } } : {} });
  expectNoCycle(stack);
});

test.each(['httpApi', 'restApi'])('an authorizer behind %s may be a function with a canary', kind => {
  const stack = new Payments(new App());
  const access = Access.lambdaAuthorizer(stack.function('Who'));
  new HttpEntrance(stack, 'Api', { access, routes: [{ method: POST, path: '/payments', handler: stack.pay }], ...ENTRANCES[kind](stack) });
  expectNoCycle(stack);
});
