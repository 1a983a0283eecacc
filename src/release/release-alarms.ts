import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { DEFAULTS, LAMBDA } from '../limits';
import { numberText } from '../private/number-text';

const D = DEFAULTS.CanaryAlias;

/** What a release alarm needs to know of the alias, by name: a reference to the alias itself would be a cycle. */
export interface ReleaseAlarmsProps {
  readonly function: lambda.Function;
  readonly version: lambda.IVersion;
  readonly aliasName: string;
  readonly errorRateThreshold: number;
  readonly minimumInvocations: number;
  readonly durationThreshold: number;
  /** How many minutes are looked at; all but one of them must be bad. */
  readonly minutes: number;
}

/** The two alarms that stop a canary. Both see the new version only, and only what reached it through the alias. */
export class ReleaseAlarms {
  public readonly errorRate: cloudwatch.Alarm;
  public readonly duration: cloudwatch.Alarm;

  constructor(scope: Construct, private readonly props: ReleaseAlarmsProps) {
    this.errorRate = this.createErrorRateAlarm(scope);
    this.duration = this.createDurationAlarm(scope);
  }

  private createErrorRateAlarm(scope: Construct): cloudwatch.Alarm {
    const { errorRateThreshold } = this.props;
    return new cloudwatch.MathExpression({
      expression: this.withEnoughRequests('100 * errors / invocations'),
      label: 'errors of the new version in percent',
      usingMetrics: { errors: this.metric('Errors', 'Sum'), invocations: this.metric('Invocations', 'Sum') },
      period: Duration.seconds(D.alarmPeriodSeconds.value),
    }).createAlarm(scope, 'ErrorRateAlarm', {
      ...this.window(),
      alarmDescription: `More than ${numberText(errorRateThreshold)} % of the requests to the new version of ${scope.node.path} fail. `
        + 'During a release CodeDeploy goes back to the old version by itself; read the new version\'s errors in its log group before trying again.',
      threshold: errorRateThreshold,
    });
  }

  private createDurationAlarm(scope: Construct): cloudwatch.Alarm {
    const { function: fn, durationThreshold } = this.props;
    const timeout = numberText((fn.timeout ?? Duration.seconds(LAMBDA.timeoutUnsetSeconds)).toSeconds());
    return new cloudwatch.MathExpression({
      // milliseconds over 10 × seconds are percent
      expression: this.withEnoughRequests(`duration / (10 * ${timeout})`),
      label: 'p99 duration of the new version in percent of the timeout',
      usingMetrics: { duration: this.metric('Duration', 'p99'), invocations: this.metric('Invocations', 'Sum') },
      period: Duration.seconds(D.alarmPeriodSeconds.value),
    }).createAlarm(scope, 'DurationAlarm', {
      ...this.window(),
      alarmDescription: `The slowest 1 % of the requests to the new version of ${scope.node.path} take more than ${numberText(durationThreshold)} % of its timeout. `
        + 'During a release CodeDeploy goes back to the old version by itself; compare the traces of both versions before trying again.',
      threshold: durationThreshold,
    });
  }

  private withEnoughRequests(expression: string): string {
    return `IF(invocations >= ${numberText(this.props.minimumInvocations)}, ${expression}, 0)`;
  }

  private window() {
    return {
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: this.props.minutes,
      datapointsToAlarm: Math.max(1, this.props.minutes - (D.alarmEvaluationPeriods.value - D.alarmDatapoints.value)),
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    };
  }

  /**
   * `Version.metric()` of CDK builds dimensions that never match traffic through an alias (aws/aws-cdk#14248).
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-view.html
   */
  private metric(metricName: string, statistic: string): cloudwatch.Metric {
    const { function: fn, version, aliasName } = this.props;
    return new cloudwatch.Metric({
      namespace: 'AWS/Lambda',
      metricName,
      statistic,
      period: Duration.seconds(D.alarmPeriodSeconds.value),
      dimensionsMap: {
        FunctionName: fn.functionName,
        Resource: `${fn.functionName}:${aliasName}`,
        ExecutedVersion: version.version,
      },
    });
  }
}
