import { Client, DatabaseError } from 'pg';
import { Database, type StatementResult } from './database';
import { type DatabaseOptions, databaseSettings, type DatabaseSettings } from './database-settings';
import { VARIABLES } from './variables';

export { Database, type Query, type StatementResult } from './database';
export type { DatabaseOptions, DatabaseSettings } from './database-settings';

/**
 * The PostgreSQL database to which `ProxiedDatabase.connect` has connected the function: one connection for each execution environment, with
 * an IAM token and a verified certificate. No connection is opened yet. Requires the package `pg`.
 *
 * @example
 * const ledger = postgres();
 * const rows = await ledger.query('SELECT status FROM payments WHERE id = $1', [id]);
 * await ledger.transaction(async query => { await query('UPDATE …'); await query('INSERT …'); });
 */
export function postgres(options: DatabaseOptions = {}): PostgresDatabase {
  return new PostgresDatabase(databaseSettings({
    ...VARIABLES.postgres, localMode: { variable: 'PGSSLMODE', value: 'disable' }, localPassword: 'PGPASSWORD',
  }, options));
}

/** One connection to PostgreSQL, with values as `$1`, `$2`, …. */
export class PostgresDatabase extends Database<Client> {
  constructor(private readonly settings: DatabaseSettings) {
    super();
  }

  protected async connect(connectionTimeoutMillis: number, onLost: (connection: Client) => void): Promise<Client> {
    const { tls, ...settings } = this.settings;
    const client = new Client({ ...settings, ssl: tls ? { rejectUnauthorized: true } : false, connectionTimeoutMillis, keepAlive: true });
    // Without a listener, an error of an idle connection would end the process.
    client.on('error', () => onLost(client));
    client.on('end', () => onLost(client));
    try {
      await client.connect();
      return client;
    } catch (error) {
      client.end().catch(() => undefined);
      throw error;
    }
  }

  protected async send(client: Client, text: string, values: readonly unknown[], timeoutMillis: number): Promise<StatementResult> {
    // An unnamed prepared statement does not remain after its execution. `query_timeout` is not in the types of pg.
    return client.query({ text, values: [...values], query_timeout: timeoutMillis } as { text: string; values: unknown[] });
  }

  protected async disconnect(client: Client): Promise<void> {
    await client.end();
  }

  /** The driver has no code for it. */
  protected override isTimeout(error: unknown): boolean {
    return (error as Error).message === 'Query read timeout';
  }

  /**
   * After every error except the server's own errors that do not end the session. A read-only transaction (25006) means that the server is
   * not the writer any more: the session is open, and no statement that writes can succeed on it.
   */
  protected isLost(error: unknown): boolean {
    return !(error instanceof DatabaseError) || /^(08|57P|25006$)/.test(error.code ?? '') || /^(FATAL|PANIC)$/.test(error.severity ?? '');
  }
}
