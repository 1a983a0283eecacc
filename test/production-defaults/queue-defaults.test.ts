import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { withDefaults, propsOf } from './app';
import { ProductionDefaults } from '../../src';
import { DEFAULTS } from '../../src/defaults';
import { plainFunction } from '../support/plain-function';

const { QueueConsumer: QUEUE, FailureQueue: DEAD, StreamConsumer: STREAM } = DEFAULTS;

describe('a queue and the function that reads it', () => {
  const consume = (
    queueProps: sqs.QueueProps, fnProps: Partial<lambda.FunctionProps> = {}, source: sources.SqsEventSourceProps = {},
  ) => withDefaults(s => {
    plainFunction(s, 'Work', fnProps).addEventSource(new sources.SqsEventSource(new sqs.Queue(s, 'Queue', queueProps), source));
  });

  test('the visibility timeout is six function timeouts and the window, and the queue gets a dead-letter queue', () => {
    const stack = consume({}, { timeout: Duration.seconds(30) }, { maxBatchingWindow: Duration.seconds(5) });
    expect(propsOf(stack, 'SQS::Queue', 'Queue')).toMatchObject({
      VisibilityTimeout: 185, RedrivePolicy: { maxReceiveCount: QUEUE.maxReceiveCount.value, deadLetterTargetArn: { 'Fn::GetAtt': [expect.stringMatching(/^ProductionLambdaDeadLettersQueue/), 'Arn'] } },
    });
    expect(propsOf(stack, 'SQS::Queue', 'ProductionLambda').MessageRetentionPeriod).toBe(DEAD.retentionDays.value * 86_400);
  });

  test('with two functions, the longer timeout counts', () => {
    const stack = withDefaults(s => {
      const queue = new sqs.Queue(s, 'Queue');
      for (const timeout of [60, 20]) plainFunction(s, `Work${timeout}`, { timeout: Duration.seconds(timeout) }).addEventSource(new sources.SqsEventSource(queue));
    });
    expect(propsOf(stack, 'SQS::Queue', 'Queue').VisibilityTimeout).toBe(360);
  });

  test.each([[30, 5], [60, 10], [600, 10], [18, 3], [5, 3]])('a visibility timeout of %s s that was set lowers the function timeout to %s s', (visibility, timeout) => {
    const stack = consume({ visibilityTimeout: Duration.seconds(visibility) });
    expect(propsOf(stack, 'Lambda::Function').Timeout).toBe(timeout);
    expect(propsOf(stack, 'SQS::Queue', 'Queue').VisibilityTimeout).toBe(visibility);
  });

  test('values that are set on both are not changed', () => {
    const stack = consume({ visibilityTimeout: Duration.seconds(30), deadLetterQueue: { maxReceiveCount: 3, queue: sqs.Queue.fromQueueArn(new Stack(), 'Dead', 'arn:aws:sqs:eu-west-1:111122223333:dead') } }, { timeout: Duration.seconds(20) });
    expect(propsOf(stack, 'Lambda::Function').Timeout).toBe(20);
    expect(propsOf(stack, 'SQS::Queue', 'Queue')).toMatchObject({ VisibilityTimeout: 30, RedrivePolicy: { maxReceiveCount: 3 } });
    Template.fromStack(stack).resourceCountIs('AWS::SQS::Queue', 1);
  });

  test('a token is not changed', () => {
    const stack = withDefaults(s => {
      const visibility = new CfnParameter(s, 'Visibility', { type: 'Number', default: 30 }).valueAsNumber;
      plainFunction(s, 'Work').addEventSource(new sources.SqsEventSource(new sqs.Queue(s, 'Queue', { visibilityTimeout: Duration.seconds(visibility) })));
    });
    expect(propsOf(stack, 'SQS::Queue', 'Queue').VisibilityTimeout).toEqual({ Ref: 'Visibility' });
    expect(propsOf(stack, 'Lambda::Function').Timeout).toBe(10);
  });

  test('the dead-letter queue has the same type and key', () => {
    const stack = withDefaults(s => {
      const queue = new sqs.Queue(s, 'Queue', { fifo: true, encryptionMasterKey: new kms.Key(s, 'Key') });
      plainFunction(s, 'Work').addEventSource(new sources.SqsEventSource(queue));
    });
    expect(propsOf(stack, 'SQS::Queue', 'ProductionLambda')).toMatchObject({ FifoQueue: true, KmsMasterKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] } });
  });

  test('a queue with a policy in another construct has only that policy', () => {
    const stack = withDefaults(s => {
      const queue = new sqs.Queue(s, 'Queue');
      new sqs.CfnQueuePolicy(s, 'Theirs', { queues: [queue.queueUrl], policyDocument: { Statement: [] } });
    });
    expect(Object.keys(Template.fromStack(stack).findResources('AWS::SQS::QueuePolicy'))).toEqual(['Theirs']);
    expect(ProductionDefaults.explain(stack)).toEqual([]);
  });

  test('a queue without a function gets only the TLS statement', () => {
    const stack = withDefaults(s => new sqs.Queue(s, 'Queue'));
    expect(propsOf(stack, 'SQS::Queue')).toBeUndefined();
    expect(JSON.stringify(propsOf(stack, 'SQS::QueuePolicy'))).toContain('aws:SecureTransport');
  });

  test('batches of a stream are bisected; its order and retries do not change', () => {
    const stack = withDefaults(s => plainFunction(s, 'Work').addEventSource(new sources.KinesisEventSource(new kinesis.Stream(s, 'Stream'), { startingPosition: lambda.StartingPosition.LATEST })));
    const mapping = propsOf(stack, 'Lambda::EventSourceMapping');
    expect(mapping.BisectBatchOnFunctionError).toBe(STREAM.bisectBatchOnError.value);
    expect(mapping).not.toHaveProperty('MaximumRetryAttempts');
  });
});
