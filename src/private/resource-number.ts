import { type CfnResource, Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { renderedProperties, standing } from './rendered';
import { QUEUE_SOURCE, SQS } from '../limits';

/** A number of a resource as it will stand in the template; nothing where CloudFormation alone knows it. */
export function numberOf(resource: CfnResource, value: unknown): number | undefined {
  const resolved = Stack.of(resource).resolve(value);
  return typeof resolved === 'number' ? resolved : undefined;
}

/** The resource of a queue that was made in this app. */
export function cfnQueueOf(queue: IConstruct): sqs.CfnQueue | undefined {
  return queue.node.defaultChild as sqs.CfnQueue | undefined;
}

/** How long a queue keeps a message. */
export function retentionOf(queue: sqs.CfnQueue): number | undefined {
  return numberOf(queue, standing(queue, 'MessageRetentionPeriod', queue.messageRetentionPeriod) ?? SQS.retentionUnsetSeconds);
}

/** How long a queue hides a message that was received. */
export function visibilityOf(queue: sqs.CfnQueue): number | undefined {
  return numberOf(queue, standing(queue, 'VisibilityTimeout', queue.visibilityTimeout) ?? SQS.visibilityUnsetSeconds);
}

/** How often a queue hands out a message before it goes to the dead-letter queue. */
export function receivesOf(queue: sqs.CfnQueue): number | undefined {
  return numberOf(queue, (standing(queue, 'RedrivePolicy', queue.redrivePolicy) as { maxReceiveCount?: number } | undefined)?.maxReceiveCount);
}

/** How long a mapping gathers messages; a window that only CloudFormation knows counts as the longest. */
export function windowOf(mapping: lambda.CfnEventSourceMapping): number {
  const window = renderedProperties(mapping).MaximumBatchingWindowInSeconds ?? 0;
  return typeof window === 'number' ? window : QUEUE_SOURCE.windowMaxSeconds;
}

/** How many batches a mapping may have worked on at a time, where it says so. */
export function concurrencyOf(mapping: lambda.CfnEventSourceMapping): number | undefined {
  return numberOf(mapping, renderedProperties(mapping).ScalingConfig?.MaximumConcurrency);
}
