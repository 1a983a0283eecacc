import { Database } from '../../../sample/data/database';
import { databaseSettings } from '../../../sample/data/settings';

const database = new Database(databaseSettings());

/** Answers with the rows, or with the code of the refusal of the database. */
export async function handler({ sql }: { sql: string }): Promise<unknown> {
  return database.query(sql).catch((error: { code?: string; message: string }) => ({ refused: error.code ?? error.message }));
}
