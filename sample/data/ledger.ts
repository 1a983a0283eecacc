import { LedgerMismatchError, NotChargedYetError, UnknownPaymentError } from '../domain/errors';
import { type Order, type Payment, paymentId, type PaymentStatus } from '../domain/payment';
import { eventOf, type PaymentEvent } from '../domain/payment-event';
import type { Settlement } from '../domain/settlement';
import type { Charge } from '../provider/provider';
import type { Deadline } from 'cdk-production-lambda-runtime';
import type { PostgresDatabase, Query } from 'cdk-production-lambda-runtime/postgres';

interface PaymentRow {
  readonly id: string;
  readonly amount: string;
  readonly currency: string;
  readonly customer: string;
  readonly status: PaymentStatus;
  readonly charge_id: string | null;
  readonly taken_at: Date;
}

/** A payment as a request finds it. */
export type Entry = Payment & {
  /** Whether an earlier request inserted it. That request may have charged it. */
  readonly isRepeated?: boolean;
};

/** The booked payment and the event to publish; undefined if the step was booked before. */
export interface Booking {
  readonly payment: Payment;
  readonly event?: PaymentEvent;
}

const COLUMNS = 'id, amount, currency, customer, status, charge_id, taken_at';

/**
 * The ledger of payments. Each step is conditional on the previous one, so that a repetition changes nothing, and is
 * written in one transaction with its event.
 */
export class Ledger {
  constructor(private readonly database: PostgresDatabase) {}

  /**
   * Inserts a payment as pending unless its key exists, and returns the stored payment. For a pending payment it also
   * records that a customer repeated the request.
   */
  public async enter(order: Order, deadline: Deadline): Promise<Entry> {
    const { merchant, key, request: { amount, currency, customer } } = order;
    return this.database.transaction(async statements => {
      const [inserted] = await statements<PaymentRow>(
        `INSERT INTO payments (id, merchant, idempotency_key, amount, currency, customer, status, taken_at, touched_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'pending', now(), now())
         ON CONFLICT (merchant, idempotency_key) DO NOTHING RETURNING ${COLUMNS}`,
        [paymentId(order), merchant, key, amount, currency, customer],
      );
      if (inserted) return paymentOf(inserted);
      const [found] = await statements<PaymentRow>(
        `UPDATE payments SET touched_at = CASE status WHEN 'pending' THEN now() ELSE touched_at END
         WHERE merchant = $1 AND idempotency_key = $2 RETURNING ${COLUMNS}`,
        [merchant, key],
      );
      return { ...paymentOf(found), isRepeated: true };
    }, deadline);
  }

  /** Books the provider's result for a pending payment, once. */
  public async book(id: string, charge: Charge, deadline: Deadline): Promise<Booking> {
    return this.database.transaction(async statements => {
      const rows = await statements<PaymentRow>(
        `UPDATE payments SET status = $2, charge_id = $3, touched_at = now() WHERE id = $1 AND status = 'pending' RETURNING ${COLUMNS}`,
        [id, charge.status === 'succeeded' ? 'charged' : 'declined', charge.chargeId],
      );
      if (rows.length > 0) return announce(statements, paymentOf(rows[0]));
      const payment = await this.standing(statements, id);
      if (payment.chargeId !== charge.chargeId) throw new LedgerMismatchError(`payment ${id} is ${payment.status} with charge '${payment.chargeId}', the provider has charge '${charge.chargeId}'`);
      return { payment };
    }, deadline);
  }

  /** Abandons a payment that no customer has repeated for `seconds`, unless one did so in the meantime. */
  public async abandon(id: string, seconds: number, deadline: Deadline): Promise<Booking> {
    return this.database.transaction(async statements => {
      const rows = await statements<PaymentRow>(
        `UPDATE payments SET status = 'abandoned', touched_at = now()
         WHERE id = $1 AND status = 'pending' AND touched_at <= now() - make_interval(secs => $2) RETURNING ${COLUMNS}`,
        [id, seconds],
      );
      return rows.length > 0 ? announce(statements, paymentOf(rows[0])) : { payment: await this.standing(statements, id) };
    }, deadline);
  }

