import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { ACCOUNT, REGION } from '../template/assembly';

/** The files of an assembly that name the environment of a stack. Assets are not changed. */
const NAMING = /^(assembly-[^/]+\/)*(manifest|[^/]+\.(template|assets))\.json$/;

/**
 * Moves the stacks of an assembly that have an account or a Region of their own into the account on this machine, which has one of each.
 * Returns the accounts and Regions that were replaced. The assembly must be read again.
 */
export function toLocalEnvironment({ directory, stacksRecursively }: CloudAssembly): string[] {
  const own = stacksRecursively.flatMap(({ environment: { account, region } }) => [[account, ACCOUNT], [region, REGION]]);
  const moved = new Map(own.filter(([from, to]) => from !== to && !from.startsWith('unknown-')) as [string, string][]);
  if (moved.size === 0) return [];
  const names = new RegExp(`\\b(${[...moved.keys()].join('|')})`, 'g');
  for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    if (!NAMING.test(file.replaceAll('\\', '/'))) continue;
    const path = join(directory, file);
    writeFileSync(path, readFileSync(path, 'utf8').replace(names, name => moved.get(name)!));
  }
  return [...moved.keys()];
}
