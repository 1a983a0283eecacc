import { AspectPriority, CfnResource, Duration, type IAspect, Stack, Validations } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { leaveEdgeAlone } from './edge';
import { isLeftOut } from './floor';
import { Given } from './given-default';
import { Profile } from './profile';
import { fitTimeout } from './queue-floor';
import { Targets } from './targets';
import { warnOfUnreached } from './unreached';
import { DEFAULTS } from '../limits';
import { withinStage } from '../private/across-stages';
import { sharedInStack } from '../private/shared';

/** Services that invoke a function and do not wait, by the principal of their permission. */
const ASYNCHRONOUS = ['s3', 'sns', 'events', 'logs', 'iot', 'ses'].map(service => `${service}.amazonaws.com`);
/** What an integration allows above the function, so that the function ends first. */
const LEAD_SECONDS = 1;

/**
 * What depends on how resources fit together, which is known when all of them are made: where failed events go, and what
 * is taken back of what was given.
 */
export class SettledAtSynth implements IAspect {
  /** Before the tags of CDK, which are to reach what is made here. */
  public static readonly PRIORITY = AspectPriority.MUTATING - 1;

  constructor(private readonly scope: IConstruct) {}

  public visit(node: IConstruct): void {
    if (node !== this.scope) return;
    const resources = withinStage(node).filter((c): c is CfnResource => CfnResource.isCfnResource(c) && !isLeftOut(c));
    warnOfUnreached(resources);
    const targets = new Targets(resources);
    for (const resource of resources) {
      fitIntegration(resource, targets);
      leaveEdgeAlone(resource, targets);
      leaveMemoryToInstances(resource);
    }
    const keepers = new Set(resources.flatMap(resource => keepsFailures(resource) ? targets.of(resource, resource.functionName) : []));
    for (const fn of new Set(resources.flatMap(resource => targets.of(resource, invokedWithoutWaiting(resource))))) {
      if (!keepers.has(fn)) keepFailedEvents(fn);
    }
    dropSecondPolicies(resources);
  }
}

/** Functions on Managed Instances have other bounds than those on demand. */
function leaveMemoryToInstances(resource: CfnResource): void {
  if (resource.cfnResourceType !== 'AWS::Lambda::Function') return;
  const fn = resource as lambda.CfnFunction;
  const { path } = fn.node.scope!.node;
  if (fn.capacityProviderConfig === undefined || !Given.of(fn).has(path, 'memorySize')) return;
  fn.memorySize = undefined;
  Given.of(fn).forget(path, 'memorySize');
}

function fitIntegration(resource: CfnResource, targets: Targets): void {
  const [uri, milliseconds] = integrationOf(resource);
  if (typeof milliseconds !== 'number') return;
  for (const { node } of targets.of(resource, uri)) fitTimeout(node.scope as lambda.Function, milliseconds / 1_000 - LEAD_SECONDS);
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

function invokedWithoutWaiting(resource: CfnResource): unknown {
  if (resource.cfnResourceType === 'AWS::Scheduler::Schedule') return (resource.stack.resolve((resource as scheduler.CfnSchedule).target))?.arn;
  if (resource.cfnResourceType !== 'AWS::Lambda::Permission') return undefined;
  const { principal, functionName } = resource as lambda.CfnPermission;
  return ASYNCHRONOUS.includes(principal) ? functionName : undefined;
}

function keepsFailures(resource: CfnResource): resource is lambda.CfnEventInvokeConfig {
  return resource.cfnResourceType === 'AWS::Lambda::EventInvokeConfig' && (resource as lambda.CfnEventInvokeConfig).destinationConfig !== undefined;
}

/**
 * A dead-letter queue is part of each version, and so holds for every alias; a destination would be on $LATEST alone.
 * Lambda refuses it to a role that may not send there.
 */
function keepFailedEvents(resource: lambda.CfnFunction): void {
  const fn = resource.node.scope as lambda.Function;
  if (resource.deadLetterConfig !== undefined || !iam.Role.isRole(fn.role) || Stack.of(fn.role) !== fn.stack) return;
  const queue = failedEvents(fn);
  fn.role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
  resource.deadLetterConfig = { targetArn: queue.queueArn };
  Given.of(fn).note(fn.node.path, 'deadLetterQueue', 'the FailedEvents queue of the stack', DEFAULTS.ProductionFunction.onFailure);
}

function failedEvents(fn: lambda.Function): sqs.IQueue {
  const { retentionDays, enforceSSL } = DEFAULTS.FailureQueue;
  return sharedInStack(fn, 'FailedEvents', home => {
    const queue = new sqs.Queue(home, 'FailedEvents', {
      retentionPeriod: Duration.days(retentionDays.value),
      enforceSSL: enforceSSL.value,
      removalPolicy: Profile.of(Stack.of(fn)).removalPolicy,
    });
    Validations.of(queue).acknowledge({
      id: 'Serverless::Serverless-SQSRedrivePolicy', reason: 'it is the end of the line itself: the dead-letter queue of functions',
    });
    return queue;
  });
}

/** A queue has one policy: of two resources for the same queue, the later would undo the other. */
function dropSecondPolicies(resources: CfnResource[]): void {
  const policies = resources.filter((resource): resource is sqs.CfnQueuePolicy => resource.cfnResourceType === 'AWS::SQS::QueuePolicy');
  const of = (policy: sqs.CfnQueuePolicy): string[] => policy.queues.map(queue => JSON.stringify(policy.stack.resolve(queue)));
  for (const policy of policies) {
    const owner = policy.node.scope?.node.scope;
    const isOurs = owner && Given.of(owner).has(owner.node.path, 'enforceSSL');
    const statements: unknown[] = policy.stack.resolve(policy.policyDocument).Statement;
    if (!isOurs || statements.length > 1) continue;
    if (policies.some(other => other !== policy && other.stack === policy.stack && of(other).some(queue => of(policy).includes(queue)))) {
      owner.node.tryRemoveChild(policy.node.scope.node.id);
      Given.of(owner).forget(owner.node.path, 'enforceSSL');
    }
  }
}
