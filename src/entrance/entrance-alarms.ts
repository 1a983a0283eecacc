import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { EntranceBackend } from './entrance-backend';
import type { EntranceAlarmsOptions } from './http-entrance-props';
import { DEFAULTS } from '../defaults';
import { durationText } from '../private/duration-text';

const D = DEFAULTS.HttpEntrance;

/** The alarms of an HttpEntrance. None has an action yet. */
export class EntranceAlarms {
  public readonly errorRate: cloudwatch.Alarm;
  public readonly latency: cloudwatch.Alarm;
  public readonly tailLatency: cloudwatch.Alarm;
  public readonly integrationLatency?: cloudwatch.Alarm;

  private readonly minimumRequests: number;

  constructor(private readonly scope: Construct, private readonly backend: EntranceBackend, options: EntranceAlarmsOptions) {
    const { latency, integrationLatency } = backend.metricNames;
    this.minimumRequests = options.minimumRequests ?? D.minimumRequests.value;
    this.errorRate = this.createErrorRateAlarm(options.errorRateThreshold ?? D.errorRateThreshold.value);
    this.latency = this.createLatencyAlarm('LatencyAlarm', latency, 'p90',
      options.latencyThreshold ?? Duration.millis(D.latencyThresholdMilliseconds.value));
    this.tailLatency = this.createLatencyAlarm('SlowestAlarm', latency, 'p99',
      options.tailLatencyThreshold ?? Duration.millis(D.tailLatencyThresholdMilliseconds.value));
    this.integrationLatency = integrationLatency === undefined ? undefined : this.createLatencyAlarm('IntegrationLatencyAlarm', integrationLatency, 'p90',
      options.integrationLatencyThreshold ?? Duration.millis(D.integrationLatencyThresholdMilliseconds.value));
  }

  private createErrorRateAlarm(threshold: number): cloudwatch.Alarm {
    const { requests, serverErrors } = this.backend.metricNames;
    const errors = Object.fromEntries(serverErrors.map((name, index) => [`errors${index}`, this.metric(name, 'Sum')]));
    // A metric of the entrance's own errors has no data points while there are no errors.
    const sum = serverErrors.length === 1 ? 'errors0' : `(${serverErrors.map((_, index) => `FILL(errors${index}, 0)`).join(' + ')})`;
    return this.alarm('ErrorRateAlarm', {
      expression: `IF(requests >= ${this.minimumRequests}, 100 * ${sum} / requests, 0)`,
      label: 'requests with a 5xx response in percent',
      usingMetrics: { ...errors, requests: this.metric(requests, 'Sum') },
    }, threshold, D.errorRateDatapoints.value,
    `More than ${threshold} % of the requests to ${this.scope.node.path} receive a 5xx response. `
      + 'The access log contains the routes, and the request ids with which the functions logged the errors.');
  }

  private createLatencyAlarm(id: string, metricName: string, statistic: string, limit: Duration): cloudwatch.Alarm {
    const { requests, latencyUnitMilliseconds } = this.backend.metricNames;
    return this.alarm(id, {
      expression: `IF(requests >= ${this.minimumRequests}, ${latencyUnitMilliseconds === 1 ? '' : `${latencyUnitMilliseconds} * `}latency, 0)`,
      label: `${statistic} of ${metricName} in milliseconds`,
      usingMetrics: { latency: this.metric(metricName, statistic), requests: this.metric(requests, 'Sum') },
    }, limit.toMilliseconds(), D.latencyDatapoints.value,
    `The ${statistic} of ${metricName} of ${this.scope.node.path} is above ${durationText(limit.toSeconds({ integral: false }))}. `
      + 'Read the traces and the durations of the functions: the cause is a cold start, a slow dependency or too little memory.');
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
    return this.backend.metric(metricName, { statistic, period: Duration.seconds(D.alarmPeriodSeconds.value) });
  }
}
