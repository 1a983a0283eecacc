import { Aspects, type Stack } from 'aws-cdk-lib';
import { CfnUserPool } from 'aws-cdk-lib/aws-cognito';
import * as lambda from 'aws-cdk-lib/aws-lambda';
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

test.each<[string, (fn: lambda.Function, stack: Stack) => void]>([
  ['is added later', fn => fn.addEnvironment('LOG_LEVEL', 'DEBUG')],
  ['an override adds', fn => (fn.node.defaultChild as lambda.CfnFunction).addPropertyOverride('Environment.Variables.LOG_LEVEL', 'DEBUG')],
  ['an Aspect adds', (_, stack) => Aspects.of(stack).add({ visit: node => node instanceof lambda.Function && node.addEnvironment('LOG_LEVEL', 'DEBUG') })],
])('a log level that %s is the level of Lambda, which drops the lines below it', (_, add) => {
  const stack = withDefaults(s => add(plainFunction(s, 'Work'), s));
  expect(propsOf(stack, 'Lambda::Function').LoggingConfig).toMatchObject({ LogFormat: 'JSON', ApplicationLogLevel: 'DEBUG' });
  expect(ProductionDefaults.explain(stack)).toContainEqual(expect.objectContaining({ path: 'Stack/Work', prop: 'applicationLogLevelV2', value: 'DEBUG' }));
});

test('a function without a log level has the one of Lambda', () => {
  expect(propsOf(withDefaults(s => plainFunction(s, 'Work')), 'Lambda::Function').LoggingConfig).not.toHaveProperty('ApplicationLogLevel');
});

test('a function whose layer of ADOT sends the traces has no active tracing, which CDK would set', () => {
  const stack = withDefaults(s => plainFunction(s, 'Work', {
    adotInstrumentation: {
      layerVersion: lambda.AdotLayerVersion.fromJavaScriptSdkLayerVersion(lambda.AdotLambdaLayerJavaScriptSdkVersion.LATEST),
      execWrapper: lambda.AdotLambdaExecWrapper.REGULAR_HANDLER,
    },
  }));
  expect(propsOf(stack, 'Lambda::Function').TracingConfig).toEqual({ Mode: 'PassThrough' });
  expect(ProductionDefaults.explain(stack)).toContainEqual(expect.objectContaining({ prop: 'tracing', value: 'PassThrough', rule: 'LP-F59' }));
});

test('the timeout of a trigger is the time that the user pool waits, also if the pool is an L1 construct', () => {
  const stack = withDefaults(s => new CfnUserPool(s, 'Users', { lambdaConfig: { preSignUp: plainFunction(s, 'Work').functionArn } }));
  expect(propsOf(stack, 'Lambda::Function').Timeout).toBe(5);
});
