import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { sharedInStack } from '../../src/private/shared';

const create = jest.fn((home: Construct) => new Construct(home, 'Thing'));
beforeEach(() => { create.mockClear(); });

test('makes a construct at the first call and returns it ever after', () => {
  const stack = new Stack(new App(), 'Stack');
  const first = sharedInStack(new Construct(stack, 'Deep'), 'Thing', create);
  expect(sharedInStack(stack, 'Thing', create)).toBe(first);
  expect(create).toHaveBeenCalledTimes(1);
  expect(first.node.path).toBe('Stack/ProductionLambda/Thing');
});

test('keeps stacks, nested ones too, apart', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  for (const scope of [stack, new Stack(app, 'Other'), new NestedStack(stack, 'Nested')]) sharedInStack(scope, 'Thing', create);
  expect(create).toHaveBeenCalledTimes(3);
});
