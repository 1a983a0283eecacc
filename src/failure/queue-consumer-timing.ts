import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { functionOfMapping, readersOfSameSource } from './event-source-readers';
import { attemptsSeconds, LAMBDA, recommendedVisibilitySeconds } from '../aws';
import { DEFAULTS } from '../defaults';
import { referentOf } from '../private/event-sources';
import { timeoutSecondsOf } from '../private/function-definition';
import { cfnQueueOf, maxReceiveCountOf, visibilitySecondsOf, batchingWindowSecondsOf } from '../private/queue-properties';

/** The dead-letter queue of a queue, whether a prop or a redrive policy set it. */
export function deadLetterQueueOf(queue: sqs.IQueue): sqs.IQueue | undefined {
  const fromProps = (queue as Partial<sqs.Queue>).deadLetterQueue?.queue;
  if (fromProps) return fromProps;
  const policy = cfnQueueOf(queue)?.redrivePolicy as { deadLetterTargetArn?: string } | undefined;
  const owner = referentOf(policy?.deadLetterTargetArn)?.node.scope as sqs.IQueue | undefined;
  return owner?.queueArn === undefined ? undefined : owner;
}

/**
 * Visibility timeout and receives of a queue, as they are when they are read: props and overrides may change them until
 * synthesis.
 */
export class QueueConsumerTiming {
  private readonly resource?: sqs.CfnQueue;

  constructor(queue: sqs.IQueue, private readonly mapping: lambda.CfnEventSourceMapping) {
    this.resource = cfnQueueOf(queue);
  }

  /**
   * The visibility timeout that AWS recommends for the slowest of all functions that read the queue. An unknown timeout
   * counts as the longest.
   */
  public get recommendedVisibility(): number {
    return Math.max(...readersOfSameSource(this.mapping).map(reader => {
      const fn = functionOfMapping(reader);
      return recommendedVisibilitySeconds((fn && timeoutSecondsOf(fn)) ?? LAMBDA.timeoutMaxSeconds, batchingWindowSecondsOf(reader));
    }));
  }

  /** The visibility timeout of the queue; the recommended one if it is not known. */
  public get visibility(): number {
    return (this.resource && visibilitySecondsOf(this.resource)) ?? this.recommendedVisibility;
  }

  /** How often SQS delivers a message before it moves the message to the dead-letter queue. */
  public get receives(): number {
    return (this.resource && maxReceiveCountOf(this.resource)) ?? DEFAULTS.QueueConsumer.maxReceiveCount.value;
  }

  /** How long all attempts of a message take. */
  public get attemptsSeconds(): number {
    return attemptsSeconds(this.visibility, this.receives);
  }
}
