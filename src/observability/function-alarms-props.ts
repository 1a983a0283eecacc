import type { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';

/**
 * Thresholds of the alarms of a function, and a runbook for their descriptions.
 */
export interface FunctionAlarmsOptions {
  /**
   * Percentage of the requests that may fail before the alarm fires. At least 0, at most 99.
   *
   * @default 1
   */
  readonly errorRateThreshold?: number;

  /**
   * Percentage of the timeout that the 99th percentile of the duration may reach before the alarm fires. At least 1, at
   * most 99.
   *
   * @default 80
   */
  readonly durationThreshold?: number;

  /**
   * Whether the handler publishes the metric `Faults`, so that the error rate counts failures that the handler answers itself.
   * `faults` of `CanaryAliasOptions` has the contract. The alarm counts the failures of the version that the alias serves.
   *
   * @default - true if the release of the function, or its code, is known to publish it, otherwise false
   */
  readonly faults?: boolean;

  /**
   * Runbook for the person on call: a URL or a sentence, which is added to the description of every alarm. At most 500
   * characters.
   *
   * @default - none; the description states what happened and where to look first
   */
  readonly runbook?: string;
}

/**
 * Properties of a FunctionAlarms.
 */
export interface FunctionAlarmsProps extends FunctionAlarmsOptions {
  /**
   * The alias that serves the traffic, for example a ProductionFunction.
   */
  readonly function: lambda.IAlias;

  /**
   * Maximum age of asynchronous events, after which Lambda drops them. The alarm fires at half of it.
   *
   * @default Duration.hours(1)
   */
  readonly maxEventAge?: Duration;
}
