import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { CloudAssembly, CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { type LeftOut, localProfile, type LocalProfileOptions } from './local-profile';
import { ACCOUNT, REGION } from '../template/assembly';

/** A stack of an assembly or of a stage in it, by its name or its path. */
export function stackOf(assembly: CloudAssembly, name: string): CloudFormationStackArtifact {
  const stacks = assembly.stacksRecursively;
  const found = stacks.find(({ stackName, hierarchicalId }) => [stackName, hierarchicalId].includes(name));
  if (found) return found;
  throw new Error(`the assembly must have the stack ${name}, got ${stacks.map(({ hierarchicalId }) => hierarchicalId).join(', ') || 'no stacks'}`);
}

/** Changes a stack of an assembly to its local profile. Returns what was left out. */
export function toLocalProfile(assembly: CloudAssembly, stackName: string, options: LocalProfileOptions): LeftOut[] {
  const path = stackOf(assembly, stackName).templateFullPath;
  const { template, leftOut } = localProfile(JSON.parse(readFileSync(path, 'utf8')), options);
  writeFileSync(path, JSON.stringify(template));
  return leftOut;
}

/** An account for `cdk deploy`: its environment variables. */
export interface Account {
  readonly variables: Readonly<Record<string, string>>;
}

/** Deploys stacks of an assembly with the CDK's own command, into an account that is not bootstrapped. Returns the outputs of each stack. */
export async function deploy(
  account: Account, assembly: { readonly directory: string }, stackNames: readonly string[], folder: string, signal: AbortSignal,
): Promise<Record<string, Record<string, string>>> {
  const outputs = join(folder, 'outputs.json');
  const cdk = (...args: string[]) => run([cdkCommand(), ...args, '--app', assembly.directory, '--no-notices'], folder, account.variables, signal);
  await cdk('bootstrap', `aws://${ACCOUNT}/${REGION}`);
  await cdk('deploy', ...stackNames, '--require-approval', 'never', '--outputs-file', outputs);
  return JSON.parse(readFileSync(outputs, 'utf8'));
}

/** The command of the CDK that the project has installed. */
function cdkCommand(): string {
  for (const from of [join(process.cwd(), 'package.json'), __filename]) {
    try {
      return createRequire(from).resolve('aws-cdk/bin/cdk');
    } catch {
      continue;
    }
  }
  throw new Error('a rehearsal needs the command of the CDK; install it: npm install --save-dev aws-cdk');
}

function run(command: string[], folder: string, variables: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
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
