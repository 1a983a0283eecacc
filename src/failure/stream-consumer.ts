import { AspectPriority, Aspects, Duration, Lazy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { FailureBucket } from './failure-bucket';
import type { StreamConsumerProps } from './stream-consumer-props';
import { StreamConsumerTiming } from './stream-consumer-timing';
import { findStreamConsumerProblems, validateStreamConsumerProps } from './stream-consumer-validation';
import { warnStreamConsumer } from './stream-consumer-warnings';
import { DEFAULTS } from '../defaults';
import { requireStandard } from '../private/async-destination';
import { addEventSource } from '../private/cdk-internals';

const D = DEFAULTS.StreamConsumer;

/**
 * A function that processes the records of a stream, with limited retries and a destination for records that fail.
 *
 * Creates an event source mapping that begins at the oldest record (3 retries, a maximum record age of 1 hour, failed
 * batches split in two, partial batch responses, event count metrics) and two alarms: one fires when records are
 * discarded, the other when the iterator age reaches half of the age at which records are discarded. Kafka has no
 * iterator age and no second alarm. Discarded records are stored in the FailureBucket of the function's stack.
 *
 * A stream delivers each record at least once: the function must be idempotent, for example through an
 * `IdempotencyStore` with `IdempotencyKey.DYNAMODB_STREAM` or `IdempotencyKey.KINESIS`.
 *
 * Throws an error if props are out of range, if retries are unlimited, if the threshold of `iteratorAgeAlarm` is above
 * half of the age at which records are discarded, if `onFailure` is a FIFO queue or topic, or if a Kafka source has a
 * parallelization factor. Synthesis fails if a table has no stream or if more than two functions read it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 * @example
 * declare const ledger: dynamodb.TableV2;
 * declare const report: ProductionFunction;
 * new StreamConsumer(this, 'Report', { function: report, source: StreamSource.dynamoDb(ledger) });
 */
export class StreamConsumer extends Construct {
  /**
   * Fires when records are discarded and sent to `onFailure`. It has no action: add one.
   */
  public readonly discardAlarm: cloudwatch.Alarm;

  /**
   * Fires while the function reads records too late; undefined for Kafka. It has no action: add one.
   */
  public readonly iteratorAgeAlarm?: cloudwatch.Alarm;

  private readonly timing: StreamConsumerTiming;

  constructor(scope: Construct, id: string, private readonly props: StreamConsumerProps) {
    super(scope, id);
    validateStreamConsumerProps(this.node.path, props);

    const mapping = this.addMapping();
    const resource = mapping.node.defaultChild as lambda.CfnEventSourceMapping;
    this.timing = new StreamConsumerTiming(props.source, resource);
    // The alarm refers to the mapping, and the mapping to the stream: in the stack of the mapping they form no cycle.
    const alarmScope = Stack.of(mapping) === Stack.of(this) ? this : mapping;
    this.discardAlarm = this.createDiscardAlarm(alarmScope, mapping);
    if (props.source._config.hasIteratorAge) this.iteratorAgeAlarm = this.createIteratorAgeAlarm(alarmScope);
    this.node.addValidation({ validate: () => findStreamConsumerProblems(props, resource) });
    Aspects.of(this).add({ visit: node => node === this && warnStreamConsumer(this, props) }, { priority: AspectPriority.READONLY });
  }

  private addMapping(): lambda.EventSourceMapping {
    const { function: fn, onFailure, batchSize, filters, startingPosition, maxBatchingWindow, parallelizationFactor, retryAttempts } = this.props;
    const maxRecordAge = this.props.maxRecordAge ?? Duration.seconds(D.maxRecordAgeSeconds.value);
    const mapping = addEventSource(fn, this.props.source._config.createEventSource({
      startingPosition: startingPosition ?? lambda.StartingPosition.TRIM_HORIZON,
      batchSize: batchSize ?? D.batchSize.value,
      maxBatchingWindow,
      parallelizationFactor,
      retryAttempts: retryAttempts ?? D.retryAttempts.value,
      // CDK rejects a token as out of range.
      maxRecordAge: maxRecordAge.isUnresolved() ? undefined : maxRecordAge,
      bisectBatchOnError: D.bisectBatchOnError.value,
      reportBatchItemFailures: D.reportBatchItemFailures.value,
      filters: filters && [...filters],
      onFailure: onFailure ?? FailureBucket.getOrCreate(fn),
      metricsConfig: { metrics: [lambda.MetricType.EVENT_COUNT] },
    }));
    const resource = mapping.node.defaultChild as lambda.CfnEventSourceMapping;
    resource.maximumRecordAgeInSeconds = maxRecordAge.toSeconds();
    requireStandard(this.node.path, 'onFailure', destinationOf(resource));
    return mapping;
  }

  private createDiscardAlarm(scope: Construct, mapping: lambda.EventSourceMapping): cloudwatch.Alarm {
    const { path } = this.node;
    return new cloudwatch.Metric({
      namespace: 'AWS/Lambda',
      metricName: 'OnFailureDestinationDeliveredEventCount',
      dimensionsMap: { EventSourceMappingUUID: mapping.eventSourceMappingId },
      statistic: 'Sum',
      period: Duration.minutes(1),
    }).createAlarm(scope, 'DiscardAlarm', {
      alarmDescription: `Records that ${this.props.function.node.path} failed to process were discarded `
        + `and sent to the on-failure destination of ${path}. `
        + 'Inspect the objects under aws/lambda/ (they contain the records and the error), fix the cause, '
        + 'then send the records again.',
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  private createIteratorAgeAlarm(scope: Construct): cloudwatch.Alarm {
    const { function: fn, alarms } = this.props;
    return fn.metric('IteratorAge', { statistic: 'Maximum', period: Duration.minutes(1) }).createAlarm(scope, 'IteratorAgeAlarm', {
      alarmDescription: `${fn.node.path} reads the stream of ${this.node.path} too late: half of the time until records are discarded has passed. `
        + 'Check the errors and throttles of the function; '
        + 'a higher parallelization factor or more shards increase the throughput.',
      threshold: alarms?.iteratorAgeThreshold?.toMilliseconds() ?? Lazy.number({ produce: () => this.timing.iteratorAgeLimitSeconds * 1_000 }),
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
}

function destinationOf(mapping: lambda.CfnEventSourceMapping): string | undefined {
  const config = mapping.destinationConfig as lambda.CfnEventSourceMapping.DestinationConfigProperty | undefined;
  return (config?.onFailure as lambda.CfnEventSourceMapping.OnFailureProperty | undefined)?.destination;
}
