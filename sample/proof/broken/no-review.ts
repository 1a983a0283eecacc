import { Ledger } from '../../data/ledger';
import type { Payment } from '../../domain/payment';
import { reconcileHandler, reconcileParts } from '../../service/reconcile';
import type { Deadline } from 'cdk-production-lambda-runtime';
import { postgres } from 'cdk-production-lambda-runtime/postgres';

const database = postgres();

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
