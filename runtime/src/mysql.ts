import { type Connection, createConnection, type QueryOptions } from 'mysql2/promise';
import { Database, type StatementResult } from './database';
import { type DatabaseOptions, databaseSettings, type DatabaseSettings } from './database-settings';
import { VARIABLES } from './variables';

export { Database, type Query, type StatementResult } from './database';
export type { DatabaseOptions, DatabaseSettings } from './database-settings';

/**
 * The MySQL database to which `ProxiedDatabase.connect` has connected the function: one connection for each execution environment, with an
 * IAM token and a verified certificate. No connection is opened yet. Requires the package `mysql2`.
 *
 * A statement without rows returns one row, with `affectedRows` and `insertId`.
 *
 * @example
 * const ledger = mysql();
 * const rows = await ledger.query('SELECT status FROM payments WHERE id = ?', [id]);
 */
export function mysql(options: DatabaseOptions = {}): MysqlDatabase {
  return new MysqlDatabase(databaseSettings({
    ...VARIABLES.mysql, localMode: { variable: 'MYSQL_SSL_MODE', value: 'DISABLED' }, localPassword: 'MYSQL_PASSWORD',
  }, options));
}

/**
 * Errors after which no statement can succeed on the session, by their number. The server is shutting down (1053, 3168), or is not the
 * writer any more (1290, 1792, 1836), or has ended the session: it killed it (1927, 3169), or it was idle for too long while the
 * environment was frozen (4031). Proxies report a lost connection to the server by the numbers of clients (2006, 2013).
 *
 * @see https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 */
const ENDED = new Set([1053, 1290, 1792, 1836, 1927, 2006, 2013, 3168, 3169, 4031]);

/**
 * InnoDB rolls back the whole transaction, and executes what follows without one. After a lock wait timeout, it rolls back the statement only.
 *
 * @see https://dev.mysql.com/doc/refman/8.4/en/innodb-error-handling.html
 */
const ENDS_TRANSACTION = new Set(['ER_LOCK_DEADLOCK', 'ER_LOCK_TABLE_FULL']);

/** One connection to MySQL, with values as `?`. */
export class MysqlDatabase extends Database<Connection> {
  constructor(private readonly settings: DatabaseSettings) {
    super();
  }

  protected async connect(connectTimeout: number, onLost: (connection: Connection) => void): Promise<Connection> {
    const { tls, password: given, ...settings } = this.settings;
    const password = typeof given === 'string' ? given : await given();
    const connection = await createConnection({
      ...settings,
      connectTimeout,
      enableKeepAlive: true,
      supportBigNumbers: true,
      // A token is sent as it is, over TLS only.
      ...tls
        ? { ssl: { rejectUnauthorized: true }, authPlugins: { mysql_clear_password: () => () => Buffer.from(`${password}\0`) } }
        : { password },
    });
    // Without a listener, an error of an idle connection would end the process.
    connection.on('error', () => onLost(connection));
    connection.on('end', () => onLost(connection));
    return connection;
  }

  protected async send(connection: Connection, sql: string, values: readonly unknown[], timeout: number): Promise<StatementResult> {
    // `query` and not `execute`: a prepared statement would pin the connection of RDS Proxy.
    const options: QueryOptions = { sql, timeout, values: [...values] };
    const [result] = await connection.query(options);
    return { rows: (Array.isArray(result) ? result : [result]) as object[] };
  }

  protected async disconnect(connection: Connection): Promise<void> {
    await connection.end();
  }

  protected override isTimeout(error: unknown): boolean {
    return (error as { code?: string }).code === 'PROTOCOL_SEQUENCE_TIMEOUT';
  }

  protected override endsTransaction(error: unknown): boolean {
    return ENDS_TRANSACTION.has((error as { code?: string }).code ?? '');
  }

  /** After every error except the server's own errors that do not end the session. */
  protected isLost(error: unknown): boolean {
    const { sqlState, fatal, errno = 0 } = error as { sqlState?: string; fatal?: boolean; errno?: number };
    return sqlState === undefined || fatal === true || sqlState.startsWith('08') || ENDED.has(errno);
  }
}
