import type { Customers } from './customers';
import type { Notices } from './notices';
import type { Cloud } from '../local/cloud';

/** What was found in the books after a run. All but the first four must be 0. */
export interface Findings {
  readonly payments: number;
  readonly charges: number;
  readonly settled: number;
  readonly abandoned: number;
  /** Charges beyond the first of the same key, identified by the amount that only this customer pays. */
  readonly doubleCharges: number;
  /** Money that was taken, or answered as taken, and is not in the ledger or was never announced. */
  readonly lostPayments: number;
  /** Settlements that the provider did not send. */
  readonly forgedSettlements: number;
  /** Answers to a customer that neither end the matter nor say to repeat the request with the same key. */
  readonly unclearAnswers: number;
  /** What is neither done nor given up: payments, events, messages, customers without an answer. */
  readonly stuck: number;
  /** Keys for which the responses had different payments, or whose own request was rejected as the one of another payment. */
  readonly differingAnswers: number;
  /** What was found, in words; the first few. */
  readonly details: string[];
}

interface Row { readonly id: string; readonly amount: string; readonly status: string; readonly charge_id: string | null }

/** Compares the charges of the provider, the ledger, the events and the responses to the customers. */
export async function audit(cloud: Cloud, customers: Customers, notices: Notices, notReviewed: readonly string[]): Promise<Findings> {
  const { payments, unpublished } = await books(cloud);
  const { charges } = cloud.provider;
  const details: string[] = [];
  const found = (what: string[]) => {
    details.push(...what.slice(0, 5));
    return what.length;
  };

  const byIntent = group(charges, charge => customers.intentOf(charge.amount)?.number);
  const doubled = [...byIntent].flatMap(([number, all]) => all.slice(number === undefined ? 0 : 1).map(charge => `customer ${number}: charged again, ${charge.chargeId}`));

  const booked = new Map(payments.filter(({ status }) => status === 'charged' || status === 'settled').map(row => [row.charge_id, row]));
  const announced = new Set(cloud.bus.events.filter(({ detailType }) => detailType === 'PaymentCharged').map(({ detail }) => detail.payment.chargeId));
  const taken = customers.intents.flatMap(intent => [...intent.taken].map(text => ({ intent, payment: JSON.parse(text) })));
  const lost = [
    ...charges.filter(({ chargeId }) => !booked.has(chargeId)).map(({ chargeId }) => `charge ${chargeId} is not in the ledger`),
    ...charges.filter(({ chargeId }) => !announced.has(chargeId)).map(({ chargeId }) => `charge ${chargeId} was never announced`),
    ...taken.filter(({ payment }) => !charges.some(charge => charge.chargeId === payment.chargeId && charge.amount === payment.amount))
      .map(({ intent }) => `customer ${intent.number} got a response with a charge that does not exist`),
  ];

  const stuck = [
    [...new Set(notReviewed)].map(id => `payment ${id} was charged, and the reconciliation did not book it`),
    payments.filter(({ status }) => status === 'pending').map(({ id }) => `payment ${id} is pending`),
    unpublished.map(id => `event ${id} is not published`),
    [...notices.rejected].map(id => `the genuine notice of charge ${id} was rejected`),
    cloud.queues.all().flatMap(queue => [...queue.messages.values()].filter(message => !notices.isPoison(message)).map(({ body }) => `${queue.name} has ${body}`)),
    payments.filter(({ status, charge_id: id }) => status === 'charged' && notices.accepted.has(id!)).map(({ id }) => `payment ${id} is not settled`),
    customers.intents.filter(({ isEnded }) => !isEnded).map(({ number, statuses }) => `customer ${number} has no answer after ${statuses.length}`),
  ];
  const differing = [
    ...customers.intents.filter(({ taken: answers }) => answers.size > 1).map(({ number, taken: answers }) => `customer ${number} got ${[...answers].join(' and ')}`),
    ...customers.intents.filter(({ isRejected, hasAskedForAnother }) => isRejected && !hasAskedForAnother).map(({ number }) => `customer ${number} repeated a payment and got the response that it is another one`),
  ];
  const forged = payments.filter(({ status, charge_id: id }) => status === 'settled' && notices.unsettled.has(id!)).map(({ id }) => `payment ${id} is settled by a forged notice`);
  const unclear = customers.intents.flatMap(({ number, unclear: times }) => Array.from({ length: times }, () => `customer ${number} got no advice to repeat`));

  return {
    payments: payments.length,
    charges: charges.length,
    settled: payments.filter(({ status }) => status === 'settled').length,
    abandoned: payments.filter(({ status }) => status === 'abandoned').length,
    doubleCharges: found(doubled),
    lostPayments: found(lost),
    stuck: stuck.reduce((sum, kind) => sum + found(kind), 0),
    differingAnswers: found(differing),
    forgedSettlements: found(forged),
    unclearAnswers: found(unclear),
    details,
  };
}

async function books(cloud: Cloud): Promise<{ payments: Row[]; unpublished: string[] }> {
  const payments = await cloud.ledger.query<Row>('SELECT id, amount, status, charge_id FROM payments');
  const outbox = await cloud.ledger.query<{ id: string }>('SELECT id FROM outbox WHERE published_at IS NULL');
  return { payments, unpublished: outbox.map(({ id }) => id) };
}

function group<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...groups.get(keyOf(item)) ?? [], item]);
  return groups;
}
