/**
 * The traffic for which a release is explained.
 */
export interface ExplainReleaseOptions {
  /**
   * Requests a minute to the function, from 0.001 to 1,000,000.
   */
  readonly requestsPerMinute: number;

  /**
   * Minutes until CloudWatch has the metrics of a minute. From 0 to 10, a whole number.
   *
   * @default 1
   */
  readonly metricDelayMinutes?: number;
}

/**
 * What the release alarms do with a version that fails a share of its requests.
 */
export interface ReleaseOutcome {
  /**
   * Percentage of the releases of such a version that the alarms roll back before it has all traffic.
   */
  readonly rolledBackPercent: number;

  /**
   * Minutes from the first shift to the rollback, on average over the releases that are rolled back.
   *
   * @default - no release is rolled back
   */
  readonly minutesToRollback?: number;

  /**
   * Requests that fail until the rollback, on average over the releases that are rolled back.
   *
   * @default - no release is rolled back
   */
  readonly failedRequests?: number;
}

/**
 * What a release costs if the new version is bad.
 */
export interface ReleaseExplanation {
  /**
   * Minutes from the first to the last shift: how long a good release takes.
   */
  readonly shiftMinutes: number;

  /**
   * A version that fails every request.
   */
  readonly totalFailure: ReleaseOutcome;

  /**
   * A version that fails 20 % of its requests.
   */
  readonly partialFailure: ReleaseOutcome;

  /**
   * A good version, which fails half of the percentage that `errorRateThreshold` allows. Its rollbacks are wrong.
   */
  readonly healthy: ReleaseOutcome;

  /**
   * The same in sentences.
   */
  readonly text: string;
}
