import { DatabaseError } from 'pg';
import { Database } from '../../data/database';
import { Ledger } from '../../data/ledger';
import { databaseSettings } from '../../data/settings';
import { settleHandler, settleParts } from '../../service/settle';

/** A database whose connection to a server that became a reader is kept. */
class LoyalDatabase extends Database {
  protected isLost(error: unknown): boolean {
    return super.isLost(error) && !(error instanceof DatabaseError && error.code === '25006');
  }
}

/** The settling function that keeps a connection on which nothing can be written. */
export const handler = settleHandler({ ...settleParts(), ledger: new Ledger(new LoyalDatabase(databaseSettings())) });
