import { Duration, type TimeZone, Token, Validations } from 'aws-cdk-lib';
import type * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { DEFAULTS, WARM_CAPACITY } from '../limits';
import { refuse, requireRange } from '../private/validation';

const D = DEFAULTS.WarmCapacity;

/**
 * From when on how many environments are kept warm.
 */
export interface WarmSchedule {
  /**
   * When this range begins to apply; it holds until the next schedule's.
   */
  readonly schedule: appscaling.Schedule;

  /**
   * The time zone of `schedule`. Required, for UTC is rarely meant and knows no summer time.
   */
  readonly timeZone: TimeZone;

  /**
   * The fewest warm environments from then on. At least 1.
   */
  readonly min: number;

  /**
   * The most warm environments from then on. At least `min`.
   *
   * @default - stays what it is
   */
  readonly max?: number;
}

/**
 * How many environments are kept warm.
 */
export interface WarmCapacityOptions {
  /**
   * The fewest warm environments, also what the alias begins with. At least 1: with 0 the next change of the alias
   * fails, because the configuration is gone.
   */
  readonly min: number;

  /**
   * The most warm environments. At least `min`, at most the function's reserved concurrency.
   */
  readonly max: number;

  /**
   * The share of the warm environments that should be busy; with more, others are warmed, with less, some are let go.
   * Between 0.1 and 0.9.
   *
   * @default 0.7
   */
  readonly targetUtilization?: number;

  /**
   * Other ranges at other times, such as business hours.
   *
   * @default - the same range at all times
   */
  readonly schedules?: WarmSchedule[];
}

/**
 * Properties of a WarmCapacity.
 */
export interface WarmCapacityProps extends WarmCapacityOptions {
  /**
   * The alias whose environments are kept warm; `live` of a ProductionFunction.
   */
  readonly alias: lambda.Alias;
}

/**
 * Keeps environments of an alias warm, as many as the traffic needs.
 *
 * In the account appear provisioned concurrency on the alias (`min`), a scalable target made after it, a target
 * tracking policy at 70 % utilization, and an alarm that fires when requests spill over to cold environments. All of it
 * belongs to the alias: a new version is provisioned before it gets traffic, and no retained version goes on costing.
 * It costs as long as it is there, used or not; while a function is idle AWS reports no utilization, so that the
 * capacity stays where it is: let a schedule lower it.
 *
 * A canary has CodeDeploy set the weights of the alias, which no template may do beside provisioned concurrency: nothing
 * here sets `RoutingConfig`. While it runs both versions can hold environments; where reserved concurrency is below
 * twice `max` that is a warning (`cdk-production-lambda:WarmCapacity.headroom`). Plan `min` as requests a second ×
 * seconds each × 1.1.
 *
 * Refused: an alias with static weights, a function with SnapStart, `min` below 1, more than is reserved.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
 * @example
 * declare const fn: lambda.Function;
 * new WarmCapacity(this, 'Warm', {
 *   alias: new CanaryAlias(this, 'Live', { function: fn }),
 *   min: 2,
 *   max: 20,
 *   schedules: [
 *     { schedule: appscaling.Schedule.cron({ weekDay: 'MON-FRI', hour: '7', minute: '45' }), timeZone: TimeZone.EUROPE_BERLIN, min: 10 },
 *     { schedule: appscaling.Schedule.cron({ weekDay: 'MON-FRI', hour: '19', minute: '0' }), timeZone: TimeZone.EUROPE_BERLIN, min: 2 },
 *   ],
 * });
 */
