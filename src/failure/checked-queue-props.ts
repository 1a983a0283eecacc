import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { QueueConsumerProps } from './queue-consumer';
import { deadLettersOf, mappingId } from './queue-settings';
import { DEFAULTS, EVENT_FILTER, QUEUE_SOURCE, SQS } from '../limits';
import { cfnQueueOf } from '../private/resource-number';
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
  if (props.function.node.tryFindChild(mappingId(props.queue))) {
    refuse(path, `'queue' must be read once by a function, got ${props.queue.node.path}, which ${props.function.node.path} reads already; leave out one of the two`);
  }
  const deadLetters = deadLettersOf(props.queue);
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
