import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { DEFAULTS } from '../defaults';
import { effectiveTimeout } from '../private/function-definition';
import { lateNumberText, numberText } from '../private/tokens';

const D = DEFAULTS.CanaryAlias;

/** Inputs of the release alarms. They have the alias by its name, because a reference to the alias would be a cycle. */
export interface ReleaseAlarmsProps {
  readonly function: lambda.Function;
  readonly version: lambda.IVersion;
  readonly aliasName: string;
  readonly errorRateThreshold: number;
  readonly minimumRequests: number;
  readonly durationThreshold: number;
  /** The number of minutes that the alarms evaluate; all but one of them must breach the threshold. */
  readonly minutes: number;
}

/** The two alarms that roll a release back. Both count only the requests that reach the new version through the alias. */
export class ReleaseAlarms {
  public readonly errorRateAlarm: cloudwatch.Alarm;
  public readonly durationAlarm: cloudwatch.Alarm;

  constructor(scope: Construct, private readonly props: ReleaseAlarmsProps) {
    this.errorRateAlarm = this.createErrorRateAlarm(scope);
    this.durationAlarm = this.createDurationAlarm(scope);
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
        + 'During a release CodeDeploy rolls back to the previous version automatically. '
        + 'Before you deploy again, read the errors of the new version in the log group.',
      threshold: errorRateThreshold,
    });
  }

  private createDurationAlarm(scope: Construct): cloudwatch.Alarm {
    const { function: fn, durationThreshold } = this.props;
    const timeout = lateNumberText(() => effectiveTimeout(fn));
    return new cloudwatch.MathExpression({
      // Milliseconds divided by 10 × seconds are a percentage.
      expression: this.withEnoughRequests(`duration / (10 * ${timeout})`),
      label: 'p99 duration of the new version in percent of the timeout',
      usingMetrics: { duration: this.metric('Duration', 'p99'), invocations: this.metric('Invocations', 'Sum') },
      period: Duration.seconds(D.alarmPeriodSeconds.value),
    }).createAlarm(scope, 'DurationAlarm', {
      ...this.window(),
      alarmDescription: `The slowest 1 % of the requests to the new version of ${scope.node.path} take more than `
        + `${numberText(durationThreshold)} % of its timeout. During a release CodeDeploy rolls back to the previous version automatically. `
        + 'Before you deploy again, compare the traces of both versions.',
      threshold: durationThreshold,
    });
  }

  private withEnoughRequests(expression: string): string {
    return `IF(invocations >= ${numberText(this.props.minimumRequests)}, ${expression}, 0)`;
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
   * Not `Version.metric()`, whose dimensions never match requests through an alias (aws/aws-cdk#14248).
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
