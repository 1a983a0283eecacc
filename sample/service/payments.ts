import { announced, type Once, type Parts } from './parts';
import { LedgerMismatchError, PaymentAbandonedError, PaymentDeclinedError } from '../domain/errors';
import { isSameRequest, type Order, type Payment } from '../domain/payment';
import type { Tokens } from '../http/tokens';
import type { Charge, Provider } from '../provider/provider';
import type { Deadline } from 'cdk-production-lambda-runtime';
import { InProgressError, KeyReusedError } from 'cdk-production-lambda-runtime/idempotency';

export interface PaymentsParts extends Parts {
  readonly provider: Pick<Provider, 'charge' | 'chargesOf'>;
  readonly once: Once<Order>;
  /** Verifies the tokens of callers behind a load balancer. */
  readonly tokens?: Tokens;
}

/**
 * Takes payments, each key once (docs/EXACTLY-ONCE.md). The order of the side effects is: the idempotency record, the ledger's
 * entry, the charge, its booking together with its event, the event's publication, the record's result.
 */
export class Payments {
  /** Takes the requested payment. The same order returns the same payment, however often it is sent. */
  public readonly take: (order: Order, deadline: Deadline) => Promise<Payment>;

  constructor(private readonly parts: PaymentsParts) {
    this.take = parts.once((order: Order, deadline: Deadline) => this.takeOnce(order, deadline));
  }

  public async find(merchant: string, id: string, deadline: Deadline): Promise<Payment | undefined> {
    return this.parts.ledger.find(merchant, id, deadline);
  }

  private async takeOnce(order: Order, deadline: Deadline): Promise<Payment> {
    const { isRepeated, ...entered } = await this.parts.ledger.enter(order, deadline);
    if (!isSameRequest(entered, order.request)) throw new KeyReusedError('the key was used for another payment');
    return answerable(entered.status === 'pending' ? await this.chargeAndBook(entered, isRepeated, deadline) : entered);
  }

  private async chargeAndBook(payment: Payment, isRepeated = false, deadline: Deadline): Promise<Payment> {
    const { ledger, provider } = this.parts;
    const charge = (isRepeated ? await this.earlierCharge(payment, deadline) : undefined) ?? await provider.charge(payment, deadline);
    return announced(this.parts, await ledger.book(payment.id, charge, deadline), deadline);
  }

  /** What an earlier request charged for a payment that was never booked. A provider may forget the key of a charge if its response was an error. */
  private async earlierCharge({ id }: Payment, deadline: Deadline): Promise<Charge | undefined> {
    const [charge, ...others] = await this.parts.provider.chargesOf(id, deadline);
    if (others.length > 0) throw new LedgerMismatchError(`the provider has ${others.length + 1} charges for payment ${id}`);
    return charge;
  }
}

/** Throws an error for a payment that was not taken. */
function answerable(payment: Payment): Payment {
  if (payment.status === 'declined') throw new PaymentDeclinedError();
  if (payment.status === 'abandoned') throw new PaymentAbandonedError();
  if (payment.status === 'pending') throw new InProgressError('the payment is pending');
  return payment;
}
