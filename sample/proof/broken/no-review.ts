import { Database } from '../../data/database';
import { Ledger } from '../../data/ledger';
import { databaseSettings } from '../../data/settings';
import type { Payment } from '../../domain/payment';
import type { Deadline } from '../../runtime/deadline';
import { reconcileHandler, reconcileParts } from '../../service/reconcile';

const database = new Database(databaseSettings());

/** A ledger that always shows the same page: the payments that wait longest. */
class OnePageLedger extends Ledger {
  public async stuck(seconds: number, limit: number, deadline: Deadline, seen: readonly string[] = []): Promise<Payment[]> {
    if (seen.length > 0) return [];
    await database.query("UPDATE payments SET reviewed_at = NULL WHERE status = 'pending'", [], deadline);
    return super.stuck(seconds, limit, deadline);
  }
}

/** The reconciliation that payments which wait can fill. */
export const handler = reconcileHandler({ ...reconcileParts(), ledger: new OnePageLedger(database) });
