import { type CfnResource, RemovalPolicy } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { AppliedDefaults } from './applied-default';
import { referentOf } from '../private/event-sources';
import { hasCapacityProvider } from '../private/function-definition';

/**
 * Reverts the defaults that do not fit a function with a capacity provider: its memory has other limits, and every version
 * that exists runs on instances of its own, so that a retained version would be charged for.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances.html
 */
export function revertForManagedInstances(resource: lambda.CfnFunction, resources: CfnResource[]): void {
  if (!hasCapacityProvider(resource)) return;
  const applied = AppliedDefaults.of(resource);
  const { path } = resource.node.scope!.node;
  if (applied.has(path, 'memorySize')) {
    resource.memorySize = undefined;
    applied.remove(path, 'memorySize');
  }
  for (const version of resources.filter(isVersion).filter(({ functionName }) => referentOf(functionName) === resource)) {
    const owner = version.node.scope!.node.path;
    if (!applied.has(owner, 'removalPolicy')) continue;
    version.applyRemovalPolicy(RemovalPolicy.DESTROY);
    applied.remove(owner, 'removalPolicy');
  }
}

function isVersion(resource: CfnResource): resource is lambda.CfnVersion {
  return resource.cfnResourceType === 'AWS::Lambda::Version';
}
