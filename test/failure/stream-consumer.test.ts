import { App, Duration, Fn, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { StreamConsumer, type StreamConsumerProps, StreamSource } from '../../src';
import { consumeStream as consume, settleFunction, tableWithStream } from '../support/event-consumers';
import { newStack, REQUIRED } from '../support/plain-function';
import { only } from '../support/production-function';
import { expectNoCycle } from '../support/template-graph';
import { warningsOf } from '../support/warnings';

const mappingOf = (stack: Stack) => only(stack, 'AWS::Lambda::EventSourceMapping').Properties;
const alarmOf = (stack: Stack, id: string) => only(stack, 'AWS::CloudWatch::Alarm', new RegExp(`^${id}`)).Properties;

describe('by default', () => {
  test('the live alias begins at the oldest record, and retries are limited', () => {
    const { stack } = consume();
    expect(mappingOf(stack)).toEqual({
      BatchSize: 100,
      BisectBatchOnFunctionError: true,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['ProductionLambdaFailureBucket93FE6049', 'Arn'] } } },
      EventSourceArn: { 'Fn::GetAtt': [expect.stringMatching(/^Table/), 'StreamArn'] },
      FunctionName: { 'Fn::Join': ['', [{ 'Fn::Select': [6, expect.anything()] }, ':live']] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRecordAgeInSeconds: 3_600,
      MaximumRetryAttempts: 3,
      MetricsConfig: { Metrics: ['EventCount'] },
      StartingPosition: 'TRIM_HORIZON',
    });
  });

  test('one alarm fires on discarded records, one at half of the age at which records are discarded', () => {
    const { stack, consumer } = consume();
    expect(alarmOf(stack, 'ChangesDiscardAlarm')).toMatchObject({
      MetricName: 'OnFailureDestinationDeliveredEventCount',
      Namespace: 'AWS/Lambda',
      Threshold: 1,
      Statistic: 'Sum',
      TreatMissingData: 'notBreaching',
      Dimensions: [{ Name: 'EventSourceMappingUUID', Value: { Ref: Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::EventSourceMapping'))[0] } }],
    });
    expect(alarmOf(stack, 'ChangesIteratorAgeAlarm')).toMatchObject({ MetricName: 'IteratorAge', Threshold: 1_800_000, Statistic: 'Maximum', TreatMissingData: 'notBreaching' });
    expect(stack.resolve(consumer.discardAlarm.alarmName)).toEqual({ Ref: expect.stringMatching(/^ChangesDiscardAlarm/) });
    expect(stack.resolve(consumer.iteratorAgeAlarm!.alarmName)).toEqual({ Ref: expect.stringMatching(/^ChangesIteratorAgeAlarm/) });
  });

  test('there is no warning and no dependency cycle', () => {
    const { stack } = consume();
    expect(warningsOf(stack)).toEqual([]);
    expectNoCycle(stack);
  });

  test('two consumers share the failure bucket', () => {
    const { stack, fn } = consume();
    new StreamConsumer(stack, 'Orders', { function: fn, source: StreamSource.kinesis(new kinesis.Stream(stack, 'Stream')) });
    expect(Object.keys(Template.fromStack(stack).findResources('AWS::S3::Bucket'))).toEqual(['ProductionLambdaFailureBucket93FE6049']);
  });
});

describe('props', () => {
  test('reach the mapping', () => {
    const { stack } = consume({
      batchSize: 10,
      maxBatchingWindow: Duration.seconds(5),
      parallelizationFactor: 2,
      retryAttempts: 0,
      maxRecordAge: Duration.minutes(10),
      filters: [lambda.FilterCriteria.filter({ eventName: lambda.FilterRule.isEqual('INSERT') })],
    });
    expect(mappingOf(stack)).toMatchObject({
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 5,
      ParallelizationFactor: 2,
      MaximumRetryAttempts: 0,
      MaximumRecordAgeInSeconds: 600,
      FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
    });
    expect(alarmOf(stack, 'ChangesIteratorAgeAlarm').Threshold).toBe(300_000);
  });

  test('maxRecordAge that is a token reaches the mapping, and counts as the shortest age in the alarm', () => {
    const { stack } = consume({ maxRecordAge: Duration.seconds(Token.asNumber(Fn.importValue('age'))), alarms: { iteratorAgeThreshold: undefined } });
    expect(mappingOf(stack).MaximumRecordAgeInSeconds).toEqual({ 'Fn::ImportValue': 'age' });
    expect(alarmOf(stack, 'ChangesIteratorAgeAlarm').Threshold).toBe(30_000);
  });

  test('maxRecordAge that is a token allows an iteratorAgeThreshold of half of the retention period', () => {
    const maxRecordAge = Duration.seconds(Token.asNumber(Fn.importValue('age')));
    expect(() => consume({ maxRecordAge, alarms: { iteratorAgeThreshold: Duration.hours(12) } })).not.toThrow();
    expect(() => consume({ maxRecordAge, alarms: { iteratorAgeThreshold: Duration.hours(13) } })).toThrow("'alarms.iteratorAgeThreshold' must be between 1 minute and 12 hours, got 13 hours; half of the age at which records are discarded leaves time to act (at Stack/Changes)");
  });

  test('the alarm follows later changes of the record age and the retention period', () => {
    const stack = newStack();
    const stream = new kinesis.Stream(stack, 'Stream', { retentionPeriod: Duration.days(7) });
    consume({ source: StreamSource.kinesis(stream), maxRecordAge: Duration.days(7) }, stack);
    (stream.node.defaultChild as kinesis.CfnStream).retentionPeriodHours = 48;
    expect(alarmOf(stack, 'ChangesIteratorAgeAlarm').Threshold).toBe(86_400_000);
    const { stack: other, fn } = consume();
    const mapping = fn.node.findAll().find(c => c instanceof lambda.CfnEventSourceMapping) as lambda.CfnEventSourceMapping;
    mapping.addPropertyOverride('MaximumRecordAgeInSeconds', 600);
    expect(alarmOf(other, 'ChangesIteratorAgeAlarm').Threshold).toBe(300_000);
  });

  test('onFailure accepts another destination', () => {
    const stack = newStack();
    consume({ onFailure: new sources.SqsDlq(new sqs.Queue(stack, 'Q')) }, stack);
    expect(mappingOf(stack).DestinationConfig.OnFailure.Destination).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Q/), 'Arn'] });
    Template.fromStack(stack).resourceCountIs('AWS::S3::Bucket', 0);
  });

  test('iteratorAgeThreshold lowers the alarm', () => {
    const { stack } = consume({ alarms: { iteratorAgeThreshold: Duration.minutes(5) } });
    expect(alarmOf(stack, 'ChangesIteratorAgeAlarm').Threshold).toBe(300_000);
  });

  test.each<[string, kinesis.StreamProps, number]>([
    ['24 hours by default', {}, 43_200_000], ['a week', { retentionPeriod: Duration.days(7) }, 302_400_000],
  ])('with a maxRecordAge of 7 days and a retention period of %s the alarm fires at half of the retention period', (_, props, threshold) => {
    const stack = newStack();
    consume({ source: StreamSource.kinesis(new kinesis.Stream(stack, 'Stream', props)), maxRecordAge: Duration.days(7) }, stack);
    expect(alarmOf(stack, 'ChangesIteratorAgeAlarm').Threshold).toBe(threshold);
  });
});

