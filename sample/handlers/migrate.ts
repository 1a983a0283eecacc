import { Database } from '../data/database';
import { migrate } from '../data/migrate';
import { MIGRATIONS } from '../data/schema';
import { databaseSettings } from '../data/settings';
import { Deadline } from '../runtime/deadline';
import { logger, observed } from '../runtime/observed';

const database = new Database(databaseSettings());

/** Migrates the ledger to the newest schema, at each deployment with new migrations. */
export const handler = observed(async (_event: unknown, context): Promise<{ run: string[] }> => {
  const run = await migrate(database, MIGRATIONS, Deadline.of(context));
  logger.info('migrated', { run });
  return { run };
});
