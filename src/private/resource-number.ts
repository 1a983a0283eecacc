import { type CfnResource, Stack } from 'aws-cdk-lib';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { SQS } from '../limits';

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
  return numberOf(queue, queue.messageRetentionPeriod ?? SQS.retentionUnsetSeconds);
}

/** How long a queue hides a message that was received. */
export function visibilityOf(queue: sqs.CfnQueue): number | undefined {
  return numberOf(queue, queue.visibilityTimeout ?? SQS.visibilityUnsetSeconds);
}

/** How often a queue hands out a message before it goes to the dead-letter queue. */
export function receivesOf(queue: sqs.CfnQueue): number | undefined {
  return numberOf(queue, Stack.of(queue).resolve(queue.redrivePolicy)?.maxReceiveCount);
}
