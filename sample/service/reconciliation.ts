import { announced, type Parts } from './parts';
import { LedgerMismatchError } from '../domain/errors';
import type { Payment } from '../domain/payment';
import type { Provider } from '../provider/provider';
import { type Deadline, OutOfTimeError } from '../runtime/deadline';
import { logger } from '../runtime/observed';

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

const AT_ONCE = 100;

/**
 * Finishes payments that stopped between two side effects: books the provider's charges, abandons payments that were never
 * charged and not repeated, and publishes the remaining events of the outbox. It never charges: only a customer's request does.
 */
export class Reconciliation {
  constructor(private readonly parts: ReconciliationParts) {}

  /** Works until everything is done or the deadline is reached. The next run continues. */
  public async run(deadline: Deadline): Promise<Reconciled> {
    const { ledger, outbox, publisher, patience } = this.parts;
    const done: Reconciled = { booked: 0, abandoned: 0, waiting: 0, published: 0, failed: 0 };
    for (const payment of await ledger.stuck(patience.stuckSeconds, AT_ONCE, deadline)) {
      try {
        done[await this.finish(payment, deadline)]++;
      } catch (error) {
        if (error instanceof OutOfTimeError) return done;
        done.failed++;
        logger.error('payment not reconciled', { payment: payment.id, error: error as Error });
      }
    }
    const events = await outbox.unpublished(patience.stuckSeconds, AT_ONCE, deadline);
    done.published = await publisher.publish(events, deadline);
    return done;
  }

  private async finish(payment: Payment, deadline: Deadline): Promise<'booked' | 'abandoned' | 'waiting'> {
    const { ledger, provider, patience } = this.parts;
    const charges = await provider.chargesOf(payment.id, deadline);
    if (charges.length > 1) throw new LedgerMismatchError(`the provider has ${charges.length} charges for payment ${payment.id}`);
    const booking = charges.length === 1
      ? await ledger.book(payment.id, charges[0], deadline)
      : await ledger.abandon(payment.id, patience.abandonSeconds, deadline);
    const { status } = await announced(this.parts, booking, deadline);
    return status === 'pending' ? 'waiting' : status === 'abandoned' ? 'abandoned' : 'booked';
  }
}
