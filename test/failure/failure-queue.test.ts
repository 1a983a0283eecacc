import { App, NestedStack, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as destinations from 'aws-cdk-lib/aws-lambda-destinations';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { FailureQueue } from '../../src';
import { newStack, plainFunction } from '../support/plain-function';
import { only as onlyOf } from '../support/production-function';
import { expectNoCycle } from '../support/template-graph';

let stack: Stack;
beforeEach(() => { stack = newStack(); });

const only = (type: string) => onlyOf(stack, type);

describe('defaults', () => {
  beforeEach(() => void new FailureQueue(stack, 'Failures'));

  test('messages are retained for 14 days, encrypted, in a standard queue', () => {
    expect(only('AWS::SQS::Queue').Properties).toEqual({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
  });

  test('requests without TLS are denied', () => {
    const [queue] = Object.keys(Template.fromStack(stack).findResources('AWS::SQS::Queue'));
    expect(only('AWS::SQS::QueuePolicy').Properties.PolicyDocument.Statement).toEqual([{
      Action: 'sqs:*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Resource: { 'Fn::GetAtt': [queue, 'Arn'] },
    }]);
  });

  test('an alarm fires while at least one message is visible', () => {
    const [queue] = Object.keys(Template.fromStack(stack).findResources('AWS::SQS::Queue'));
    expect(only('AWS::CloudWatch::Alarm').Properties).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });

  test('the alarm description says how to respond', () => {
    expect(only('AWS::CloudWatch::Alarm').Properties.AlarmDescription).toBe(
      'Events that functions of this stack failed to process are in Stack/Failures. '
      + 'Inspect a message (it contains the request and the error), fix the cause, then send the requests again.');
  });

  test('there is no fixed physical name', () => {
    expect(only('AWS::SQS::Queue').Properties.QueueName).toBeUndefined();
    expect(only('AWS::CloudWatch::Alarm').Properties.AlarmName).toBeUndefined();
  });
});

describe('encryptionKey', () => {
  test('encrypts the messages with the key', () => {
    const key = new kms.Key(stack, 'Key');
    new FailureQueue(stack, 'Failures', { encryptionKey: key });
    expect(only('AWS::SQS::Queue').Properties).toEqual({
      MessageRetentionPeriod: 1_209_600,
      KmsMasterKeyId: stack.resolve(key.keyArn),
    });
  });

  test('is granted to the functions that send to the queue', () => {
    const queue = new FailureQueue(stack, 'Failures', { encryptionKey: new kms.Key(stack, 'Key') });
    plainFunction(stack, 'Pay', { onFailure: new destinations.SqsDestination(queue) });
    const actions = only('AWS::IAM::Policy').Properties.PolicyDocument.Statement.flatMap((s: any) => s.Action);
    expect(actions).toEqual(expect.arrayContaining(['sqs:SendMessage', 'kms:Decrypt', 'kms:GenerateDataKey*']));
    expectNoCycle(stack);
  });
});

describe('removalPolicy', () => {
  test.each([[undefined, 'Delete'], [RemovalPolicy.RETAIN, 'Retain']])('%s', (removalPolicy, DeletionPolicy) => {
    new FailureQueue(stack, 'Failures', { removalPolicy });
    expect(only('AWS::SQS::Queue')).toMatchObject({ DeletionPolicy, UpdateReplacePolicy: DeletionPolicy });
  });
});

test('it is an sqs.Queue, so every construct that accepts a queue accepts it', () => {
  const queue = new FailureQueue(stack, 'Failures');
  expect(queue).toBeInstanceOf(sqs.Queue);
  new sqs.Queue(stack, 'Work', { deadLetterQueue: { queue, maxReceiveCount: 5 } });
  Template.fromStack(stack).hasResourceProperties('AWS::SQS::Queue', { RedrivePolicy: { maxReceiveCount: 5 } });
});

describe('getOrCreate', () => {
  test('creates one queue per stack, whichever construct calls it', () => {
    const fn = plainFunction(stack, 'Pay');
    expect(FailureQueue.getOrCreate(fn)).toBe(FailureQueue.getOrCreate(stack));
    expect(FailureQueue.getOrCreate(stack).node.path).toBe('Stack/ProductionLambda/FailureQueue');
    Template.fromStack(stack).resourceCountIs('AWS::SQS::Queue', 1);
  });

  test('does not change the logical id of the queue, which stores data', () => {
    FailureQueue.getOrCreate(stack);
    expect(Object.keys(Template.fromStack(stack).findResources('AWS::SQS::Queue'))).toEqual(['ProductionLambdaFailureQueue928EBCD2']);
  });

  test('creates one in each nested stack and each stage', () => {
    const app = new App();
    const parent = new Stack(new Stage(app, 'One'), 'Stack');
    const stacks = [parent, new NestedStack(parent, 'Nested'), new Stack(new Stage(app, 'Two'), 'Stack')];
    expect(new Set(stacks.map(s => FailureQueue.getOrCreate(s)))).toHaveProperty('size', 3);
    for (const s of stacks) expect(Stack.of(FailureQueue.getOrCreate(s))).toBe(s);
  });

  test('does not return another FailureQueue of the stack', () => {
    new FailureQueue(stack, 'Own');
    FailureQueue.getOrCreate(stack);
    Template.fromStack(stack).resourceCountIs('AWS::SQS::Queue', 2);
  });
});
