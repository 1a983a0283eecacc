import type { Deadline } from 'cdk-production-lambda-runtime';
import type { PostgresDatabase } from 'cdk-production-lambda-runtime/postgres';

/** A change of the schema, under an id that never changes. */
export interface Migration {
  readonly id: string;
  readonly sql: string;
}

/** A number that no other code uses as a lock. The lock ends with its transaction. */
const LOCK = 20_261_124;

/**
 * Migrates a database to the newest schema: each migration once, in order, in one transaction. Concurrent runs wait
 * for each other.
 *
 * @returns the ids of the applied migrations
 */
export async function migrate(database: PostgresDatabase, migrations: readonly Migration[], deadline?: Deadline): Promise<string[]> {
  return database.transaction(async statements => {
    await statements('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await statements('CREATE TABLE IF NOT EXISTS migrations (id text PRIMARY KEY, run_at timestamptz NOT NULL)');
    const known = new Set((await statements<{ id: string }>('SELECT id FROM migrations')).map(({ id }) => id));
    const missing = migrations.filter(({ id }) => !known.has(id));
    for (const { id, sql } of missing) {
      for (const statement of sql.split(/;\s*$/m)) if (statement.trim() !== '') await statements(statement);
      await statements('INSERT INTO migrations (id, run_at) VALUES ($1, now())', [id]);
    }
    return missing.map(({ id }) => id);
  }, deadline);
}
