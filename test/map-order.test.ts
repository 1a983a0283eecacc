import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Access, Entrance, HttpEntrance, IdempotencyStore, ProductionFunction, ExpectedValue, SmokeTest } from '../src';
import { newStack, REQUIRED } from './support/plain-function';

/** The same object with the keys of all its objects in reverse order. */
function reversed<T>(value: T): T {
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, part]) => [key, reversed(part)])) as T;
}

function template(order: <T>(map: T) => T): string {
  const stack: Stack = newStack();
  const [first, second] = ['First', 'Second'].map(id => new secretsmanager.Secret(stack, id));
  const fn = new ProductionFunction(stack, 'Fn', {
    ...REQUIRED,
    environment: order({ COUNTRY: 'DE', CURRENCY: 'EUR' }),
    secrets: order({ FIRST: first, SECOND: second }),
    idempotency: new IdempotencyStore(stack, 'Store'),
    release: {
      preTraffic: SmokeTest.invoke({
        payload: order({ path: '/health', requestContext: { http: { method: 'GET', path: '/health' }, stage: 'live' } }),
        expect: order({ body: { status: 'ok', version: ExpectedValue.STRING }, statusCode: 200 }),
      }),
    },
  });
  new HttpEntrance(stack, 'Api', {
    entrance: Entrance.restApi(),
    access: Access.iam(),
    routes: [{
      method: apigwv2.HttpMethod.POST,
      path: '/payments',
      function: fn,
      validation: { body: order({ type: apigateway.JsonSchemaType.OBJECT, required: ['b', 'a'], properties: { a: { type: apigateway.JsonSchemaType.STRING }, b: {} } }) },
    }],
  });
  return JSON.stringify(Template.fromStack(stack).toJSON(), undefined, 1);
}

test('the template does not depend on the order of keys, because maps of Java and Go have none', () => {
  expect(template(reversed)).toBe(template(map => map));
});
