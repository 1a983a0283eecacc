import { type CodeDeployClient, GetApplicationRevisionCommand, GetDeploymentCommand } from '@aws-sdk/client-codedeploy';

/** The deployment that a hook is invoked for, which the event of the hook does not describe. */
export interface Deployment {
  readonly group: string;
  /** The new version as `function:version`, which Lambda's Invoke accepts; the function by its name or ARN. */
  readonly version: string;
}

interface AppSpec {
  readonly Resources: Record<string, { readonly Properties: { readonly Name: string; readonly TargetVersion: string } }>[];
}

/** Creators of a deployment that is a rollback. */
const ROLLBACK = new Set(['codeDeployRollback', 'CloudFormationRollback']);

/**
 * Reads the deployment from CodeDeploy: the AppSpec of the revision names the function and its target version. Undefined
 * during a rollback, which a test must not block.
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
    // The error below contains the content.
  }
  throw new Error(`the AppSpec of the deployment names no function and numbered version, got ${content}`);
}
