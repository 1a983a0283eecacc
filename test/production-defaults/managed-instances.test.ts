import { RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { withDefaults, propsOf } from './app';
import { ProductionDefaults } from '../../src';
import { plainFunction } from '../support/plain-function';

const managed = (props: Partial<lambda.FunctionProps> = {}) => withDefaults(stack => {
  const vpc = new ec2.Vpc(stack, 'Vpc');
  const provider = new lambda.CapacityProvider(stack, 'Provider', {
    subnets: vpc.privateSubnets, securityGroups: [new ec2.SecurityGroup(stack, 'Group', { vpc })], architectures: [lambda.Architecture.X86_64],
  });
  const fn = plainFunction(stack, 'Pay', props);
  provider.addFunction(fn);
  new lambda.Alias(stack, 'Live', { aliasName: 'live', version: fn.currentVersion });
});

test('a function with a capacity provider has no default memory, and its old versions are deleted', () => {
  const stack = managed();
  expect(propsOf(stack, 'Lambda::Function', 'Pay')).not.toHaveProperty('MemorySize');
  Template.fromStack(stack).hasResource('AWS::Lambda::Version', { DeletionPolicy: 'Delete' });
  expect(ProductionDefaults.explain(stack).filter(({ prop }) => prop === 'memorySize' || prop === 'removalPolicy')).toEqual([]);
});

test('a capacity provider that an override states counts', () => {
  const stack = withDefaults(s => {
    const { node } = plainFunction(s, 'Pay');
    (node.defaultChild as lambda.CfnFunction).addPropertyOverride('CapacityProviderConfig', { LambdaManagedInstancesCapacityProviderConfig: { CapacityProviderArn: 'arn' } });
  });
  expect(propsOf(stack, 'Lambda::Function', 'Pay')).not.toHaveProperty('MemorySize');
});

test('what the author stated is not changed', () => {
  const stack = managed({ memorySize: 4_096, currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN } });
  expect(propsOf(stack, 'Lambda::Function', 'Pay').MemorySize).toBe(4_096);
  Template.fromStack(stack).hasResource('AWS::Lambda::Version', { DeletionPolicy: 'Retain' });
});
