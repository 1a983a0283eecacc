import { ArnFormat, type CfnElement, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { ReleaseGroup } from './release-group';
import { CODE_DEPLOY } from '../aws';
import { permissionOf } from '../private/cdk-internals';

/** The alias that a hook is bound to, and the lifecycle event. */
export interface HookBinding {
  readonly alias: lambda.Alias;
  /** The prop of the alias that has the hook: `preTraffic` or `postTraffic`. */
  readonly prop: string;
}

/**
 * The name of the deployment group of an alias with a hook. Grants and smoke tests refer to the group by this literal
 * name and so do not depend on it: the group depends on its alarms, the alarms depend on the function, and the function
 * may depend on another alias. The name is the alias's logical id, which is unique within the stack's application.
 */
export function deploymentGroupName(alias: lambda.Alias): string {
  const stack = Stack.of(alias);
  const id: string = stack.resolve(stack.getLogicalId(alias.node.defaultChild as CfnElement));
  const hash = 8; // the end of a logical id
  return id.length <= CODE_DEPLOY.groupNameMaxCharacters ? id : id.slice(0, CODE_DEPLOY.groupNameMaxCharacters - hash) + id.slice(-hash);
}

/** The permissions that a hook needs to read its deployment and to report the result, limited to the releases of this alias. */
export function reportStatements(alias: lambda.Alias): iam.PolicyStatement[] {
  const application = ReleaseGroup.getOrCreate(alias).application.applicationName;
  return [new iam.PolicyStatement({
    actions: ['codedeploy:GetDeployment', 'codedeploy:PutLifecycleEventHookExecutionStatus'],
    resources: [arn(alias, 'deploymentgroup', `${application}/${deploymentGroupName(alias)}`)],
  }), new iam.PolicyStatement({
    actions: ['codedeploy:GetApplicationRevision'],
    resources: [arn(alias, 'application', application)],
  })];
}

/** Allows CodeDeploy to invoke the hook. The permission is on the hook, because all aliases of the stack share CodeDeploy's role. */
export function allowCodeDeployInvoke(alias: lambda.Alias, hook: lambda.IFunction): void {
  const id = 'CodeDeployInvoke';
  if (!permissionOf(hook.permissionsNode, id)) {
    hook.addPermission(id, { principal: new iam.ArnPrincipal(ReleaseGroup.getOrCreate(alias).role.roleArn) });
  }
  const permission = permissionOf(hook.permissionsNode, id);
  if (permission) alias.node.defaultChild!.node.addDependency(permission);
}

function arn(alias: lambda.Alias, resource: string, resourceName: string): string {
  return Stack.of(alias).formatArn({ service: 'codedeploy', resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
}
