/** Shorter than in the stack, so that a run ends today. All but the time after which a payment is reviewed have the same order as there. */
export const TIMEOUT_MS = 4_000;
export const VISIBILITY_MS = 6_000;
/** Before a charge can no longer be under way: the reconciliation meets payments that are still being charged. */
export const STUCK_SECONDS = 5;
/** By how much the clock of an environment is wrong, at most: two of them differ by twice as much. */
export const SKEW_MS = 1_000;
/** How long after a charge the provider lists it, at most. */
export const LISTED_MS = 1_000;
/** Most charges, and the slow ones: longer than any deadline of the function that sent them. */
export const CHARGE_MILLIS = [2, 40] as const;
export const SLOW_MILLIS = [1_000, 5_500] as const;

/** How long a customer waits before the next request. */
export const PAUSE_MILLIS = [150, 600] as const;

/** How long after it was sent a charge can come and be listed, by clocks that differ. */
export function underWaySeconds(slowestMillis: number, listedMillis: number): number {
  return Math.ceil((slowestMillis + listedMillis + 2 * SKEW_MS) / 1_000);
}