  /** Marks a charged payment as settled, once. */
  public async settle({ payment: id, chargeId }: Settlement, deadline: Deadline): Promise<Booking> {
    return this.database.transaction(async statements => {
      const rows = await statements<PaymentRow>(
        `UPDATE payments SET status = 'settled', touched_at = now() WHERE id = $1 AND status = 'charged' AND charge_id = $2 RETURNING ${COLUMNS}`,
        [id, chargeId],
      );
      if (rows.length > 0) return announce(statements, paymentOf(rows[0]));
      const payment = await this.standing(statements, id);
      if (payment.status === 'pending') throw new NotChargedYetError(`payment ${id} is not charged yet`);
      if (payment.status !== 'settled' || payment.chargeId !== chargeId) throw new LedgerMismatchError(`payment ${id} is ${payment.status} with charge '${payment.chargeId}', settled was charge '${chargeId}'`);
      return { payment };
    }, deadline);
  }

  /** A payment of a merchant. */
  public async find(merchant: string, id: string, deadline: Deadline): Promise<Payment | undefined> {
    const rows = await this.database.query<PaymentRow>(`SELECT ${COLUMNS} FROM payments WHERE id = $1 AND merchant = $2`, [id, merchant], deadline);
    return rows.map(paymentOf)[0];
  }

  /**
   * Pending payments that no customer has repeated for `seconds`, without the `seen` ones. First are the ones that the last runs did not
   * reach, then the ones for which the provider answered longest ago, so that no payment can hold back another one.
   */
  public async stuck(seconds: number, limit: number, deadline: Deadline, seen: readonly string[] = []): Promise<Payment[]> {
    const rows = await this.database.query<PaymentRow>(
      `SELECT ${COLUMNS} FROM payments
       WHERE status = 'pending' AND touched_at <= now() - make_interval(secs => $1) AND id <> ALL ($3)
       ORDER BY coalesce(reviewed_at, touched_at), coalesce(answered_at, touched_at), id LIMIT $2`,
      [seconds, limit, seen], deadline,
    );
    return rows.map(paymentOf);
  }

  /** Records that a run of the reconciliation reviews these payments. All payments of a run have the same time. */
  public async review(ids: readonly string[], run: Date, deadline: Deadline): Promise<void> {
    await this.database.query("UPDATE payments SET reviewed_at = $2 WHERE id = ANY ($1) AND status = 'pending'", [ids, run], deadline);
  }

  /** Records that the provider answered for these payments now. */
  public async answered(ids: readonly string[], deadline: Deadline): Promise<void> {
    await this.database.query("UPDATE payments SET answered_at = now() WHERE id = ANY ($1) AND status = 'pending'", [ids], deadline);
  }

  private async standing(statements: Query, id: string): Promise<Payment> {
    const [row] = await statements<PaymentRow>(`SELECT ${COLUMNS} FROM payments WHERE id = $1`, [id]);
    if (!row) throw new UnknownPaymentError(`there is no payment ${id}`);
    return paymentOf(row);
  }
}

/** Inserts the event of a step into the outbox, within the step's transaction. */
async function announce(statements: Query, payment: Payment): Promise<Booking> {
  const event = eventOf(payment as Parameters<typeof eventOf>[0]);
  await statements('INSERT INTO outbox (id, type, payment, detail, created_at) VALUES ($1, $2, $3, $4, now())', [event.id, event.type, payment.id, JSON.stringify(payment)]);
  return { payment, event };
}

function paymentOf(row: PaymentRow): Payment {
  const { charge_id: chargeId, taken_at: takenAt, amount, ...rest } = row;
  return { ...rest, amount: Number(amount), takenAt: takenAt.toISOString(), chargeId: chargeId ?? '' };
}
