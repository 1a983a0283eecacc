import { migrate } from '../data/migrate';
import { MIGRATIONS } from '../data/schema';
import { Deadline, logger, observed } from 'cdk-production-lambda-runtime';
import { postgres } from 'cdk-production-lambda-runtime/postgres';

const database = postgres();

/** Migrates the ledger to the newest schema, at each deployment with new migrations. */
export const handler = observed(async (_event: unknown, context): Promise<{ run: string[] }> => {
  const run = await migrate(database, MIGRATIONS, Deadline.of(context));
  logger.info('migrated', { run });
  return { run };
});
