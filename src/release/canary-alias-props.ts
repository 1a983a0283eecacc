import type { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { TrafficHook } from './traffic-hook';

/**
 * Thresholds of the two alarms that stop a release.
 */
export interface CanaryAlarmsOptions {
  /**
   * Percentage of the requests to the new version that may fail; a higher error rate rolls the release back. At least 0,
   * at most 99.
   *
   * @default 1
   */
  readonly errorRateThreshold?: number;

  /**
   * Percentage of the function's timeout that the 99th percentile of the new version's duration may reach; a longer
   * duration rolls the release back. At least 1, at most 99.
   *
   * @default 80
   */
  readonly durationThreshold?: number;

  /**
   * Requests a minute to the new version below which neither alarm fires: an error rate of a few requests is not
   * significant. At least 1.
   *
   * @default 5
   */
  readonly minimumRequests?: number;

  /**
   * Time that the alarms evaluate; all but one of its minutes must breach the threshold. Whole minutes, at least 1, and
   * at most the time from the first to the last shift of traffic.
   *
   * @default - 3 minutes, or the time from the first to the last shift if it is shorter
   */
  readonly window?: Duration;
}

/**
 * Options of a release: how traffic shifts to a new version and what rolls it back.
 */
export interface CanaryAliasOptions {
  /**
   * Steps and speed of the traffic shift: a predefined configuration, or a `new codedeploy.LambdaDeploymentConfig(…)`
   * with steps of 1 to 99 % and at most 2,880 minutes from the first to the last shift. `ALL_AT_ONCE` leaves the release
   * alarms no time to fire: use it only where a bad version is harmless.
   *
   * @default - that of the profile: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES, or ALL_AT_ONCE in a sandbox
   */
  readonly deploymentConfig?: codedeploy.ILambdaDeploymentConfig;

  /**
   * Thresholds of the release alarms on the error rate and the duration of the new version.
   *
   * @default - the defaults of each threshold
   */
  readonly alarms?: CanaryAlarmsOptions;

  /**
   * More alarms that roll a release back. At most 48, because a deployment group supports 50.
   *
   * @default - the two release alarms only
   */
  readonly additionalAlarms?: cloudwatch.IAlarm[];

  /**
   * Requests a minute to the function when it is least busy. If the canary's share of them is below
   * `alarms.minimumRequests`, the release alarms cannot fire, and a warning with the calculation is added.
   *
   * @default - not known, no warning
   */
  readonly expectedRequestsPerMinute?: number;

  /**
   * Test that must succeed before the new version receives its first request.
   *
   * @default - no test
   */
  readonly preTraffic?: TrafficHook;

  /**
   * Test that must succeed after the new version receives all requests. If it fails, the release rolls back.
   *
   * @default - no test
   */
  readonly postTraffic?: TrafficHook;
}

/**
 * Properties of a CanaryAlias.
 */
export interface CanaryAliasProps extends CanaryAliasOptions {
  /**
   * The function whose current version the alias serves.
   */
  readonly function: lambda.Function;

  /**
   * The name of the alias: 1 to 128 letters, digits, hyphens and underscores, not only digits. Must not be a token,
   * because the release alarms contain the name and must not refer to the alias.
   *
   * @default live
   */
  readonly aliasName?: string;

  /**
   * Description of the alias.
   *
   * @default - no description
   */
  readonly description?: string;
}
