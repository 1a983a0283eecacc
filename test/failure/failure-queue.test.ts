import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as destinations from 'aws-cdk-lib/aws-lambda-destinations';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { FailureQueue } from '../../src';
import { newStack, plainFunction } from '../support/plain-function';
import { expectNoCycle } from '../support/template-graph';

let stack: Stack;
beforeEach(() => { stack = newStack(); });

const only = (type: string): any => {
  const found = Object.values(Template.fromStack(stack).findResources(type));
  expect(found).toHaveLength(1);
  return found[0];
};

describe('defaults', () => {
  beforeEach(() => void new FailureQueue(stack, 'Failures'));

  test('messages are kept for the 14 days that SQS allows, encrypted, in a standard queue', () => {
    expect(only('AWS::SQS::Queue').Properties).toEqual({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
  });

  test('everything but TLS is refused', () => {
    const [queue] = Object.keys(Template.fromStack(stack).findResources('AWS::SQS::Queue'));
    expect(only('AWS::SQS::QueuePolicy').Properties.PolicyDocument.Statement).toEqual([{
      Action: 'sqs:*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Resource: { 'Fn::GetAtt': [queue, 'Arn'] },
    }]);
  });

  test('an alarm fires as soon as one message is visible, and is silent when there is none', () => {
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

  test('the alarm says what to do', () => {
    expect(only('AWS::CloudWatch::Alarm').Properties.AlarmDescription).toBe(
      'Events that functions of this stack could not handle wait in Stack/Failures. '
      + 'Read one message (it carries the request and the error), mend the cause, then send the requests again.');
  });

  test('nothing has a fixed physical name', () => {
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

  test('is granted to the functions that send here', () => {
    const queue = new FailureQueue(stack, 'Failures', { encryptionKey: new kms.Key(stack, 'Key') });
    plainFunction(stack, 'Pay', { onFailure: new destinations.SqsDestination(queue) });
    const actions = only('AWS::IAM::Policy').Properties.PolicyDocument.Statement.flatMap((s: any) => s.Action);
    expect(actions).toEqual(expect.arrayContaining(['sqs:SendMessage', 'kms:Decrypt', 'kms:GenerateDataKey*']));
    expectNoCycle(stack);
  });
});

test('it is an sqs.Queue, for whatever takes one', () => {
  const queue = new FailureQueue(stack, 'Failures');
  expect(queue).toBeInstanceOf(sqs.Queue);
  new sqs.Queue(stack, 'Work', { deadLetterQueue: { queue, maxReceiveCount: 5 } });
  Template.fromStack(stack).hasResourceProperties('AWS::SQS::Queue', { RedrivePolicy: { maxReceiveCount: 5 } });
});

describe('FailureQueue.of', () => {
  test('makes one queue per stack, whichever construct asks', () => {
    const fn = plainFunction(stack, 'Pay');
    expect(FailureQueue.of(fn)).toBe(FailureQueue.of(stack));
    expect(FailureQueue.of(stack).node.path).toBe('Stack/ProductionLambda/FailureQueue');
    Template.fromStack(stack).resourceCountIs('AWS::SQS::Queue', 1);
  });

  test('keeps the logical id of the queue, which holds data', () => {
    FailureQueue.of(stack);
    expect(Object.keys(Template.fromStack(stack).findResources('AWS::SQS::Queue'))).toEqual(['ProductionLambdaFailureQueue928EBCD2']);
  });

  test('makes one in each nested stack and each stage', () => {
    const app = new App();
    const parent = new Stack(new Stage(app, 'One'), 'Stack');
    const stacks = [parent, new NestedStack(parent, 'Nested'), new Stack(new Stage(app, 'Two'), 'Stack')];
    expect(new Set(stacks.map(s => FailureQueue.of(s)))).toHaveProperty('size', 3);
    for (const s of stacks) expect(Stack.of(FailureQueue.of(s))).toBe(s);
  });

  test('stands beside a queue of your own', () => {
    new FailureQueue(stack, 'Own');
    FailureQueue.of(stack);
    Template.fromStack(stack).resourceCountIs('AWS::SQS::Queue', 2);
  });
});
