import { setTimeout as sleep } from 'node:timers/promises';
import {
  BeginTransactionCommand, CommitTransactionCommand, ExecuteStatementCommand, type RDSDataClient, RollbackTransactionCommand,
} from '@aws-sdk/client-rds-data';

/** Where the statements run, and as whom. */
export interface Place {
  readonly clusterArn: string;
  readonly secretArn: string;
  readonly database: string;
  /** Whether all statements of a change stand or fall together. */
  readonly transaction: 'true' | 'false';
}

/** A paused cluster takes up to half a minute to resume, a new one is not ready at once, and each tells it in its way. */
const NOT_YET = /^(DatabaseResumingException|DatabaseUnavailableException|ServiceUnavailableError|InternalServerErrorException|TimeoutError)$/;
const NOT_YET_MESSAGE = /communications link failure|is resuming|connect(ion)? (refused|timed out)/i;
const GONE = /^(DatabaseNotFoundException|SecretsErrorException)$/;
const PAUSE_MILLIS = 5_000;

/** Runs statements one after the other, in one transaction where that is asked for, and again until `end` while the database is not there yet. */
export async function run(client: RDSDataClient, place: Place, statements: string[], end: number, mayBeGone = false): Promise<void> {
  for (;;) {
    try {
      return await (place.transaction === 'true' ? runAllOrNone : runEach)(client, place, statements);
    } catch (error) {
      if (mayBeGone && isGone(error)) return;
      if (!isNotYet(error) || Date.now() + PAUSE_MILLIS > end) throw error;
      await sleep(PAUSE_MILLIS);
    }
  }
}

async function runAllOrNone(client: RDSDataClient, place: Place, statements: string[]): Promise<void> {
  const where = { resourceArn: place.clusterArn, secretArn: place.secretArn };
  const { transactionId } = await client.send(new BeginTransactionCommand({ ...where, database: place.database }));
  try {
    await runEach(client, place, statements, transactionId);
    await client.send(new CommitTransactionCommand({ ...where, transactionId }));
  } catch (error) {
    await client.send(new RollbackTransactionCommand({ ...where, transactionId })).catch(() => undefined); // it ends by itself
    throw error;
  }
}

async function runEach(client: RDSDataClient, place: Place, statements: string[], transactionId?: string): Promise<void> {
  const { clusterArn: resourceArn, secretArn, database } = place;
  for (const sql of statements) await client.send(new ExecuteStatementCommand({ resourceArn, secretArn, database, sql, transactionId }));
}

function isNotYet(error: unknown): boolean {
  const { name, message } = error as Error;
  return NOT_YET.test(name) || NOT_YET_MESSAGE.test(message);
}

/** A cluster that was deleted before its login took the login with it. */
function isGone(error: unknown): boolean {
  const { name, message } = error as Error;
  return GONE.test(name) || /(cluster|HttpEndpoint|secret).*(not found|is not enabled|can't be found|cannot be found)/i.test(message);
}
