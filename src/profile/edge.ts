import { type CfnResource, Stack } from 'aws-cdk-lib';
import type * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import { Given } from './given-default';
import type { Targets } from './targets';

const EDGE_FUNCTION = 'aws-cdk-lib.aws-cloudfront.experimental.EdgeFunction';

/**
 * Whether what is made in a scope is for Lambda@Edge, which takes neither more than 128 MB and 5 s at the viewer nor
 * traces, log formats or log groups. CDK makes its functions below an EdgeFunction or in a stack of this name.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
 */
export function isAtEdge(scope: IConstruct): boolean {
  return Stack.of(scope).node.id.startsWith('edge-lambda-stack-') || (scope.constructor as { PROPERTY_INJECTION_ID?: string }).PROPERTY_INJECTION_ID === EDGE_FUNCTION;
}

/** That a plain function is for the edge is known when a distribution names its version: what was given is taken back. */
export function leaveEdgeAlone(resource: CfnResource, targets: Targets): void {
  if (resource.cfnResourceType !== 'AWS::CloudFront::Distribution') return;
  for (const fn of targets.of(resource, associationsOf(resource as cloudfront.CfnDistribution))) takeBack(fn);
}

function associationsOf({ stack, distributionConfig }: cloudfront.CfnDistribution): unknown[] {
  const { defaultCacheBehavior, cacheBehaviors = [] } = stack.resolve(distributionConfig);
  return [defaultCacheBehavior, ...cacheBehaviors].map(behavior => behavior?.lambdaFunctionAssociations);
}

function takeBack(resource: lambda.CfnFunction): void {
  const fn = resource.node.scope as lambda.Function;
  const given = Given.of(fn);
  const isOurs = (prop: string) => given.has(fn.node.path, prop);
  if (isOurs('memorySize')) resource.memorySize = undefined;
  if (isOurs('timeout')) resource.timeout = undefined;
  if (isOurs('tracing')) resource.tracingConfig = undefined;
  if (isOurs('loggingFormat') && isOurs('logGroup')) resource.loggingConfig = undefined;
  // A role that was given has a statement with its ARN.
  if (isOurs('logGroup') && fn.logGroup instanceof logs.LogGroup && fn.role?.node.scope === fn) fn.logGroup.node.scope!.node.tryRemoveChild(fn.logGroup.node.id);
  for (const prop of ['memorySize', 'timeout', 'tracing', 'loggingFormat', 'logGroup']) given.forget(fn.node.path, prop);
}
