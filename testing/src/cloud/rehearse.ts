import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deploy, stackOf, toLocalProfile } from './deploy';
import { EmulatedAccount } from './emulated-account';
import { toLocalEnvironment } from './local-environment';
import type { LeftOut, LocalProfileOptions } from './local-profile';
import { MiniStack } from './mini-stack';
import { nodeOfRuntime } from '../functions/node';
import { ACCOUNT, REGION } from '../template/assembly';

export interface RehearsalOptions extends LocalProfileOptions {
  /**
   * The cloud assembly. It is copied.
   *
   * @default cdk.out
   */
  readonly app?: string;
  /**
   * The names of the stacks, or their paths: `Prod/Payments`.
   *
   * @default - all stacks of the assembly and of its stages
   */
  readonly stacks?: readonly string[];
  /**
   * The URL of an emulated account.
   *
   * @default - MiniStack is installed from PyPI into a temporary folder
   */
  readonly endpoint?: string;
  /** A command that uses the deployed stacks. Its exit code is the one of the rehearsal. */
  readonly command?: readonly string[];
  /** A function that uses the deployed stacks, in this process and before the command. If it rejects, the rehearsal does. */
  readonly use?: (deployed: DeployedStacks) => Promise<void>;
  /**
   * The time after which the rehearsal ends.
   *
   * @default 4
   */
  readonly maxMinutes?: number;
  readonly log?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** What a rehearsal deployed. */
interface Deployment {
  readonly stacks: readonly { readonly name: string; readonly resources: number; readonly leftOut: readonly LeftOut[] }[];
  /** The outputs of each stack. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The stacks of a rehearsal, and the account in which they are. */
export interface DeployedStacks extends Deployment {
  readonly account: EmulatedAccount;
}

/** What a rehearsal did. */
export interface Rehearsal extends Deployment {
  readonly exitCode: number;
  readonly seconds: number;
}

/** What a successful rehearsal does not prove, whichever app it is. */
export const NOT_PROVEN = [
  'permissions: the account on this machine does not enforce IAM',
  'canary, alarms and rollback: aliases get their new version immediately',
  'quotas, scaling, cold starts and networks',
];

/**
 * Deploys a cloud assembly with plain `cdk deploy` into an emulated account on this machine, without the resources that the account
 * cannot create, runs a command against it, and removes everything. Stacks in the account at `endpoint` remain.
 */
export async function rehearse(options: RehearsalOptions = {}): Promise<Rehearsal> {
  const { app = 'cdk.out', maxMinutes = 4, log = () => undefined, endpoint, command, use } = options;
  options.signal?.throwIfAborted();
  const began = Date.now();
  const stop = new AbortController();
  const limit = setTimeout(() => stop.abort(new Error(`the rehearsal took more than ${maxMinutes} minutes`)), maxMinutes * 60_000);
  const aborted = () => stop.abort(options.signal!.reason);
  options.signal?.addEventListener('abort', aborted);
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-'));
  chmodSync(folder, 0o755); // a server that does not run as this user must get through
  let miniStack: MiniStack | undefined;
  try {
    const { CloudAssembly } = require('aws-cdk-lib/cx-api') as typeof import('aws-cdk-lib/cx-api');
    const out = join(folder, 'cdk.out');
    cpSync(app, out, { recursive: true });
    const moved = toLocalEnvironment(new CloudAssembly(out));
    if (moved.length > 0) log(`stacks of ${moved.join(', ')} are deployed to aws://${ACCOUNT}/${REGION}`);
    const assembly = new CloudAssembly(out);
    if (!endpoint) {
      const { path: node, remark } = await nodeOfRuntime();
      const modules = join(process.cwd(), 'node_modules');
      miniStack = await MiniStack.start(join(folder, 'account'), node, modules, stop.signal);
      log(`an account on this machine: MiniStack at ${miniStack.url}, functions under ${remark}`);
    }
    const account = miniStack ?? new EmulatedAccount(endpoint!, stop.signal);
    const isSupported = miniStack && ((type: string) => miniStack!.supports(type));
    const chosen = options.stacks?.map(name => stackOf(assembly, name)) ?? assembly.stacksRecursively;
    if (chosen.length === 0) throw new Error(`'app' must be a cloud assembly with stacks, got ${app} without one`);
    const paths = chosen.map(({ hierarchicalId }) => hierarchicalId);
    const stacks = chosen.map(({ stackName: name, hierarchicalId, templateFullPath }) => {
      const leftOut = toLocalProfile(assembly, hierarchicalId, { isSupported, ...options });
      return { name, leftOut, resources: Object.keys(JSON.parse(readFileSync(templateFullPath, 'utf8')).Resources).length };
    });
    const explain = (cause: Error) => {
      throw stop.signal.aborted ? stop.signal.reason : new Error(`${cause.message}${miniStack ? `\n\nthe last lines of MiniStack:\n${miniStack.lines}` : ''}`, { cause });
    };
    const outputs = await deploy(account, assembly, paths, folder, stop.signal).catch(explain);
    log(`deployed by cdk deploy: ${stacks.map(({ name, resources }) => `${name} (${resources} resources)`).join(', ')}`);
    await use?.({ account, stacks, outputs }).catch(explain);
    const exitCode = command ? await run(command, account, outputs, folder, stop.signal) : 0;
    return { stacks, outputs, exitCode, seconds: Math.round((Date.now() - began) / 1_000) };
  } finally {
    clearTimeout(limit);
    options.signal?.removeEventListener('abort', aborted);
    await miniStack?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(command: readonly string[], { variables }: EmulatedAccount, outputs: object, folder: string, signal: AbortSignal): Promise<number> {
  const file = join(folder, 'stack-outputs.json');
  writeFileSync(file, JSON.stringify(outputs));
  return new Promise((resolve, reject) => {
    const child = spawn(command[0], command.slice(1), { env: { ...process.env, ...variables, AWS_DEFAULT_REGION: REGION, REHEARSAL_OUTPUTS: file }, stdio: 'inherit', signal });
    child.on('error', reject);
    child.on('close', code => resolve(code ?? 1));
  });
}
