import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { DURATION_STATISTICS, durationExpression, nearStatistic, replaceStatistic } from './duration';
import { errorRateExpression } from './error-rate';
import { DEFAULTS } from '../defaults';
import { faultsMetric } from '../private/faults';
import { effectiveTimeout } from '../private/function-definition';
import { numberText } from '../private/tokens';

const D = DEFAULTS.CanaryAlias;
/** One window, which moves with each evaluation, so that all requests of the shift count together. */
const ONE_WINDOW = {
  comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
  evaluationPeriods: D.alarmEvaluationPeriods.value,
  treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
};

/** Inputs of the release alarms. They have the alias by its name, because a reference to the alias would be a cycle. */
export interface ReleaseAlarmsProps {
  readonly function: lambda.Function;
  readonly version: lambda.IVersion;
  readonly aliasName: string;
  readonly errorRateThreshold: number;
  readonly minimumRequests: number;
  readonly durationThreshold: number;
  readonly slowdownThreshold: number;
  /** The minutes that the alarms evaluate, as one window that moves every minute. */
  readonly minutes: number;
  /** Whether the handler publishes `Faults`. */
  readonly faults: boolean;
}

/** The two alarms that roll a release back. Both count only the requests that reach the new version through the alias. */
export class ReleaseAlarms {
  public readonly errorRateAlarm: cloudwatch.Alarm;
  public readonly durationAlarm: cloudwatch.Alarm;
  private readonly period: Duration;

  constructor(scope: Construct, private readonly props: ReleaseAlarmsProps) {
    this.period = Duration.minutes(props.minutes);
    this.errorRateAlarm = this.createErrorRateAlarm(scope);
    this.durationAlarm = this.createDurationAlarm(scope);
  }

  private createErrorRateAlarm(scope: Construct): cloudwatch.Alarm {
    const { errorRateThreshold, version, faults } = this.props;
    return new cloudwatch.MathExpression({
      expression: errorRateExpression(this.props, faults ? '(errors + FILL(faults, 0))' : 'errors'),
      label: 'errors of the new version in percent, beyond what chance explains',
      usingMetrics: {
        errors: this.metric('Errors', 'Sum'),
        invocations: this.metric('Invocations', 'Sum'),
        ...faults && { faults: faultsMetric(version, this.period) },
      },
      period: this.period,
    }).createAlarm(scope, 'ErrorRateAlarm', {
      ...ONE_WINDOW,
      alarmDescription: `More than ${numberText(errorRateThreshold)} % of the requests to the new version of ${scope.node.path} fail, `
        + 'and chance does not explain it. During a release CodeDeploy rolls back to the previous version automatically. '
        + 'Before you deploy again, read the errors of the new version in the log group.',
      threshold: errorRateThreshold,
    });
  }

  private createDurationAlarm(scope: Construct): cloudwatch.Alarm {
    const { function: fn, durationThreshold, slowdownThreshold } = this.props;
    const limits = { ...this.props, timeout: () => effectiveTimeout(fn) };
    const usingMetrics: Record<string, cloudwatch.IMetric> = { invocations: this.metric('Invocations', 'Sum') };
    for (const [id, statistic] of Object.entries(DURATION_STATISTICS.new)) usingMetrics[id] = this.metric('Duration', statistic);
    for (const [id, statistic] of Object.entries(DURATION_STATISTICS.alias)) usingMetrics[id] = this.metric('Duration', statistic, 'alias');
    const alarm = new cloudwatch.MathExpression({
      expression: durationExpression(limits),
      label: 'duration of the new version, 100 if it is too slow',
      usingMetrics,
      period: this.period,
    }).createAlarm(scope, 'DurationAlarm', {
      ...ONE_WINDOW,
      alarmDescription: `More than ${D.durationShare.value} % of the requests to the new version of ${scope.node.path} take longer than `
        + `${numberText(durationThreshold)} % of its timeout, or its requests take ${numberText(slowdownThreshold)} times as long as is usual for the alias, `
        + 'and chance does not explain it. During a release CodeDeploy rolls back to the previous version automatically. '
        + 'Before you deploy again, compare the traces of both versions.',
      threshold: durationThreshold,
    });
    replaceStatistic(alarm.node.defaultChild as cloudwatch.CfnAlarm, 'near', nearStatistic(limits));
    return alarm;
  }

  /**
   * Not `Version.metric()`, whose dimensions never match requests through an alias (aws/aws-cdk#14248).
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-view.html
   */
  private metric(metricName: string, statistic: string, of: 'version' | 'alias' = 'version'): cloudwatch.Metric {
    const { function: fn, version, aliasName } = this.props;
    return new cloudwatch.Metric({
      namespace: 'AWS/Lambda',
      metricName,
      statistic,
      period: this.period,
      dimensionsMap: {
        FunctionName: fn.functionName,
        Resource: `${fn.functionName}:${aliasName}`,
        ...of === 'version' && { ExecutedVersion: version.version },
      },
    });
  }
}
