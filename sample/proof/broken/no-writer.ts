import { DatabaseError } from 'pg';
import { Ledger } from '../../data/ledger';
import { settleHandler, settleParts } from '../../service/settle';
import { PostgresDatabase } from 'cdk-production-lambda-runtime/postgres';

/** A database whose connection to a server that became a reader is kept. */
class LoyalDatabase extends PostgresDatabase {
  protected isLost(error: unknown): boolean {
    return super.isLost(error) && !(error instanceof DatabaseError && error.code === '25006');
  }
}

const { PGHOST: host = '', PGPORT: port, PGDATABASE: database = '', PGUSER: user = '' } = process.env;

/** The settling function that keeps a connection on which nothing can be written. */
export const handler = settleHandler({
  ...settleParts(), ledger: new Ledger(new LoyalDatabase({ host, port: Number(port), database, user, password: '', tls: false })),
});
