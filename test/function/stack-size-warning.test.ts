import { App, Stack } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import { ProductionFunction } from '../../src';
import { REQUIRED } from '../support/plain-function';
import { warningsOf } from '../support/warnings';

/** The warnings of a stack with that many resources, one function among them. */
function warningsWith(resources: number): string[] {
  const stack = new Stack(new App(), 'Shop');
  new ProductionFunction(stack, 'Pay', REQUIRED);
  const present = stack.node.findAll().filter(node => 'cfnResourceType' in node).length;
  for (let i = present; i < resources; i++) new sns.Topic(stack, `T${i}`);
  return warningsOf(stack).filter(text => text.includes('fullStack'));
}

test('warns of a stack with more than 400 resources, before CloudFormation rejects it at 500', () => {
  expect(warningsWith(400)).toEqual([]);
  expect(warningsWith(401)).toEqual([expect.stringContaining('the stack has 401 resources with 1 functions, and CloudFormation allows 500')]);
});

test('does not warn of a stack without functions', () => {
  const app = new App();
  new ProductionFunction(new Stack(app, 'Shop'), 'Pay', REQUIRED);
  const topics = new Stack(app, 'Topics');
  for (let i = 0; i < 401; i++) new sns.Topic(topics, `T${i}`);
  expect(warningsOf(topics)).toEqual([]);
});
