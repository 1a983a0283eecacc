import { Client, type QueryResultRow } from 'pg';

const open: Client[] = [];

/** Opens a session on the server that .ci/postgres starts, which requires no password. */
export async function loginAs(user: string, database: string): Promise<Client> {
  const client = new Client({ host: '127.0.0.1', port: portOf('DIRECT_PORT'), database, user });
  client.on('error', () => undefined); // dropping a database ends its sessions
  await client.connect();
  open.push(client);
  return client;
}

export async function endSessions(): Promise<void> {
  await Promise.all(open.splice(0).map(client => client.end().catch(() => undefined)));
}

/** Runs a list of statements in one transaction. */
export async function run(client: Client, statements: string[]): Promise<void> {
  await client.query('BEGIN');
  try {
    for (const statement of statements) await client.query(statement);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

export async function rowsOf<R extends QueryResultRow>(client: Client, sql: string, ...values: unknown[]): Promise<R[]> {
  return (await client.query<R>(sql, values)).rows;
}

function portOf(variable: string): number {
  const port = Number(process.env[variable]);
  if (!(port > 0)) throw new Error(`${variable} is not set: these tests are run by .ci/postgres`);
  return port;
}
