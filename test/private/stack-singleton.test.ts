import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { stackSingleton } from '../../src/private/stack-singleton';

const create = jest.fn((home: Construct) => new Construct(home, 'Thing'));
beforeEach(() => { create.mockClear(); });

test('creates a construct at the first call and returns it afterwards', () => {
  const stack = new Stack(new App(), 'Stack');
  const first = stackSingleton(new Construct(stack, 'Deep'), 'Thing', create);
  expect(stackSingleton(stack, 'Thing', create)).toBe(first);
  expect(create).toHaveBeenCalledTimes(1);
  expect(first.node.path).toBe('Stack/ProductionLambda/Thing');
});

test('creates one construct for each stack, also for nested stacks', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  for (const scope of [stack, new Stack(app, 'Other'), new NestedStack(stack, 'Nested')]) stackSingleton(scope, 'Thing', create);
  expect(create).toHaveBeenCalledTimes(3);
});
