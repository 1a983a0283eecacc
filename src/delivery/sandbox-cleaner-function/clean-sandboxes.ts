import {
  type CloudFormationClient, DeleteStackCommand, GetTemplateSummaryCommand, paginateDescribeStacks,
} from '@aws-sdk/client-cloudformation';
import { asSandbox, obstacleOf, type SandboxStack } from './sandbox-stack';
import { METADATA_KEY } from '../../private/template-metadata';

/** What was done with an expired stack. */
export interface Outcome {
  readonly stack: string;
  readonly owner: string;
  readonly expires: string;
  readonly result: 'deletion started' | 'would delete' | 'waits' | 'not deleted' | 'no sandbox of this library';
  readonly reason?: string;
}

type Result = Outcome['result'];

export interface CleaningOptions {
  readonly dryRun: boolean;
  /** The day in UTC, for example 2027-01-31. */
  readonly today: string;
}

/** Deletes the sandboxes that have expired. CloudFormation deletes a stack after the response: the next run reports a deletion that failed. */
export async function cleanSandboxes(client: CloudFormationClient, { dryRun, today }: CleaningOptions): Promise<Outcome[]> {
  const expired: SandboxStack[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {})) {
    for (const stack of Stacks) {
      const sandbox = asSandbox(stack);
      // The formats compare as their days do.
      if (sandbox && sandbox.expires < today && sandbox.status !== 'DELETE_IN_PROGRESS') expired.push(sandbox);
    }
  }
  const outcomes: Outcome[] = [];
  for (const stack of expired) {
    const { name, owner, expires } = stack;
    const [result, reason] = await clean(client, stack, dryRun).catch((error: Error): [Result, string] => ['not deleted', `${error.name}: ${error.message}`]);
    outcomes.push({ stack: name, owner, expires, result, ...reason !== undefined && { reason } });
  }
  return outcomes;
}

async function clean(client: CloudFormationClient, stack: SandboxStack, dryRun: boolean): Promise<[Result, string?]> {
  if (!await isOfLibrary(client, stack)) return ['no sandbox of this library', 'the template has no metadata of Profile.sandbox()'];
  if (stack.status.endsWith('_IN_PROGRESS')) return ['waits', stack.status];
  const obstacle = obstacleOf(stack);
  if (obstacle !== undefined) return ['not deleted', obstacle];
  if (dryRun) return ['would delete'];
  await client.send(new DeleteStackCommand({ StackName: stack.id }));
  // An obstacle may be gone since the last run, so the deletion is started again.
  return stack.status === 'DELETE_FAILED'
    ? ['not deleted', `the last deletion failed and is started again: ${stack.statusReason ?? 'no reason'}`]
    : ['deletion started'];
}

/** Tags with these names can have another meaning in the account. */
async function isOfLibrary(client: CloudFormationClient, { id }: SandboxStack): Promise<boolean> {
  const { Metadata = '{}' } = await client.send(new GetTemplateSummaryCommand({ StackName: id }));
  return JSON.parse(Metadata)?.[METADATA_KEY]?.profile === 'sandbox';
}
