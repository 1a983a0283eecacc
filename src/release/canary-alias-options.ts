import type { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type { TrafficHook } from './traffic-hook';

/**
 * How a new version takes over the traffic, and what stops it.
 */
export interface CanaryAliasOptions {
  /**
   * In which steps and how fast traffic moves to the new version: a predefined configuration, or one of your own by
   * `new codedeploy.LambdaDeploymentConfig(…)`, whose steps must be 1 to 99 % and whose last shift must come within
   * 2,880 minutes of the first. `ALL_AT_ONCE` leaves the release alarms no time: choose it where nobody is hurt.
   *
   * @default - that of the profile: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES, or ALL_AT_ONCE in a sandbox
   */
  readonly deploymentConfig?: codedeploy.ILambdaDeploymentConfig;

  /**
   * Alarms of your own that also stop a release. At most 48, for a deployment group has 50.
   *
   * @default - the two release alarms alone
   */
  readonly alarms?: cloudwatch.IAlarm[];

  /**
   * Failed requests to the new version, in percent of its requests, above which a release goes back.
   * At least 0, at most 99: more than 100 % can't fail.
   *
   * @default 1
   */
  readonly errorRateThreshold?: number;

  /**
   * The 99th percentile of the new version's duration, in percent of its timeout, above which a release goes back.
   * At least 1, at most 99: nothing runs longer than its timeout.
   *
   * @default 80
   */
  readonly durationThreshold?: number;

  /**
   * Requests a minute to the new version below which both release alarms stay silent: a rate of too few requests says
   * nothing. At least 1.
   *
   * @default 5
   */
  readonly minimumInvocations?: number;

  /**
   * The time that the release alarms look at: all but one of its minutes must be bad. Whole minutes, at least 1, and no
   * longer than the time from the first to the last shift of traffic.
   *
   * @default - 3 minutes, or the time from the first to the last shift where that is shorter
   */
  readonly alarmWindow?: Duration;

  /**
   * Requests a minute that the function gets when it is least busy. Where a canary's share of them is below
   * `minimumInvocations`, the release alarms can't fire, which is a warning with the arithmetic.
   *
   * @default - not known, no warning
   */
  readonly expectedRequestsPerMinute?: number;

  /**
   * What must succeed before the new version gets its first request.
   *
   * @default - nothing is tested before
   */
  readonly preTraffic?: TrafficHook;

  /**
   * What must succeed after the new version got all requests; the release goes back when it fails.
   *
   * @default - nothing is tested after
   */
  readonly postTraffic?: TrafficHook;
}
