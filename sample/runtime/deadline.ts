import type { Context } from 'aws-lambda';

/** Too little time was left to begin, or to go on. What had begun was rolled back. */
export class OutOfTimeError extends Error {
  public readonly name = 'OutOfTimeError';
}

/** How much is kept back for rolling back, answering and saving the idempotency record. */
const RESERVE_MILLIS = 1_000;

/** Until when an invocation may work: somewhat earlier than Lambda would stop it in the middle of a step. */
export class Deadline {
  public static of(context: Pick<Context, 'getRemainingTimeInMillis'>): Deadline {
    return new Deadline(Date.now() + context.getRemainingTimeInMillis() - RESERVE_MILLIS);
  }

  private constructor(private readonly end: number) {}

  public get remainingMillis(): number {
    return Math.max(0, this.end - Date.now());
  }

  /** The shorter one of what a step may take and what is left of the time. */
  public limit(millis: number): number {
    return Math.max(1, Math.min(millis, this.remainingMillis));
  }

  /** Called before a step: rather not begin than not end. */
  public require(millis: number, step: string): void {
    if (this.remainingMillis < millis) throw new OutOfTimeError(`${step} needs ${millis} ms, ${Math.round(this.remainingMillis)} ms are left`);
  }
}
