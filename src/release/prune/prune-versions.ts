import {
  type AliasConfiguration, DeleteFunctionCommand, type FunctionConfiguration, type LambdaClient, paginateListAliases, paginateListVersionsByFunction,
} from '@aws-sdk/client-lambda';

/** What is to be pruned, and how far. */
export interface PruneOptions {
  readonly functionName: string;
  /** How many of the newest versions stay, whatever points to them. */
  readonly keep: number;
  /** Says what would be deleted, and deletes nothing. */
  readonly dryRun: boolean;
}

/**
 * Deletes the old versions of a function and returns their numbers. What an alias points to stays, with or without
 * weights, and so do the newest versions. Lambda itself refuses to delete a version that an alias points to, so that
 * not even an alias that moves meanwhile loses its version.
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
