import { type Entry, Ledger } from '../../data/ledger';
import type { Order } from '../../domain/payment';
import type { Answer } from '../../http/multi-value-headers';
import { payHandler, payParts } from '../../service/pay';
import type { Deadline, LambdaHandler } from 'cdk-production-lambda-runtime';
import { postgres } from 'cdk-production-lambda-runtime/postgres';

/** A ledger in which an existing key looks like a new one. */
class ForgetfulLedger extends Ledger {
  public async enter(order: Order, deadline: Deadline): Promise<Entry> {
    return { ...await super.enter(order, deadline), ...order.request, status: 'pending', chargeId: '', isRepeated: false };
  }
}

/** The paying function without the ledger's unique key. */
export const handler: LambdaHandler<unknown, Answer> = payHandler({ ...payParts(), ledger: new ForgetfulLedger(postgres()) });
