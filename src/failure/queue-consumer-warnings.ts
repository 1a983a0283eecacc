import { Annotations, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type ConsumerWarning, manyFiltersWarnings } from './consumer-warnings';
import type { QueueConsumerProps } from './queue-consumer-props';
import { deadLetterQueueOf, type QueueConsumerTiming } from './queue-consumer-timing';
import { MAX_RECEIVE_COUNT_RECOMMENDED, QUEUE_SOURCE } from '../aws';
import { durationText } from '../private/duration-text';
import { reservedConcurrencyOf, timeoutSecondsOf } from '../private/function-definition';
import { cfnQueueOf, retentionSecondsOf } from '../private/queue-properties';
import { warn } from '../private/validation';

/** Adds a warning for each setting of the queue and the function that is allowed but not recommended. */
export function warnQueueConsumer(consumer: IConstruct, props: QueueConsumerProps, timing: QueueConsumerTiming): void {
  const warnings = [
    ...fewReceives(timing.receives),
    ...manyFiltersWarnings(props.filters),
    ...unboundedConcurrency(props),
    ...unknownTimeout(props),
    ...existingQueue(props, timing),
  ];
  for (const { id, message } of warnings) warn(consumer, `QueueConsumer.${id}`, message);
}

/** Partial batch responses and order are a contract with the code, which synthesis cannot see. */
export function informOfFifoOrder(consumer: IConstruct, isFifo: boolean | undefined): void {
  if (!isFifo) return;
  Annotations.of(consumer).addInfoV2('cdk-production-lambda:QueueConsumer.fifoOrder',
    'the function of a FIFO queue must stop at the first failure of a message group and return it and all messages that follow in the group as failed; '
    + 'SqsFifoPartialProcessor of Powertools for AWS Lambda does so');
}

function fewReceives(count: number): ConsumerWarning[] {
  if (count >= MAX_RECEIVE_COUNT_RECOMMENDED) return [];
  return [{
    id: 'fewReceives',
    message: `a message is moved to the dead-letter queue after ${count} receives, and throttled receives count too; `
      + `allow at least ${MAX_RECEIVE_COUNT_RECOMMENDED} receives`,
  }];
}

function unboundedConcurrency({ function: fn, maxConcurrency, provisionedPollers }: QueueConsumerProps): ConsumerWarning[] {
  const reserved = reservedConcurrencyOf(fn);
  if (reserved === undefined || maxConcurrency !== undefined) return [];
  const effect = 'further invocations are throttled, and each throttled receive counts towards the dead-letter queue';
  if (!provisionedPollers) {
    return [{
      id: 'unboundedConcurrency',
      message: `the function has a reserved concurrency of ${reserved} and 'maxConcurrency' is not set: ${effect}; `
        + `set 'maxConcurrency' to at most ${reserved}`,
    }];
  }
  const pollers = provisionedPollers.maximumPollers ?? QUEUE_SOURCE.pollersUnset;
  const batches = pollers * QUEUE_SOURCE.batchesOfPoller;
  if (Token.isUnresolved(pollers) || batches <= reserved) return [];
  return [{
    id: 'unboundedConcurrency',
    message: `the function has a reserved concurrency of ${reserved} and ${pollers} pollers invoke it up to ${batches} times concurrently: `
      + `${effect}; reserve ${batches} or lower 'provisionedPollers.maximumPollers'`,
  }];
}

function unknownTimeout(props: QueueConsumerProps): ConsumerWarning[] {
  if (timeoutSecondsOf(props.function) !== undefined) return [];
  return [{
    id: 'unknownTimeout',
    message: 'the timeout of the function is not known: the visibility timeout is computed from the longest timeout, 15 minutes, '
      + 'so that a failed message is retried after 90 minutes; '
      + 'define the function in this app to get a shorter visibility timeout',
  }];
}

function existingQueue(props: QueueConsumerProps, timing: QueueConsumerTiming): ConsumerWarning[] {
  if (!props.queue) return [];
  if (cfnQueueOf(props.queue)) return [...shortVisibility(props, timing), ...deadLetterRetention(props)];
  return [{
    id: 'importedQueue',
    message: `an imported queue cannot be read or changed: it must have a visibility timeout of at least ${durationText(timing.recommendedVisibility)} `
      + `and a dead-letter queue of the same type with a 'maxReceiveCount' of at least ${MAX_RECEIVE_COUNT_RECOMMENDED}`,
  }];
}

function shortVisibility(props: QueueConsumerProps, { visibility, recommendedVisibility }: QueueConsumerTiming): ConsumerWarning[] {
  if (visibility >= recommendedVisibility || timeoutSecondsOf(props.function) === undefined) return [];
  return [{
    id: 'shortVisibility',
    message: `the visibility timeout of the queue is ${durationText(visibility)}, AWS recommends ${durationText(recommendedVisibility)} `
      + '(6 × the timeout of the function + the batching window): a throttled batch is delivered again while it is still processed; '
      + 'raise the visibility timeout, or leave it out to have it computed',
  }];
}

function deadLetterRetention({ queue }: QueueConsumerProps): ConsumerWarning[] {
  const retentionSeconds = (one: IConstruct | undefined) => {
    const resource = one && cfnQueueOf(one);
    return resource && retentionSecondsOf(resource);
  };
  const own = retentionSeconds(queue);
  const deadLetters = retentionSeconds(deadLetterQueueOf(queue!));
  if (own === undefined || deadLetters === undefined || deadLetters > own) return [];
  return [{
    id: 'deadLetterRetention',
    message: `the dead-letter queue retains messages for ${durationText(deadLetters)} and the queue for ${durationText(own)}: a moved message keeps its age, `
      + 'so it can expire as soon as it is moved; retain messages longer in the dead-letter queue',
  }];
}
