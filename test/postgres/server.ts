import { Client, type QueryResultRow } from 'pg';
import { Deadline } from 'cdk-production-lambda-runtime';
import { PostgresDatabase } from 'cdk-production-lambda-runtime/postgres';

/** The servers that .ci/postgres starts: PostgreSQL, and PgBouncer in transaction mode in front of it. */
export const DIRECT = portOf('DIRECT_PORT');
export const POOLED = portOf('POOLED_PORT');

/** The connections that the server accepts from users that are not superusers, and the size of the pool of PgBouncer. */
export const DIRECT_CONNECTIONS = 20;
export const POOLED_CONNECTIONS = 10;

export const inTime = () => Deadline.of({ getRemainingTimeInMillis: () => 30_000 });

/** The data access of the sample in one execution environment. */
export function databaseAt(port: number, user: string, database: string): PostgresDatabase {
  return new PostgresDatabase({ host: '127.0.0.1', port, database, user, password: '', tls: false });
}

/** Runs statements as the superuser, one by one, on a connection of their own. */
export async function asMaster<R extends QueryResultRow>(database: string, ...statements: string[]): Promise<R[]> {
  const client = new Client({ host: '127.0.0.1', port: DIRECT, database, user: 'master' });
  await client.connect();
  try {
    let rows: R[] = [];
    for (const statement of statements) rows = (await client.query<R>(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

/** Creates an empty database with users and the role rds_iam. */
export async function createDatabase(name: string, ...users: string[]): Promise<void> {
  const roles = [...users.map(user => `CREATE ROLE ${user} LOGIN`), 'CREATE ROLE rds_iam NOLOGIN'];
  const unlessThere = roles.map(create => `DO $$ BEGIN ${create}; EXCEPTION WHEN duplicate_object THEN NULL; END $$`);
  await asMaster('postgres', ...unlessThere, `DROP DATABASE IF EXISTS ${name}`, `CREATE DATABASE ${name}`);
}

/** Drops a database and its users, so that the next test file finds a server without them. */
export async function dropDatabase(name: string, ...users: string[]): Promise<void> {
  await asMaster('postgres', `DROP DATABASE ${name} WITH (FORCE)`, ...users.map(user => `DROP ROLE ${user}`));
}

function portOf(variable: string): number {
  const port = Number(process.env[variable]);
  if (!(port > 0)) throw new Error(`${variable} is not set: these tests are run by .ci/postgres`);
  return port;
}
