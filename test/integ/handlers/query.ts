import { postgres } from '../../../runtime/src/postgres';

const database = postgres();

/** Answers with the rows, or with the code of the refusal of the database. */
export async function handler({ sql }: { sql: string }): Promise<unknown> {
  return database.query(sql).catch((error: { code?: string; message: string }) => ({ refused: error.code ?? error.message }));
}
