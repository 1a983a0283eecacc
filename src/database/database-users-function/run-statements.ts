import { setTimeout as sleep } from 'node:timers/promises';
import {
  BeginTransactionCommand, CommitTransactionCommand, ExecuteStatementCommand, type RDSDataClient, RollbackTransactionCommand,
} from '@aws-sdk/client-rds-data';

/** The database in which the statements run, and the secret of the user that runs them. */
export interface StatementTarget {
  readonly clusterArn: string;
  readonly secretArn: string;
  readonly database: string;
  /** Whether all statements run in one transaction: in PostgreSQL, because MySQL commits each of these statements implicitly. */
  readonly transaction: 'true' | 'false';
}

/** A connection to a database through the Data API, until the time of the function is over. */
export interface Session {
  readonly client: RDSDataClient;
  readonly target: StatementTarget;
  /** Aborted when the time is over. */
  readonly signal: AbortSignal;
}

/** Runs one statement. Resolves to the first column of its rows. */
export type Run = (sql: string) => Promise<(string | undefined)[]>;

/**
 * Errors after which the statements run again: a paused cluster needs up to 30 seconds to resume, a new one is not available immediately,
 * and another deployment can hold a lock. Each list of statements can run repeatedly, so also if the answer to a commit was lost.
 */
const TEMPORARY = new RegExp(`^(${[
  'DatabaseResumingException', 'DatabaseUnavailableException', 'ServiceUnavailableError', 'InternalServerErrorException', 'TimeoutError',
  'ThrottlingException', 'TooManyRequestsException', 'StatementTimeoutException', 'TransactionNotFoundException',
].join('|')})$`);
const TEMPORARY_MESSAGE =
  /communications link failure|is resuming|connect(ion)? (refused|timed out)|socket hang up|transaction \S+ is not found|deadlock|concurrently updated|could not serialize|lock wait timeout/i;
const NETWORK = /^(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;
const PAUSE_MILLIS = 5_000;
const ROLLBACK_MILLIS = 5_000;

/** Does the work, and does it again while the database is not available, until the time is over. */
export async function inDatabase<T>(session: Session, work: (run: Run) => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await (session.target.transaction === 'true' ? inTransaction(session, work) : work(sql => execute(session, sql)));
    } catch (error) {
      if (session.signal.aborted || !isTemporary(error)) throw error;
      console.log(JSON.stringify({ level: 'INFO', message: 'the statements run again', error: String(error) }));
      await sleep(PAUSE_MILLIS, undefined, { signal: session.signal });
    }
  }
}

async function inTransaction<T>(session: Session, work: (run: Run) => Promise<T>): Promise<T> {
  const { client, target, signal: abortSignal } = session;
  const where = { resourceArn: target.clusterArn, secretArn: target.secretArn };
  const { transactionId } = await client.send(new BeginTransactionCommand({ ...where, database: target.database }), { abortSignal });
  try {
    const result = await work(sql => execute(session, sql, transactionId));
    await client.send(new CommitTransactionCommand({ ...where, transactionId }), { abortSignal });
    return result;
  } catch (error) {
    // Otherwise its locks are held for three minutes. The time of the session can be over, so the rollback has its own.
    await client.send(new RollbackTransactionCommand({ ...where, transactionId }), { abortSignal: AbortSignal.timeout(ROLLBACK_MILLIS) })
      .catch(() => undefined);
    throw error;
  }
}

async function execute({ client, target, signal: abortSignal }: Session, sql: string, transactionId?: string): Promise<(string | undefined)[]> {
  const { clusterArn: resourceArn, secretArn, database } = target;
  const { records = [] } = await client.send(new ExecuteStatementCommand({ resourceArn, secretArn, database, sql, transactionId }), { abortSignal });
  return records.map(([field]) => field?.stringValue);
}

function isTemporary(error: unknown): boolean {
  const { name, message, code = '', $metadata } = error as Error & { code?: string; $metadata?: { httpStatusCode?: number } };
  return TEMPORARY.test(name) || TEMPORARY_MESSAGE.test(message) || NETWORK.test(code) || ($metadata?.httpStatusCode ?? 0) >= 500;
}
