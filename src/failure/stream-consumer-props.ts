import type { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { ConsumerProps } from './consumer-props';
import type { StreamSource } from './stream-source';

/**
 * Thresholds of the alarms of a StreamConsumer.
 */
export interface StreamConsumerAlarmsOptions {
  /**
   * The iterator age above which `iteratorAgeAlarm` fires: at most half of the age at which records are discarded. Not
   * supported for Kafka.
   *
   * @default - half of `maxRecordAge`, or half of the stream's retention period if that is shorter
   */
  readonly iteratorAgeThreshold?: Duration;
}

/**
 * Properties of a StreamConsumer.
 */
export interface StreamConsumerProps extends ConsumerProps {
  /**
   * The stream to read.
   */
  readonly source: StreamSource;

  /**
   * The position at which a new mapping starts to read. LATEST adds a warning: it skips the records that are written
   * before the mapping is active. AT_TIMESTAMP is not allowed.
   *
   * @default lambda.StartingPosition.TRIM_HORIZON
   */
  readonly startingPosition?: lambda.StartingPosition;

  /**
   * The maximum number of records of one invocation: 1 to 10,000.
   *
   * @default 100
   */
  readonly batchSize?: number;

  /**
   * How many batches of a shard Lambda processes concurrently, in order per partition key: 1 to 10. Not supported for
   * Kafka.
   *
   * @default 1
   */
  readonly parallelizationFactor?: number;

  /**
   * How often Lambda retries a failed batch: 0 to 10,000. Splitting a batch and throttled invocations do not count.
   * Unlimited retries (-1) are not allowed, because one bad record would block its shard until the record expires.
   *
   * @default 3
   */
  readonly retryAttempts?: number;

  /**
   * The age at which Lambda discards a record: 60 seconds to 7 days.
   *
   * @default Duration.hours(1)
   */
  readonly maxRecordAge?: Duration;

  /**
   * The destination of discarded records: a FailureBucket, or another destination of `aws-lambda-event-sources`. Queues
   * and topics receive the error and the position of the records, not the records.
   *
   * @default - the FailureBucket of the function's stack
   */
  readonly onFailure?: lambda.IEventSourceDlq;

  /**
   * Thresholds of the alarms. The alarms are always created.
   *
   * @default - the default threshold of each alarm
   */
  readonly alarms?: StreamConsumerAlarmsOptions;
}
