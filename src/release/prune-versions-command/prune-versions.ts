import {
  type AliasConfiguration, DeleteFunctionCommand, type FunctionConfiguration, type LambdaClient, paginateListAliases, paginateListVersionsByFunction,
} from '@aws-sdk/client-lambda';

/** The function whose versions are deleted, and the number of versions to retain. */
export interface PruneOptions {
  readonly functionName: string;
  /** The number of newest versions that are retained, with or without an alias. */
  readonly keep: number;
  /** Returns the versions without deleting them. */
  readonly dryRun: boolean;
}

/**
 * Deletes the old versions of a function and returns their numbers. The newest versions are retained, and every version
 * that an alias points to, also by a weight. Lambda does not delete a version that an alias points to, so that an alias
 * that is updated in the meantime does not lose its version.
 */
export async function pruneVersions(client: LambdaClient, { functionName, keep, dryRun }: PruneOptions): Promise<string[]> {
  const pointedTo = new Set((await aliasesOf(client, functionName)).flatMap(versionsOf));
  const numbers = (await versionsOfFunction(client, functionName)).map(({ Version }) => Number(Version)).filter(Number.isInteger);
  numbers.sort((a, b) => b - a);
  const old = numbers.slice(keep).map(String).filter(version => !pointedTo.has(version));
  for (const version of dryRun ? [] : old) {
    // Never without a qualifier: that would delete the function.
    await client.send(new DeleteFunctionCommand({ FunctionName: functionName, Qualifier: version }));
  }
  return old;
}

function versionsOf({ FunctionVersion, RoutingConfig }: AliasConfiguration): string[] {
  return [FunctionVersion!, ...Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {})];
}

async function aliasesOf(client: LambdaClient, FunctionName: string): Promise<AliasConfiguration[]> {
  const found: AliasConfiguration[] = [];
  for await (const page of paginateListAliases({ client }, { FunctionName })) found.push(...page.Aliases ?? []);
  return found;
}

async function versionsOfFunction(client: LambdaClient, FunctionName: string): Promise<FunctionConfiguration[]> {
  const found: FunctionConfiguration[] = [];
  for await (const page of paginateListVersionsByFunction({ client }, { FunctionName })) found.push(...page.Versions ?? []);
  return found;
}
