import { type CfnResource, Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { effectiveProperties, effectiveProperty } from './effective-properties';
import { QUEUE_SOURCE, SQS } from '../aws';

/** A number of the template; undefined if its value is only known to CloudFormation. */
export function numberOf(resource: CfnResource, value: unknown): number | undefined {
  const resolved = Stack.of(resource).resolve(value);
  return typeof resolved === 'number' ? resolved : undefined;
}

/** The L1 of a queue; undefined if the queue was imported. */
export function cfnQueueOf(queue: IConstruct): sqs.CfnQueue | undefined {
  return queue.node.defaultChild as sqs.CfnQueue | undefined;
}

/** The effective message retention period in seconds. */
export function retentionSecondsOf(queue: sqs.CfnQueue): number | undefined {
  return numberOf(queue, effectiveProperty(queue, 'MessageRetentionPeriod', queue.messageRetentionPeriod) ?? SQS.retentionUnsetSeconds);
}

/** The effective visibility timeout in seconds. */
export function visibilitySecondsOf(queue: sqs.CfnQueue): number | undefined {
  return numberOf(queue, effectiveProperty(queue, 'VisibilityTimeout', queue.visibilityTimeout) ?? SQS.visibilityUnsetSeconds);
}

/** How often a message is received before SQS moves it to the dead-letter queue. */
export function maxReceiveCountOf(queue: sqs.CfnQueue): number | undefined {
  return numberOf(queue, (effectiveProperty(queue, 'RedrivePolicy', queue.redrivePolicy) as { maxReceiveCount?: number } | undefined)?.maxReceiveCount);
}

/** The effective batching window of a mapping in seconds; a window that is only known to CloudFormation counts as the longest. */
export function batchingWindowSecondsOf(mapping: lambda.CfnEventSourceMapping): number {
  const window = effectiveProperties(mapping).MaximumBatchingWindowInSeconds ?? 0;
  return typeof window === 'number' ? window : QUEUE_SOURCE.windowMaxSeconds;
}

/** The effective maximum concurrency of a mapping; undefined if none is set. */
export function maxConcurrencyOf(mapping: lambda.CfnEventSourceMapping): number | undefined {
  return numberOf(mapping, effectiveProperties(mapping).ScalingConfig?.MaximumConcurrency);
}
