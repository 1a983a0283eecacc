import { Validations } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as pipes from 'aws-cdk-lib/aws-pipes';
import type * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { PIPE } from '../aws';
import { acknowledgeOwn } from '../private/acknowledgements';
import { findMissingStream } from '../private/table-stream';
import { refuse } from '../private/validation';

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html */
const READ_TABLE_STREAM = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'];
const RETRIES = 'EventBridge and Amazon SNS retry for hours, and a test that waits for the message fails first';

/**
 * What an EventProbe collects.
 *
 * @example
 * const stack = new EphemeralStack(new App(), 'Payments', { branch: 'feature/refunds', expires: Expiration.fromString('2027-01-31') });
 * const bus = new events.EventBus(stack, 'Bus');
 * new EventProbe(stack, 'Charged', { source: ProbeSource.eventBus(bus, { detailType: ['PaymentCharged'] }) });
 */
export class ProbeSource {
  /**
   * The events of an event bus. Creates a rule.
   *
   * @param bus The event bus
   * @param pattern Which events; all events of the bus if absent
   */
  public static eventBus(bus: events.IEventBus, pattern?: events.EventPattern): ProbeSource {
    const eventPattern = { ...pattern ?? { source: events.Match.prefix('') } };
    return new ProbeSource((probe, queue) => {
      const rule = new events.Rule(probe, 'Rule', { eventBus: bus, eventPattern, targets: [new targets.SqsQueue(queue)] });
      Validations.of(rule).acknowledge({ id: 'Serverless::Serverless-EventBusDLQ', reason: RETRIES });
      acknowledgeOwn(rule, 'ProductionChecks::LP-F138', RETRIES);
    });
  }

  /**
   * The messages of a standard or FIFO topic, as they were published (raw message delivery). Creates a subscription.
   *
   * @param topic The topic
   */
  public static topic(topic: sns.ITopic): ProbeSource {
    return new ProbeSource((_, queue) => {
      topic.addSubscription(new subscriptions.SqsSubscription(queue, { rawMessageDelivery: true }));
      Validations.of(queue).acknowledge({ id: 'Serverless::Serverless-SNSRedrivePolicy', reason: RETRIES });
    });
  }

  /**
   * The records of a Kinesis data stream: the records that the stream retains when the probe is created, and all later records. The data of a
   * record is in base64. Creates a pipe, which reads with the shared throughput of the stream.
   *
   * @param stream The stream
   */
  public static kinesis(stream: kinesis.IStream): ProbeSource {
    return new ProbeSource((probe, queue) => {
      const start = { batchSize: PIPE.queueBatchMax, startingPosition: 'TRIM_HORIZON' };
      addPipe(probe, queue, stream.streamArn, { kinesisStreamParameters: start }, role => stream.grantRead(role));
    });
  }

  /**
   * The changes of a DynamoDB table: the changes of the last 24 hours when the probe is created, and all later changes. Creates a pipe. At
   * most two consumers can read the stream of a table. Throws an error if the table has no stream.
   *
   * @param table The table; its stream must be enabled
   */
  public static dynamoDb(table: dynamodb.ITable): ProbeSource {
    return new ProbeSource((probe, queue) => {
      const { tableStreamArn } = table;
      if (tableStreamArn === undefined) {
        refuse(probe.node.path, `'source' must be a table with a stream, got ${table.node.path} without one; enable the stream of the table`);
      }
      probe.node.addValidation({ validate: () => findMissingStream(tableStreamArn) });
      const start = { batchSize: PIPE.queueBatchMax, startingPosition: 'TRIM_HORIZON' };
      addPipe(probe, queue, tableStreamArn, { dynamoDbStreamParameters: start }, role => {
        // grantStreamRead() of a Table allows ListStreams on all streams.
        table.encryptionKey?.grantDecrypt(role);
        return table.grantStream(role, ...READ_TABLE_STREAM);
      });
    });
  }

  private constructor(private readonly connect: (probe: Construct, queue: sqs.Queue) => void) {}

  /**
   * Delivers the messages of the source to the queue of a probe.
   *
   * @internal
   */
  public _connect(probe: Construct, queue: sqs.Queue): void {
    this.connect(probe, queue);
  }
}

function addPipe(
  probe: Construct,
  queue: sqs.Queue,
  source: string,
  sourceParameters: pipes.CfnPipe.PipeSourceParametersProperty,
  grantRead: (role: iam.IRole) => iam.Grant,
): void {
  const role = new iam.Role(probe, 'Role', { assumedBy: new iam.ServicePrincipal('pipes.amazonaws.com') });
  const grants = [grantRead(role), queue.grantSendMessages(role)];
  const pipe = new pipes.CfnPipe(probe, 'Pipe', { roleArn: role.roleArn, source, sourceParameters, target: queue.queueArn });
  // EventBridge reads the source when it creates the pipe.
  for (const grant of grants) grant.applyBefore(pipe);
}
