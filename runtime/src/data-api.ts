import { setTimeout as sleep } from 'node:timers/promises';
import {
  BeginTransactionCommand, CommitTransactionCommand, ExecuteStatementCommand, RDSDataClient, RollbackTransactionCommand,
} from '@aws-sdk/client-rds-data';
import { parametersOf, rowsOf, type SqlValues } from './data-api-values';
import type { DatabaseOptions } from './database-settings';
import { Deadline, OutOfTimeError } from './deadline';
import { tracer } from './powertools';
import { required, VARIABLES } from './variables';

export type { DatabaseOptions } from './database-settings';
export { Json, type SqlValue, type SqlValues } from './data-api-values';

/** Sends a statement with its named values (`:id`), and returns its rows. */
export type NamedQuery = <R extends object>(sql: string, values?: SqlValues) => Promise<R[]>;

/** A paused cluster needs about 15 seconds to resume. */
const RESUMING = /^(DatabaseResumingException|DatabaseUnavailableException)$/;
const PAUSE_MILLIS = 1_000;
/** For code that runs outside of an invocation. */
const DEFAULT_MILLIS = 60_000;
const ROLLBACK_MILLIS = 2_000;

let shared: RDSDataClient | undefined;

/**
 * The database to which `DataApiDatabase.connect` has connected the function. Statements wait for a paused database until the deadline of
 * the invocation: the timeout of the function should be 45 seconds or more, and an API needs a longer integration timeout or a caller that
 * repeats the request.
 *
 * @example
 * const orders = dataApi();
 * const rows = await orders.query('SELECT status FROM orders WHERE id = :id', { id });
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.html
 */
export function dataApi({ prefix = '' }: DatabaseOptions = {}): DataApiClient {
  const { clusterArn, secretArn, database } = VARIABLES.dataApi;
  shared ??= tracer.captureAWSv3Client(new RDSDataClient());
  return new DataApiClient(shared, {
    resourceArn: required(prefix + clusterArn), secretArn: required(prefix + secretArn), database: required(prefix + database),
  });
}

/** The cluster, the secret of its user, and the database. */
export interface DataApiTarget {
  readonly resourceArn: string;
  readonly secretArn: string;
  readonly database: string;
}

/** Sends statements through the Data API. Each statement is an HTTPS request, and a result has at most 1 MiB. */
export class DataApiClient {
  constructor(private readonly client: RDSDataClient, private readonly target: DataApiTarget) {}

  /** Runs one statement. */
  public async query<R extends object>(sql: string, values: SqlValues = {}, deadline = Deadline.current()): Promise<R[]> {
    return this.whenAvailable(deadline, abortSignal => this.execute<R>(sql, values, abortSignal));
  }

  /**
   * Runs the work in one transaction, which is rolled back if the work throws. A commit whose response was lost also throws, although it
   * may have succeeded: a repetition must be safe.
   */
  public async transaction<T>(work: (query: NamedQuery) => Promise<T>, deadline = Deadline.current()): Promise<T> {
    const { transactionId } = await this.whenAvailable(deadline, abortSignal => (
      this.client.send(new BeginTransactionCommand(this.target), { abortSignal })));
    const abortSignal = AbortSignal.timeout(deadline?.limit(DEFAULT_MILLIS) ?? DEFAULT_MILLIS);
    const { resourceArn, secretArn } = this.target;
    const transaction = { resourceArn, secretArn, transactionId };
    try {
      const result = await work(<R extends object>(sql: string, values: SqlValues = {}) => (
        this.execute<R>(sql, values, abortSignal, transactionId)));
      deadline?.require(1, 'the commit');
      await this.client.send(new CommitTransactionCommand(transaction), { abortSignal });
      return result;
    } catch (error) {
      // Otherwise its locks are held for three minutes.
      const rollback = new RollbackTransactionCommand(transaction);
      await this.client.send(rollback, { abortSignal: AbortSignal.timeout(ROLLBACK_MILLIS) }).catch(() => undefined);
      throw error;
    }
  }

  /** Sends the first request again while the database resumes: a database that resumes has done nothing. */
  private async whenAvailable<T>(deadline: Deadline | undefined, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const end = Date.now() + (deadline?.remainingMillis ?? DEFAULT_MILLIS);
    for (;;) {
      const remaining = end - Date.now();
      if (remaining <= 0) throw new OutOfTimeError('the database was not available before the deadline');
      try {
        return await send(AbortSignal.timeout(remaining));
      } catch (error) {
        if (!RESUMING.test((error as Error).name)) throw error;
        if (end - Date.now() <= PAUSE_MILLIS) throw new OutOfTimeError('the database was still resuming at the deadline', { cause: error });
        await sleep(PAUSE_MILLIS);
      }
    }
  }

  private async execute<R extends object>(sql: string, values: SqlValues, abortSignal: AbortSignal, transactionId?: string): Promise<R[]> {
    const output = await this.client.send(new ExecuteStatementCommand({
      ...this.target, sql, transactionId, parameters: parametersOf(values), includeResultMetadata: true,
    }), { abortSignal });
    return rowsOf(output) as R[];
  }
}
