import type { CfnResource } from 'aws-cdk-lib';
import type * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import { AppliedDefaults } from './applied-default';
import { isScopeOfEdgeFunction } from '../private/cdk-internals';
import { referentOf } from '../private/event-sources';
import type { FunctionReferences } from '../private/function-references';

/**
 * Whether functions in a scope are for Lambda@Edge, which supports at most 128 MB and 5 s for viewer events, and no traces,
 * log formats or log groups.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
 */
export function isForLambdaAtEdge(scope: IConstruct): boolean {
  return isScopeOfEdgeFunction(scope);
}

/** The functions of which a distribution in any stack of the stage uses a version, and those whose role CloudFront's replicator may assume. */
export function functionsAtEdge(resources: CfnResource[], references: FunctionReferences): Set<lambda.CfnFunction> {
  const functions = resources.filter((resource): resource is lambda.CfnFunction => resource.cfnResourceType === 'AWS::Lambda::Function');
  const distributions = resources.filter((resource): resource is cloudfront.CfnDistribution => resource.cfnResourceType === 'AWS::CloudFront::Distribution');
  return new Set([...distributions.flatMap(distribution => references.atEdge(distribution)), ...functions.filter(hasRoleForEdge)]);
}

/** The distribution of such a function is in another app or reads the version's ARN from a parameter. Without this trust, CloudFront rejects it. */
function hasRoleForEdge({ role: arn }: lambda.CfnFunction): boolean {
  const role = referentOf(arn);
  if (role?.cfnResourceType !== 'AWS::IAM::Role') return false;
  return JSON.stringify(role.stack.resolve((role as iam.CfnRole).assumeRolePolicyDocument)).includes('"edgelambda.');
}

/** Reverts the defaults of a function that a distribution uses, which is only known at synth. */
export function revertAtEdge(resource: lambda.CfnFunction): void {
  const fn = resource.node.scope as lambda.Function;
  const applied = AppliedDefaults.of(fn);
  const isApplied = (prop: string) => applied.has(fn.node.path, prop);
  if (isApplied('memorySize')) resource.memorySize = undefined;
  if (isApplied('timeout')) resource.timeout = undefined;
  if (isApplied('architecture')) resource.architectures = undefined;
  if (isApplied('loggingFormat') && isApplied('logGroup')) resource.loggingConfig = undefined;
  // A role that was passed as a prop has a statement with the ARN of the log group.
  if (isApplied('logGroup') && fn.logGroup instanceof logs.LogGroup && fn.role?.node.scope === fn) {
    fn.logGroup.node.scope!.node.tryRemoveChild(fn.logGroup.node.id);
  }
  for (const prop of ['memorySize', 'timeout', 'tracing', 'loggingFormat', 'applicationLogLevelV2', 'logGroup', 'architecture']) {
    applied.remove(fn.node.path, prop);
  }
}
