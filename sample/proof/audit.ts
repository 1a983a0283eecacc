import { Client } from 'pg';
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
  /** What is neither done nor given up: payments, events, messages, customers without an answer. */
  readonly stuck: number;
  /** Keys for which the responses had different payments. */
  readonly differingAnswers: number;
  /** What was found, in words; the first few. */
  readonly details: string[];
}

interface Row { readonly id: string; readonly amount: string; readonly status: string; readonly charge_id: string | null }

/** Compares the charges of the provider, the ledger, the events and the responses to the customers. */
export async function audit(cloud: Cloud, customers: Customers, notices: Notices): Promise<Findings> {
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
    ...payments.filter(({ status }) => status === 'pending').map(({ id }) => `payment ${id} is pending`),
    ...unpublished.map(id => `event ${id} is not published`),
    ...cloud.queues.all().flatMap(queue => [...queue.messages.values()].filter(message => !notices.isPoison(message)).map(({ body }) => `${queue.name} has ${body}`)),
    ...payments.filter(({ status, charge_id: id }) => status === 'charged' && notices.accepted.has(id!)).map(({ id }) => `payment ${id} is not settled`),
    ...customers.intents.filter(({ isEnded }) => !isEnded).map(({ number, statuses }) => `customer ${number} has no answer after ${statuses.length}`),
  ];
  const differing = customers.intents.filter(({ taken: answers }) => answers.size > 1).map(({ number, taken: answers }) => `customer ${number} got ${[...answers].join(' and ')}`);

  return {
    payments: payments.length,
    charges: charges.length,
    settled: payments.filter(({ status }) => status === 'settled').length,
    abandoned: payments.filter(({ status }) => status === 'abandoned').length,
    doubleCharges: found(doubled),
    lostPayments: found(lost),
    stuck: found(stuck),
    differingAnswers: found(differing),
    details,
  };
}

async function books(cloud: Cloud): Promise<{ payments: Row[]; unpublished: string[] }> {
  const { host, port, database } = cloud.ledger;
  const client = new Client({ host, port, database, user: 'postgres' });
  await client.connect();
  try {
    const payments = await client.query<Row>('SELECT id, amount, status, charge_id FROM payments');
    const outbox = await client.query<{ id: string }>('SELECT id FROM outbox WHERE published_at IS NULL');
    return { payments: payments.rows, unpublished: outbox.rows.map(({ id }) => id) };
  } finally {
    await client.end();
  }
}

function group<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...groups.get(keyOf(item)) ?? [], item]);
  return groups;
}
