import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { cleanSandboxes, type Outcome } from './clean-sandboxes';

/** A request without an answer must not take the time of the other stacks. */
const client = new CloudFormationClient({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
});

/** Deletes the sandboxes that have expired, and fails if one could not be deleted. A dry run never fails because of a stack. */
export async function handler(): Promise<Outcome[]> {
  const dryRun = process.env.DRY_RUN !== 'false';
  const outcomes = await cleanSandboxes(client, { dryRun, today: new Date().toISOString().slice(0, 10) });
  for (const outcome of outcomes) console.log(JSON.stringify({ dryRun, ...outcome }));
  console.log(JSON.stringify({ dryRun, expiredStacks: outcomes.length }));
  const failed = outcomes.filter(({ result }) => result === 'not deleted');
  if (failed.length > 0 && !dryRun) {
    throw new Error(`expired sandboxes could not be deleted: ${failed.map(({ stack, owner, reason }) => `${stack} of ${owner} (${reason})`).join('; ')}`);
  }
  return outcomes;
}
