import type { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import { DeleteFunctionCommand, type FunctionConfiguration, type LambdaClient, paginateListVersionsByFunction } from '@aws-sdk/client-lambda';
import { versionsInDeployment } from './deployments-in-progress';
import { useOfVersion, usesOf } from './versions-in-use';

/** The services that know the versions and what uses them. */
export interface PruneClients {
  readonly lambda: LambdaClient;
  readonly codeDeploy: CodeDeployClient;
}

/** The function whose versions are deleted, and the number of versions to retain. */
export interface PruneOptions {
  readonly functionName: string;
  /** The number of newest versions that are retained, used or not. */
  readonly keep: number;
  /** Returns the versions without deleting them. */
  readonly dryRun: boolean;
}

/** The old versions of a function, by what happened to them. */
export interface Pruned {
  readonly deleted: string[];
  /** Old versions that are used, with the use. */
  readonly used: Map<string, string>;
  /** Old versions that Lambda did not delete, or whose use is not known, with the error. */
  readonly failed: Map<string, Error>;
}

/**
 * Deletes the old versions of a function. The newest versions are retained, and every version that something uses: an alias, also
 * by a weight, a deployment in progress, an event source mapping, provisioned concurrency, a function URL, a configuration of
 * asynchronous invocation, a permission, or a durable execution that runs. A version that fails does not stop the others.
 */
export async function pruneVersions({ lambda: client, codeDeploy }: PruneClients, { functionName, keep, dryRun }: PruneOptions): Promise<Pruned> {
  const uses = await usesOf(client, functionName);
  const inDeployment = (await versionsInDeployment(codeDeploy)).get(nameOf(functionName));
  inDeployment?.forEach(version => uses.set(version, 'deployment in progress'));
  const numbers = (await versionsOfFunction(client, functionName)).map(({ Version }) => Number(Version)).filter(Number.isInteger);
  numbers.sort((a, b) => b - a);
  const pruned: Pruned = { deleted: [], used: new Map(), failed: new Map() };
  for (const version of numbers.slice(keep).map(String)) {
    try {
      const use = uses.get(version) ?? await useOfVersion(client, functionName, version);
      if (use) {
        pruned.used.set(version, use);
        continue;
      }
      // Never without a qualifier: that would delete the function.
      if (!dryRun) await client.send(new DeleteFunctionCommand({ FunctionName: functionName, Qualifier: version }));
      pruned.deleted.push(version);
    } catch (error) {
      pruned.failed.set(version, error as Error);
    }
  }
  return pruned;
}

/** The name of a function in its ARN or partial ARN. */
function nameOf(functionName: string): string {
  return functionName.split(':').pop()!;
}

async function versionsOfFunction(client: LambdaClient, FunctionName: string): Promise<FunctionConfiguration[]> {
  const found: FunctionConfiguration[] = [];
  for await (const page of paginateListVersionsByFunction({ client }, { FunctionName })) found.push(...page.Versions ?? []);
  return found;
}
