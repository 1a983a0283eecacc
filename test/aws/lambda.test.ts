import { Duration, Size, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { ASYNC_INVOKE, LAMBDA } from '../../src/aws';
import { plainFunction } from '../support/plain-function';

const make = (props: Partial<lambda.FunctionProps>) => () => plainFunction(new Stack(), 'Pay', props);
const layers = (count: number) => {
  const stack = new Stack();
  const list = Array.from({ length: count }, (_, i) => lambda.LayerVersion.fromLayerVersionArn(stack, `L${i}`, `arn:aws:lambda:eu-west-1:123456789012:layer:l${i}:1`));
  return () => plainFunction(stack, 'Pay', { layers: list });
};

test.each<[string, number, number, (value: number) => Partial<lambda.FunctionProps>]>([
  ['ephemeral storage', LAMBDA.ephemeralStorageMinMiB, LAMBDA.ephemeralStorageMaxMiB, value => ({ ephemeralStorageSize: Size.mebibytes(value) })],
  ['retries of asynchronous events', ASYNC_INVOKE.retryAttemptsMin, ASYNC_INVOKE.retryAttemptsMax, value => ({ retryAttempts: value })],
  ['age of asynchronous events', ASYNC_INVOKE.eventAgeMinSeconds, ASYNC_INVOKE.eventAgeMaxSeconds, value => ({ maxEventAge: Duration.seconds(Math.max(0, value)) })],
])('CDK knows the same range of %s', (_, min, max, props) => {
  expect(make(props(min))).not.toThrow();
  expect(make(props(max))).not.toThrow();
  expect(() => make(props(min - 1))()).toThrow();
  expect(() => make(props(max + 1))()).toThrow();
});

test('CDK knows the same number of layers', () => {
  expect(layers(LAMBDA.layersMax)).not.toThrow();
  expect(layers(LAMBDA.layersMax + 1)).toThrow('Unable to add layer');
});
