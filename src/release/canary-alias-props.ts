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
   * Percentage of the requests to the new version that may fail. A version whose error rate is above it, beyond what chance
   * explains, is rolled back: the failed requests must exceed their expected number at the threshold by three standard
   * deviations and one request. Of the versions at half of the default, at most 0.5 % are rolled back, at any traffic. At
   * least 0, at most 99.
   *
   * @default 1
   */
  readonly errorRateThreshold?: number;

  /**
   * Percentage of the function's timeout that 1 % of the requests to the new version may exceed. A version in which more
   * requests do, beyond what chance explains, is rolled back. At least 1, at most 99.
   *
   * @default 80
   */
  readonly durationThreshold?: number;

  /**
   * How many times as long as usual the requests to the new version may take. A version whose median and lower quartile are
   * longer than the alias's own (both versions, at the same time) by this factor, beyond what chance explains, is rolled
   * back. A high factor, for example 100, leaves only `durationThreshold` in effect. At least 1, at most 1,000.
   *
   * @default 1.4
   */
  readonly slowdownThreshold?: number;

  /**
   * Requests to the new version within the window below which neither alarm fires. A higher number makes the alarms blind
   * at low traffic. At least 1.
   *
   * @default 2
   */
  readonly minimumRequests?: number;

  /**
   * Time over which the alarms count requests, as one window that moves every minute. Whole minutes, at least 1, and at
   * most the time from the first to the last shift of traffic, or a day. A shorter window forgets failures, and detects
   * less.
   *
   * @default - the time from the first to the last shift, or a day if it is longer
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
   * @default - the shortest predefined one that detects a total failure at `expectedRequestsPerMinute`; without it, that of
   * the profile: LambdaDeploymentConfig.CANARY_10PERCENT_10MINUTES, or ALL_AT_ONCE in a sandbox
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
   * Requests a minute to the function when it is least busy. Unless `deploymentConfig` or the profile states a shift, they
   * choose it: the shortest predefined shift in which a version that fails every request is rolled back in 99 % of the
   * releases. With the default alarms that is:
   *
   * - from 17 requests a minute on, `CANARY_10PERCENT_5MINUTES` (the release takes 5 minutes);
   * - from 1.9, `LINEAR_10PERCENT_EVERY_1MINUTE` (9 minutes);
   * - from 0.82, `LINEAR_10PERCENT_EVERY_2MINUTES` (18 minutes);
   * - from 0.53, `LINEAR_10PERCENT_EVERY_3MINUTES` (27 minutes);
   * - from 0.15, `LINEAR_10PERCENT_EVERY_10MINUTES` (90 minutes).
   *
   * If no shift detects it (or the stated one does not), a warning with the calculation is added: test the version with a
   * smoke test in `preTraffic`.
   *
   * @default - not known; an info says from which traffic on the release alarms detect a total failure
   */
  readonly expectedRequestsPerMinute?: number;

  /**
   * Whether the handler publishes the metric `Faults`, so that the release alarms count failures that the handler answers
   * itself: responses with a status of 500 and above, and batches with records that it reports as failed. Without it, the
   * release alarms can see only errors that the handler throws.
   *
   * The handler writes one data point in the embedded metric format for each such request, in the namespace
   * `POWERTOOLS_METRICS_NAMESPACE` of its environment and with the dimensions `FunctionName` and `ExecutedVersion`. It
   * writes none for a healthy request, nor for a request in which it throws. Throws an error at synth if the function has no
   * such variable.
   *
   * @default - true if the function's code is known to publish it, otherwise false
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format.html
   */
  readonly faults?: boolean;

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
