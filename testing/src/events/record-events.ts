import { createHash, randomUUID } from 'node:crypto';
import type {
  DynamoDBStreamEvent, KinesisStreamEvent, MSKEvent, S3Event, SelfManagedKafkaEvent, SNSEvent, SQSEvent, SQSRecord,
} from 'aws-lambda';
import { arn, REGION } from '../template/assembly';

/** A message of a queue: its body, where a value that is no text is sent as JSON, and what differs. */
export interface QueueMessage {
  readonly body: unknown;
  readonly messageId?: string;
  /** How often the message was received, this time included. */
  readonly receiveCount?: number;
  readonly attributes?: Readonly<Record<string, string>>;
  /** FIFO queues only. */
  readonly groupId?: string;
  readonly deduplicationId?: string;
}

export interface QueueOptions {
  /** The name of the queue; the name of a FIFO queue ends with `.fifo`. */
  readonly queue?: string;
}

const text = (value: unknown) => typeof value === 'string' ? value : JSON.stringify(value);
const base64 = (value: unknown) => Buffer.from(value instanceof Uint8Array ? value : text(value)).toString('base64');
const sequence = (number: number) => String(10n ** 19n + BigInt(number));

/** A batch of an SQS queue. The messages of a FIFO queue have a group and a sequence number. @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export function sqsEvent(messages: readonly QueueMessage[], { queue = 'queue' }: QueueOptions = {}): SQSEvent {
  return { Records: messages.map((message, i) => sqsRecord(message, i, queue)) };
}

function sqsRecord({ body, messageId = randomUUID(), receiveCount = 1, attributes = {}, groupId = 'group', deduplicationId }: QueueMessage, i: number, queue: string): SQSRecord {
  const sent = text(body);
  const now = String(Date.now());
  const fifo = queue.endsWith('.fifo') && { SequenceNumber: sequence(i), MessageGroupId: groupId, MessageDeduplicationId: deduplicationId ?? createHash('sha256').update(sent).digest('hex') };
  return {
    messageId,
    receiptHandle: `receipt-${messageId}`,
    body: sent,
    attributes: { ApproximateReceiveCount: String(receiveCount), SentTimestamp: now, SenderId: 'AIDAEXAMPLE', ApproximateFirstReceiveTimestamp: now, ...fifo },
    messageAttributes: Object.fromEntries(Object.entries(attributes).map(([name, stringValue]) => [name, { dataType: 'String', stringValue }])),
    md5OfBody: createHash('md5').update(sent).digest('hex'),
    eventSource: 'aws:sqs',
    eventSourceARN: arn('sqs', queue),
    awsRegion: REGION,
  };
}

/** A batch of a Kinesis stream. @see https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
export function kinesisEvent(records: readonly { data: unknown; partitionKey?: string }[], { stream = 'stream' } = {}): KinesisStreamEvent {
  return {
    Records: records.map(({ data, partitionKey = 'key' }, i) => ({
      awsRegion: REGION,
      eventID: `shardId-000000000000:${sequence(i)}`,
      eventName: 'aws:kinesis:record',
      eventSource: 'aws:kinesis',
      eventSourceARN: arn('kinesis', `stream/${stream}`),
      eventVersion: '1.0',
      invokeIdentityArn: 'arn:aws:iam::000000000000:role/function',
      kinesis: { approximateArrivalTimestamp: Date.now() / 1_000, data: base64(data), kinesisSchemaVersion: '1.0', partitionKey, sequenceNumber: sequence(i) },
    })),
  };
}

/** A value in DynamoDB's own format: `{ S: 'text' }`. */
export type DynamoDbItem = NonNullable<NonNullable<DynamoDBStreamEvent['Records'][number]['dynamodb']>['NewImage']>;

