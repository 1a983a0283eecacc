import {
  BatchGetDeploymentTargetsCommand, type CodeDeployClient, type LambdaFunctionInfo, ListDeploymentTargetsCommand, paginateListDeployments,
} from '@aws-sdk/client-codedeploy';

/** The states of a deployment that can still shift traffic to its target or back. */
const IN_PROGRESS = ['Created', 'Queued', 'InProgress', 'Baking', 'Ready'] as const;

/**
 * The versions of the deployments in progress, by the name of their function. Before the first shift the alias has no weight on the
 * new version, and after the last one no weight on the old version, to which a failed hook or an alarm rolls back.
 */
export async function versionsInDeployment(client: CodeDeployClient): Promise<Map<string, Set<string>>> {
  const versions = new Map<string, Set<string>>();
  for await (const { deployments = [] } of paginateListDeployments({ client }, { includeOnlyStatuses: [...IN_PROGRESS] })) {
    for (const deploymentId of deployments) {
      for (const { functionName = '', currentVersion, targetVersion } of await functionsOf(client, deploymentId)) {
        const known = versions.get(functionName) ?? new Set();
        for (const version of [currentVersion, targetVersion]) if (version) known.add(version);
        versions.set(functionName, known);
      }
    }
  }
  return versions;
}

/** A deployment to Lambda has one target, a function; other deployments have no function. */
async function functionsOf(client: CodeDeployClient, deploymentId: string): Promise<LambdaFunctionInfo[]> {
  const { targetIds = [] } = await client.send(new ListDeploymentTargetsCommand({ deploymentId }));
  if (targetIds.length === 0) return [];
  const { deploymentTargets = [] } = await client.send(new BatchGetDeploymentTargetsCommand({ deploymentId, targetIds: targetIds.slice(0, 25) }));
  return deploymentTargets.flatMap(({ lambdaTarget }) => lambdaTarget?.lambdaFunctionInfo ?? []);
}
