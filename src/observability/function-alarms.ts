import { Duration, Lazy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { aliasMetric, functionMetric } from './alias-metric';
import type { FunctionAlarmsProps } from './function-alarms-props';
import { validateFunctionAlarmsProps } from './function-alarms-validation';
import { DEFAULTS } from '../defaults';
import { durationText } from '../private/duration-text';
import { faultsMetric, findFaultsProblems, publishesFaults } from '../private/faults';
import { effectiveReservedConcurrency, effectiveTimeout } from '../private/function-definition';
import { lateNumberText, numberText } from '../private/tokens';

const D = DEFAULTS.FunctionAlarms;

/**
 * Four alarms for a function in production.
 *
 * Creates one alarm each, with metric math; a minute without data does not breach:
 *
 * - `errorRateAlarm`: more than 1 % of the requests through the alias fail, for three minutes in a row;
 * - `durationAlarm`: the 99th percentile of the duration is above 80 % of the timeout for fifteen minutes;
 * - `capacityAlarm`: requests are throttled, or more than 80 % of the reserved concurrency is in use, for five minutes;
 * - `lostEventsAlarm`: asynchronous events were dropped, could not be delivered to their destination or dead-letter queue,
 *   were stopped as a recursive loop, or wait longer than half of their maximum age.
 *
 * The alarms have no action: `AlarmActions.of(app).addTopic(topic)` adds one to all alarms of an app. The stack's
 * FailureQueue has its own alarm.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
 * @example
 * declare const pay: ProductionFunction;
 * declare const orders: sqs.Queue;
 * const alarms = new FunctionAlarms(this, 'PayAlarms', { function: pay, runbook: 'https://wiki.example.com/pay' });
 * alarms.addQueueAlarm('Orders', orders, Duration.minutes(10));
 */
export class FunctionAlarms extends Construct {
  /**
   * Fires if the error rate exceeds its threshold.
   */
  public readonly errorRateAlarm: cloudwatch.Alarm;

  /**
   * Fires if the duration of the requests approaches the timeout.
   */
  public readonly durationAlarm: cloudwatch.Alarm;

  /**
   * Fires if the function is throttled or its reserved concurrency is almost in use.
   */
  public readonly capacityAlarm: cloudwatch.Alarm;

  /**
   * Fires if asynchronous events are lost, or are about to be lost.
   */
  public readonly lostEventsAlarm: cloudwatch.Alarm;

  private readonly alias: lambda.IAlias;

  constructor(scope: Construct, id: string, private readonly props: FunctionAlarmsProps) {
    super(scope, id);
    validateFunctionAlarmsProps(this.node.path, props);
    this.alias = props.function;
    this.errorRateAlarm = this.createErrorRateAlarm();
    this.durationAlarm = this.createDurationAlarm();
    this.capacityAlarm = this.createCapacityAlarm();
    this.lostEventsAlarm = this.createLostEventsAlarm();
  }

  /**
   * Adds an alarm on the age of the oldest message of a queue that the function consumes.
   *
   * @param id Id of the alarm
   * @param queue The queue
   * @param maxAge The alarm fires if a message is older for fifteen minutes
   */
  public addQueueAlarm(id: string, queue: sqs.IQueue, maxAge: Duration): cloudwatch.Alarm {
    const metric = queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: Duration.minutes(1) });
    return this.createAlarm(id, metric, maxAge.toSeconds(), D.queueAgeMinutes.value,
      `Messages of ${queue.node.path} wait longer than ${durationText(maxAge.toSeconds())} for ${this.alias.node.path}.`,
      'Check errors and throttles of the function first, then whether more messages arrive than it can process: '
      + 'raise the concurrency of the event source.');
  }

  /**
   * Adds an alarm on the iterator age of the streams that the function consumes: more than a minute, for five minutes.
   *
   * @param id Id of the alarm
   */
  public addStreamAlarm(id: string): cloudwatch.Alarm {
    return this.createAlarm(id, aliasMetric(this.alias, 'IteratorAge', 'Maximum'), D.iteratorAgeSeconds.value * 1_000, D.iteratorAgeMinutes.value,
      `${this.alias.node.path} is more than ${durationText(D.iteratorAgeSeconds.value)} behind its stream.`,
      'Check for a batch that fails repeatedly, then whether more records arrive than it can process: '
      + 'raise parallelizationFactor or the number of shards.');
  }

  private createErrorRateAlarm(): cloudwatch.Alarm {
    const threshold = this.props.errorRateThreshold ?? D.errorRateThreshold.value;
    const faults = this.props.faults ?? publishesFaults(this.alias);
    if (faults) this.node.addValidation({ validate: () => findFaultsProblems(this.alias) });
    const rate = this.math(faults ? '100 * (errors + FILL(faults, 0)) / invocations' : '100 * errors / invocations', 'errors in percent', {
      errors: aliasMetric(this.alias, 'Errors', 'Sum'),
      invocations: aliasMetric(this.alias, 'Invocations', 'Sum'),
      ...faults && { faults: faultsMetric(this.alias.version, Duration.minutes(1)) },
    });
    return this.createAlarm('Errors', rate, threshold, D.errorRateMinutes.value,
      `More than ${numberText(threshold)} % of the requests to ${this.alias.node.path} fail.`,
      'If a release is in progress, stop it. Otherwise read the latest errors in the log group, and check the services that the function calls.');
  }

  private createDurationAlarm(): cloudwatch.Alarm {
    const threshold = this.props.durationThreshold ?? D.durationThreshold.value;
    const timeout = lateNumberText(() => effectiveTimeout(this.alias));
    // Milliseconds divided by 10 × seconds are a percentage.
    const share = this.math(`duration / (10 * ${timeout})`, 'p99 duration in percent of the timeout', {
      duration: aliasMetric(this.alias, 'Duration', 'p99'),
    });
    return this.createAlarm('Duration', share, threshold, D.durationMinutes.value,
      `The slowest 1 % of the requests to ${this.alias.node.path} take more than ${numberText(threshold)} % of its timeout.`,
      'Open the slowest traces and check for a slow downstream call, an exhausted connection pool or too little memory. Raise the timeout last.');
  }

  private createCapacityAlarm(): cloudwatch.Alarm {
    const reserved = () => effectiveReservedConcurrency(this.alias);
    const throttled = 'IF(FILL(throttles, 0) > 0, 100, 0)';
    const used = `MAX([${throttled}, 100 * FILL(concurrent, 0) / ${lateNumberText(reserved)}])`;
    const ifReserved = (text: string, otherwise: string) => Lazy.uncachedString({ produce: () => reserved() === undefined ? otherwise : text });
    const use = this.math(ifReserved(used, throttled), ifReserved('reserved concurrency in use in percent', 'throttled: 100'), {
      throttles: aliasMetric(this.alias, 'Throttles', 'Sum'),
      concurrent: functionMetric(this.alias, 'ConcurrentExecutions', 'Maximum'),
    });
    const alarm = this.createAlarm('Capacity', use, D.concurrencyThreshold.value, D.capacityMinutes.value,
      `${this.alias.node.path} is throttled${ifReserved(` or uses more than ${D.concurrencyThreshold.value} % of its reserved concurrency`, '')}.`,
      'Compare its concurrency with the reserved concurrency and with the quota of the account. Check for longer durations before you raise either.');
    const resource = alarm.node.defaultChild as cloudwatch.CfnAlarm;
    const metrics = resource.metrics as cloudwatch.CfnAlarm.MetricDataQueryProperty[];
    resource.metrics = Lazy.uncachedAny({ produce: () => metrics.filter(({ id }) => id !== 'concurrent' || reserved() !== undefined) });
    return alarm;
  }

  private createLostEventsAlarm(): cloudwatch.Alarm {
    const lost = {
      dropped: 'AsyncEventsDropped', undelivered: 'DestinationDeliveryFailures', unqueued: 'DeadLetterErrors', looped: 'RecursiveInvocationsDropped',
    };
    const usingMetrics: Record<string, cloudwatch.IMetric> = { age: functionMetric(this.alias, 'AsyncEventAge', 'Maximum') };
    for (const [id, name] of Object.entries(lost)) usingMetrics[id] = functionMetric(this.alias, name, 'Sum');
    const maxAge = this.props.maxEventAge ?? Duration.seconds(DEFAULTS.ProductionFunction.maxEventAgeSeconds.value);
    const tooOld = maxAge.toSeconds() * D.maxEventAgeShare.value * 1_000;
    const sum = Object.keys(lost).map(id => `FILL(${id}, 0)`).join(' + ');
    const count = this.math(`${sum} + IF(FILL(age, 0) > ${tooOld}, 1, 0)`, 'asynchronous events lost or late', usingMetrics);
    return this.createAlarm('LostWork', count, 0, 1,
      `Asynchronous events of ${this.alias.node.path} were dropped, could not be delivered after a failure, were stopped as a recursive loop, `
      + `or wait longer than ${durationText(tooOld / 1_000)}.`,
      'Check which of the metrics rose: send dropped events again from their source, fix the permissions of the destination, '
      + 'remove the recursive loop, or raise the concurrency of the function.');
  }

  private math(expression: string, label: string, usingMetrics: Record<string, cloudwatch.IMetric>): cloudwatch.MathExpression {
    return new cloudwatch.MathExpression({ expression, label, usingMetrics, period: Duration.minutes(1) });
  }

  private createAlarm(
    id: string, metric: cloudwatch.IMetric, threshold: number, minutes: number, problem: string, remedy: string,
  ): cloudwatch.Alarm {
    const { runbook } = this.props;
    return new cloudwatch.Alarm(this, id, {
      metric,
      threshold,
      alarmDescription: [problem, remedy, ...runbook === undefined ? [] : [`Runbook: ${runbook}`]].join(' '),
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: minutes,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
}
