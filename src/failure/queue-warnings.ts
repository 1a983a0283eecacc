import { Token } from 'aws-cdk-lib';
import type { QueueConsumerProps } from './queue-consumer';
import { deadLettersOf, QueueSettings } from './queue-settings';
import { EVENT_FILTER, MAX_RECEIVE_COUNT_RECOMMENDED, QUEUE_SOURCE } from '../limits';
import { reservedConcurrencyOf, timeoutSecondsOf } from '../private/function-definition';
import { cfnQueueOf, retentionOf } from '../private/resource-number';

/** The end of a warning's id, and its text. */
type Warning = readonly [string, string];

/** What is legal and falls short, by what queue and function have at the moment of asking. */
export function queueWarnings(props: QueueConsumerProps, settings: QueueSettings): Warning[] {
  const warnings = [...fewReceives(settings.receives), ...manyFilters(props.filters?.length ?? 0), ...unboundedConcurrency(props)];
  if (timeoutSecondsOf(props.function) === undefined) {
    warnings.push(['unknownTimeout', 'the timeout of the function is not known here: the visibility timeout is computed from the longest, 900 s, '
      + 'so that a message that failed is tried again only after 90 minutes; define the function in this app to get less']);
  }
  return props.queue ? [...warnings, ...givenQueue(props, settings)] : warnings;
}

export function manyFilters(count: number): Warning[] {
  if (count <= EVENT_FILTER.patternsMax) return [];
  return [['manyFilters', `${count} filter patterns need a raised quota, AWS gives ${EVENT_FILTER.patternsMax}; join some or have the quota raised first`]];
}

function fewReceives(count: number): Warning[] {
  if (count >= MAX_RECEIVE_COUNT_RECOMMENDED) return [];
  return [['fewReceives', `a message goes to the dead-letter queue after ${count} receives, and a throttled receive counts too; allow at least ${MAX_RECEIVE_COUNT_RECOMMENDED}`]];
}

function unboundedConcurrency(props: QueueConsumerProps): Warning[] {
  const reserved = reservedConcurrencyOf(props.function);
  if (reserved === undefined || props.maxConcurrency !== undefined) return [];
  const effect = 'what Lambda receives beyond them is throttled, and each throttled receive brings a message nearer to the dead-letter queue';
  if (!props.provisionedPollers) {
    return [['unboundedConcurrency', `the function has ${reserved} reserved environments and 'maxConcurrency' is not set: ${effect}; set 'maxConcurrency' to at most ${reserved}`]];
  }
  const pollers = props.provisionedPollers.maximumPollers ?? QUEUE_SOURCE.pollersUnset;
  const batches = pollers * QUEUE_SOURCE.batchesOfPoller;
  if (Token.isUnresolved(pollers) || batches <= reserved) return [];
  return [['unboundedConcurrency', `the function has ${reserved} reserved environments and ${pollers} pollers may have ${batches} batches worked on: ${effect}; `
    + `reserve ${batches} or lower 'provisionedPollers.maximumPollers'`]];
}

function givenQueue(props: QueueConsumerProps, settings: QueueSettings): Warning[] {
  const queue = props.queue!;
  const resource = cfnQueueOf(queue);
  const needed = QueueSettings.neededVisibility(queue);
  if (!resource) {
    return [['importedQueue', `an imported queue can't be read or changed from here: it must have a visibility timeout of at least ${needed} s `
      + `and a dead-letter queue of the same type with a 'maxReceiveCount' of at least ${MAX_RECEIVE_COUNT_RECOMMENDED}`]];
  }
  const warnings: Warning[] = [];
  const { visibility } = settings;
  if (visibility < needed && timeoutSecondsOf(props.function) !== undefined) {
    warnings.push(['shortVisibility', `the queue hides a message for ${visibility} s, AWS recommends ${needed} s (6 × the timeout of the function + the batching window): `
      + 'a batch that is throttled comes back while it is still worked on; raise the visibility timeout or leave it out, then it is computed']);
  }
  const kept = retentionOf(resource);
  const deadLetterQueue = deadLettersOf(queue) && cfnQueueOf(deadLettersOf(queue)!);
  const deadLetters = deadLetterQueue && retentionOf(deadLetterQueue);
  if (kept !== undefined && deadLetters !== undefined && deadLetters <= kept) {
    warnings.push(['deadLetterRetention', `the dead-letter queue keeps messages for ${deadLetters} s and the queue for ${kept} s: their age goes on counting, `
      + 'so a message can expire as soon as it arrives there; let the dead-letter queue keep them for longer']);
  }
  return warnings;
}
