import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as destinations from 'aws-cdk-lib/aws-lambda-destinations';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { settleFunction } from '../support/event-consumers';
import { newStack, REQUIRED } from '../support/plain-function';

const synth = (stack: Stack) => () => Template.fromStack(stack);
type Make = (stack: Stack) => lambda.IDestination;

const FIFO: [string, Make][] = [
  ['queue', stack => new destinations.SqsDestination(new sqs.Queue(stack, 'D', { fifo: true }))],
  ['imported queue', stack => new destinations.SqsDestination(sqs.Queue.fromQueueArn(stack, 'D', 'arn:aws:sqs:eu-west-1:111122223333:d.fifo'))],
  ['topic', stack => new destinations.SnsDestination(new sns.Topic(stack, 'D', { fifo: true }))],
  ['imported topic', stack => new destinations.SnsDestination(sns.Topic.fromTopicArn(stack, 'D', 'arn:aws:sns:eu-west-1:111122223333:d.fifo'))],
];
const STANDARD: [string, Make][] = [
  ['queue', stack => new destinations.SqsDestination(new sqs.Queue(stack, 'D'))],
  ['imported queue', stack => new destinations.SqsDestination(sqs.Queue.fromQueueArn(stack, 'D', 'arn:aws:sqs:eu-west-1:111122223333:d'))],
  ['topic', stack => new destinations.SnsDestination(new sns.Topic(stack, 'D'))],
  ['bus', stack => new destinations.EventBridgeDestination(new events.EventBus(stack, 'D'))],
  ['other function', stack => new destinations.LambdaDestination(new lambda.Function(stack, 'D', REQUIRED))],
];
const BUCKETS: [string, (stack: Stack) => s3.IBucket][] = [
  ['bucket', stack => new s3.Bucket(stack, 'D')],
  ['imported bucket', stack => s3.Bucket.fromBucketArn(stack, 'D', 'arn:aws:s3:::bucket')],
];

describe.each(['onFailure', 'onSuccess'] as const)('%s', prop => {
  test.each(FIFO)('rejects a FIFO %s', (_, make) => {
    const stack = newStack();
    expect(() => settleFunction(stack, { [prop]: make(stack) })).toThrow(new Error(
      `'${prop}' must be a standard queue or topic, got a FIFO one; Lambda cannot deliver to FIFO, use a standard one (at Stack/Settle)`));
  });

  test.each(STANDARD)('accepts a standard %s', (_, make) => {
    const stack = newStack();
    settleFunction(stack, { [prop]: make(stack) });
    expect(synth(stack)).not.toThrow();
  });

  test('is also checked in configureAsyncInvoke', () => {
    const stack = newStack();
    const fn = settleFunction(stack);
    expect(() => fn.configureAsyncInvoke({ [prop]: FIFO[0][1](stack) })).toThrow(`'${prop}' must be a standard queue or topic`);
  });

  test.each<[string, (fn: ReturnType<typeof settleFunction>) => lambda.IFunction]>([['alias', fn => fn], ['$LATEST', fn => fn.definition]])('rejects the function itself, by its %s', (_, self) => {
    const fn = settleFunction(newStack());
    expect(() => fn.configureAsyncInvoke({ [prop]: new destinations.LambdaDestination(self(fn)) }))
      .toThrow(new Error(`'${prop}' must not be the function itself, which would be invoked indefinitely; send the events to a queue (at Stack/Settle)`));
  });
});

test.each(BUCKETS)('onSuccess rejects a %s', (_, make) => {
  const stack = newStack();
  expect(() => settleFunction(stack, { onSuccess: new destinations.S3Destination(make(stack)) })).toThrow(new Error(
    "'onSuccess' must not be a bucket, which Lambda supports for failed events only; use a queue, a topic, an event bus or a function (at Stack/Settle)"));
});

test.each(BUCKETS)('onFailure accepts a %s', (_, make) => {
  const stack = newStack();
  expect(() => settleFunction(stack, { onFailure: new destinations.S3Destination(make(stack)) })).not.toThrow();
});
