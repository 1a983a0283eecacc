import { setTimeout as sleep } from 'node:timers/promises';
import {
  BeginTransactionCommand, CommitTransactionCommand, ExecuteStatementCommand, type RDSDataClient, RollbackTransactionCommand,
} from '@aws-sdk/client-rds-data';

/** The database in which the statements run, and the secret of the user that runs them. */
export interface StatementTarget {
  readonly clusterArn: string;
  readonly secretArn: string;
  readonly database: string;
  /** Whether all statements run in one transaction. */
  readonly transaction: 'true' | 'false';
}

/** A paused cluster needs up to 30 seconds to resume, and a new one is not available immediately. Each state has its own errors. */
const NOT_AVAILABLE = /^(DatabaseResumingException|DatabaseUnavailableException|ServiceUnavailableError|InternalServerErrorException|TimeoutError)$/;
const NOT_AVAILABLE_MESSAGE = /communications link failure|is resuming|connect(ion)? (refused|timed out)/i;
const DELETED = /^(DatabaseNotFoundException|SecretsErrorException)$/;
const PAUSE_MILLIS = 5_000;

/** Runs statements in order, and retries until `end` while the database is not available yet. */
export async function runStatements(
  client: RDSDataClient, target: StatementTarget, statements: string[], end: number, mayBeDeleted = false,
): Promise<void> {
  for (;;) {
    try {
      return await (target.transaction === 'true' ? runAllOrNone : runEach)(client, target, statements);
    } catch (error) {
      if (mayBeDeleted && isDeleted(error)) return;
      if (!isNotAvailableYet(error) || Date.now() + PAUSE_MILLIS > end) throw error;
      await sleep(PAUSE_MILLIS);
    }
  }
}

async function runAllOrNone(client: RDSDataClient, target: StatementTarget, statements: string[]): Promise<void> {
  const where = { resourceArn: target.clusterArn, secretArn: target.secretArn };
  const { transactionId } = await client.send(new BeginTransactionCommand({ ...where, database: target.database }));
  try {
    await runEach(client, target, statements, transactionId);
    await client.send(new CommitTransactionCommand({ ...where, transactionId }));
  } catch (error) {
    await client.send(new RollbackTransactionCommand({ ...where, transactionId })).catch(() => undefined); // an open transaction times out
    throw error;
  }
}

async function runEach(client: RDSDataClient, target: StatementTarget, statements: string[], transactionId?: string): Promise<void> {
  const { clusterArn: resourceArn, secretArn, database } = target;
  for (const sql of statements) await client.send(new ExecuteStatementCommand({ resourceArn, secretArn, database, sql, transactionId }));
}

function isNotAvailableYet(error: unknown): boolean {
  const { name, message } = error as Error;
  return NOT_AVAILABLE.test(name) || NOT_AVAILABLE_MESSAGE.test(message);
}

/** A cluster that was deleted before its user no longer has the user. */
function isDeleted(error: unknown): boolean {
  const { name, message } = error as Error;
  return DELETED.test(name) || /(cluster|HttpEndpoint|secret).*(not found|is not enabled|can't be found|cannot be found)/i.test(message);
}
