import type { AppGraph } from './app-graph';
import type { Target } from './function-target';
import type { Resource } from './resource';
import { patternOf, textOf } from './value';

/** A `stream` is of Kinesis or DynamoDB. */
export type SourceKind = 'sqs' | 'kinesis' | 'dynamodb' | 'stream' | 'kafka' | 'mq' | 'documentdb' | 'unknown';

/** The attribute of an expanded event source mapping with the type of its event in SAM. */
export const SAM_EVENT = 'SamEvent';

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
const KIND_OF_SERVICE: Record<string, SourceKind> = {
  sqs: 'sqs', kinesis: 'kinesis', dynamodb: 'dynamodb', kafka: 'kafka', mq: 'mq', rds: 'documentdb',
};
const KIND_OF_EVENT: Record<string, SourceKind> = {
  SQS: 'sqs', Kinesis: 'kinesis', DynamoDB: 'dynamodb', MSK: 'kafka', MQ: 'mq', DocumentDB: 'documentdb',
};
/** The properties that mappings of one kind have, in this order: only the deployment may know the ARN. */
const KIND_OF_PROPERTY: readonly (readonly [property: string, kind: SourceKind])[] = [
  ['Topics', 'kafka'],
  ['AmazonManagedKafkaEventSourceConfig', 'kafka'],
  ['Queues', 'mq'],
  ['DocumentDBEventSourceConfig', 'documentdb'],
  ['ScalingConfig', 'sqs'],
  ['StartingPosition', 'stream'],
];

/** An event source mapping from a queue or stream to a function. */
export class EventSource {
  public readonly kind: SourceKind;
  /** The queue or stream, if it is part of the app. */
  public readonly origin?: Resource;

  constructor(app: AppGraph, public readonly mapping: Resource, public readonly target: Target) {
    const arn = mapping.get('EventSourceArn');
    this.origin = app.resourceOf(arn, mapping, ...Object.keys(KIND_OF_TYPE));
    this.kind = this.origin ? KIND_OF_TYPE[this.origin.type] : kindOfArn(mapping);
  }

  public get isStream(): boolean { return ['kinesis', 'dynamodb', 'stream'].includes(this.kind); }

  /** Undefined if it is not known. */
  public get isFifo(): boolean | undefined {
    if (this.origin) return isFifo(this.origin);
    return /\.fifo$/.test(patternOf(this.mapping.get('EventSourceArn'))) || undefined;
  }

  /** The default is 10 messages of a queue, and 100 records of a stream. */
  public get batchSize(): number | undefined {
    return this.mapping.number('BatchSize', this.kind === 'sqs' ? 10 : 100);
  }

  public get window(): number | undefined { return this.mapping.number('MaximumBatchingWindowInSeconds', 0); }
  public get filters() { return this.mapping.list('FilterCriteria.Filters'); }
}

function kindOfArn(mapping: Resource): SourceKind {
  if (!mapping.lacks('SelfManagedEventSource')) return 'kafka';
  const service = /^arn:[^:]*:([a-z]+):/.exec(patternOf(mapping.get('EventSourceArn')))?.[1] ?? '';
  const event = textOf(mapping.raw[SAM_EVENT]);
  return KIND_OF_SERVICE[service] ?? KIND_OF_EVENT[event]
    ?? KIND_OF_PROPERTY.find(([property]) => !mapping.lacks(property))?.[1] ?? 'unknown';
}

/** Whether the flag or the name says FIFO, which SQS and SNS both require; undefined if the flag is not known. */
export function isFifo(resource: Resource): boolean | undefined {
  const name = resource.get(resource.type === 'AWS::SNS::Topic' ? 'TopicName' : 'QueueName');
  return /\.fifo$/.test(patternOf(name)) || resource.boolean('FifoQueue', false) || resource.boolean('FifoTopic', false)
    || (resource.isUnknown('FifoQueue') || resource.isUnknown('FifoTopic') ? undefined : false);
}
