import type { Acceptance } from './prove';
import type { Random } from './random';
import type { FaultRule } from '../faults/fault';

/** One delivery of a key. */
export interface Delivery {
  /** The key, unique in the run. Deliveries of the same key must have one effect together. */
  readonly key: string;
  /** The number of the key, from 0. */
  readonly number: number;
  /** Unique for each delivery. */
  readonly id: string;
  /** 0 for the first delivery of the key in its phase. */
  readonly attempt: number;
  /** Whether records have expired since the key was delivered first. */
  readonly isLate: boolean;
  /** Whether no other delivery of the key follows. */
  readonly givesUp: boolean;
  /** Numbers from the seed, for this key and phase. */
  readonly random: Random;
  /** Pass it to `invoke`: the faults of this delivery. */
  readonly faults: FaultRule;
}

/** Whether a source would deliver again, from the return value of `deliver`. */
export function acceptanceOf(result: any): Acceptance {
  if (result === 'done' || result === 'again' || result === 'rejected') return result;
  if (result === false) return 'again';
  const isOutcome = typeof result === 'object' && result !== null && typeof result.kind === 'string';
  if (isOutcome && result.kind !== 'answer') return 'again';
  const payload = isOutcome ? result.payload : result;
  if (payload?.batchItemFailures?.length > 0) return 'again';
  return Number(payload?.statusCode) >= 500 ? 'again' : 'done';
}
