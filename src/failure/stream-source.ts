import type { IResolvable } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';
import { grantNetworkInterfaces, ManagedKafka } from './managed-kafka';
import { STREAM_SOURCE } from '../limits';
import { numberOf } from '../private/resource-number';

/**
 * How to reach a topic of Amazon MSK.
 */
export interface ManagedKafkaOptions {
  /**
   * The ARN of the cluster.
   */
  readonly clusterArn: string;

  /**
   * The topic to read.
   */
  readonly topic: string;

  /**
   * The consumer group to join, whose position Lambda takes over.
   *
   * @default - a group of the mapping's own
   */
  readonly consumerGroupId?: string;
}

/**
 * How to reach a topic of a Kafka cluster that is not Amazon MSK.
 */
export interface SelfManagedKafkaOptions {
  /**
   * The brokers, each as `host:port`.
   */
  readonly bootstrapServers: string[];

  /**
   * The topic to read.
   */
  readonly topic: string;

  /**
   * The credentials, which the function's role may then read.
   *
   * @default - none: the brokers know Lambda by the network, in `vpc`
   */
  readonly secret?: secretsmanager.ISecret;

  /**
   * What kind of credentials `secret` holds.
   *
   * @default lambda_event_sources.AuthenticationMethod.SASL_SCRAM_512_AUTH
   */
  readonly authenticationMethod?: sources.AuthenticationMethod;

  /**
   * The certificate authority of the brokers.
   *
   * @default - a public one
   */
  readonly rootCACertificate?: secretsmanager.ISecret;

  /**
   * The consumer group to join, whose position Lambda takes over.
   *
   * @default - a group of the mapping's own
   */
  readonly consumerGroupId?: string;

  /**
   * Where the brokers are, with `vpcSubnets` and `securityGroup`.
   *
   * @default - reached over the Internet
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets from which Lambda reaches the brokers.
   *
   * @default - none; required with `vpc`
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The security group with which Lambda reaches the brokers.
   *
   * @default - none; required with `vpc`
   */
  readonly securityGroup?: ec2.ISecurityGroup;
}

/** What a stream brings to its consumer. */
interface SourceParts {
  readonly name: string;
  readonly create: (props: sources.StreamEventSourceProps) => lambda.IEventSource;
  /** Seconds that the stream keeps a record; nothing for Kafka, where the cluster's owner says. */
  readonly retention: () => number | undefined;
  /** The table whose stream it is. */
  readonly table?: IConstruct;
  readonly hasIteratorAge: boolean;
}

/**
 * What a StreamConsumer reads.
 *
 * @example
 * declare const orders: kinesis.Stream;
 * declare const audit: ProductionFunction;
 * new StreamConsumer(this, 'Audit', { function: audit, source: StreamSource.kinesis(orders) });
 */
export class StreamSource {
  /**
   * The changes of a DynamoDB table, which must have its stream on. DynamoDB keeps them for 24 hours; at most two
   * functions may read them.
   *
   * @param table The table, with its stream on
   */
  public static dynamoDb(table: dynamodb.ITable): StreamSource {
    return new StreamSource({
      name: 'DynamoDB',
      create: props => new sources.DynamoEventSource(table, props),
      retention: () => STREAM_SOURCE.retentionUnsetSeconds,
      table,
      hasIteratorAge: true,
    });
  }

  /**
   * A Kinesis data stream, by its shared throughput.
   *
   * @param stream The stream
   */
  public static kinesis(stream: kinesis.IStream): StreamSource {
    return new StreamSource({
      name: 'Kinesis',
      create: props => new sources.KinesisEventSource(stream, props),
      retention: () => kinesisRetention(stream),
      hasIteratorAge: true,
    });
  }

  /**
   * A Kinesis data stream, by a consumer with throughput of its own (enhanced fan-out).
   *
   * @param consumer The consumer of the stream, one for each function
   */
  public static kinesisConsumer(consumer: kinesis.IStreamConsumer): StreamSource {
    return new StreamSource({
      name: 'Kinesis',
      create: props => new sources.KinesisConsumerEventSource(consumer, props),
      retention: () => kinesisRetention(consumer.stream),
      hasIteratorAge: true,
    });
  }

  /**
   * A topic of Amazon MSK with IAM access control, in provisioned mode: Lambda bounds retries of Kafka in no other. The
   * function may read the one topic of the one cluster, and not, as CDK's event source has it, what AWS's managed policy
   * allows on all.
   *
   * @param options The cluster and its topic
   * @see https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html
   */
  public static managedKafka(options: ManagedKafkaOptions): StreamSource {
    return new StreamSource({
      name: 'Kafka',
      create: props => new ManagedKafka(options, { ...props, provisionedPollerConfig: { minimumPollers: 1 } }),
      retention: () => undefined,
      hasIteratorAge: false,
    });
  }

  /**
   * A topic of a Kafka cluster of your own or another vendor's, in provisioned mode as above. With `vpc`, the function's
   * role may make the network interfaces of Lambda's pollers.
   *
   * @param options The brokers, the topic, and how to log in
   */
  public static selfManagedKafka(options: SelfManagedKafkaOptions): StreamSource {
    const own = { ...options, bootstrapServers: [...options.bootstrapServers], provisionedPollerConfig: { minimumPollers: 1 } };
    return new StreamSource({
      name: 'Kafka',
      create: props => ({
        bind: target => {
          new sources.SelfManagedKafkaEventSource({ ...props, ...own }).bind(target);
          if (options.vpc) grantNetworkInterfaces(target);
        },
      }),
      retention: () => undefined,
      hasIteratorAge: false,
    });
  }

  private constructor(private readonly parts: SourceParts) {}

  /**
   * @internal
   */
  public get _parts(): SourceParts {
    return this.parts;
  }
}

/** An imported stream keeps its records for at least a day. */
function kinesisRetention(stream: kinesis.IStream): number | undefined {
  const resource = stream.node.defaultChild as kinesis.CfnStream | undefined;
  const hours: number | IResolvable | undefined = resource?.retentionPeriodHours;
  if (!resource || hours === undefined) return STREAM_SOURCE.retentionUnsetSeconds;
  const known = numberOf(resource, hours);
  return known === undefined ? undefined : known * 3_600;
}
