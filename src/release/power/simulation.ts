import { seeded } from './random';
import type { ReleaseModel } from './release-model';
import { type Scenario, Traffic } from './traffic';

/** How a simulation is run. */
interface SimulationOptions {
  /** Minutes until CloudWatch has the metrics of a minute. */
  readonly delayMinutes?: number;
  readonly trials?: number;
  readonly seed?: number;
}

/** What happens to a version in many releases. */
export interface Outcome {
  /** The share of the releases that an alarm rolls back before the last shift. */
  readonly rolledBack: number;
  /** Minutes from the first shift to the alarm, on average over the releases that are rolled back. */
  readonly minutesToDetection: number;
  /** Failed requests until the alarm, on average over the releases that are rolled back. */
  readonly failedRequests: number;
}

/**
 * Plays releases: Poisson traffic, CodeDeploy's steps, and each minute one evaluation of every alarm on what CloudWatch then has.
 * A release is rolled back if an alarm is in the state ALARM at or before the last shift. The same seed has the same result.
 */
export function simulateReleases(model: ReleaseModel, scenario: Scenario, options: SimulationOptions = {}): Outcome {
  const { delayMinutes = 1, trials = 10_000, seed = 1 } = options;
  const traffic = new Traffic(model, scenario, seeded(seed));
  let [detected, minutes, failed] = [0, 0, 0];
  for (let trial = 0; trial < trials; trial++) {
    const minute = firstAlarm(model, traffic, delayMinutes);
    if (minute === undefined) continue;
    detected++;
    minutes += minute;
    failed += traffic.failuresUntil(minute);
  }
  return { rolledBack: detected / trials, minutesToDetection: minutes / detected, failedRequests: failed / detected };
}

function firstAlarm(model: ReleaseModel, traffic: Traffic, delayMinutes: number): number | undefined {
  traffic.start();
  for (let minute = 1; minute <= model.minutes; minute++) {
    traffic.draw(minute - 1);
    traffic.visibleUntil = minute - delayMinutes;
    if (traffic.isInAlarm(minute)) return minute;
  }
  return undefined;
}
