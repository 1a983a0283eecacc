import type { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { ConsumerProps } from './consumer-props';

/**
 * Thresholds of the alarms of a QueueConsumer.
 */
export interface QueueConsumerAlarmsOptions {
  /**
   * The age of the oldest message above which `ageAlarm` fires.
   *
   * @default - the visibility timeout × the maximum receive count, which is the time that all attempts of a message
   * take
   */
  readonly ageThreshold?: Duration;
}

/**
 * Properties of a QueueConsumer.
 */
export interface QueueConsumerProps extends ConsumerProps {
  /**
   * An existing queue. The consumer sets the visibility timeout and the dead-letter queue if the queue does not have
   * them. It does not change properties that are set: it throws an error if Lambda would reject them, and adds a
   * warning if they differ from AWS's recommendations. An imported queue cannot be read or changed: a warning lists
   * its requirements.
   *
   * @default - a new queue, encrypted, TLS only, with a retention period of 4 days
   */
  readonly queue?: sqs.IQueue;

  /**
   * Whether the new queue is a FIFO queue. Not allowed with `queue`.
   *
   * @default false
   */
  readonly fifo?: boolean;

  /**
   * How long the new queue retains a message: at least 60 seconds, less than the 14 days of its dead-letter queue. Not
   * allowed with `queue`.
   *
   * @default Duration.days(4)
   */
  readonly retentionPeriod?: Duration;

  /**
   * A customer managed key for the new queue and its dead-letter queue. The key policy must allow the services that
   * send to the queue to use the key. Not allowed with `queue`.
   *
   * @default - encrypted with a key that SQS owns (SSE-SQS)
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * How often SQS delivers a message before it moves the message to the new dead-letter queue: 1 to 1,000. Fewer than 5
   * add a warning, because throttled receives count too.
   *
   * @default 5
   */
  readonly maxReceiveCount?: number;

  /**
   * The maximum number of messages of one invocation: 1 to 10, or up to 10,000 with a batching window.
   *
   * @default 10
   */
  readonly batchSize?: number;

  /**
   * The maximum number of concurrent invocations for this queue: 2 to 1,000. Set it if the function calls a resource
   * that does not scale like Lambda, such as a database. The reserved concurrency of the function must be at least
   * the sum over its queues. Not allowed with `provisionedPollers`.
   *
   * @default - up to 1,250 concurrent invocations, as Lambda scales
   */
  readonly maxConcurrency?: number;

  /**
   * Event pollers that are dedicated to this queue and scale within seconds: a minimum of 2 to 200, a maximum of 2 to
   * 2,000. Each poller invokes up to 10 functions concurrently; a lower reserved concurrency adds a warning. Not
   * allowed with `maxConcurrency`.
   *
   * @default - the shared pollers of Lambda
   */
  readonly provisionedPollers?: lambda.ProvisionedPollerConfig;

  /**
   * Thresholds of the alarms. The alarms are always created.
   *
   * @default - the default threshold of each alarm
   */
  readonly alarms?: QueueConsumerAlarmsOptions;
}
