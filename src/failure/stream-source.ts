import type { IResolvable } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import { grantKafkaNetworkInterfaces } from './kafka-network-interfaces';
import { ManagedKafkaEventSource } from './managed-kafka-event-source';
import type { ManagedKafkaOptions, SelfManagedKafkaOptions } from './stream-source-props';
import { STREAM_SOURCE } from '../aws';
import { numberOf } from '../private/queue-properties';

interface StreamSourceConfig {
  readonly createEventSource: (props: sources.StreamEventSourceProps) => lambda.IEventSource;
  /** The ARN of the stream or of its cluster; undefined if there is none. */
  readonly arn: () => string | undefined;
  /** How long the stream retains a record; undefined if it is not known, as for Kafka. */
  readonly retentionSeconds: () => number | undefined;
  readonly isTable: boolean;
  readonly hasIteratorAge: boolean;
}

/**
 * The stream that a StreamConsumer reads.
 *
 * @example
 * declare const orders: kinesis.Stream;
 * declare const audit: ProductionFunction;
 * new StreamConsumer(this, 'Audit', { function: audit, source: StreamSource.kinesis(orders) });
 */
export class StreamSource {
  /**
   * The stream of a DynamoDB table. DynamoDB retains changes for 24 hours. At most two functions can read the stream.
   *
   * @param table The table; its stream must be enabled
   */
  public static dynamoDb(table: dynamodb.ITable): StreamSource {
    return new StreamSource({
      createEventSource: props => new sources.DynamoEventSource(table, props),
      arn: () => table.tableStreamArn,
      retentionSeconds: () => STREAM_SOURCE.retentionUnsetSeconds,
      isTable: true,
      hasIteratorAge: true,
    });
  }

  /**
   * A Kinesis data stream, read with its shared throughput.
   *
   * @param stream The stream
   */
  public static kinesis(stream: kinesis.IStream): StreamSource {
    return new StreamSource({
      createEventSource: props => new sources.KinesisEventSource(stream, props),
      arn: () => stream.streamArn,
      retentionSeconds: () => kinesisRetentionSeconds(stream),
      isTable: false,
      hasIteratorAge: true,
    });
  }

  /**
   * A Kinesis data stream, read through a consumer with dedicated throughput (enhanced fan-out).
   *
   * @param consumer The consumer of the stream, one for each function
   */
  public static kinesisConsumer(consumer: kinesis.IStreamConsumer): StreamSource {
    return new StreamSource({
      createEventSource: props => new sources.KinesisConsumerEventSource(consumer, props),
      arn: () => consumer.streamConsumerArn,
      retentionSeconds: () => kinesisRetentionSeconds(consumer.stream),
      isTable: false,
      hasIteratorAge: true,
    });
  }

  /**
   * A topic of Amazon MSK with IAM access control, in provisioned mode, the only mode in which Lambda limits retries of
   * Kafka. The function can read only this topic of this cluster. CDK's own event source attaches an AWS managed policy
   * that allows all clusters.
   *
   * @param options The cluster and its topic
   * @see https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html
   */
  public static managedKafka(options: ManagedKafkaOptions): StreamSource {
    return StreamSource.kafka(props => new ManagedKafkaEventSource(options, props), options.clusterArn);
  }

  /**
   * A topic of a self-managed Kafka cluster or of another vendor's cluster, in provisioned mode. With `vpc`, the
   * function's role can create the network interfaces of Lambda's event pollers.
   *
   * @param options The brokers, the topic and the authentication
   */
  public static selfManagedKafka(options: SelfManagedKafkaOptions): StreamSource {
    const copy = { ...options, bootstrapServers: [...options.bootstrapServers] };
    return StreamSource.kafka(props => ({
      bind: target => {
        new sources.SelfManagedKafkaEventSource({ ...props, ...copy }).bind(target);
        if (copy.vpc) grantKafkaNetworkInterfaces(target);
      },
    }));
  }

  private static kafka(createEventSource: (props: sources.KafkaEventSourceProps) => lambda.IEventSource, arn?: string): StreamSource {
    return new StreamSource({
      createEventSource: props => createEventSource({ ...props, provisionedPollerConfig: { minimumPollers: 1 } } as sources.KafkaEventSourceProps),
      arn: () => arn,
      retentionSeconds: () => undefined,
      isTable: false,
      hasIteratorAge: false,
    });
  }

  private constructor(private readonly config: StreamSourceConfig) {}

  /**
   * @internal
   */
  public get _config(): StreamSourceConfig {
    return this.config;
  }
}

/** An imported stream retains its records for at least a day. */
function kinesisRetentionSeconds(stream: kinesis.IStream): number | undefined {
  const resource = stream.node.defaultChild as kinesis.CfnStream | undefined;
  const hours: number | IResolvable | undefined = resource?.retentionPeriodHours;
  if (!resource || hours === undefined) return STREAM_SOURCE.retentionUnsetSeconds;
  const known = numberOf(resource, hours);
  return known === undefined ? undefined : known * 3_600;
}