describe('warns about', () => {
  test('LATEST', () => {
    const { stack } = consume({ startingPosition: lambda.StartingPosition.LATEST });
    expect(mappingOf(stack).StartingPosition).toBe('LATEST');
    expect(warningsOf(stack)).toEqual([expect.stringContaining('cdk-production-lambda:StreamConsumer.latest')]);
  });

  test.each([[5, 0], [6, 1]])('manyFilters at %i patterns', (count, warnings) => {
    const { stack } = consume({ filters: Array.from({ length: count }, (_, i) => lambda.FilterCriteria.filter({ eventName: lambda.FilterRule.isEqual(`${i}`) })) });
    expect(warningsOf(stack).filter(w => w.includes('StreamConsumer.manyFilters'))).toHaveLength(warnings);
  });
});

describe('fails when', () => {
  test.each<[Partial<StreamConsumerProps>, string]>([
    [{ batchSize: 0 }, "'batchSize' must be between 1 and 10000, got 0; it is a number of records"],
    [{ batchSize: 10_001 }, "'batchSize' must be between 1 and 10000, got 10001; it is a number of records"],
    [{ maxBatchingWindow: Duration.seconds(301) }, "'maxBatchingWindow' must be between 0 seconds and 5 minutes, got 5 minutes 1 second; lower it"],
    [{ parallelizationFactor: 0 }, "'parallelizationFactor' must be between 1 and 10, got 0; raise it"],
    [{ parallelizationFactor: 11 }, "'parallelizationFactor' must be between 1 and 10, got 11; add shards to get more"],
    [{ retryAttempts: -1 }, "'retryAttempts' must be between 0 and 10000, got -1; with unlimited retries one bad record blocks its shard until it expires"],
    [{ retryAttempts: 10_001 }, "'retryAttempts' must be between 0 and 10000, got 10001; with unlimited retries one bad record blocks its shard until it expires"],
    [{ maxRecordAge: Duration.seconds(59) }, "'maxRecordAge' must be between 1 minute and 7 days, got 59 seconds; raise it"],
    [{ maxRecordAge: Duration.seconds(604_801) }, "'maxRecordAge' must be between 1 minute and 7 days, got 7 days 1 second; lower it"],
    [{ filters: [] }, "'filters' must have at least 1 pattern, got an empty list; leave it out to process all events"],
    [{ filters: Array.from({ length: 11 }, () => ({})) }, "'filters' must be between 1 and 10, got 11; patterns are alternatives: combine some of them"],
    [{ startingPosition: lambda.StartingPosition.AT_TIMESTAMP }, "'startingPosition' must be TRIM_HORIZON or LATEST, got AT_TIMESTAMP; to begin at a time, use an event source of aws-lambda-event-sources"],
    [{ alarms: { iteratorAgeThreshold: Duration.seconds(59) } }, "'alarms.iteratorAgeThreshold' must be between 1 minute and 30 minutes, got 59 seconds; half of the age at which records are discarded leaves time to act"],
    [{ alarms: { iteratorAgeThreshold: Duration.seconds(1_801) } }, "'alarms.iteratorAgeThreshold' must be between 1 minute and 30 minutes, got 30 minutes 1 second; half of the age at which records are discarded leaves time to act"],
  ])('%#: %j', (props, message) => {
    const stack = newStack();
    expect(() => consume(props, stack)).toThrow(new Error(`${message} (at Stack/Changes)`));
    expect(stack.node.findChild('Changes').node.children).toEqual([]);
  });

  test.each<Partial<StreamConsumerProps>>([
    { batchSize: 1 }, { batchSize: 10_000 }, { maxBatchingWindow: Duration.seconds(300) }, { parallelizationFactor: 1 }, { retryAttempts: 10_000 },
    { maxRecordAge: Duration.seconds(60) }, { maxRecordAge: Duration.days(7) }, { alarms: { iteratorAgeThreshold: Duration.seconds(1_800) } },
    { alarms: { iteratorAgeThreshold: Duration.seconds(60) } },
    { batchSize: Token.asNumber(Fn.importValue('x')) }, { retryAttempts: Token.asNumber(Fn.importValue('x')) },
  ])('not when %#: %j', props => expect(() => Template.fromStack(consume(props).stack)).not.toThrow());

  test.each<[string, Partial<StreamConsumerProps>]>([
    ['parallelizationFactor', { parallelizationFactor: 1 }],
    ['alarms.iteratorAgeThreshold', { alarms: { iteratorAgeThreshold: Duration.minutes(1) } }],
  ])('%s is set with a Kafka source', (prop, props) => {
    const source = StreamSource.managedKafka({ clusterArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/c/1', topic: 'orders' });
    expect(() => consume({ ...props, source }))
      .toThrow(new Error(`'${prop}' must not be set with a Kafka source, which does not support it; leave it out (at Stack/Changes)`));
  });

  test.each([[1, false], [2, true]])('the stream of a table has %i more readers', (more, fails) => {
    const stack = newStack();
    const table = tableWithStream(stack);
    consume({ source: StreamSource.dynamoDb(table) }, stack);
    for (let i = 0; i < more; i++) {
      new lambda.Function(stack, `F${i}`, REQUIRED).addEventSource(new sources.DynamoEventSource(table, { startingPosition: lambda.StartingPosition.LATEST }));
    }
    const expectation = expect(() => Template.fromStack(stack));
    if (!fails) return expectation.not.toThrow();
    return expectation.toThrow('[Stack/Changes] the stream of a table must have at most 2 readers, got 3, and DynamoDB would throttle them');
  });

  test('the table has no stream', () => {
    const stack = newStack();
    const table = new dynamodb.TableV2(stack, 'Table', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } });
    consume({ source: StreamSource.dynamoDb(table) }, stack);
    expect(() => Template.fromStack(stack))
      .toThrow("[Stack/Changes] the table must have a stream, got none on Stack/Table/Resource; set its 'dynamoStream' to NEW_AND_OLD_IMAGES");
  });

  test('not when the table is a Table with a stream', () => {
    const stack = newStack();
    const table = new dynamodb.Table(stack, 'Table', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, stream: dynamodb.StreamViewType.NEW_IMAGE });
    consume({ source: StreamSource.dynamoDb(table) }, stack);
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test.each<[string, (stack: Stack) => lambda.IEventSourceDlq]>([
    ['queue', stack => new sources.SqsDlq(new sqs.Queue(stack, 'Q', { fifo: true }))],
    ['topic', stack => new sources.SnsDlq(sns.Topic.fromTopicArn(stack, 'T', 'arn:aws:sns:eu-west-1:111122223333:t.fifo'))],
  ])('the on-failure destination is a FIFO %s', (_, create) => {
    const stack = newStack();
    expect(() => consume({ onFailure: create(stack) }, stack))
      .toThrow(new Error("'onFailure' must be a standard queue or topic, got a FIFO one; Lambda cannot deliver to FIFO, use a standard one (at Stack/Changes)"));
  });

  test('an imported table has a third reader', () => {
    const stack = newStack();
    for (const id of ['A', 'B', 'C']) {
      const table = dynamodb.Table.fromTableAttributes(stack, `Table${id}`, { tableArn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/t', tableStreamArn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/t/stream/1' });
      new StreamConsumer(stack, id, { function: settleFunction(stack, {}, `F${id}`), source: StreamSource.dynamoDb(table) });
    }
    expect(() => Template.fromStack(stack)).toThrow('must have at most 2 readers, got 3');
  });

  test('readers in other stacks count too', () => {
    const app = new App();
    const stacks = ['A', 'B', 'C'].map(id => new Stack(app, id));
    const table = tableWithStream(stacks[0]);
    for (const stack of stacks) consume({ source: StreamSource.dynamoDb(table) }, stack);
    expect(() => app.synth()).toThrow('must have at most 2 readers, got 3');
  });
});

test('works in the stack of the stream, with the function in another stack, without a dependency cycle', () => {
  const app = new App();
  const [a, b] = [new Stack(app, 'A'), new Stack(app, 'B')];
  const fn = settleFunction(a, {}, 'Report');
  consume({ function: fn, source: StreamSource.kinesis(new kinesis.Stream(b, 'Stream')) }, b);
  expect(() => app.synth()).not.toThrow();
  expect(Object.keys(Template.fromStack(a).findResources('AWS::CloudWatch::Alarm')).filter(id => /DiscardAlarm|IteratorAgeAlarm/.test(id))).toHaveLength(2);
});
