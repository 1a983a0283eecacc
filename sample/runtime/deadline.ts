import type { Context } from 'aws-lambda';

/** Too little time was left to begin or continue. Started work was rolled back. */
export class OutOfTimeError extends Error {
  public readonly name = 'OutOfTimeError';
}

/** The time that is reserved for the rollback, the response and the idempotency record. */
const RESERVE_MILLIS = 1_000;

/** The time until which an invocation may work: earlier than Lambda's timeout, which could interrupt a step. */
export class Deadline {
  public static of(context: Pick<Context, 'getRemainingTimeInMillis'>): Deadline {
    return new Deadline(Date.now() + context.getRemainingTimeInMillis() - RESERVE_MILLIS);
  }

  private constructor(private readonly end: number) {}

  public get remainingMillis(): number {
    return Math.max(0, this.end - Date.now());
  }

  /** The shorter of the step's limit and the remaining time. */
  public limit(millis: number): number {
    return Math.max(1, Math.min(millis, this.remainingMillis));
  }

  /** Throws an error before a step that the remaining time does not allow. */
  public require(millis: number, step: string): void {
    if (this.remainingMillis < millis) throw new OutOfTimeError(`${step} needs ${millis} ms, ${Math.round(this.remainingMillis)} ms are left`);
  }
}
