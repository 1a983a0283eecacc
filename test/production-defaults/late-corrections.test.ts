import { CfnUserPool } from 'aws-cdk-lib/aws-cognito';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { propsOf, withDefaults } from './app';
import { ProductionDefaults } from '../../src';
import { plainFunction } from '../support/plain-function';

test('a function on Managed Instances gets no memory size', () => {
  const stack = withDefaults(s => {
    const fn = plainFunction(s, 'Work');
    (fn.node.defaultChild as lambda.CfnFunction).capacityProviderConfig = { lambdaManagedInstancesCapacityProviderConfig: { capacityProviderArn: 'arn:aws:lambda:eu-west-1:111122223333:capacity-provider:x' } };
  });
  expect(propsOf(stack, 'Lambda::Function')).not.toHaveProperty('MemorySize');
  expect(ProductionDefaults.explain(stack).map(({ prop }) => prop)).not.toContain('memorySize');
});

test('the timeout of a trigger is the time that the user pool waits, also if the pool is an L1 construct', () => {
  const stack = withDefaults(s => new CfnUserPool(s, 'Users', { lambdaConfig: { preSignUp: plainFunction(s, 'Work').functionArn } }));
  expect(propsOf(stack, 'Lambda::Function').Timeout).toBe(5);
});
