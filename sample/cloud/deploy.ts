import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { ACCOUNT, type MiniStack, REGION } from './mini-stack';
import { type LedgerAddress, localProfile } from './profile';

/** Changes a stack of an assembly to its local profile. Returns what was left out. */
export function toLocalProfile(assembly: CloudAssembly, stackName: string, ledger: LedgerAddress): string[] {
  const path = assembly.getStackByName(stackName).templateFullPath;
  const { template, leftOut } = localProfile(JSON.parse(readFileSync(path, 'utf8')), ledger);
  writeFileSync(path, JSON.stringify(template));
  return leftOut;
}

/** Deploys a stack of an assembly with the CDK's own command, into an account that was empty. Returns the stack's outputs. */
export async function deploy(
  account: MiniStack, assembly: CloudAssembly, stackName: string, folder: string, signal: AbortSignal,
): Promise<Record<string, string>> {
  const outputs = join(folder, 'outputs.json');
  const cdk = (...args: string[]) => run([require.resolve('aws-cdk/bin/cdk'), ...args, '--app', assembly.directory, '--no-notices'], folder, account.variables, signal);
  await cdk('bootstrap', `aws://${ACCOUNT}/${REGION}`);
  await cdk('deploy', stackName, '--require-approval', 'never', '--outputs-file', outputs);
  return JSON.parse(readFileSync(outputs, 'utf8'))[stackName];
}

function run(command: string[], folder: string, variables: Record<string, string>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        CDK_HOME: folder,
        TMPDIR: folder,
        CI: 'true',
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1',
        ...variables,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', chunk => { output += chunk; });
    child.on('error', reject);
    child.on('close', code => code === 0 ? resolve() : reject(new Error(`cdk ${command[1]} ended with ${code}\n${output.slice(-6_000)}`)));
  });
}
