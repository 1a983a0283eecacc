import { Duration, Lazy, Stack, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { checkStreamProps } from './checked-stream-props';
import { FailureBucket } from './failure-bucket';
import { manyFilters } from './queue-warnings';
import { StreamSettings } from './stream-settings';
import type { StreamSource } from './stream-source';
import { DEFAULTS } from '../limits';
import { requireStandard } from '../private/async-destination';

const D = DEFAULTS.StreamConsumer;

/**
 * Properties of a StreamConsumer.
 */
export interface StreamConsumerProps {
  /**
   * What works the records off: a ProductionFunction, an alias or a function. It must answer with the place of the first
   * record that failed (`batchItemFailures`), as Powertools' batch processor does.
   */
  readonly function: lambda.IFunction;

  /**
   * The stream to read.
   */
  readonly source: StreamSource;

  /**
   * Where to begin when the mapping is made. LATEST is a warning: it skips what is written until the mapping works.
   * AT_TIMESTAMP is refused.
   *
   * @default lambda.StartingPosition.TRIM_HORIZON
   */
  readonly startingPosition?: lambda.StartingPosition;

  /**
   * The most records of one invocation: 1 to 10,000.
   *
   * @default 100
   */
  readonly batchSize?: number;

  /**
   * How long Lambda gathers records before it invokes: at most 300 seconds, whole seconds.
   *
   * @default - Lambda invokes at once
   */
  readonly maxBatchingWindow?: Duration;

  /**
   * How many batches of a shard are worked on at a time, in order per partition key: 1 to 10. Not for Kafka.
   *
   * @default 1
   */
  readonly parallelizationFactor?: number;

  /**
   * How often a batch that failed is tried again: 0 to 10,000. Splitting it does not count, throttling neither. Without
   * end (-1) is refused, because one bad record would block its shard until it expires.
   *
   * @default 3
   */
  readonly retryAttempts?: number;

  /**
   * The age at which a record is given up: 60 seconds to 7 days.
   *
   * @default Duration.hours(1)
   */
  readonly maxRecordAge?: Duration;

  /**
   * Where discarded records go, with the error: a FailureBucket, or another destination of
   * `aws-lambda-event-sources`. SQS and SNS get the place of the records only.
   *
   * @default - the FailureBucket of the function's stack
   */
  readonly onFailure?: lambda.IEventSourceDlq;

  /**
   * Which records are worked on, as `lambda.FilterCriteria.filter` makes them; any one must match. More than 5 is a warning,
   * because AWS must have raised your quota; more than 10 is refused.
   *
   * @default - all records
   */
  readonly filters?: { [key: string]: any }[];

  /**
   * The lag of the reader above which the alarm fires: at most half of the age at which records are given up.
   * Not for Kafka.
   *
   * @default - half of `maxRecordAge`, or of the stream's retention where that is shorter
   */
  readonly iteratorAgeThreshold?: Duration;
}

/**
 * A function that works off a stream, with an end to every retry and a place for what fails.
 *
 * In the account appear the event source mapping (3 retries, records at most 1 hour old, failing batches split in two,
 * partial batch responses, from the oldest record on, metrics of events), and two alarms: one as soon as records were
 * discarded, one when the reader lags by half of the age at which records are given up (none for Kafka, which has no
 * such metric). Discarded records go, whole, to the FailureBucket of the function's stack.
 *
 * Delivery is at least once: the function must be idempotent, for example by an `IdempotencyStore` with
 * `IdempotencyKey.DYNAMODB_STREAM` or `IdempotencyKey.KINESIS`.
 *
 * Refused: props outside their ranges, endless retries, an alarm above half of the time there is, a FIFO queue or topic
 * as `onFailure`, and at synth a table without a stream and a third reader of one table's stream, because DynamoDB
 * throttles it.
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
   * Fires when records were discarded and sent to `onFailure`. It has no action yet: add yours.
   */
  public readonly discardAlarm: cloudwatch.Alarm;

  /**
   * Fires while the reader lags behind; absent for Kafka. It has no action yet: add yours.
   */
  public readonly iteratorAgeAlarm?: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, private readonly props: StreamConsumerProps) {
    super(scope, id);
    checkStreamProps(this.node.path, props);

    const mapping = this.addMapping();
    const settings = new StreamSettings(props.source, mapping.node.defaultChild as lambda.CfnEventSourceMapping);
    // The alarm names the mapping, which names the stream: in the stack of the mapping the three close no circle.
    const home = Stack.of(mapping) === Stack.of(this) ? this : mapping;
    this.discardAlarm = this.createDiscardAlarm(home, mapping);
    if (props.source._parts.hasIteratorAge) this.iteratorAgeAlarm = this.createIteratorAgeAlarm(home, settings);
    this.warn();
    this.node.addValidation({ validate: () => settings.findProblems() });
  }

  private warn(): void {
    const { filters = [], startingPosition } = this.props;
    const warnings = [...manyFilters(filters.length)];
    if (startingPosition === lambda.StartingPosition.LATEST) {
      warnings.push(['latest', 'LATEST skips the records that are written until the mapping works, which takes minutes; leave it out to begin at the oldest record']);
    }
    for (const [what, message] of warnings) Validations.of(this).addWarning(`cdk-production-lambda:StreamConsumer.${what}`, message);
  }

  private addMapping(): lambda.EventSourceMapping {
    const { function: fn, onFailure, batchSize, filters, startingPosition, maxBatchingWindow, parallelizationFactor, retryAttempts } = this.props;
    const maxRecordAge = this.props.maxRecordAge ?? Duration.seconds(D.maxRecordAgeSeconds.value);
    const before = new Set(fn.node.children);
    fn.addEventSource(this.props.source._parts.create({
      startingPosition: startingPosition ?? lambda.StartingPosition.TRIM_HORIZON,
      batchSize: batchSize ?? D.batchSize.value,
      maxBatchingWindow,
      parallelizationFactor,
      retryAttempts: retryAttempts ?? D.retryAttempts.value,
      // CDK takes a token for a number out of range.
      maxRecordAge: maxRecordAge.isUnresolved() ? undefined : maxRecordAge,
      bisectBatchOnError: D.bisectBatchOnError.value,
      reportBatchItemFailures: D.reportBatchItemFailures.value,
      filters: filters && [...filters],
      onFailure: onFailure ?? FailureBucket.of(fn),
      metricsConfig: { metrics: [lambda.MetricType.EVENT_COUNT] },
    }));
    const mapping = fn.node.children.find(c => !before.has(c) && c instanceof lambda.EventSourceMapping) as lambda.EventSourceMapping;
    const resource = mapping.node.defaultChild as lambda.CfnEventSourceMapping;
    resource.maximumRecordAgeInSeconds = maxRecordAge.toSeconds();
    requireStandard(this.node.path, 'onFailure', destinationOf(resource));
    return mapping;
  }

  private createDiscardAlarm(home: Construct, mapping: lambda.EventSourceMapping): cloudwatch.Alarm {
    return new cloudwatch.Metric({
      namespace: 'AWS/Lambda',
      metricName: 'OnFailureDestinationDeliveredEventCount',
      dimensionsMap: { EventSourceMappingUUID: mapping.eventSourceMappingId },
      statistic: 'Sum',
      period: Duration.minutes(1),
    }).createAlarm(home, 'DiscardAlarm', {
      alarmDescription: `Records that ${this.props.function.node.path} could not handle were discarded and sent to the on-failure destination of ${this.node.path}. `
        + 'Read the objects below aws/lambda/ (they carry the records and the error), mend the cause, then send the records again.',
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  private createIteratorAgeAlarm(home: Construct, settings: StreamSettings): cloudwatch.Alarm {
    const threshold = this.props.iteratorAgeThreshold?.toMilliseconds() ?? Lazy.number({ produce: () => settings.iteratorAgeLimitSeconds() * 1_000 });
    return this.props.function.metric('IteratorAge', { statistic: 'Maximum', period: Duration.minutes(1) }).createAlarm(home, 'IteratorAgeAlarm', {
      alarmDescription: `${this.props.function.node.path} lags behind the stream of ${this.node.path}: half of the time until records are given up has passed. `
        + 'Look for errors and throttles of the function; a higher parallelization factor or more shards make it faster.',
      threshold,
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
