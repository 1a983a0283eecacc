import { announced, type Parts } from './parts';
import { InProgressError, KeyReusedError, PaymentAbandonedError, PaymentDeclinedError } from '../domain/errors';
import { isSameRequest, type Order, type Payment } from '../domain/payment';
import type { Provider } from '../provider/provider';
import type { Deadline } from '../runtime/deadline';
import type { Once } from '../runtime/idempotency';

export interface PaymentsParts extends Parts {
  readonly provider: Pick<Provider, 'charge'>;
  readonly once: Once;
}

/**
 * Takes payments, each key once (docs/EXACTLY-ONCE.md). The order of the side effects is: the idempotency record, the ledger's
 * entry, the charge, its booking together with its event, the event's publication, the record's result.
 */
export class Payments {
  /** Takes the requested payment. The same order returns the same payment, however often it is sent. */
  public readonly take: (order: Order, deadline: Deadline) => Promise<Payment>;

  constructor(private readonly parts: PaymentsParts) {
    this.take = parts.once.guard((order: Order, deadline: Deadline) => this.takeOnce(order, deadline));
  }

  public async find(merchant: string, id: string, deadline: Deadline): Promise<Payment | undefined> {
    return this.parts.ledger.find(merchant, id, deadline);
  }

  private async takeOnce(order: Order, deadline: Deadline): Promise<Payment> {
    const entered = await this.parts.ledger.enter(order, deadline);
    if (!isSameRequest(entered, order.request)) throw new KeyReusedError();
    return answerable(entered.status === 'pending' ? await this.chargeAndBook(entered, deadline) : entered);
  }

  private async chargeAndBook(payment: Payment, deadline: Deadline): Promise<Payment> {
    const charge = await this.parts.provider.charge(payment, deadline);
    return announced(this.parts, await this.parts.ledger.book(payment.id, charge, deadline), deadline);
  }
}

/** Throws an error for a payment that was not taken. */
function answerable(payment: Payment): Payment {
  if (payment.status === 'declined') throw new PaymentDeclinedError();
  if (payment.status === 'abandoned') throw new PaymentAbandonedError();
  if (payment.status === 'pending') throw new InProgressError();
  return payment;
}
