import { Token, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { QueueConsumerProps } from './queue-consumer';
import { windowSeconds } from './queue-settings';
import { DEFAULTS, EVENT_FILTER, MAX_RECEIVE_COUNT_RECOMMENDED, QUEUE_SOURCE, SQS, visibilitySeconds } from '../limits';
import { reservedConcurrencyOf, timeoutSecondsOf } from '../private/function-definition';
import { cfnQueueOf, receivesOf, retentionOf, visibilityOf } from '../private/resource-number';
import { refuse, requireRange } from '../private/validation';

const Q = QUEUE_SOURCE;

/** Refuses what contradicts itself or what SQS and Lambda would refuse, before the first resource is made. */
export function checkQueueProps(owner: IConstruct, props: QueueConsumerProps): void {
  const path = owner.node.path;
  checkGiven(path, props);
  checkBatch(path, props);
  checkScaling(path, props);
  checkFilters(path, props.filters);
  requireRange(path, 'maxReceiveCount', props.maxReceiveCount, 1, 1_000, 'it is how often a message may be received');
  const { retentionPeriod } = props;
  if (retentionPeriod && !retentionPeriod.isUnresolved()) {
    const deadLetters = DEFAULTS.FailureQueue.retentionDays.value * 86_400;
    requireRange(path, 'retentionPeriod', retentionPeriod.toSeconds(), SQS.retentionMinSeconds, deadLetters - 1,
      'the dead-letter queue must keep messages for longer, because their age goes on counting there');
  }
}

/** Filters of a queue or a stream. */
export function checkFilters(path: string, filters: { [key: string]: any }[] | undefined): void {
  const count = filters?.length;
  if (count === 0) refuse(path, "'filters' must have at least 1 pattern, got an empty list; leave it out to get all events");
  requireRange(path, 'filters', count, 1, EVENT_FILTER.patternsMaxRaised, 'patterns are alternatives: join some into one');
}

/** What is legal and falls short, told once the owner can carry a warning. */
export function warnOfQueueProps(owner: IConstruct, props: QueueConsumerProps): void {
  const warn = (what: string, message: string) => Validations.of(owner).addWarning(`cdk-production-lambda:QueueConsumer.${what}`, message);
  const reserved = reservedConcurrencyOf(props.function);
  if (props.maxReceiveCount !== undefined && props.maxReceiveCount < MAX_RECEIVE_COUNT_RECOMMENDED) warn('fewReceives', fewReceives(props.maxReceiveCount));
  if ((props.filters?.length ?? 0) > EVENT_FILTER.patternsMax) warn('manyFilters', manyFilters(props.filters!.length));
  if (reserved !== undefined && props.maxConcurrency === undefined && !props.provisionedPollers) {
    warn('unboundedConcurrency', `the function has ${reserved} reserved environments and 'maxConcurrency' is not set: what Lambda receives beyond them is throttled, `
      + `and each throttled receive brings a message nearer to the dead-letter queue; set 'maxConcurrency' to at most ${reserved}`);
  }
  if (timeoutSecondsOf(props.function) === undefined) {
    warn('unknownTimeout', 'the timeout of the function is not known here: the visibility timeout is computed from the longest, 900 s, '
      + 'so that a message that failed is tried again only after 90 minutes; define the function in this app to get less');
  }
  if (props.queue) warnOfGiven(props, warn);
}

export function manyFilters(count: number): string {
  return `${count} filter patterns need a raised quota, AWS gives ${EVENT_FILTER.patternsMax}; join some or have the quota raised first`;
}

function fewReceives(count: number): string {
  return `a message goes to the dead-letter queue after ${count} receives, and a throttled receive counts too; allow at least ${MAX_RECEIVE_COUNT_RECOMMENDED}`;
}

function warnOfGiven(props: QueueConsumerProps, warn: (what: string, message: string) => void): void {
  const queue = props.queue!;
  const resource = cfnQueueOf(queue);
  const needed = neededVisibility(props);
  if (!resource) {
    warn('importedQueue', `an imported queue can't be read or changed from here: it must have a visibility timeout of at least ${needed ?? '6 × the timeout of the function'} s `
      + `and a dead-letter queue of the same type with a 'maxReceiveCount' of at least ${MAX_RECEIVE_COUNT_RECOMMENDED}`);
    return;
  }
  const visibility = resource.visibilityTimeout === undefined ? undefined : visibilityOf(resource);
  if (visibility !== undefined && needed !== undefined && visibility < needed) {
    warn('shortVisibility', `the queue hides a message for ${visibility} s, AWS recommends ${needed} s (6 × the timeout of the function + the batching window): `
      + 'a batch that is throttled comes back while it is still worked on; raise the visibility timeout or leave it out, then it is computed');
  }
  const receives = receivesOf(resource);
  if (receives !== undefined && receives < MAX_RECEIVE_COUNT_RECOMMENDED) warn('fewReceives', fewReceives(receives));
  const kept = retentionOf(resource);
  const deadLetters = deadLetterRetention(props);
  if (kept !== undefined && deadLetters !== undefined && deadLetters <= kept) {
    warn('deadLetterRetention', `the dead-letter queue keeps messages for ${deadLetters} s and the queue for ${kept} s: their age goes on counting, `
      + 'so a message can expire as soon as it arrives there; let the dead-letter queue keep them for longer');
  }
}

function deadLetterRetention(props: QueueConsumerProps): number | undefined {
  const { deadLetterQueue } = props.queue as { deadLetterQueue?: { queue: IConstruct } };
  if (!deadLetterQueue) return DEFAULTS.FailureQueue.retentionDays.value * 86_400;
  const resource = cfnQueueOf(deadLetterQueue.queue);
  return resource && retentionOf(resource);
}

function neededVisibility(props: QueueConsumerProps): number | undefined {
  const timeout = timeoutSecondsOf(props.function);
  return timeout === undefined ? undefined : visibilitySeconds(timeout, windowSeconds(props.maxBatchingWindow));
}

function checkGiven(path: string, props: QueueConsumerProps): void {
  if (!props.queue) return;
  for (const prop of ['fifo', 'retentionPeriod', 'encryptionKey'] as const) {
    if (props[prop] !== undefined) refuse(path, `'${prop}' must not go with 'queue', got both; set it on the queue`);
  }
  const resource = cfnQueueOf(props.queue);
  const hasDeadLetters = resource ? resource.redrivePolicy !== undefined : true;
  if (hasDeadLetters && props.maxReceiveCount !== undefined) {
    refuse(path, "'maxReceiveCount' must not go with a queue that is imported or has a dead-letter queue, got both; set it on the queue");
  }
  const deadLetters = (props.queue as { deadLetterQueue?: { queue: { fifo: boolean } } }).deadLetterQueue?.queue;
  if (deadLetters && !!deadLetters.fifo !== !!props.queue.fifo) {
    const [is, got] = props.queue.fifo ? ['FIFO', 'standard'] : ['standard', 'FIFO'];
    refuse(path, `'queue' must have a dead-letter queue of its own type ${is}, got ${got}; make both of one type`);
  }
}

function checkBatch(path: string, props: QueueConsumerProps): void {
  const isFifo = props.queue ? props.queue.fifo : props.fifo;
  const window = props.maxBatchingWindow?.isUnresolved() ? undefined : props.maxBatchingWindow?.toSeconds();
  if (isFifo && props.maxBatchingWindow) refuse(path, "'maxBatchingWindow' must not go with a FIFO queue, got both; leave it out");
  requireRange(path, 'maxBatchingWindow', window, 0, Q.windowMaxSeconds, 'it is a number of seconds');
  const max = props.maxBatchingWindow && window !== 0 ? Q.batchMax : Q.batchMaxUnwindowed;
  requireRange(path, 'batchSize', props.batchSize, 1, max, isFifo ? 'a FIFO queue gives no more' : "more than 10 need a 'maxBatchingWindow' of at least 1 second");
}

function checkScaling(path: string, props: QueueConsumerProps): void {
  const { maxConcurrency, provisionedPollers } = props;
  if (maxConcurrency !== undefined && provisionedPollers) {
    refuse(path, "'maxConcurrency' must not go with 'provisionedPollers', got both; a poller works on 10 batches at a time, so state 'maximumPollers' alone");
  }
  requireRange(path, 'maxConcurrency', maxConcurrency, Q.concurrencyMin, Q.concurrencyMax, 'reserve concurrency on the function to get below 2');
  const { minimumPollers, maximumPollers } = provisionedPollers ?? {};
  requireRange(path, 'provisionedPollers.minimumPollers', minimumPollers, Q.pollersMin, Q.pollersMinimumMax, 'it is a number of pollers');
  requireRange(path, 'provisionedPollers.maximumPollers', maximumPollers, Q.pollersMin, Q.pollersMax, 'it is a number of pollers');
  if (Token.isUnresolved(minimumPollers) || Token.isUnresolved(maximumPollers)) return;
  if (minimumPollers !== undefined && maximumPollers !== undefined && minimumPollers > maximumPollers) {
    refuse(path, `'provisionedPollers.minimumPollers' must be at most 'maximumPollers' (${maximumPollers}), got ${minimumPollers}; lower it`);
  }
}
