import type { TrafficShift } from './traffic-shift';

/** Minutes until CloudWatch has the metrics of a minute of Lambda. */
export const METRIC_DELAY_MINUTES = 1;
/** The share of the releases of a version that fails every request in which the alarm must fire. */
export const DETECTION = 0.99;

/**
 * The probability that a version that fails every request is rolled back: that the alarm sees enough failed requests before the last
 * shift. Requests are a Poisson process.
 */
export function detectionOfTotalFailure(requestsPerMinute: number, failures: number, shift: TrafficShift, windowMinutes: number): number {
  return poissonAtLeast(failures, requestsPerMinute * visibleShare(shift, windowMinutes));
}

/** The least traffic at which a version that fails every request is rolled back in 99 % of the releases. */
export function leastRequestsPerMinute(failures: number, shift: TrafficShift, windowMinutes: number): number {
  const mean = leastMeans.get(failures) ?? leastMean(failures);
  leastMeans.set(failures, mean);
  return mean / visibleShare(shift, windowMinutes);
}

/** By the number of failures: most aliases of an app have the same limits. */
const leastMeans = new Map<number, number>();

/** The least requests on average of which so many are seen with the probability that is required. */
function leastMean(failures: number): number {
  let [low, high] = [0, 1];
  while (poissonAtLeast(failures, high) < DETECTION) high *= 2;
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (poissonAtLeast(failures, middle) < DETECTION) low = middle; else high = middle;
  }
  return high;
}

/** The requests to the new version that an alarm can see before the last shift, for one request a minute to the function. */
export function visibleShare({ minutes, percentageAt }: TrafficShift, windowMinutes: number): number {
  const seen = minutes - METRIC_DELAY_MINUTES;
  let percent = 0;
  for (let minute = Math.max(0, minutes - windowMinutes); minute < seen; minute++) percent += percentageAt(minute);
  return percent / 100;
}

function poissonAtLeast(count: number, mean: number): number {
  let probability = Math.exp(-mean);
  let below = 0;
  for (let n = 0; n < count; n++) {
    below += probability;
    probability *= mean / (n + 1);
  }
  return 1 - below;
}
