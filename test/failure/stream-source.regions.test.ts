import { App, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { QueueConsumer, StreamConsumer, StreamSource } from '../../src';
import { plainFunction } from '../support/plain-function';
import { production } from '../support/production-function';

const stackIn = (region = 'eu-central-1') => new Stack(new App(), 'Stack', { env: { account: '111122223333', region } });
const arn = (service: string, name: string) => `arn:aws:${service}:us-east-1:111122223333:${name}`;
const SOURCES: [string, (stack: Stack) => StreamSource][] = [
  ['stream', s => StreamSource.kinesis(kinesis.Stream.fromStreamArn(s, 'In', arn('kinesis', 'stream/in')))],
  ['consumer of a stream', s => StreamSource.kinesisConsumer(kinesis.StreamConsumer.fromStreamConsumerArn(s, 'In', arn('kinesis', 'stream/in/consumer/one:1')))],
  ['table', s => StreamSource.dynamoDb(dynamodb.Table.fromTableAttributes(s, 'In', { tableArn: arn('dynamodb', 'table/in'), tableStreamArn: arn('dynamodb', 'table/in/stream/1') }))],
  ['Kafka cluster', () => StreamSource.managedKafka({ clusterArn: arn('kafka', 'cluster/in/1'), topic: 'orders' })],
];

test.each(SOURCES)('a StreamConsumer rejects a %s of another Region', (_, source) => {
  const stack = stackIn();
  expect(() => new StreamConsumer(stack, 'In1', { function: plainFunction(stack, 'Fn'), source: source(stack) }))
    .toThrow("'source' must be in eu-central-1, the Region of Stack/Fn, got us-east-1");
  const home = stackIn('us-east-1');
  expect(() => new StreamConsumer(home, 'In1', { function: plainFunction(home, 'Fn'), source: source(home) })).not.toThrow();
});

test('a QueueConsumer rejects a queue of another Region', () => {
  const stack = stackIn();
  const queue = sqs.Queue.fromQueueArn(stack, 'In', arn('sqs', 'in'));
  expect(() => new QueueConsumer(stack, 'Q', { function: plainFunction(stack, 'Fn'), queue })).toThrow("'queue' must be in eu-central-1, the Region of Stack/Fn, got us-east-1");
});

test('a ProductionFunction rejects an event source of another Region', () => {
  const stack = stackIn();
  const queue = sqs.Queue.fromQueueArn(stack, 'In', arn('sqs', 'in'));
  expect(() => production(stack, { events: [new sources.SqsEventSource(queue)] })).toThrow("'eventSourceArn' must be in eu-central-1");
});
