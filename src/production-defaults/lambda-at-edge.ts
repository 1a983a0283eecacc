import type { CfnResource } from 'aws-cdk-lib';
import type * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import { AppliedDefaults } from './applied-default';
import type { FunctionReferences } from './function-references';
import { isScopeOfEdgeFunction } from '../private/cdk-internals';

/**
 * Whether functions in a scope are for Lambda@Edge, which supports at most 128 MB and 5 s for viewer events, and no traces,
 * log formats or log groups.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
 */
export function isForLambdaAtEdge(scope: IConstruct): boolean {
  return isScopeOfEdgeFunction(scope);
}

/** Reverts the defaults of plain functions that a distribution uses at Lambda@Edge, which is only known at synth. */
export function revertLambdaAtEdge(resource: CfnResource, references: FunctionReferences): void {
  if (resource.cfnResourceType !== 'AWS::CloudFront::Distribution') return;
  for (const fn of references.in(resource, associationsOf(resource as cloudfront.CfnDistribution))) revert(fn);
}

function associationsOf({ stack, distributionConfig }: cloudfront.CfnDistribution): unknown[] {
  const { defaultCacheBehavior, cacheBehaviors = [] } = stack.resolve(distributionConfig);
  return [defaultCacheBehavior, ...cacheBehaviors].map(behavior => behavior?.lambdaFunctionAssociations);
}

function revert(resource: lambda.CfnFunction): void {
  const fn = resource.node.scope as lambda.Function;
  const applied = AppliedDefaults.of(fn);
  const isApplied = (prop: string) => applied.has(fn.node.path, prop);
  if (isApplied('memorySize')) resource.memorySize = undefined;
  if (isApplied('timeout')) resource.timeout = undefined;
  if (isApplied('tracing')) resource.tracingConfig = undefined;
  if (isApplied('loggingFormat') && isApplied('logGroup')) resource.loggingConfig = undefined;
  // A role that was passed as a prop has a statement with the ARN of the log group.
  if (isApplied('logGroup') && fn.logGroup instanceof logs.LogGroup && fn.role?.node.scope === fn) {
    fn.logGroup.node.scope!.node.tryRemoveChild(fn.logGroup.node.id);
  }
  for (const prop of ['memorySize', 'timeout', 'tracing', 'loggingFormat', 'logGroup']) applied.remove(fn.node.path, prop);
}
