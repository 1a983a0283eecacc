import { Duration, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { ProvisionedConcurrencyProps } from './provisioned-concurrency-props';
import { validateProvisionedConcurrencyProps } from './provisioned-concurrency-validation';
import { DEFAULTS } from '../defaults';
import { warn } from '../private/validation';

const D = DEFAULTS.ProvisionedConcurrency;

/**
 * Provisioned concurrency of an alias, scaled with the traffic.
 *
 * Creates provisioned concurrency on the alias (`min` environments), a scalable target that depends on it, a target
 * tracking policy at 70 % utilization, and an alarm that fires if requests spill over to on-demand environments. Provisioned
 * concurrency belongs to the alias: a new version is provisioned before it receives traffic, and retained versions cost
 * nothing. Provisioned environments are billed whether they are used or not. AWS reports no utilization while a function
 * is idle, so that the capacity stays as it is: use a schedule to lower it.
 *
 * During a release CodeDeploy sets the weights of the alias, and a template must not set `RoutingConfig` beside provisioned
 * concurrency; this construct does not set it. During a release both versions can have provisioned environments: a reserved
 * concurrency below twice `max` is a warning (`cdk-production-lambda:WarmCapacity.headroom`). Calculate `min` as requests
 * per second × seconds per request × 1.1.
 *
 * Throws an error if the alias has static weights, if the function has SnapStart, if `min` is below 1, or if `max` exceeds
 * the reserved concurrency.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
 * @example
 * declare const fn: lambda.Function;
 * new ProvisionedConcurrency(this, 'Warm', {
 *   alias: new CanaryAlias(this, 'Live', { function: fn }),
 *   min: 2,
 *   max: 20,
 *   schedules: [
 *     { schedule: appscaling.Schedule.cron({ weekDay: 'MON-FRI', hour: '7', minute: '45' }), timeZone: TimeZone.EUROPE_BERLIN, min: 10 },
 *     { schedule: appscaling.Schedule.cron({ weekDay: 'MON-FRI', hour: '19', minute: '0' }), timeZone: TimeZone.EUROPE_BERLIN, min: 2 },
 *   ],
 * });
 */
export class ProvisionedConcurrency extends Construct {
  /**
   * Fires while requests are served by on-demand environments because all provisioned environments are in use.
   */
  public readonly spilloverAlarm: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, props: ProvisionedConcurrencyProps) {
    super(scope, id);
    validateProvisionedConcurrencyProps(this.node.path, props);
    const { alias } = props;
    this.provision(alias, props.min);
    this.scale(props);
    this.spilloverAlarm = this.createSpilloverAlarm(alias);
    this.warnHeadroom(props);
  }

  /** Before the scalable target, which would otherwise be registered for a configuration that does not exist. */
  private provision(alias: lambda.Alias, min: number): void {
    const resource = alias.node.defaultChild as lambda.CfnAlias;
    resource.provisionedConcurrencyConfig ??= { provisionedConcurrentExecutions: min };
  }

  private scale({ alias, min, max, targetUtilization, schedules }: ProvisionedConcurrencyProps): void {
    const target = alias.addAutoScaling({ minCapacity: min, maxCapacity: max });
    target.scaleOnUtilization({ utilizationTarget: targetUtilization ?? D.targetUtilization.value });
    for (const [place, { schedule, timeZone, min: minCapacity, max: maxCapacity }] of (schedules ?? []).entries()) {
      target.scaleOnSchedule(`Schedule${place + 1}`, { schedule, timeZone, minCapacity, maxCapacity });
    }
  }

  private createSpilloverAlarm(alias: lambda.Alias): cloudwatch.Alarm {
    return new cloudwatch.Metric({
      namespace: 'AWS/Lambda',
      metricName: 'ProvisionedConcurrencySpilloverInvocations',
      statistic: 'Sum',
      period: Duration.minutes(1),
      dimensionsMap: { FunctionName: alias.lambda.functionName, Resource: `${alias.lambda.functionName}:${alias.aliasName}` },
    }).createAlarm(this, 'SpilloverAlarm', {
      alarmDescription: `Requests to ${alias.node.path} are served by on-demand environments, because all provisioned environments are in use. `
        + "Raise 'max', or 'min' of the schedule that applies; check for a release in progress and for downstream calls that became slow.",
      threshold: D.spilloverThreshold.value,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: D.spilloverMinutes.value,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  private warnHeadroom({ alias, max }: ProvisionedConcurrencyProps): void {
    const reserved = (alias.lambda.node.defaultChild as lambda.CfnFunction | undefined)?.reservedConcurrentExecutions;
    if (reserved === undefined || Token.isUnresolved(reserved) || Token.isUnresolved(max) || reserved >= 2 * max) return;
    warn(this, 'WarmCapacity.headroom',
      `${reserved} reserved − 2 × ${max} provisioned = ${reserved - 2 * max}: during a release the old and the new version can each have 'max' `
      + `environments, and environments that do not fit are not provisioned; reserve at least ${2 * max}, or lower 'max'`,
    );
  }
}
