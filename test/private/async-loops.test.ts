import { Duration, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as destinations from 'aws-cdk-lib/aws-lambda-destinations';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as notifications from 'aws-cdk-lib/aws-s3-notifications';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { FailureQueue, QueueConsumer } from '../../src';
import { settleFunction } from '../support/event-consumers';
import { newStack, REQUIRED } from '../support/plain-function';

const synth = (stack: Stack) => () => Template.fromStack(stack);
const visibilityTimeout = Duration.minutes(1);
const BUCKETS: [string, (stack: Stack) => s3.IBucket][] = [
  ['bucket', stack => new s3.Bucket(stack, 'D')],
  ['imported bucket', stack => s3.Bucket.fromBucketArn(stack, 'D', 'arn:aws:s3:::bucket')],
];

describe.each(['onFailure', 'onSuccess'] as const)('%s', prop => {
  test('rejects a queue that triggers the function, also if the event source is added later', () => {
    const stack = newStack();
    const queue = new sqs.Queue(stack, 'D', { visibilityTimeout });
    settleFunction(stack, { [prop]: new destinations.SqsDestination(queue) }).addEventSource(new sources.SqsEventSource(queue));
    expect(synth(stack)).toThrow(`[Stack/Settle] '${prop}' must not be a source of the same function, got Stack/D/Resource, and each event would be processed indefinitely; send failed events to a queue of their own`);
  });

  test('rejects a topic to which the function is subscribed', () => {
    const stack = newStack();
    const topic = new sns.Topic(stack, 'D');
    topic.addSubscription(new subscriptions.LambdaSubscription(settleFunction(stack, { [prop]: new destinations.SnsDestination(topic) })));
    expect(synth(stack)).toThrow(`'${prop}' must not be a source of the same function, got Stack/D/Resource`);
  });
});

describe('a bucket', () => {
  test.each(BUCKETS)('that notifies the function is rejected: a %s', (_, make) => {
    const stack = newStack();
    const bucket = make(stack);
    const fn = settleFunction(stack, { onFailure: new destinations.S3Destination(bucket) });
    bucket.addEventNotification(s3.EventType.OBJECT_CREATED, new notifications.LambdaDestination(fn));
    expect(synth(stack)).toThrow("'onFailure' must not be a source of the same function, got ");
  });

  test('that notifies another function is no loop', () => {
    const stack = newStack();
    const bucket = new s3.Bucket(stack, 'D');
    settleFunction(stack, { onFailure: new destinations.S3Destination(bucket) });
    bucket.addEventNotification(s3.EventType.OBJECT_CREATED, new notifications.LambdaDestination(new lambda.Function(stack, 'Other', REQUIRED)));
    expect(synth(stack)).not.toThrow();
  });
});

describe.each<[string, (stack: Stack) => events.IEventBus | undefined, string]>([
  ['a bus', stack => new events.EventBus(stack, 'D'), 'Stack/D/Resource'], ['the default bus', () => undefined, 'event-bus/default'],
])('%s', (_, make, name) => {
  const failed = 'Lambda Function Invocation Result - Failure';
  const add = (eventPattern: events.EventPattern, prop: string, target?: (stack: Stack) => lambda.IFunction) => {
    const stack = newStack();
    const eventBus = make(stack);
    const fn = settleFunction(stack, { [prop]: new destinations.EventBridgeDestination(eventBus) });
    new events.Rule(stack, 'Rule', { eventBus, eventPattern, targets: [new targets.LambdaFunction(target?.(stack) ?? fn)] });
    return expect(synth(stack));
  };

  test.each<[string, events.EventPattern]>([
    ['onFailure', { source: ['lambda'] }], ['onFailure', { source: ['x', 'lambda'], detailType: [failed] }], ['onSuccess', { account: ['111122223333'] }],
  ])('whose rule invokes the function with %s events is rejected: %j', (prop, pattern) => {
    add(pattern, prop).toThrow(`'${prop}' must not be a source of the same function, got`);
    add(pattern, prop).toThrow(name);
  });

  test.each<[string, events.EventPattern]>([
    ['onFailure', { source: ['payments'] }], ['onSuccess', { source: ['lambda'], detailType: [failed] }],
    ['onFailure', { source: ['lambda'], detail: { requestContext: { functionArn: ['another'] } } }],
  ])('whose rule does not match %s, or not with certainty, is no loop: %j', (prop, pattern) => add(pattern, prop).not.toThrow());

  test('whose rule invokes another function is no loop', () =>
    add({ source: ['lambda'] }, 'onFailure', stack => new lambda.Function(stack, 'Other', REQUIRED)).not.toThrow());
});

test('the failure queue of the stack must not trigger a function that sends failed events to it', () => {
  const stack = newStack();
  const fn = settleFunction(stack);
  new QueueConsumer(stack, 'Replay', { function: fn, queue: FailureQueue.getOrCreate(stack) });
  expect(synth(stack)).toThrow("'onFailure' must not be a source of the same function, got Stack/ProductionLambda/FailureQueue/Resource");
});

test('a dead-letter queue must not trigger its function', () => {
  const stack = newStack();
  const deadLetterQueue = new sqs.Queue(stack, 'D', { visibilityTimeout });
  settleFunction(stack, { deadLetterQueue }).addEventSource(new sources.SqsEventSource(deadLetterQueue));
  expect(synth(stack)).toThrow("'deadLetterQueue' must not be a source of the same function, got Stack/D/Resource");
});

test('a queue that triggers another function is no loop', () => {
  const stack = newStack();
  const queue = new sqs.Queue(stack, 'D', { visibilityTimeout });
  settleFunction(stack, { onFailure: new destinations.SqsDestination(queue) });
  new lambda.Function(stack, 'Other', REQUIRED).addEventSource(new sources.SqsEventSource(queue));
  expect(synth(stack)).not.toThrow();
});
