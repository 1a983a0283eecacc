import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ProductionFunction, type ProductionFunctionProps, SmokeTest } from '../../src';
import { REQUIRED } from '../support/plain-function';
import { expectNoCycle } from '../support/template-graph';

const RESOURCES_PER_STACK = 500;
const tested = { preTraffic: SmokeTest.invoke({ payload: { probe: true }, expect: { ok: true } }) };

/** The resources of a stack with so many functions. */
function resources(functions: number, props: Partial<ProductionFunctionProps> = {}): number {
  const stack = new Stack(new App(), 'Stack');
  for (let n = 0; n < functions; n++) new ProductionFunction(stack, `Fn${n}`, { ...REQUIRED, ...props });
  const template = Template.fromStack(stack).toJSON();
  expectNoCycle(template);
  return Object.keys(template.Resources).length;
}

const perFunction = (props: Partial<ProductionFunctionProps>) => resources(2, props) - resources(1, props);

test.each<[string, number, Partial<ProductionFunctionProps>]>([
  ['a function with a canary', 9, {}],
  ['with a smoke test', 10, { release: tested }],
  ['with all alarms', 13, { alarms: {} }],
])('%s has %d resources', (_, count, props) => {
  expect(perFunction(props)).toBe(count);
});

test.each<[string, number, Partial<ProductionFunctionProps>]>([
  ['functions with a canary', 55, {}],
  ['functions with a canary and smoke tests', 48, { release: tested }],
  ['functions with a canary and all alarms', 38, { alarms: {} }],
])('one stack has room for %s: %d', (_, count, props) => {
  expect(resources(count, props)).toBeLessThanOrEqual(RESOURCES_PER_STACK);
  expect(() => resources(count + 1, props)).toThrow(`greater than allowed maximum of ${RESOURCES_PER_STACK}`);
});
