import { App, Duration, Fn, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as fc from 'fast-check';
import { CanaryAlias, FailureQueue, QueueConsumer, type QueueConsumerProps } from '../../src';
import { recommendedVisibilitySeconds } from '../../src/aws';
import { settleFunction } from '../support/event-consumers';
import { newStack, plainFunction, REQUIRED } from '../support/plain-function';
import { only, placedStatements } from '../support/production-function';
import { expectNoCycle } from '../support/template-graph';
import { warningsOf } from '../support/warnings';

function consume(props: Partial<QueueConsumerProps> = {}, stack = newStack()) {
  const fn = props.function ?? settleFunction(stack);
  return { stack, fn, consumer: new QueueConsumer(stack, 'Orders', { ...props, function: fn }) };
}
const queueOf = (stack: Stack) => only(stack, 'AWS::SQS::Queue', /^(?!.*(DeadLetters|FailureQueue))/).Properties;
const mappingOf = (stack: Stack) => only(stack, 'AWS::Lambda::EventSourceMapping').Properties;

describe('by default', () => {
  test('there is a queue: encrypted, TLS only, with 4 days of retention, a visibility timeout of six timeouts, and a dead-letter queue after 5 receives', () => {
    const { stack } = consume();
    expect(queueOf(stack)).toEqual({
      MessageRetentionPeriod: 345_600,
      SqsManagedSseEnabled: true,
      VisibilityTimeout: 60,
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [expect.stringMatching(/^OrdersDeadLetters/), 'Arn'] }, maxReceiveCount: 5 },
    });
    const policies = Object.values(Template.fromStack(stack).findResources('AWS::SQS::QueuePolicy'));
    expect(policies).toHaveLength(3);
    for (const { Properties } of policies) {
      expect(Properties.PolicyDocument.Statement).toContainEqual(expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }));
    }
  });

  test('there is a dead-letter queue: encrypted, with 14 days of retention', () => {
    const { stack } = consume();
    expect(only(stack, 'AWS::SQS::Queue', /^OrdersDeadLetters/).Properties).toEqual({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
  });

  test('the live alias reads it in batches of 10 with partial batch responses', () => {
    const { stack } = consume();
    expect(mappingOf(stack)).toEqual({
      BatchSize: 10,
      EventSourceArn: { 'Fn::GetAtt': [expect.stringMatching(/^OrdersQueue/), 'Arn'] },
      FunctionName: { 'Fn::Join': ['', [{ 'Fn::Select': [6, expect.anything()] }, ':live']] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  test('one alarm fires on the first failed message, one on a message older than its attempts take', () => {
    const { stack, consumer } = consume();
    const depth = only(stack, 'AWS::CloudWatch::Alarm', /^OrdersDeadLettersAlarm/).Properties;
    expect(depth).toMatchObject({ MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold', EvaluationPeriods: 1, TreatMissingData: 'notBreaching' });
    expect(depth.AlarmDescription).toContain('aws sqs start-message-move-task');
    expect(only(stack, 'AWS::CloudWatch::Alarm', /^OrdersAgeAlarm/).Properties)
      .toMatchObject({ MetricName: 'ApproximateAgeOfOldestMessage', Threshold: 300, ComparisonOperator: 'GreaterThanThreshold', Statistic: 'Maximum' });
    expect(stack.resolve(consumer.deadLetterAlarm!.alarmName)).toEqual({ Ref: expect.stringMatching(/^OrdersDeadLettersAlarm/) });
    expect(stack.resolve(consumer.ageAlarm.alarmName)).toEqual({ Ref: expect.stringMatching(/^OrdersAgeAlarm/) });
  });

  test('there is no warning and no dependency cycle', () => {
    const { stack } = consume();
    expect(warningsOf(stack)).toEqual([]);
    expectNoCycle(stack);
  });

  test('the role can receive messages of this queue only', () => {
    const { stack } = consume();
    const statement = placedStatements(stack, /^SettleServiceRole/).all.find(s => [s.Action].flat().includes('sqs:ReceiveMessage'))!;
    expect(statement.Resource).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^OrdersQueue/), 'Arn'] });
  });

  test('the logical ids of the queues do not change', () => {
    const { stack } = consume();
    expect(Object.keys(Template.fromStack(stack).findResources('AWS::SQS::Queue')).sort())
      .toEqual(['OrdersDeadLetters6314E60F', 'OrdersQueueC538DD4C', 'ProductionLambdaFailureQueue928EBCD2']);
  });
});

describe('visibility timeout', () => {
  test('follows the timeout that the function has at synth', () => {
    const { stack, fn } = consume();
    ((fn as ReturnType<typeof settleFunction>).definition.node.defaultChild as lambda.CfnFunction).timeout = 30;
    expect(queueOf(stack).VisibilityTimeout).toBe(180);
    expect(only(stack, 'AWS::CloudWatch::Alarm', /^OrdersAgeAlarm/).Properties.Threshold).toBe(900);
  });

  test('follows overrides of the timeout and of the batching window', () => {
    const { stack, fn } = consume();
    ((fn as ReturnType<typeof settleFunction>).definition.node.defaultChild as lambda.CfnFunction).addPropertyOverride('Timeout', 30);
    const mapping = fn.node.findAll().find(c => c instanceof lambda.CfnEventSourceMapping) as lambda.CfnEventSourceMapping;
    mapping.addPropertyOverride('MaximumBatchingWindowInSeconds', 20);
    expect(queueOf(stack).VisibilityTimeout).toBe(200);
  });

  test('is computed from the slowest of several functions that read an existing queue', () => {
    const stack = newStack();
    const queue = new sqs.Queue(stack, 'Mine');
    const first = new QueueConsumer(stack, 'Fast', { function: settleFunction(stack), queue });
    const second = new QueueConsumer(stack, 'Slow', { function: settleFunction(stack, { timeout: Duration.seconds(40) }, 'Slowly'), queue });
    expect(only(stack, 'AWS::SQS::Queue', /^Mine[0-9A-F]{8}$/).Properties.VisibilityTimeout).toBe(240);
    expect(second.deadLetterQueue).toBe(first.deadLetterQueue);
    expect(second.deadLetterAlarm).toBe(first.deadLetterAlarm);
    expect(warningsOf(stack)).toEqual([]);
  });

  test('is computed from the slowest function of another stack', () => {
    const app = new App();
    const [own, other] = [new Stack(app, 'Own'), new Stack(app, 'Other')];
    const queue = new sqs.Queue(own, 'Mine');
    new QueueConsumer(own, 'Fast', { function: settleFunction(own), queue });
    new QueueConsumer(other, 'Slow', { function: settleFunction(other, { timeout: Duration.seconds(40) }), queue });
    expect(only(own, 'AWS::SQS::Queue', /^Mine[0-9A-F]{8}$/).Properties.VisibilityTimeout).toBe(240);
    expect(warningsOf(own)).toEqual([]);
  });

  test('is computed from the slowest function, also if its mapping was added without a QueueConsumer', () => {
    const { stack, consumer } = consume();
    const slow = plainFunction(stack, 'Slow', { timeout: Duration.seconds(40) });
    new lambda.CfnEventSourceMapping(stack, 'Mapping', { functionName: slow.functionName, eventSourceArn: consumer.queue.queueArn });
    expect(queueOf(stack).VisibilityTimeout).toBe(240);
  });

  test('is not computed from functions that read other queues', () => {
    const { stack } = consume();
    new QueueConsumer(stack, 'Other', { function: settleFunction(stack, { timeout: Duration.seconds(40) }, 'Slow') });
    expect(only(stack, 'AWS::SQS::Queue', /^OrdersQueue/).Properties.VisibilityTimeout).toBe(60);
    expect(only(stack, 'AWS::SQS::Queue', /^OtherQueue/).Properties.VisibilityTimeout).toBe(240);
  });

  test('adds the batching window', () => {
    const { stack } = consume({ maxBatchingWindow: Duration.seconds(20), batchSize: 100 });
    expect(queueOf(stack).VisibilityTimeout).toBe(80);
    expect(mappingOf(stack)).toMatchObject({ MaximumBatchingWindowInSeconds: 20, BatchSize: 100 });
  });

  test('counts a batching window that is a token as the longest', () => {
    const { stack } = consume({ maxBatchingWindow: Duration.seconds(Token.asNumber(Fn.importValue('window'))) });
    expect(queueOf(stack).VisibilityTimeout).toBe(360);
  });

  test.each<[string, (stack: Stack) => lambda.IFunction, number]>([
    ['a plain function', stack => new lambda.Function(stack, 'F', { ...REQUIRED, timeout: Duration.seconds(20) }), 120],
    ['a plain function without a timeout', stack => new lambda.Function(stack, 'F', REQUIRED), 18],
    ['an alias', stack => new lambda.Function(stack, 'F', { ...REQUIRED, timeout: Duration.seconds(7) }).addAlias('prod'), 42],
    ['a canary alias', stack => new CanaryAlias(stack, 'A', { function: new lambda.Function(stack, 'F', { ...REQUIRED, timeout: Duration.seconds(8) }) }), 48],
    ['a version', stack => new lambda.Function(stack, 'F', { ...REQUIRED, timeout: Duration.seconds(9) }).currentVersion, 54],
  ])('is computed for %s', (_, create, expected) => {
    const stack = newStack();
    consume({ function: create(stack) }, stack);
    expect(queueOf(stack).VisibilityTimeout).toBe(expected);
  });

  test.each<[string, (stack: Stack) => lambda.IFunction]>([
    ['is imported', stack => lambda.Function.fromFunctionArn(stack, 'F', 'arn:aws:lambda:eu-west-1:111122223333:function:f')],
    ['has a token for its timeout', stack => new lambda.Function(stack, 'F', { ...REQUIRED, timeout: Duration.seconds(Token.asNumber(Fn.importValue('timeout'))) })],
  ])('is computed from 900 s, with a warning, if the function %s', (_, create) => {
    const stack = newStack();
    consume({ function: create(stack) }, stack);
    expect(queueOf(stack).VisibilityTimeout).toBe(5_400);
    expect(warningsOf(stack)).toContainEqual(expect.stringContaining('cdk-production-lambda:QueueConsumer.unknownTimeout'));
  });

  test('is correct in the template for any timeout, batching window and receive count', () => {
    const attempts = fc.integer({ min: 5, max: 50 });
    fc.assert(fc.property(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 300 }), attempts, (timeout, window, maxReceiveCount) => {
      const stack = newStack();
      const fn = new lambda.Function(stack, 'F', { ...REQUIRED, timeout: Duration.seconds(timeout) });
      consume({ function: fn, maxBatchingWindow: Duration.seconds(window), maxReceiveCount, retentionPeriod: Duration.days(13) }, stack);
      const { VisibilityTimeout, RedrivePolicy, MessageRetentionPeriod } = queueOf(stack);
      expect(VisibilityTimeout).toBe(recommendedVisibilitySeconds(timeout, window));
      expect(VisibilityTimeout * RedrivePolicy.maxReceiveCount).toBeLessThan(MessageRetentionPeriod);
    }), { numRuns: 30 });
  });
});

describe('props', () => {
  test('fifo creates two FIFO queues', () => {
    const { stack } = consume({ fifo: true });
    expect(queueOf(stack).FifoQueue).toBe(true);
    expect(only(stack, 'AWS::SQS::Queue', /^OrdersDeadLetters/).Properties.FifoQueue).toBe(true);
  });

  test('encryptionKey encrypts both queues, and the role can decrypt', () => {
    const stack = newStack();
    consume({ encryptionKey: new kms.Key(stack, 'Key') }, stack);
    const keys = Object.values(Template.fromStack(stack).findResources('AWS::SQS::Queue')).filter(q => q.Properties.KmsMasterKeyId);
    expect(keys).toHaveLength(2);
    expect(JSON.stringify(placedStatements(stack, /^SettleServiceRole/).all)).toContain('kms:Decrypt');
  });

  test('retentionPeriod, maxReceiveCount, alarms, maxConcurrency and filters reach the resources', () => {
    const { stack } = consume({
      retentionPeriod: Duration.days(7),
      maxReceiveCount: 8,
      alarms: { ageThreshold: Duration.minutes(2) },
      maxConcurrency: 2,
      filters: [lambda.FilterCriteria.filter({ body: { kind: lambda.FilterRule.isEqual('order') } })],
    });
    expect(queueOf(stack)).toMatchObject({ MessageRetentionPeriod: 604_800, RedrivePolicy: { maxReceiveCount: 8 } });
    expect(mappingOf(stack)).toMatchObject({ ScalingConfig: { MaximumConcurrency: 2 }, FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["order"]}}' }] } });
    expect(only(stack, 'AWS::CloudWatch::Alarm', /^OrdersAgeAlarm/).Properties.Threshold).toBe(120);
  });

  test('provisionedPollers reach the mapping', () => {
    const { stack } = consume({ provisionedPollers: { minimumPollers: 2, maximumPollers: 10 } });
    expect(mappingOf(stack).ProvisionedPollerConfig).toEqual({ MinimumPollers: 2, MaximumPollers: 10 });
  });
});

describe('an existing queue', () => {
  test('gets a visibility timeout and a dead-letter queue of its type and key if it has none', () => {
    const stack = newStack();
    const queue = new sqs.Queue(stack, 'Mine', { fifo: true, encryptionMasterKey: new kms.Key(stack, 'Key') });
    const { consumer } = consume({ queue, maxReceiveCount: 6 }, stack);
    expect(queueOf(stack)).toMatchObject({ VisibilityTimeout: 60, RedrivePolicy: { maxReceiveCount: 6 } });
    const deadLetters = only(stack, 'AWS::SQS::Queue', /^MineDeadLetters/).Properties;
    expect(deadLetters).toMatchObject({ FifoQueue: true, KmsMasterKeyId: queueOf(stack).KmsMasterKeyId });
    expect(consumer.queue).toBe(queue);
    expect(warningsOf(stack)).toEqual([]);
  });

  test('is not changed if it has both, and its dead-letter queue gets an alarm', () => {
    const stack = newStack();
    const deadLetters = new sqs.Queue(stack, 'DeadLetters', { retentionPeriod: Duration.days(14) });
    const queue = new sqs.Queue(stack, 'Mine', { visibilityTimeout: Duration.minutes(5), deadLetterQueue: { queue: deadLetters, maxReceiveCount: 7 } });
    const { consumer } = consume({ queue }, stack);
    expect(only(stack, 'AWS::SQS::Queue', /^Mine/).Properties).toMatchObject({ VisibilityTimeout: 300, RedrivePolicy: { maxReceiveCount: 7 } });
    expect(consumer.deadLetterQueue).toBe(deadLetters);
    expect(only(stack, 'AWS::CloudWatch::Alarm', /^OrdersDeadLetterAlarm/).Properties.Dimensions[0].Value).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^DeadLetters/), 'QueueName'] });
    expect(only(stack, 'AWS::CloudWatch::Alarm', /^OrdersAgeAlarm/).Properties.Threshold).toBe(2_100);
    expect(warningsOf(stack)).toEqual([]);
  });

  test('with a failure queue as its dead-letter queue uses the alarm of the failure queue', () => {
    const stack = newStack();
    const failures = FailureQueue.getOrCreate(stack);
    const { consumer } = consume({ queue: new sqs.Queue(stack, 'Mine', { deadLetterQueue: { queue: failures, maxReceiveCount: 5 } }) }, stack);
    expect(consumer.deadLetterAlarm).toBe(failures.failedEventsAlarm);
  });

  test('that is imported adds a warning', () => {
    const stack = newStack();
    const { consumer } = consume({ queue: sqs.Queue.fromQueueArn(stack, 'Mine', 'arn:aws:sqs:eu-west-1:111122223333:orders') }, stack);
    expect(consumer.deadLetterQueue).toBeUndefined();
    expect(consumer.deadLetterAlarm).toBeUndefined();
    expect(warningsOf(stack)).toEqual([expect.stringContaining('an imported queue cannot be read or changed: it must have a visibility timeout of at least 1 minute '
      + "and a dead-letter queue of the same type with a 'maxReceiveCount' of at least 5 [ack: Annotation::cdk-production-lambda:QueueConsumer.importedQueue]")]);
    expect(only(stack, 'AWS::CloudWatch::Alarm', /^OrdersAgeAlarm/).Properties.Threshold).toBe(300);
  });
});

test('works across stacks without a dependency cycle', () => {
  const app = new App();
  const [a, b] = [new Stack(app, 'A'), new Stack(app, 'B')];
  const { consumer } = consume({ function: settleFunction(a), queue: new sqs.Queue(b, 'Mine') }, a);
  expect(consumer.queue.node.path).toBe('B/Mine');
  expectNoCycle(a);
  expectNoCycle(b);
});
