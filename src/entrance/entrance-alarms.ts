import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Door } from './door';
import { DEFAULTS } from '../limits';

const D = DEFAULTS.HttpEntrance;

/**
 * When the alarms of an entrance fire.
 */
export interface EntranceAlarmOptions {
  /**
   * Requests answered with 5xx, in percent of all, above which the error alarm fires after three minutes. At least 0,
   * below 100.
   *
   * @default 5
   */
  readonly errorRateThreshold?: number;

  /**
   * Requests a minute below which all alarms stay silent: a rate or a percentile of too few says nothing. At least 1.
   *
   * @default 10
   */
  readonly minimumRequests?: number;

  /**
   * The time in which nine of ten requests must be answered, or an alarm fires after five minutes.
   *
   * @default Duration.millis(2500)
   */
  readonly latencyThreshold?: Duration;

  /**
   * The time in which 99 of 100 requests must be answered, or an alarm fires after five minutes.
   *
   * @default Duration.seconds(10)
   */
  readonly slowestThreshold?: Duration;

  /**
   * The time that nine of ten requests may spend in the functions, or an alarm fires after five minutes. HTTP and REST
   * API: the others don't tell it from the whole.
   *
   * @default Duration.seconds(2)
   */
  readonly integrationLatencyThreshold?: Duration;
}

/** The alarms of one entrance. None has an action yet. */
export class EntranceAlarms {
  public readonly errorRate: cloudwatch.Alarm;
  public readonly latency: cloudwatch.Alarm;
  public readonly slowest: cloudwatch.Alarm;
  public readonly integrationLatency?: cloudwatch.Alarm;

  private readonly minimumRequests: number;

  constructor(private readonly scope: Construct, private readonly door: Door, options: EntranceAlarmOptions) {
    const { latency, integrationLatency } = door.metricNames;
    this.minimumRequests = options.minimumRequests ?? D.minimumRequests.value;
    this.errorRate = this.createErrorRateAlarm(options.errorRateThreshold ?? D.errorRateThreshold.value);
    this.latency = this.createLatencyAlarm('LatencyAlarm', latency, 'p90',
      options.latencyThreshold ?? Duration.millis(D.latencyThresholdMilliseconds.value));
    this.slowest = this.createLatencyAlarm('SlowestAlarm', latency, 'p99',
      options.slowestThreshold ?? Duration.millis(D.slowestThresholdMilliseconds.value));
    this.integrationLatency = integrationLatency === undefined ? undefined : this.createLatencyAlarm('IntegrationLatencyAlarm', integrationLatency, 'p90',
      options.integrationLatencyThreshold ?? Duration.millis(D.integrationLatencyThresholdMilliseconds.value));
  }

  private createErrorRateAlarm(threshold: number): cloudwatch.Alarm {
    const { requests, serverErrors } = this.door.metricNames;
    const errors = Object.fromEntries(serverErrors.map((name, place) => [`errors${place}`, this.metric(name, 'Sum')]));
    // An entrance that counts its own errors apart reports none where there were none.
    const sum = serverErrors.length === 1 ? 'errors0' : `(${serverErrors.map((_, place) => `FILL(errors${place}, 0)`).join(' + ')})`;
    return this.alarm('ErrorRateAlarm', {
      expression: `IF(requests >= ${this.minimumRequests}, 100 * ${sum} / requests, 0)`,
      label: 'requests answered with 5xx in percent',
      usingMetrics: { ...errors, requests: this.metric(requests, 'Sum') },
    }, threshold, D.errorRateDatapoints.value,
    `More than ${threshold} % of the requests to ${this.scope.node.path} are answered with 5xx. `
      + 'The access log names the routes and the request ids under which the functions logged the errors.');
  }

  private createLatencyAlarm(id: string, metricName: string, statistic: string, limit: Duration): cloudwatch.Alarm {
    const { requests, latencyUnitMilliseconds } = this.door.metricNames;
    return this.alarm(id, {
      expression: `IF(requests >= ${this.minimumRequests}, ${latencyUnitMilliseconds === 1 ? '' : `${latencyUnitMilliseconds} * `}latency, 0)`,
      label: `${statistic} of ${metricName} in milliseconds`,
      usingMetrics: { latency: this.metric(metricName, statistic), requests: this.metric(requests, 'Sum') },
    }, limit.toMilliseconds(), D.latencyDatapoints.value,
    `${metricName} of ${this.scope.node.path}: ${statistic} above ${limit.toMilliseconds()} ms. `
      + 'Traces and the durations of the functions tell whether it is a cold start, a slow dependency or too little memory.');
  }

  private alarm(id: string, math: cloudwatch.MathExpressionProps, threshold: number, datapoints: number, alarmDescription: string): cloudwatch.Alarm {
    return new cloudwatch.MathExpression({ ...math, period: Duration.seconds(D.alarmPeriodSeconds.value) }).createAlarm(this.scope, id, {
      alarmDescription,
      threshold,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: datapoints,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  private metric(metricName: string, statistic: string): cloudwatch.Metric {
    return this.door.metric(metricName, { statistic, period: Duration.seconds(D.alarmPeriodSeconds.value) });
  }
}
