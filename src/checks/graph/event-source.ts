import type { AppGraph } from './app-graph';
import type { Target } from './lambda';
import type { Resource } from './resource';
import { patternOf } from './value';

export type SourceKind = 'sqs' | 'kinesis' | 'dynamodb' | 'kafka' | 'mq' | 'documentdb' | 'unknown';

const KIND_OF_TYPE: Record<string, SourceKind> = {
  'AWS::SQS::Queue': 'sqs',
  'AWS::Kinesis::Stream': 'kinesis',
  'AWS::Kinesis::StreamConsumer': 'kinesis',
  'AWS::DynamoDB::Table': 'dynamodb',
  'AWS::DynamoDB::GlobalTable': 'dynamodb',
  'AWS::MSK::Cluster': 'kafka',
  'AWS::MSK::ServerlessCluster': 'kafka',
  'AWS::AmazonMQ::Broker': 'mq',
  'AWS::DocDB::DBCluster': 'documentdb',
};
const KIND_OF_SERVICE: Record<string, SourceKind> = { sqs: 'sqs', kinesis: 'kinesis', dynamodb: 'dynamodb', kafka: 'kafka', mq: 'mq', rds: 'documentdb' };

/** A mapping from a queue or stream to a function. */
export class EventSource {
  public readonly kind: SourceKind;
  /** The queue or stream, when the app itself creates it. */
  public readonly origin?: Resource;

  constructor(app: AppGraph, public readonly mapping: Resource, public readonly target: Target) {
    const arn = mapping.get('EventSourceArn');
    this.origin = app.resourceOf(arn, mapping, ...Object.keys(KIND_OF_TYPE));
    const service = /^arn:[^:]*:([a-z]+):/.exec(patternOf(arn))?.[1] ?? '';
    this.kind = this.origin ? KIND_OF_TYPE[this.origin.type] : mapping.lacks('SelfManagedEventSource') ? KIND_OF_SERVICE[service] ?? 'unknown' : 'kafka';
  }

  public get isStream(): boolean { return this.kind === 'kinesis' || this.kind === 'dynamodb'; }
  public get isFifo(): boolean | undefined { return this.origin ? isFifo(this.origin) : /\.fifo$/.test(patternOf(this.mapping.get('EventSourceArn'))) || undefined; }
  /** SQS hands over 10 messages at a time unless told otherwise, a stream 100 records. */
  public get batchSize(): number | undefined { return this.mapping.number('BatchSize', this.kind === 'sqs' ? 10 : 100); }
  public get window(): number | undefined { return this.mapping.number('MaximumBatchingWindowInSeconds', 0); }
  public get filters() { return this.mapping.list('FilterCriteria.Filters'); }
}

/** FIFO by its flag or, as SQS and SNS demand, by its name; nothing when the flag is not known. */
export function isFifo(resource: Resource): boolean | undefined {
  const named = /\.fifo$/.test(patternOf(resource.get(resource.type === 'AWS::SNS::Topic' ? 'TopicName' : 'QueueName')));
  return named || resource.boolean('FifoQueue', false) || resource.boolean('FifoTopic', false)
    || (resource.isUnknown('FifoQueue') || resource.isUnknown('FifoTopic') ? undefined : false);
}