/** A batch of a DynamoDB stream. @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
export function dynamoDbEvent(changes: readonly { keys: DynamoDbItem; newImage?: DynamoDbItem; oldImage?: DynamoDbItem }[], { table = 'table' } = {}): DynamoDBStreamEvent {
  return {
    Records: changes.map(({ keys, newImage, oldImage }, i) => ({
      eventID: randomUUID().replaceAll('-', ''),
      eventName: !oldImage ? 'INSERT' : newImage ? 'MODIFY' : 'REMOVE',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: REGION,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(Date.now() / 1_000),
        Keys: keys,
        ...newImage && { NewImage: newImage },
        ...oldImage && { OldImage: oldImage },
        SequenceNumber: sequence(i),
        SizeBytes: 64,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
      eventSourceARN: arn('dynamodb', `table/${table}/stream/2026-01-01T00:00:00.000`),
    })),
  };
}

/** Notifications of an S3 bucket. Keys are encoded as S3 encodes them. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
export function s3Event(objects: readonly { key: string; size?: number; eventName?: string; versionId?: string }[], { bucket = 'bucket' } = {}): S3Event {
  return {
    Records: objects.map(({ key, size = 1_024, eventName = 'ObjectCreated:Put', versionId }, i) => ({
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: REGION,
      eventTime: new Date().toISOString(),
      eventName,
      userIdentity: { principalId: 'AWS:AIDAEXAMPLE' },
      requestParameters: { sourceIPAddress: '192.0.2.1' },
      responseElements: { 'x-amz-request-id': 'EXAMPLE', 'x-amz-id-2': 'EXAMPLE' },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: 'notification',
        bucket: { name: bucket, ownerIdentity: { principalId: 'EXAMPLE' }, arn: `arn:aws:s3:::${bucket}` },
        object: {
          key: encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+'),
          size,
          eTag: '0123456789abcdef0123456789abcdef',
          ...versionId && { versionId },
          sequencer: i.toString(16).toUpperCase().padStart(18, '0'),
        },
      },
    })),
  };
}

/** A notification of an SNS topic. Lambda receives one in each event. @see https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export function snsEvent({ message, subject, attributes = {} }: { message: unknown; subject?: string; attributes?: Readonly<Record<string, string>> }, { topic = 'topic' } = {}): SNSEvent {
  return {
    Records: [{
      EventVersion: '1.0',
      EventSource: 'aws:sns',
      EventSubscriptionArn: `${arn('sns', topic)}:${randomUUID()}`,
      Sns: {
        SignatureVersion: '1',
        Timestamp: new Date().toISOString(),
        Signature: 'EXAMPLE',
        SigningCertUrl: 'https://sns.eu-central-1.amazonaws.com/certificate.pem',
        MessageId: randomUUID(),
        Message: text(message),
        MessageAttributes: Object.fromEntries(Object.entries(attributes).map(([name, Value]) => [name, { Type: 'String', Value }])),
        Type: 'Notification',
        UnsubscribeUrl: 'https://sns.eu-central-1.amazonaws.com/?Action=Unsubscribe',
        TopicArn: arn('sns', topic),
        Subject: subject,
      },
    }],
  };
}

/** Records of a topic of Apache Kafka. */
export interface KafkaRecord {
  readonly value: unknown;
  readonly key?: string;
  readonly partition?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A batch of an Amazon MSK cluster. @see https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html */
export function mskEvent(records: readonly KafkaRecord[], { topic = 'topic', cluster = 'cluster' } = {}): MSKEvent {
  return { eventSource: 'aws:kafka', eventSourceArn: arn('kafka', `cluster/${cluster}/${randomUUID()}-1`), bootstrapServers: BOOTSTRAP, records: kafkaRecords(records, topic) };
}

/** A batch of a self-managed Kafka cluster. @see https://docs.aws.amazon.com/lambda/latest/dg/with-kafka.html */
export function kafkaEvent(records: readonly KafkaRecord[], { topic = 'topic' } = {}): SelfManagedKafkaEvent {
  return { eventSource: 'SelfManagedKafka', bootstrapServers: BOOTSTRAP, records: kafkaRecords(records, topic) };
}

const BOOTSTRAP = 'kafka-1.example.com:9094,kafka-2.example.com:9094';

function kafkaRecords(records: readonly KafkaRecord[], topic: string): MSKEvent['records'] {
  const byPartition: MSKEvent['records'] = {};
  for (const { value, key = 'key', partition = 0, headers = {} } of records) {
    const batch = byPartition[`${topic}-${partition}`] ??= [];
    batch.push({
      topic,
      partition,
      offset: batch.length,
      timestamp: Date.now(),
      timestampType: 'CREATE_TIME',
      key: base64(key),
      value: base64(value),
      headers: Object.entries(headers).map(([name, header]) => ({ [name]: [...Buffer.from(header)] })),
    });
  }
  return byPartition;
}
