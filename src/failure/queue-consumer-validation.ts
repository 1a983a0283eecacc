import { Token } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { validateFilters } from './consumer-validation';
import type { QueueConsumerProps } from './queue-consumer-props';
import { deadLetterQueueOf, type QueueConsumerTiming } from './queue-consumer-timing';
import { QUEUE_SOURCE, SQS } from '../aws';
import { DEFAULTS } from '../defaults';
import { eventSourceMappingsOf } from '../private/cdk-internals';
import { durationText } from '../private/duration-text';
import { everyMappingOf } from '../private/event-sources';
import { reservedConcurrencyOf, timeoutSecondsOf } from '../private/function-definition';
import { cfnQueueOf, maxConcurrencyOf, retentionSecondsOf, visibilitySecondsOf } from '../private/queue-properties';
import { referenceText } from '../private/reference-text';
import { requireSameRegion } from '../private/region-of-arn';
import { knownSeconds } from '../private/tokens';
import { refuse, requireDuration, requireProps, requireRange } from '../private/validation';

const Q = QUEUE_SOURCE;

/** Throws an error if props contradict each other, or if SQS or Lambda would reject them. */
export function validateQueueConsumerProps(path: string, props: QueueConsumerProps): void {
  requireProps(path, props, 'function');
  if (props.queue) requireSameRegion(path, 'queue', props.queue.queueArn, props.function);
  validateExistingQueue(path, props);
  validateBatch(path, props);
  validateConcurrency(path, props);
  validateFilters(path, props.filters);
  requireRange(path, 'maxReceiveCount', props.maxReceiveCount, 1, 1_000, 'it is the number of receives of a message');
  const deadLetterRetention = DEFAULTS.FailureQueue.retentionDays.value * 86_400;
  requireDuration(path, 'retentionPeriod', props.retentionPeriod, SQS.retentionMinSeconds, deadLetterRetention);
  if (knownSeconds(props.retentionPeriod) === deadLetterRetention) {
    refuse(path, `'retentionPeriod' must be below ${durationText(deadLetterRetention)}, got ${durationText(deadLetterRetention)}; `
      + 'the dead-letter queue must retain messages for longer, because a moved message keeps its age');
  }
}

/** Problems that appear only at synthesis, when the timeouts of queue and function are final. */
export function findQueueConsumerProblems(props: QueueConsumerProps, queue: sqs.IQueue, timing: QueueConsumerTiming): string[] {
  const resource = cfnQueueOf(queue);
  const own = resource ? [...findShortVisibility(props, resource), ...findEarlyExpiry(resource, timing)] : [];
  return [...own, ...findOvercommitment(props)];
}

function validateExistingQueue(path: string, props: QueueConsumerProps): void {
  const { queue, function: fn } = props;
  if (!queue) return;
  for (const prop of ['fifo', 'retentionPeriod', 'encryptionKey'] as const) {
    if (props[prop] !== undefined) {
      refuse(path, `'${prop}' must not be set with 'queue', got both; set it on the queue`);
    }
  }
  const resource = cfnQueueOf(queue);
  const hasDeadLetterQueue = resource ? resource.redrivePolicy !== undefined : true;
  if (hasDeadLetterQueue && props.maxReceiveCount !== undefined) {
    refuse(path, "'maxReceiveCount' must not be set with a queue that is imported or has a dead-letter queue, "
      + 'got both; set it on the queue');
  }
  if (alreadyReads(fn, queue)) {
    refuse(path, `'queue' must be read once by a function, got ${queue.node.path}, `
      + `which ${fn.node.path} already reads; remove one of the two`);
  }
  const deadLetterQueue = deadLetterQueueOf(queue);
  if (deadLetterQueue && Boolean(deadLetterQueue.fifo) !== Boolean(queue.fifo)) {
    const [type, got] = queue.fifo ? ['FIFO', 'standard'] : ['standard', 'FIFO'];
    refuse(path, `the dead-letter queue of 'queue' must be ${type} like the queue, got ${got}; `
      + 'use the same type for both');
  }
}

function alreadyReads(fn: lambda.IFunction, queue: sqs.IQueue): boolean {
  return eventSourceMappingsOf(fn).some(mapping =>
    referenceText(fn, (mapping.node.defaultChild as lambda.CfnEventSourceMapping).eventSourceArn) === referenceText(fn, queue.queueArn));
}

