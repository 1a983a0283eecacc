import { announced, type Parts } from './parts';
import { LedgerMismatchError } from '../domain/errors';
import type { Payment } from '../domain/payment';
import type { Provider } from '../provider/provider';
import { type Deadline, logger, OutOfTimeError } from 'cdk-production-lambda-runtime';

/** When a payment counts as stuck, and when it is abandoned. */
export interface Patience {
  /** Longer than any run of the paying function, which may still be working. */
  readonly stuckSeconds: number;
  /** Longer than customers repeat a request, and longer than a charge may be on its way to the provider. */
  readonly abandonSeconds: number;
}

export interface ReconciliationParts extends Parts {
  readonly provider: Pick<Provider, 'chargesOf'>;
  readonly patience: Patience;
}

/** The result of one run. */
export interface Reconciled {
  booked: number;
  abandoned: number;
  waiting: number;
  published: number;
  failed: number;
}

/** How many rows are read at a time, and how many payments are reviewed at a time. */
const PAGE = 100;
const AT_A_TIME = 10;
/** The least time that a review and its record need. */
const REVIEW_MILLIS = 1_500;

/**
 * Finishes payments that stopped between two side effects: books the provider's charges, abandons payments that were never
 * charged and not repeated, and publishes the remaining events of the outbox. It never charges: only a customer's request does.
 */
export class Reconciliation {
  constructor(private readonly parts: ReconciliationParts) {}

  /**
   * Works until everything is done or the deadline is reached. The next run continues with what this run did not reach. Events and
   * payments do not wait for each other: neither a slow bus nor a slow provider may take the time of the other.
   */
  public async run(deadline: Deadline): Promise<Reconciled> {
    const done: Reconciled = { booked: 0, abandoned: 0, waiting: 0, published: 0, failed: 0 };
    const results = await Promise.allSettled([this.publish(done, deadline), this.review(done, deadline)]);
    for (const result of results) if (result.status === 'rejected' && !(result.reason instanceof OutOfTimeError)) throw result.reason;
    return done;
  }

  private async publish(done: Reconciled, deadline: Deadline): Promise<void> {
    const { outbox, publisher, patience } = this.parts;
    const seen: string[] = [];
    for (let isMore = true; isMore;) {
      const events = await outbox.unpublished(patience.stuckSeconds, PAGE, deadline, seen);
      seen.push(...events.map(({ id }) => id));
      isMore = events.length === PAGE;
      try {
        done.published += await publisher.publish(events, deadline);
      } catch (error) {
        if (error instanceof OutOfTimeError) throw error;
        done.failed++;
        logger.error('events not published', { events: events.length, error: error as Error });
        return; // the bus does not answer; the payments do not need it
      }
    }
  }

  private async review(done: Reconciled, deadline: Deadline): Promise<void> {
    const { ledger, patience } = this.parts;
    const seen: string[] = [];
    const run = new Date();
    for (let isMore = true; isMore;) {
      const payments = await ledger.stuck(patience.stuckSeconds, PAGE, deadline, seen);
      seen.push(...payments.map(({ id }) => id));
      isMore = payments.length === PAGE;
      for (let i = 0; i < payments.length; i += AT_A_TIME) await this.reviewSome(payments.slice(i, i + AT_A_TIME), run, done, deadline);
    }
  }

  /**
   * The next run reviews a payment after the payments that this run did not reach, and before the ones for which the provider answered.
   * So neither errors nor a provider that answers only some calls of each run can hide a payment.
   */
  private async reviewSome(payments: readonly Payment[], run: Date, done: Reconciled, deadline: Deadline): Promise<void> {
    const { ledger } = this.parts;
    deadline.require(REVIEW_MILLIS, 'a review');
    await ledger.review(payments.map(({ id }) => id), run, deadline);
    const answered: string[] = [];
    const outcomes = await Promise.all(payments.map(payment => this.outcomeOf(payment, answered, deadline)));
    for (const outcome of outcomes) if (outcome) done[outcome]++;
    await ledger.answered(answered, deadline);
    if (outcomes.includes(undefined)) throw new OutOfTimeError('the remaining payments are left to the next run');
  }

  /** What became of a payment; undefined if there was no time for it. */
  private async outcomeOf(payment: Payment, answered: string[], deadline: Deadline): Promise<Exclude<keyof Reconciled, 'published'> | undefined> {
    try {
      return await this.finish(payment, answered, deadline);
    } catch (error) {
      if (error instanceof OutOfTimeError) return undefined;
      logger.error('payment not reconciled', { payment: payment.id, error: error as Error });
      return 'failed';
    }
  }

  private async finish(payment: Payment, answered: string[], deadline: Deadline): Promise<'booked' | 'abandoned' | 'waiting'> {
    const { ledger, provider, patience } = this.parts;
    const charges = await provider.chargesOf(payment.id, deadline);
    answered.push(payment.id);
    if (charges.length > 1) throw new LedgerMismatchError(`the provider has ${charges.length} charges for payment ${payment.id}`);
    const booking = charges.length === 1
      ? await ledger.book(payment.id, charges[0], deadline)
      : await ledger.abandon(payment.id, patience.abandonSeconds, deadline);
    const { status } = await announced(this.parts, booking, deadline);
    return status === 'pending' ? 'waiting' : status === 'abandoned' ? 'abandoned' : 'booked';
  }
}
