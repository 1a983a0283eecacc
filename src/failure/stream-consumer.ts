import { Duration, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { checkFilters, manyFilters } from './checked-queue-props';
import { FailureBucket } from './failure-bucket';
import type { StreamSource } from './stream-source';
import { DEFAULTS, EVENT_FILTER, iteratorAgeLimitSeconds, STREAM_SOURCE } from '../limits';
import { referentOf, resourcesBelow } from '../private/event-sources';
import { refuse, requireRange } from '../private/validation';

const D = DEFAULTS.StreamConsumer;
const S = STREAM_SOURCE;

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
   * @default FailureBucket.of(this)
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
 * such metric). Discarded records go, whole, to the stack's FailureBucket.
 *
 * Delivery is at least once: the function must be idempotent, for example by an `IdempotencyStore` with
 * `IdempotencyKey.DYNAMODB_STREAM` or `IdempotencyKey.KINESIS`.
 *
 * Refused: props outside their ranges, endless retries, an alarm above half of the time there is, and at synth a third
 * reader of one table's stream, because DynamoDB throttles it.
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

  private readonly mapping: lambda.EventSourceMapping;

  constructor(scope: Construct, id: string, private readonly props: StreamConsumerProps) {
    super(scope, id);
    this.checkProps();
    this.warnOfProps();

    this.mapping = this.addMapping();
    this.discardAlarm = this.createDiscardAlarm();
    if (this.source.hasIteratorAge) this.iteratorAgeAlarm = this.createIteratorAgeAlarm();
    this.node.addValidation({ validate: () => this.findThirdReader() });
  }

  private get source() {
    return this.props.source._parts;
  }

  private get maxRecordAge(): Duration {
    return this.props.maxRecordAge ?? Duration.seconds(D.maxRecordAgeSeconds.value);
  }

  private checkProps(): void {
    const { path } = this.node;
    const { retryAttempts, parallelizationFactor, startingPosition, iteratorAgeThreshold, maxBatchingWindow } = this.props;
    requireRange(path, 'batchSize', this.props.batchSize, 1, S.batchMax, 'it is a number of records');
    requireRange(path, 'maxBatchingWindow', seconds(maxBatchingWindow), 0, S.windowMaxSeconds, 'it is a number of seconds');
    requireRange(path, 'parallelizationFactor', parallelizationFactor, 1, S.parallelizationMax, 'add shards to get more');
    requireRange(path, 'retryAttempts', retryAttempts, 0, S.retryAttemptsMax, 'without end one bad record blocks its shard until it expires');
    requireRange(path, 'maxRecordAge', seconds(this.maxRecordAge), S.recordAgeMinSeconds, S.recordAgeMaxSeconds, 'it is a number of seconds');
    checkFilters(path, this.props.filters);
    if (startingPosition === lambda.StartingPosition.AT_TIMESTAMP) {
      refuse(path, "'startingPosition' must be TRIM_HORIZON or LATEST, got AT_TIMESTAMP; to begin at a time, use the event source of aws-lambda-event-sources");
    }
    if (!this.source.hasIteratorAge) {
      for (const prop of ['parallelizationFactor', 'iteratorAgeThreshold'] as const) {
        if (this.props[prop] !== undefined) refuse(path, `'${prop}' must not go with a Kafka source, which has none; leave it out`);
      }
    }
    requireRange(path, 'iteratorAgeThreshold', seconds(iteratorAgeThreshold), 60, this.iteratorAgeLimit(), 'beyond half of the age at which records are given up less time is left than has passed');
  }

  private warnOfProps(): void {
    const warn = (what: string, message: string) => Validations.of(this).addWarning(`cdk-production-lambda:StreamConsumer.${what}`, message);
    const { filters, startingPosition } = this.props;
    if ((filters?.length ?? 0) > EVENT_FILTER.patternsMax) warn('manyFilters', manyFilters(filters!.length));
    if (startingPosition === lambda.StartingPosition.LATEST) {
      warn('latest', 'LATEST skips the records that are written until the mapping works, which takes minutes; leave it out to begin at the oldest record');
    }
  }

  private addMapping(): lambda.EventSourceMapping {
    const { function: fn, onFailure, batchSize, filters, startingPosition, maxBatchingWindow, parallelizationFactor, retryAttempts } = this.props;
    const before = new Set(fn.node.children);
    fn.addEventSource(this.source.create({
      startingPosition: startingPosition ?? lambda.StartingPosition.TRIM_HORIZON,
      batchSize: batchSize ?? D.batchSize.value,
      maxBatchingWindow,
      parallelizationFactor,
      retryAttempts: retryAttempts ?? D.retryAttempts.value,
      maxRecordAge: this.maxRecordAge,
      bisectBatchOnError: D.bisectBatchOnError.value,
      reportBatchItemFailures: D.reportBatchItemFailures.value,
      filters: filters && [...filters],
      onFailure: onFailure ?? FailureBucket.of(this),
      metricsConfig: { metrics: [lambda.MetricType.EVENT_COUNT] },
    }));
    return fn.node.children.find(c => !before.has(c) && c instanceof lambda.EventSourceMapping) as lambda.EventSourceMapping;
  }

  private createDiscardAlarm(): cloudwatch.Alarm {
    return new cloudwatch.Metric({
      namespace: 'AWS/Lambda',
      metricName: 'OnFailureDestinationDeliveredEventCount',
      dimensionsMap: { EventSourceMappingUUID: this.mapping.eventSourceMappingId },
      statistic: 'Sum',
      period: Duration.minutes(1),
    }).createAlarm(this, 'DiscardAlarm', {
      alarmDescription: `Records that ${this.props.function.node.path} could not handle were discarded and sent to the on-failure destination of ${this.node.path}. `
        + 'Read the objects below aws/lambda/ (they carry the records and the error), mend the cause, then send the records again.',
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  private createIteratorAgeAlarm(): cloudwatch.Alarm {
    const threshold = this.props.iteratorAgeThreshold?.toMilliseconds() ?? this.iteratorAgeLimit() * 1_000;
    return this.props.function.metric('IteratorAge', { statistic: 'Maximum', period: Duration.minutes(1) }).createAlarm(this, 'IteratorAgeAlarm', {
      alarmDescription: `${this.props.function.node.path} lags behind the stream of ${this.node.path}: half of the time until records are given up has passed. `
        + 'Look for errors and throttles of the function; a higher parallelization factor or more shards make it faster.',
      threshold,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  /** In seconds. A retention that is not known here does not shorten it. */
  private iteratorAgeLimit(): number {
    const age = seconds(this.maxRecordAge) ?? S.recordAgeMinSeconds;
    return iteratorAgeLimitSeconds(age, this.source.retention() ?? age);
  }

  /** Every reader in the app counts, by whomever it was attached. */
  private findThirdReader(): string[] {
    const table = this.source.table?.node.defaultChild;
    if (!table) return [];
    const mappings = resourcesBelow(this.node.root, 'AWS::Lambda::EventSourceMapping') as lambda.CfnEventSourceMapping[];
    const readers = mappings.filter(m => referentOf(m.eventSourceArn) === table).length;
    if (readers <= S.tableStreamReadersMax) return [];
    return [`a table's stream must have at most ${S.tableStreamReadersMax} readers, got ${readers}, and DynamoDB would throttle them; `
      + 'let one function pass the changes on, for example to EventBridge'];
  }
}

function seconds(duration: Duration | undefined): number | undefined {
  return duration?.isUnresolved() ? undefined : duration?.toSeconds();
}
