import { Client, DatabaseError, type QueryResult, type QueryResultRow } from 'pg';
import type { Deadline } from '../runtime/deadline';

/** The address and credentials of a PostgreSQL database. */
export interface DatabaseSettings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** A function is called for each new connection, because an IAM token is valid for 15 minutes. */
  readonly password: string | (() => Promise<string>);
  /** Whether the connection is encrypted and the server's certificate verified. No other mode exists. */
  readonly tls: boolean;
}

/** Sends the statements of one transaction. */
export type Statements = <R extends QueryResultRow>(text: string, values?: unknown[]) => Promise<R[]>;

const CONNECT_MILLIS = 3_000;
const STATEMENT_MILLIS = 5_000;

/**
 * The single connection of an execution environment. It is opened on first use, reused between invocations, and
 * reopened after it was lost. One transaction uses it at a time; the others wait.
 *
 * The session holds no state, so that RDS Proxy (or PgBouncer in transaction mode) can reuse the database connection
 * for other clients after each transaction: no SET, no named prepared statement, no LISTEN, no temporary table, no
 * sequence, no lock of the session.
 */
export class Database {
  private client?: Client;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly settings: DatabaseSettings) {}

  /** One statement that is safe to repeat. */
  public query<R extends QueryResultRow>(text: string, values: unknown[] = [], deadline?: Deadline): Promise<R[]> {
    return this.alone(async () => (await this.first(text, values, deadline)).rows as R[]);
  }

  /**
   * Runs the work in one transaction. The transaction is rolled back if the work throws or the deadline passes, at the latest just
   * before the commit. A commit whose response was lost also throws, although it may have succeeded: a retry must be safe.
   */
  public transaction<T>(work: (statements: Statements) => Promise<T>, deadline?: Deadline): Promise<T> {
    return this.alone(async () => {
      const { client } = await this.first('BEGIN', [], deadline);
      try {
        const result = await work(async (text, values = []) => (await this.send(client, text, values, deadline)).rows);
        const { command } = await this.send(client, 'COMMIT', [], deadline);
        if (command !== 'COMMIT') throw new Error('the transaction had failed and was rolled back');
        return result;
      } catch (error) {
        await this.rollBack(client);
        throw error;
      }
    });
  }

  public async end(): Promise<void> {
    await this.alone(async () => this.forget(this.client));
  }

  /** Waits for the previous transaction, successful or not. */
  private alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }

  /** A reused connection may have been closed while the environment was frozen. It executed nothing, so a new one may retry. */
  private async first(text: string, values: unknown[], deadline?: Deadline): Promise<QueryResult & { client: Client }> {
    const kept = this.client;
    if (kept) {
      try {
        return { ...await this.send(kept, text, values, deadline), client: kept };
      } catch (error) {
        if (this.client === kept) throw error;
      }
    }
    const client = this.client = await this.connect(deadline);
    return { ...await this.send(client, text, values, deadline), client };
  }

  /** A transaction belongs to the connection on which it began. */
  private async send(client: Client, text: string, values: unknown[], deadline?: Deadline): Promise<QueryResult> {
    deadline?.require(1, 'a statement');
    if (client !== this.client) throw new Error('the connection was lost');
    const query_timeout = deadline?.limit(STATEMENT_MILLIS) ?? STATEMENT_MILLIS;
    try {
      // An unnamed prepared statement does not remain after its execution.
      return await client.query({ text, values, query_timeout } as { text: string; values: unknown[] });
    } catch (error) {
      if (this.isLost(error)) this.forget(client);
      throw error;
    }
  }

  /**
   * Whether the connection is of no more use: after every error except the server's own errors that do not end the session. A read-only
   * transaction (25006) means that the server is not the writer any more: the session lives, and no statement on it can succeed again.
   */
  protected isLost(error: unknown): boolean {
    return !(error instanceof DatabaseError) || /^(08|57P|25006$)/.test(error.code ?? '') || /^(FATAL|PANIC)$/.test(error.severity ?? '');
  }

  private async connect(deadline?: Deadline): Promise<Client> {
    const { tls, ...settings } = this.settings;
    const client = new Client({
      ...settings,
      ssl: tls ? { rejectUnauthorized: true } : false,
      connectionTimeoutMillis: deadline?.limit(CONNECT_MILLIS) ?? CONNECT_MILLIS,
      keepAlive: true,
    });
    client.on('error', () => this.forget(client));
    client.on('end', () => this.forget(client));
    try {
      await client.connect();
      return client;
    } catch (error) {
      client.end().catch(() => undefined);
      throw error;
    }
  }

  private async rollBack(client: Client): Promise<void> {
    if (client !== this.client) return;
    await client.query({ text: 'ROLLBACK', query_timeout: 500 } as { text: string }).catch(() => this.forget(client));
  }

  /** Discards a connection in an unknown state; the server rolls back its open transaction. */
  private forget(client?: Client): void {
    if (client === this.client) this.client = undefined;
    client?.end().catch(() => undefined);
  }
}
