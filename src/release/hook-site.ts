import { ArnFormat, type CfnElement, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { CanaryAlias } from './canary-alias';
import { ReleaseGroup } from './release-group';
import { CODE_DEPLOY } from '../limits';

/** Where a hook is put in. */
export interface HookSite {
  readonly alias: CanaryAlias;
  /** The prop that it was given as: `preTraffic` or `postTraffic`. */
  readonly prop: string;
}

/**
 * The name of the deployment group of an alias with a hook, known at synth: grants and smoke tests refer to the group
 * without waiting for it, for the group waits for its alarms, these for the function, and the function may wait for
 * another alias. It need only be unique within the stack's application: it is the alias's logical id.
 */
export function deploymentGroupName(alias: CanaryAlias): string {
  const stack = Stack.of(alias);
  const id: string = stack.resolve(stack.getLogicalId(alias.node.defaultChild as CfnElement));
  const hash = 8; // the end of a logical id
  return id.length <= CODE_DEPLOY.groupNameMaxCharacters ? id : id.slice(0, CODE_DEPLOY.groupNameMaxCharacters - hash) + id.slice(-hash);
}

/** What a hook calls to find out what it is asked about, and to answer, on this alias's releases only. */
export function reportStatements(alias: CanaryAlias): iam.PolicyStatement[] {
  const application = ReleaseGroup.of(alias).application.applicationName;
  return [new iam.PolicyStatement({
    actions: ['codedeploy:GetDeployment', 'codedeploy:PutLifecycleEventHookExecutionStatus'],
    resources: [arn(alias, 'deploymentgroup', `${application}/${deploymentGroupName(alias)}`)],
  }), new iam.PolicyStatement({
    actions: ['codedeploy:GetApplicationRevision'],
    resources: [arn(alias, 'application', application)],
  })];
}

/** Lets CodeDeploy call the hook: on the hook and not on CodeDeploy's role, which all aliases of the stack share. */
export function letCodeDeployInvoke(alias: CanaryAlias, hook: lambda.IFunction): void {
  const id = 'CodeDeployInvoke';
  if (!hook.permissionsNode.tryFindChild(id)) {
    hook.addPermission(id, { principal: new iam.ArnPrincipal(ReleaseGroup.of(alias).role.roleArn) });
  }
  const permission = hook.permissionsNode.tryFindChild(id);
  if (permission) alias.node.defaultChild!.node.addDependency(permission);
}

function arn(alias: CanaryAlias, resource: string, resourceName: string): string {
  return Stack.of(alias).formatArn({ service: 'codedeploy', resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
}
