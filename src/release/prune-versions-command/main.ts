import { parseArgs } from 'node:util';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { pruneVersions } from './prune-versions';

const USAGE = `usage: prune-versions --keep <number, at least 2> [--dry-run] <function> [<function> …]

Deletes the versions of each function except the newest and the versions that an alias points to. Uses the credentials
and the region of the AWS SDK; the credentials need lambda:ListAliases, lambda:ListVersionsByFunction and, on <function>:*, lambda:DeleteFunction.`;

async function main(): Promise<void> {
  const options = {
    'keep': { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    'help': { type: 'boolean', default: false },
  } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) return console.log(USAGE);
  const keep = Number(values.keep);
  // The newest version serves the traffic, and a rollback needs the version before it.
  if (!Number.isInteger(keep) || keep < 2 || positionals.length === 0) throw new Error(USAGE);
  const client = new LambdaClient();
  for (const functionName of positionals) {
    const pruned = await pruneVersions(client, { functionName, keep, dryRun: values['dry-run'] });
    console.log(`${functionName}: ${values['dry-run'] ? 'would delete' : 'deleted'} ${pruned.length === 0 ? 'nothing' : pruned.join(', ')}`);
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
