import { parseArgs } from 'node:util';
import { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { type Pruned, pruneVersions } from './prune-versions';
import { plainText } from '../../private/plain-text';

const USAGE = `usage: prune-versions --keep <number, at least 2> [--dry-run] <function> [<function> …]

Deletes the versions of each function except the newest and the versions in use: by an alias, a deployment of CodeDeploy in
progress, an event source mapping, provisioned concurrency, a function URL, a configuration of asynchronous invocation, a
permission or a running durable execution. Prints the versions in use. Continues after an error. Exit code: 0 if no old version is left but versions in use, 1 after an error.

Uses the credentials and the Region of the AWS SDK. The credentials need lambda:ListAliases, ListEventSourceMappings,
ListVersionsByFunction, ListProvisionedConcurrencyConfigs, ListFunctionUrlConfigs, ListFunctionEventInvokeConfigs,
ListDurableExecutionsByFunction and GetPolicy, on <function>:* lambda:DeleteFunction, and codedeploy:ListDeployments,
ListDeploymentTargets and BatchGetDeploymentTargets.`;

async function main(): Promise<void> {
  const options = {
    'keep': { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    'help': { type: 'boolean', default: false },
  } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) return console.log(USAGE);
  const keep = /^\d+$/.test(values.keep ?? '') ? Number(values.keep) : NaN;
  // The newest version serves the traffic, and a rollback needs the version before it.
  if (!Number.isSafeInteger(keep) || keep < 2) {
    throw new Error(`'--keep' must be a whole number of at least 2, got ${plainText(values.keep ?? 'nothing')}; keep the versions for rollbacks\n\n${USAGE}`);
  }
  if (positionals.length === 0) throw new Error(`'function' must be the name or the ARN of a function, got nothing; pass at least one\n\n${USAGE}`);
  const qualified = positionals.find(name => name.split(':').length === (name.startsWith('arn:') ? 8 : 2));
  if (qualified) throw new Error(`'function' must have no version or alias, got ${plainText(qualified)}; pass the name or the ARN of the function\n\n${USAGE}`);
  const clients = { lambda: new LambdaClient({ maxAttempts: 5 }), codeDeploy: new CodeDeployClient({ maxAttempts: 5 }) };
  for (const functionName of positionals) {
    try {
      report(functionName, values['dry-run'], await pruneVersions(clients, { functionName, keep, dryRun: values['dry-run'] }));
    } catch (error) {
      fail(functionName, error as Error);
    }
  }
}

function report(functionName: string, dryRun: boolean, { deleted, used, failed }: Pruned): void {
  print(`${functionName}: ${dryRun ? 'would delete' : 'deleted'} ${deleted.length === 0 ? 'nothing' : deleted.join(', ')}`);
  if (used.size > 0) print(`${functionName}: in use ${[...used].map(([version, use]) => `${version} (${use})`).join(', ')}`);
  for (const [version, error] of failed) fail(`${functionName}:${version}`, error);
}

/** Names of aliases and messages of AWS may contain anything. */
function print(line: string): void {
  console.log(plainText(line));
}

function fail(name: string, { name: kind, message }: Error): void {
  console.error(plainText(`${name}: ${kind}: ${message}`));
  process.exitCode = 1;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
