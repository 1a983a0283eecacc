import { Duration, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { aliasMetric, cfnFunctionOf, functionMetric } from './alias-metric';
import { DEFAULTS, LAMBDA } from '../limits';
import { numberText } from '../private/number-text';
import { requireRange } from '../private/validation';

const D = DEFAULTS.FunctionAlarms;

/**
 * Where the alarms of a function fire, and what they say.
 */
export interface FunctionAlarmsOptions {
  /**
   * Failed requests, in percent of all, above which the alarm fires. At least 0, at most 99.
   *
   * @default 1
   */
  readonly errorRateThreshold?: number;

  /**
   * The 99th percentile of the duration, in percent of the timeout, above which the alarm fires. At least 1, at most 99.
   *
   * @default 80
   */
  readonly durationThreshold?: number;

  /**
   * Where the people on call read on: an address or a sentence, added to the description of every alarm. At most 500
   * characters.
   *
   * @default - the description says what happened and where to look first
   */
  readonly runbook?: string;
}

/**
 * Properties of a FunctionAlarms.
 */
export interface FunctionAlarmsProps extends FunctionAlarmsOptions {
  /**
   * The alias that serves the traffic; a ProductionFunction is one.
   */
  readonly alias: lambda.IAlias;

  /**
   * The age at which waiting asynchronous events are dropped; the alarm fires at half of it.
   *
   * @default Duration.hours(1)
   */
  readonly maxEventAge?: Duration;
}

/**
 * The alarms that a function in production needs, in four: each a question that a person on call can answer.
 *
 * - `errors`: more than 1 % of the requests through the alias fail, three minutes in a row;
 * - `duration`: the 99th percentile is above 80 % of the timeout for fifteen minutes;
 * - `capacity`: requests are throttled, or more than 80 % of the reserved concurrency is in use, for five minutes;
 * - `lostWork`: asynchronous events were dropped, could not be delivered to their destination or dead-letter queue, were
 *   stopped as a loop, or wait longer than half of their maximum age.
 *
 * Each is one resource by metric math; a minute without data is a good minute. They have no action yet:
 * `AlarmActions.of(app).addTopic(topic)` gives one to all alarms of an app. The stack's FailureQueue has its own alarm.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
 * @example
 * declare const pay: ProductionFunction;
 * declare const orders: sqs.Queue;
 * const alarms = new FunctionAlarms(this, 'PayAlarms', { alias: pay, runbook: 'https://wiki.example.com/pay' });
 * alarms.addQueue('Orders', orders, Duration.minutes(10));
 */
export class FunctionAlarms extends Construct {
  /**
   * Fires when too many requests fail.
   */
  public readonly errors: cloudwatch.Alarm;

  /**
   * Fires when requests come near the timeout.
   */
  public readonly duration: cloudwatch.Alarm;

  /**
   * Fires when the function can't take more requests, or soon can't.
   */
  public readonly capacity: cloudwatch.Alarm;

  /**
   * Fires when asynchronous work was lost or is about to be.
   */
  public readonly lostWork: cloudwatch.Alarm;

  private readonly alias: lambda.IAlias;

  constructor(scope: Construct, id: string, private readonly props: FunctionAlarmsProps) {
    super(scope, id);
    this.checkProps();
    this.alias = props.alias;
    this.errors = this.createErrors();
    this.duration = this.createDuration();
    this.capacity = this.createCapacity();
    this.lostWork = this.createLostWork();
  }

  /**
   * Adds an alarm on the oldest message of a queue that the function consumes.
   *
   * @param id Id of the alarm
   * @param queue The queue
   * @param maxAge The age that no message may reach
   */
  public addQueue(id: string, queue: sqs.IQueue, maxAge: Duration): cloudwatch.Alarm {
    return this.createAlarm(id, queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: Duration.minutes(1) }), maxAge.toSeconds(), D.queueAgeMinutes.value,
      `Messages of ${queue.node.path} wait longer than ${maxAge.toSeconds()} s for ${this.alias.node.path}.`,
      'Look for errors and throttles of the function first, then for more messages than it can take: raise the concurrency of the event source.');
  }

  /**
   * Adds an alarm on how far the function is behind the streams that it consumes: a minute, for five minutes.
   *
   * @param id Id of the alarm
   */
  public addStream(id: string): cloudwatch.Alarm {
    return this.createAlarm(id, aliasMetric(this.alias, 'IteratorAge', 'Maximum'), D.iteratorAgeSeconds.value * 1_000, D.iteratorAgeMinutes.value,
      `${this.alias.node.path} is more than ${D.iteratorAgeSeconds.value} s behind its stream.`,
      'Look for a batch that fails again and again, then for more records than it can take: raise parallelizationFactor or the number of shards.');
  }

  private checkProps(): void {
    const at = this.node.path;
    const { errorRateThreshold, durationThreshold, runbook, maxEventAge } = this.props;
    requireRange(at, 'errorRateThreshold', errorRateThreshold, 0, 99, 'it is the percentage of failed requests');
    requireRange(at, 'durationThreshold', durationThreshold, 1, 99, 'it is a percentage of the timeout');
    if (runbook !== undefined && !Token.isUnresolved(runbook)) {
      requireRange(at, 'runbook', runbook.length, 1, 500, 'it is a number of characters: link to the rest');
    }
    if (maxEventAge && !maxEventAge.isUnresolved()) requireRange(at, 'maxEventAge', maxEventAge.toSeconds(), 60, 21_600, 'it is the one of the asynchronous configuration, in seconds');
  }

  private createErrors(): cloudwatch.Alarm {
    const threshold = this.props.errorRateThreshold ?? D.errorRateThreshold.value;
    const rate = this.math('100 * errors / invocations', 'errors in percent', {
      errors: aliasMetric(this.alias, 'Errors', 'Sum'),
      invocations: aliasMetric(this.alias, 'Invocations', 'Sum'),
    });
    return this.createAlarm('Errors', rate, threshold, D.errorRateMinutes.value,
      `More than ${numberText(threshold)} % of the requests to ${this.alias.node.path} fail.`,
      'Look for a release under way and stop it; else read the errors in the log group, newest first, and what the function calls.');
  }

  private createDuration(): cloudwatch.Alarm {
    const threshold = this.props.durationThreshold ?? D.durationThreshold.value;
    const timeout = cfnFunctionOf(this.alias)?.timeout ?? LAMBDA.timeoutUnsetSeconds;
    // milliseconds over 10 × seconds are percent
    const share = this.math(`duration / (10 * ${numberText(timeout)})`, 'p99 duration in percent of the timeout', {
      duration: aliasMetric(this.alias, 'Duration', 'p99'),
    });
    return this.createAlarm('Duration', share, threshold, D.durationMinutes.value,
      `The slowest 1 % of the requests to ${this.alias.node.path} take more than ${numberText(threshold)} % of its timeout.`,
      'Open the slowest traces: a slow call downstream, a full connection pool or too little memory; raise the timeout last.');
  }

  private createCapacity(): cloudwatch.Alarm {
    const reserved = cfnFunctionOf(this.alias)?.reservedConcurrentExecutions;
    const throttled = 'IF(FILL(throttles, 0) > 0, 100, 0)';
    const throttles = aliasMetric(this.alias, 'Throttles', 'Sum');
    const use = reserved === undefined
      ? this.math(throttled, 'throttled: 100', { throttles })
      : this.math(`MAX([${throttled}, 100 * FILL(concurrent, 0) / ${numberText(reserved)}])`, 'reserved concurrency in use in percent', {
        throttles,
        concurrent: functionMetric(this.alias, 'ConcurrentExecutions', 'Maximum'),
      });
    return this.createAlarm('Capacity', use, D.concurrencyThreshold.value, D.capacityMinutes.value,
      `${this.alias.node.path} is throttled${reserved === undefined ? '' : ` or uses more than ${D.concurrencyThreshold.value} % of its reserved concurrency`}.`,
      'Compare its concurrency with what is reserved and with the account\'s quota; look for longer durations before asking for more.');
  }

  private createLostWork(): cloudwatch.Alarm {
    const lost = { dropped: 'AsyncEventsDropped', undelivered: 'DestinationDeliveryFailures', unqueued: 'DeadLetterErrors', looped: 'RecursiveInvocationsDropped' };
    const usingMetrics: Record<string, cloudwatch.IMetric> = { age: functionMetric(this.alias, 'AsyncEventAge', 'Maximum') };
    for (const [id, name] of Object.entries(lost)) usingMetrics[id] = functionMetric(this.alias, name, 'Sum');
    const maxAge = this.props.maxEventAge ?? Duration.seconds(DEFAULTS.ProductionFunction.maxEventAgeSeconds.value);
    const tooOld = maxAge.toSeconds() * D.maxEventAgeShare.value * 1_000;
    const count = this.math(`${Object.keys(lost).map(id => `FILL(${id}, 0)`).join(' + ')} + IF(FILL(age, 0) > ${tooOld}, 1, 0)`, 'asynchronous work lost or late', usingMetrics);
    return this.createAlarm('LostWork', count, 0, 1,
      `Asynchronous events of ${this.alias.node.path} were dropped, could not be delivered after failing, ran in a circle, or wait longer than ${tooOld / 1_000} s.`,
      'See which of the metrics rose: send dropped events again from their source, mend the permissions of the destination, break the circle, or give the function more concurrency.');
  }

  private math(expression: string, label: string, usingMetrics: Record<string, cloudwatch.IMetric>): cloudwatch.MathExpression {
    return new cloudwatch.MathExpression({ expression, label, usingMetrics, period: Duration.minutes(1) });
  }

  private createAlarm(id: string, metric: cloudwatch.IMetric, threshold: number, minutes: number, what: string, whatToDo: string): cloudwatch.Alarm {
    const { runbook } = this.props;
    return new cloudwatch.Alarm(this, id, {
      metric,
      threshold,
      alarmDescription: [what, whatToDo, ...runbook === undefined ? [] : [`Runbook: ${runbook}`]].join(' '),
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: minutes,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
}
