import type { Payment } from '../domain/payment';
import type { PaymentEvent, PaymentEventType } from '../domain/payment-event';
import type { Deadline } from 'cdk-production-lambda-runtime';
import type { PostgresDatabase } from 'cdk-production-lambda-runtime/postgres';

/** Events that were written with the ledger and are not yet published. */
export class Outbox {
  constructor(private readonly database: PostgresDatabase) {}

  /** Events that were not published within `seconds`, the oldest first, without the `seen` ones. */
  public async unpublished(seconds: number, limit: number, deadline: Deadline, seen: readonly string[] = []): Promise<PaymentEvent[]> {
    const rows = await this.database.query<{ id: string; type: PaymentEventType; detail: Payment }>(
      `SELECT id, type, detail FROM outbox
       WHERE published_at IS NULL AND created_at <= now() - make_interval(secs => $1) AND id <> ALL ($3) ORDER BY created_at, id LIMIT $2`,
      [seconds, limit, seen], deadline,
    );
    return rows.map(({ id, type, detail }) => ({ id, type, payment: detail }));
  }

  public async markPublished(ids: string[], deadline: Deadline): Promise<void> {
    await this.database.query('UPDATE outbox SET published_at = now() WHERE id = ANY($1) AND published_at IS NULL', [ids], deadline);
  }
}
