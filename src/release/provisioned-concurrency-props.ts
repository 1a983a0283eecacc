import type { TimeZone } from 'aws-cdk-lib';
import type * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as lambda from 'aws-cdk-lib/aws-lambda';

/**
 * A range of provisioned environments that applies from a scheduled time on.
 */
export interface ProvisionedConcurrencySchedule {
  /**
   * Time from which this range applies, until the next schedule.
   */
  readonly schedule: appscaling.Schedule;

  /**
   * The time zone of `schedule`. Required, because UTC is rarely intended and has no daylight saving time.
   */
  readonly timeZone: TimeZone;

  /**
   * Minimum number of provisioned environments. At least 1.
   */
  readonly min: number;

  /**
   * Maximum number of provisioned environments. At least `min`.
   *
   * @default - unchanged
   */
  readonly max?: number;
}

/**
 * Options of provisioned concurrency: how many environments are provisioned.
 */
export interface ProvisionedConcurrencyOptions {
  /**
   * Minimum number of provisioned environments, also the initial number. At least 1: Application Auto Scaling deletes the
   * configuration at 0, and the next update of the alias then fails.
   */
  readonly min: number;

  /**
   * Maximum number of provisioned environments. At least `min`, at most the function's reserved concurrency.
   */
  readonly max: number;

  /**
   * Share of the provisioned environments that should be in use. Application Auto Scaling adds environments above this
   * share and removes environments below it. Between 0.1 and 0.9.
   *
   * @default 0.7
   */
  readonly targetUtilization?: number;

  /**
   * Other ranges at other times, such as business hours.
   *
   * @default - the same range at all times
   */
  readonly schedules?: ProvisionedConcurrencySchedule[];
}

/**
 * Properties of a ProvisionedConcurrency.
 */
export interface ProvisionedConcurrencyProps extends ProvisionedConcurrencyOptions {
  /**
   * The alias whose environments are provisioned, for example `live` of a ProductionFunction.
   */
  readonly alias: lambda.Alias;
}