export class WarmCapacity extends Construct {
  /**
   * Refuses options that contradict themselves or the function's reserved concurrency.
   *
   * @internal
   */
  public static _check(at: string, options: WarmCapacityOptions, reserved: number | undefined): void {
    const least = 'with fewer the next change of the alias fails, because the configuration is gone';
    requireRange(at, 'min', options.min, WARM_CAPACITY.min, Infinity, least);
    requireOrder(at, options.min, options.max);
    requireReserved(at, options.max, reserved);
    requireRange(at, 'targetUtilization', options.targetUtilization, WARM_CAPACITY.utilizationMin, WARM_CAPACITY.utilizationMax, 'it is a share of 1');
    for (const { min, max } of options.schedules ?? []) {
      requireRange(at, 'schedules.min', min, WARM_CAPACITY.min, Infinity, least);
      requireOrder(at, min, max ?? options.max, 'schedules.');
      requireReserved(at, max, reserved);
    }
  }

  /**
   * Fires while requests meet cold environments because all warm ones are busy.
   */
  public readonly spilloverAlarm: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, props: WarmCapacityProps) {
    super(scope, id);
    const { alias } = props;
    const reserved = this.checkFunction(props);
    this.provision(alias, props.min);
    this.scale(props);
    this.spilloverAlarm = this.createSpilloverAlarm(alias);
    this.warnOfHeadroom(props.max, reserved);
  }

  /** Returns the reserved concurrency where it is known. */
  private checkFunction({ alias, ...options }: WarmCapacityProps): number | undefined {
    const at = this.node.path;
    const fn = alias.lambda.node.defaultChild as lambda.CfnFunction | undefined;
    const reserved = Token.isUnresolved(fn?.reservedConcurrentExecutions) ? undefined : fn?.reservedConcurrentExecutions;
    WarmCapacity._check(at, options, reserved);
    if ((alias.node.defaultChild as lambda.CfnAlias).routingConfig !== undefined) {
      refuse(at, `'alias' must have no static weights, got ${alias.node.path} with 'additionalVersions'; Lambda accepts weights or provisioned concurrency on an alias, not both`);
    }
    if (fn?.snapStart !== undefined) {
      refuse(at, `'alias' must be of a function without SnapStart, got ${alias.node.path}; Lambda supports one of both, choose`);
    }
    return reserved;
  }

  /** Before the scalable target, which without it would be registered for a configuration that is not there. */
  private provision(alias: lambda.Alias, min: number): void {
    const resource = alias.node.defaultChild as lambda.CfnAlias;
    resource.provisionedConcurrencyConfig ??= { provisionedConcurrentExecutions: min };
  }

  private scale({ alias, min, max, targetUtilization, schedules }: WarmCapacityProps): void {
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
      alarmDescription: `Requests to ${alias.node.path} meet cold environments, because all warm ones are busy. `
        + "Raise 'max', or 'min' of the schedule that applies; look for a release under way and for calls downstream that became slow.",
      threshold: D.spilloverThreshold.value,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: D.spilloverMinutes.value,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  private warnOfHeadroom(max: number, reserved: number | undefined): void {
    if (reserved === undefined || Token.isUnresolved(max) || reserved >= 2 * max) return;
    Validations.of(this).addWarning(
      'cdk-production-lambda:WarmCapacity.headroom',
      `${reserved} reserved − 2 × ${max} warm = ${reserved - 2 * max}: while a release runs the old and the new version can both hold 'max' environments, and what does not fit stays cold; `
      + `reserve at least ${2 * max}, or lower 'max'`,
    );
  }
}

function requireOrder(at: string, min: number, max: number, where = ''): void {
  if (Token.isUnresolved(min) || Token.isUnresolved(max) || min <= max) return;
  refuse(at, `'${where}min' must be at most 'max', got ${min} and ${max}; raise 'max'`);
}

function requireReserved(at: string, max: number | undefined, reserved: number | undefined): void {
  if (max === undefined || reserved === undefined || Token.isUnresolved(max) || Token.isUnresolved(reserved) || max <= reserved) return;
  refuse(at, `'max' must be at most the reserved concurrency ${reserved}, got ${max}; lower 'max' or raise 'reservedConcurrentExecutions'`);
}
