import { type CodeDeployClient, GetApplicationRevisionCommand, GetDeploymentCommand } from '@aws-sdk/client-codedeploy';

/** What a hook has to know and is not told. */
export interface Deployment {
  readonly group: string;
  /** The new version as Lambda's Invoke takes it: `function:version`, by name or ARN. */
  readonly version: string;
}

interface AppSpec {
  readonly Resources: Record<string, { readonly Properties: { readonly Name: string; readonly TargetVersion: string } }>[];
}

/** Who starts a deployment that goes back. */
const ROLLBACK = new Set(['codeDeployRollback', 'CloudFormationRollback']);

/**
 * Asks CodeDeploy what it is deploying: the AppSpec of the revision names the function and its target version. Undefined on
 * the way back to an old version, in whose way nothing may stand.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
 */
export async function readDeployment(client: CodeDeployClient, deploymentId: string, abortSignal: AbortSignal): Promise<Deployment | undefined> {
  const { deploymentInfo } = await client.send(new GetDeploymentCommand({ deploymentId }), { abortSignal });
  const { applicationName, deploymentGroupName, revision: location, creator } = deploymentInfo ?? {};
  if (ROLLBACK.has(creator ?? '')) return undefined;
  const { revision } = await client.send(new GetApplicationRevisionCommand({ applicationName, revision: location }), { abortSignal });
  const content = revision?.string?.content ?? revision?.appSpecContent?.content;
  const { Name, TargetVersion } = targetOf(content);
  return { group: deploymentGroupName!, version: `${Name}:${TargetVersion}` };
}

function targetOf(content: string | undefined): { Name: string; TargetVersion: string } {
  try {
    const [resource] = Object.values((JSON.parse(content!) as AppSpec).Resources[0]);
    const { Name, TargetVersion } = resource.Properties;
    if (typeof Name === 'string' && /^\d+$/.test(TargetVersion)) return { Name, TargetVersion };
  } catch {
    // said below, with what was read
  }
  throw new Error(`the AppSpec of the deployment names no function and numbered version, got ${content}`);
}
