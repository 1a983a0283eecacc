import { type CfnResource, Duration, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AppliedDefaults } from './applied-default';
import { DEFAULTS } from '../defaults';
import type { FunctionReferences } from '../private/function-references';
import { withNamedReferences } from '../private/reference-text';
import { stackSingleton } from '../private/stack-singleton';
import { Profile } from '../profile/profile';

/** The principals of services that invoke functions asynchronously. */
const ASYNCHRONOUS = ['s3', 'sns', 'events', 'logs', 'iot', 'ses'].map(service => `${service}.amazonaws.com`);

/**
 * Adds a dead-letter queue to each function that is invoked asynchronously and has no destination for failed events.
 *
 * @param own The resources that may get a queue
 * @param all The resources of the stage, which may invoke them
 */
export function addFailedEventsQueues(own: CfnResource[], all: CfnResource[], references: FunctionReferences): void {
  const withDestination = new Set(all.flatMap(resource => hasDestination(resource) ? references.in(resource, resource.functionName) : []));
  for (const fn of new Set(all.flatMap(resource => references.in(resource, invokedAsynchronously(resource))))) {
    if (!withDestination.has(fn) && own.includes(fn)) addFailedEventsQueue(fn);
  }
}

function invokedAsynchronously(resource: CfnResource): unknown {
  if (resource.cfnResourceType === 'AWS::Scheduler::Schedule') return (withNamedReferences(resource, (resource as scheduler.CfnSchedule).target))?.arn;
  if (resource.cfnResourceType !== 'AWS::Lambda::Permission') return undefined;
  const { principal, functionName } = resource as lambda.CfnPermission;
  return ASYNCHRONOUS.includes(principal) ? functionName : undefined;
}

function hasDestination(resource: CfnResource): resource is lambda.CfnEventInvokeConfig {
  return resource.cfnResourceType === 'AWS::Lambda::EventInvokeConfig' && (resource as lambda.CfnEventInvokeConfig).destinationConfig !== undefined;
}

/**
 * A dead-letter queue is part of each version, so it applies to every alias; a destination would apply to $LATEST only.
 * Lambda rejects the queue if the role may not send messages to it.
 */
function addFailedEventsQueue(resource: lambda.CfnFunction): void {
  const fn = resource.node.scope as lambda.Function;
  if (resource.deadLetterConfig !== undefined || !iam.Role.isRole(fn.role) || Stack.of(fn.role) !== fn.stack) return;
  const queue = failedEventsQueue(fn);
  fn.role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
  resource.deadLetterConfig = { targetArn: queue.queueArn };
  AppliedDefaults.of(fn).record(fn.node.path, 'deadLetterQueue', 'the FailedEvents queue of the stack', DEFAULTS.ProductionFunction.onFailure);
}

function failedEventsQueue(fn: lambda.Function): sqs.IQueue {
  const { retentionDays, enforceSSL } = DEFAULTS.FailureQueue;
  return stackSingleton(fn, 'FailedEvents', scope => {
    const queue = new sqs.Queue(scope, 'FailedEvents', {
      retentionPeriod: Duration.days(retentionDays.value),
      enforceSSL: enforceSSL.value,
      removalPolicy: Profile.of(Stack.of(fn)).removalPolicy,
    });
    Validations.of(queue).acknowledge({
      id: 'Serverless::Serverless-SQSRedrivePolicy', reason: 'it is the dead-letter queue of functions and needs none itself',
    });
    return queue;
  });
}
