import type { Delivery } from './delivery';
import { Proof } from './proof';
import { describe, type Sequence } from './sequence';
import type { FaultPlan, Point } from '../faults/fault-plan';

/** What a delivery returned: `done`, `again` (it is delivered again) or `rejected` (final, and an effect is not required). */
export type Acceptance = 'done' | 'again' | 'rejected';

export interface ProveOptions<E> {
  /**
   * Delivers the event of a key to your app once. Return the outcome of `invoke`, or what became of the delivery. An error, a time-out,
   * a status of 500 and above or a failed record of a batch count as `again`, as a source that delivers at least once counts them.
   */
  readonly deliver: (delivery: Delivery) => Promise<unknown>;
  /** All effects that happened until now, read from where they happen: the charges of a provider, the items of a table. */
  readonly effects: () => readonly E[] | Promise<readonly E[]>;
  /** The key of the delivery that caused an effect. */
  readonly key: (effect: E) => string;
  /**
   * How many deliveries there are.
   *
   * @default 200
   */
  readonly deliveries?: number;
  /**
   * Keys, repetitions and faults are derived from the seed. The order of concurrent processes is not.
   *
   * @default 1
   */
  readonly seed?: string | number;
  /**
   * How many keys are delivered at the same time.
   *
   * @default 4
   */
  readonly concurrency?: number;
  /**
   * The faults.
   *
   * @default - a fault in 35 % of the deliveries, and the process is killed before and after each kind of message
   */
  readonly faults?: FaultPlan;
  /** The name of the function in the list of messages. */
  readonly sender?: string;
  /**
   * What expires while days pass: delete the idempotency records. All keys are then delivered again.
   *
   * @default - nothing expires, and all keys are delivered again
   */
  readonly expire?: () => unknown;
  /**
   * Called when no fault happens any more: returns when your app has done what it does without a delivery (queues, retries, schedules).
   *
   * @default - effects happen during the delivery
   */
  readonly recover?: (next: (options: { givesUp: boolean }) => Promise<void>) => unknown;
  /** Called again and again beside the deliveries, for example the run of a schedule. */
  readonly beside?: () => Promise<unknown>;
  /**
   * The milliseconds before a delivery is repeated, at least and at most.
   *
   * @default - 0 to 20
   */
  readonly pauseMillis?: readonly [number, number];
  /**
   * The share of the keys that are delivered once and never repeated, also after an error. Their effect may be missing.
   *
   * @default 0
   */
  readonly givesUpShare?: number;
  /**
   * Whether the run ends at the first effect that happened more than once.
   *
   * @default true
   */
  readonly stopsAtFirst?: boolean;
  /**
   * How many milliseconds the search for a shorter sequence may take. With 0, the sequence is the one that was found.
   *
   * @default 30000
   */
  readonly shortenMillis?: number;
  /** The number of deliveries until now, if `deliver` is not the only one. */
  readonly delivered?: () => number;
  /** Called before each key with the share of the run that is over. */
  readonly due?: (share: number) => unknown;
  /** Ends the run immediately. */
  readonly signal?: AbortSignal;
}

/** The result of a run. */
export interface ProofReport {
  readonly seed: string;
  readonly deliveries: number;
  readonly keys: number;
  readonly effects: number;
  /** The keys whose effect happened more than once, and never. */
  readonly twice: readonly string[];
  readonly never: readonly string[];
  /** Effects whose key was never delivered. */
  readonly unknown: number;
  /** Keys whose deliveries never ended. */
  readonly stuck: readonly string[];
  /** What the last delivery of the first of them returned or threw. */
  readonly stuckReason?: string;
  /** How often each fault happened. */
  readonly faults: Readonly<Record<string, number>>;
  /** The kinds of messages, and how often a process was killed before and after each. */
  readonly points: Readonly<Record<string, Point>>;
  readonly sequence?: Sequence;
  readonly seconds: number;
}

/** The proof failed: the message has the shortest sequence found. */
export class ProofError extends Error {
  constructor(public readonly report: ProofReport) {
    super(textOf(report));
    this.name = 'ProofError';
  }
}

function textOf({ seed, twice, never, unknown, stuck, stuckReason, sequence, deliveries }: ProofReport): string {
  const counts = { 'more than once': twice.length, 'never': never.length, 'without a delivery': unknown, 'still without a result': stuck.length };
  const found = Object.entries(counts).filter(([, count]) => count > 0).map(([what, count]) => `${count} ${what}`).join(', ');
  const summary = `exactly one effect for each key is required, got ${found}, in ${deliveries} deliveries of seed ${seed}`;
  const reason = stuckReason === undefined ? [] : [`the last delivery of ${stuck[0]} without a result: ${stuckReason}`];
  return [summary, ...reason, ...sequence ? describe(sequence) : []].join('\n');
}

/**
 * Delivers keys to your app with duplicates, concurrent deliveries, crashes at each message, time-outs, redeliveries and expired
 * records, all from a seed. Each key must have exactly one effect. Throws a `ProofError` with the shortest sequence found.
 */
export async function prove<E>(options: ProveOptions<E>): Promise<ProofReport> {
  const report = await new Proof(options).run();
  if (report.twice.length + report.never.length + report.unknown + report.stuck.length > 0) throw new ProofError(report);
  return report;
}
