import type { Context } from 'aws-lambda';
import { currentInvocation } from './invocation';
import { OwnError } from './own-error';

/** Too little time is left to begin or to continue. */
export class OutOfTimeError extends OwnError {
  public readonly name = 'OutOfTimeError';
}

/** The time that is reserved for a rollback, the response and the idempotency record. */
const RESERVE_MILLIS = 1_000;

/** The time until which an invocation may work: one second before the timeout of Lambda, which could interrupt a step. */
export class Deadline {
  /** The deadline of an invocation. */
  public static of(context: Pick<Context, 'getRemainingTimeInMillis'>): Deadline {
    return new Deadline(Date.now() + context.getRemainingTimeInMillis() - RESERVE_MILLIS);
  }

  /** The deadline of the current invocation of an observed handler; undefined outside of one. */
  public static current(): Deadline | undefined {
    const invocation = currentInvocation();
    return invocation && Deadline.of(invocation.context);
  }

  private constructor(private readonly end: number) {}

  /** The remaining time in milliseconds, never below 0. */
  public get remainingMillis(): number {
    return Math.max(0, this.end - Date.now());
  }

  /**
   * The shorter of the limit of a step and the remaining time, in whole milliseconds, as `AbortSignal.timeout` requires, never below 1.
   * For the timeout of a call.
   */
  public limit(millis: number): number {
    return Math.max(1, Math.floor(Math.min(millis, this.remainingMillis)));
  }

  /** Throws an OutOfTimeError before a step that needs more than the remaining time. */
  public require(millis: number, step: string): void {
    if (this.remainingMillis < millis) throw new OutOfTimeError(`${step} needs ${millis} ms, ${Math.round(this.remainingMillis)} ms are left`);
  }
}
