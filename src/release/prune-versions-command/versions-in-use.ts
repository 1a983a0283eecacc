import {
  type AliasConfiguration, GetPolicyCommand, type LambdaClient, paginateListAliases, paginateListDurableExecutionsByFunction,
  paginateListEventSourceMappings, paginateListFunctionEventInvokeConfigs, paginateListFunctionUrlConfigs,
  paginateListProvisionedConcurrencyConfigs,
} from '@aws-sdk/client-lambda';

/** Errors that say that a function or a Region has no such configuration. */
const NONE = ['ResourceNotFoundException', 'InvalidParameterValueException', 'UnknownOperationException'];

/** What uses the versions of a function: the use, by version. */
export async function usesOf(client: LambdaClient, FunctionName: string): Promise<Map<string, string>> {
  const uses = new Map<string, string>();
  const add = (use: string, versions: (string | undefined)[]) => versions.forEach(version => version && uses.set(version, use));
  await each(paginateListFunctionEventInvokeConfigs({ client }, { FunctionName }), page =>
    add('configuration of asynchronous invocation', (page.FunctionEventInvokeConfigs ?? []).map(config => qualifierOf(config.FunctionArn))));
  await each(paginateListFunctionUrlConfigs({ client }, { FunctionName }), page =>
    add('function URL', (page.FunctionUrlConfigs ?? []).map(config => qualifierOf(config.FunctionArn))));
  await each(paginateListProvisionedConcurrencyConfigs({ client }, { FunctionName }), page =>
    add('provisioned concurrency', (page.ProvisionedConcurrencyConfigs ?? []).map(config => qualifierOf(config.FunctionArn))));
  await each(paginateListAliases({ client }, { FunctionName }), page =>
    (page.Aliases ?? []).forEach(alias => add(`alias ${alias.Name ?? ''}`.trim(), versionsOf(alias))));
  return uses;
}

/** What uses one version, besides the configurations that name all versions of the function. */
export async function useOfVersion(client: LambdaClient, functionName: string, version: string): Promise<string | undefined> {
  const isOther = (arn: string | undefined) => /^\d+$/.test(qualifierOf(arn) ?? '') && qualifierOf(arn) !== version;
  let use: string | undefined;
  await each(paginateListEventSourceMappings({ client }, { FunctionName: `${functionName}:${version}` }), page => {
    if ((page.EventSourceMappings ?? []).some(({ FunctionArn }) => FunctionArn === undefined || qualifierOf(FunctionArn) === version)) use = 'event source mapping';
  });
  if (use) return use;
  const running = { FunctionName: functionName, Qualifier: version, Statuses: ['RUNNING' as const] };
  await each(paginateListDurableExecutionsByFunction({ client }, running), page => {
    if ((page.DurableExecutions ?? []).some(({ FunctionArn, Status = 'RUNNING' }) => Status === 'RUNNING' && !isOther(FunctionArn))) use = 'running durable execution';
  });
  if (use) return use;
  const policy = await orNone(client.send(new GetPolicyCommand({ FunctionName: functionName, Qualifier: version })));
  return policy?.Policy ? 'permission to invoke the version' : undefined;
}

function versionsOf({ FunctionVersion, RoutingConfig }: AliasConfiguration): (string | undefined)[] {
  return [FunctionVersion, ...Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {})];
}

/** The qualifier in the ARN of a function; undefined without one. */
function qualifierOf(arn: string | undefined): string | undefined {
  return arn?.split(':')[7];
}

async function each<T>(pages: AsyncIterable<T>, read: (page: T) => void): Promise<void> {
  const all = async () => { for await (const page of pages) read(page); };
  await orNone(all());
}

async function orNone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (NONE.includes((error as Error).name)) return undefined;
    throw error;
  }
}
