import type { ReleaseModel } from './release-model';
import { simulateReleases } from './simulation';

const TRIALS = 4_000;

/** The share of the requests of a bad version that fail, if not all do. */
export const PARTIAL_FAILURE = 0.2;

/** What the release alarms do with a version, rounded to two decimals. */
export interface RoundedOutcome {
  readonly rolledBackPercent: number;
  /** @default - no release is rolled back */
  readonly minutesToRollback?: number;
  /** @default - no release is rolled back */
  readonly failedRequests?: number;
}

/** The outcomes for a version that fails always, one that fails often, and a good one. */
export interface Outcomes {
  readonly totalFailure: RoundedOutcome;
  readonly partialFailure: RoundedOutcome;
  readonly healthy: RoundedOutcome;
}

/** The error rate of a good version: half of what a threshold in percent allows. */
export function healthyErrorRate(thresholdPercent: number): number {
  return thresholdPercent / 200;
}

/** Simulates releases of the three versions. The same input has the same result. */
export function outcomesOf(model: ReleaseModel, thresholdPercent: number, requestsPerMinute: number, delayMinutes: number): Outcomes {
  const outcome = (errorRate: number) => rounded(model, errorRate, requestsPerMinute, delayMinutes);
  return { totalFailure: outcome(1), partialFailure: outcome(PARTIAL_FAILURE), healthy: outcome(healthyErrorRate(thresholdPercent)) };
}

function rounded(model: ReleaseModel, errorRate: number, requestsPerMinute: number, delayMinutes: number): RoundedOutcome {
  const outcome = simulateReleases(model, { requestsPerMinute, errorRate }, { delayMinutes, trials: TRIALS });
  const rolledBackPercent = round(100 * outcome.rolledBack);
  if (outcome.rolledBack === 0) return { rolledBackPercent };
  return { rolledBackPercent, minutesToRollback: round(outcome.minutesToDetection), failedRequests: round(outcome.failedRequests) };
}

/** Two decimals. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