function validateBatch(path: string, props: QueueConsumerProps): void {
  const { queue, fifo, maxBatchingWindow, batchSize } = props;
  const isFifo = queue ? queue.fifo : fifo;
  if (isFifo && maxBatchingWindow) {
    refuse(path, "'maxBatchingWindow' must not be set with a FIFO queue, got both; leave it out");
  }
  requireDuration(path, 'maxBatchingWindow', maxBatchingWindow, 0, Q.windowMaxSeconds);
  const max = maxBatchingWindow && knownSeconds(maxBatchingWindow) !== 0 ? Q.batchMax : Q.batchMaxUnwindowed;
  const unwindowed = isFifo ? 'a FIFO queue delivers no larger batches' : "more than 10 require a 'maxBatchingWindow' of at least 1 second";
  requireRange(path, 'batchSize', batchSize, 1, max, { above: max === Q.batchMax ? undefined : unwindowed });
}

function validateConcurrency(path: string, { maxConcurrency, provisionedPollers }: QueueConsumerProps): void {
  if (maxConcurrency !== undefined && provisionedPollers) {
    refuse(path, "'maxConcurrency' must not be set with 'provisionedPollers', got both; "
      + "set 'maximumPollers' alone, each poller invokes up to 10 functions");
  }
  requireRange(path, 'maxConcurrency', maxConcurrency, Q.concurrencyMin, Q.concurrencyMax, { below: 'reserve concurrency on the function to get less than 2' });
  const { minimumPollers, maximumPollers } = provisionedPollers ?? {};
  requireRange(path, 'provisionedPollers.minimumPollers', minimumPollers, Q.pollersMin, Q.pollersMinimumMax, 'it is a number of pollers');
  requireRange(path, 'provisionedPollers.maximumPollers', maximumPollers, Q.pollersMin, Q.pollersMax, 'it is a number of pollers');
  if (Token.isUnresolved(minimumPollers) || Token.isUnresolved(maximumPollers)) return;
  if (minimumPollers !== undefined && maximumPollers !== undefined && minimumPollers > maximumPollers) {
    refuse(path, `'provisionedPollers.minimumPollers' must be at most 'maximumPollers' (${maximumPollers}), `
      + `got ${minimumPollers}; lower it`);
  }
}

function findShortVisibility(props: QueueConsumerProps, resource: sqs.CfnQueue): string[] {
  const visibility = visibilitySecondsOf(resource);
  const timeout = timeoutSecondsOf(props.function);
  if (visibility === undefined || timeout === undefined || visibility >= timeout) return [];
  return [`the visibility timeout of 'queue' must be at least the function timeout of ${durationText(timeout)}, `
    + `got ${durationText(visibility)}, `
    + 'and Lambda would reject the mapping; raise it, or leave it out to have it computed'];
}

function findEarlyExpiry(resource: sqs.CfnQueue, { attemptsSeconds }: QueueConsumerTiming): string[] {
  const retention = retentionSecondsOf(resource);
  if (retention === undefined || attemptsSeconds < retention) return [];
  return ['the queue must retain a message for longer than its attempts take '
    + `(visibility timeout × receives = ${durationText(attemptsSeconds)}), got ${durationText(retention)}, `
    + 'and the message would expire before it is moved to the dead-letter queue; '
    + 'raise the retention period or lower the receives'];
}

/** Every queue of the function and its aliases counts, whichever construct added it. */
function findOvercommitment({ function: fn, maxConcurrency }: QueueConsumerProps): string[] {
  const reserved = reservedConcurrencyOf(fn);
  if (reserved === undefined || maxConcurrency === undefined) return [];
  const claims = everyMappingOf(fn).map(maxConcurrencyOf).filter(claim => claim !== undefined);
  const sum = claims.reduce((total, claim) => total + claim, 0);
  if (sum <= reserved) return [];
  return ["'reservedConcurrentExecutions' of the function must be at least the sum of 'maxConcurrency' over its queues "
    + `(${claims.join(' + ')} = ${sum}), got ${reserved}, `
    + 'and further messages would be throttled and moved to the dead-letter queue; raise it or lower them'];
}
