import { AspectPriority, CfnResource, type IAspect } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { AppliedDefaults } from './applied-default';
import { isExcluded } from './defaults-injector';
import { addFailedEventsQueues } from './failed-events-queue';
import { FunctionReferences } from './function-references';
import { revertLambdaAtEdge } from './lambda-at-edge';
import { warnNotApplied } from './not-applied-warning';
import { lowerTimeout } from './queue-defaults';
import { withinStage } from '../private/across-stages';
import { queueOfPolicy, removeQueuePolicy } from '../private/cdk-internals';

/** How much longer an integration waits than the function runs, so that the function ends first. */
const INTEGRATION_MARGIN_SECONDS = 1;

/** Applies and reverts the defaults that depend on several resources, which all exist at synth only. */
export class LateCorrections implements IAspect {
  /** Before the tags of CDK, so that they apply to the resources that are created here. */
  public static readonly PRIORITY = AspectPriority.MUTATING - 1;

  constructor(private readonly scope: IConstruct) {}

  public visit(node: IConstruct): void {
    if (node !== this.scope) return;
    const resources = withinStage(node).filter((c): c is CfnResource => CfnResource.isCfnResource(c) && !isExcluded(c));
    warnNotApplied(resources);
    const references = new FunctionReferences(resources);
    for (const resource of resources) {
      lowerTimeoutBelowIntegration(resource, references);
      revertLambdaAtEdge(resource, references);
      revertMemoryOfManagedInstances(resource);
    }
    addFailedEventsQueues(resources, references);
    removeSecondPolicies(resources);
  }
}

/** Functions on Lambda Managed Instances have other memory limits. */
function revertMemoryOfManagedInstances(resource: CfnResource): void {
  if (resource.cfnResourceType !== 'AWS::Lambda::Function') return;
  const fn = resource as lambda.CfnFunction;
  const { path } = fn.node.scope!.node;
  if (fn.capacityProviderConfig === undefined || !AppliedDefaults.of(fn).has(path, 'memorySize')) return;
  fn.memorySize = undefined;
  AppliedDefaults.of(fn).remove(path, 'memorySize');
}

function lowerTimeoutBelowIntegration(resource: CfnResource, references: FunctionReferences): void {
  const [uri, milliseconds] = integrationOf(resource);
  if (typeof milliseconds !== 'number') return;
  for (const { node } of references.in(resource, uri)) lowerTimeout(node.scope as lambda.Function, milliseconds / 1_000 - INTEGRATION_MARGIN_SECONDS);
}

function integrationOf(resource: CfnResource): [uri?: unknown, milliseconds?: unknown] {
  if (resource.cfnResourceType === 'AWS::ApiGatewayV2::Integration') {
    const { integrationUri, timeoutInMillis } = resource as apigwv2.CfnIntegration;
    return [integrationUri, timeoutInMillis];
  }
  if (resource.cfnResourceType !== 'AWS::ApiGateway::Method') return [];
  const { uri, timeoutInMillis } = resource.stack.resolve((resource as apigateway.CfnMethod).integration) ?? {};
  return [uri, timeoutInMillis];
}

/** A queue has one policy: a second policy resource for the same queue would overwrite the first. */
function removeSecondPolicies(resources: CfnResource[]): void {
  const policies = resources.filter((resource): resource is sqs.CfnQueuePolicy => resource.cfnResourceType === 'AWS::SQS::QueuePolicy');
  const queuesOf = (policy: sqs.CfnQueuePolicy): string[] => policy.queues.map(queue => JSON.stringify(policy.stack.resolve(queue)));
  for (const policy of policies) {
    const owner = queueOfPolicy(policy);
    const isApplied = owner && AppliedDefaults.of(owner).has(owner.node.path, 'enforceSSL');
    const statements: unknown[] = policy.stack.resolve(policy.policyDocument).Statement;
    if (!isApplied || statements.length > 1) continue;
    if (policies.some(other => other !== policy && other.stack === policy.stack && queuesOf(other).some(queue => queuesOf(policy).includes(queue)))) {
      removeQueuePolicy(policy);
      AppliedDefaults.of(owner).remove(owner.node.path, 'enforceSSL');
    }
  }
}
