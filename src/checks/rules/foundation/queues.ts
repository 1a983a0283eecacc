import {
  MAX_RECEIVE_COUNT_RECOMMENDED, recommendedVisibilitySeconds, SQS, VISIBILITY_TIMEOUT_FACTOR,
} from '../../../aws';
import { durationText } from '../../../private/duration-text';
import { isFifo, isRecord, member } from '../../graph';
import type { AppGraph, EventSource, LambdaFunction, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { each, eachEventSource } from '../support/each';
import type { Found } from '../support/each';
import { outOfRange } from '../support/out-of-range';

const CONFIGURE = SOURCE.lambda('services-sqs-configure');
const ERRORS = SOURCE.lambda('services-sqs-errorhandling');

export const QUEUES_RULES: Rule[] = [
  {
    id: 'LP-F31',
    category: 'foundation',
    severity: 'error',
    title: 'SQS visibility timeout is shorter than the function timeout',
    why:
      'Lambda rejects the event source mapping, because a message would become visible while the function '
      + 'still processes it.',
    fix: 'raise it to six times the function timeout',
    source: CONFIGURE,
    elsewhere: 'CDK and cfn-lint: E3505, not through an alias',
    evaluate: eachQueue(visibilityBelowTimeout),
  },
  {
    id: 'LP-F32',
    category: 'foundation',
    severity: 'warning',
    title: 'SQS visibility timeout is shorter than six function timeouts',
    why:
      'AWS recommends six times the function timeout plus the batching window, so that throttled batches '
      + 'are not delivered twice.',
    fix: 'raise it to six times the function timeout',
    source: CONFIGURE,
    evaluate: eachQueue(visibilityBelowSixTimeouts),
  },
  {
    id: 'LP-F33',
    category: 'foundation',
    severity: 'error',
    title: 'SQS visibility timeout is out of range',
    why: 'SQS supports a visibility timeout of 0 seconds to 12 hours.',
    fix: 'choose a value in range, and a shorter function timeout',
    source: CONFIGURE,
    elsewhere: 'CDK throws for its own queues',
    evaluate: each('AWS::SQS::Queue', visibilityOutOfRange),
  },
  {
    id: 'LP-F34',
    category: 'foundation',
    severity: 'error',
    title: 'Source queue has no dead-letter queue',
    why: 'A message that always fails is received again until its retention period ends, and is then deleted.',
    fix: 'configure a dead-letter queue with a maxReceiveCount of 5',
    source: ERRORS,
    elsewhere: 'cdk-nag: AwsSolutions-SQS3, Serverless-SQSRedrivePolicy',
    practice: true,
    evaluate: eachQueue(noDeadLetterQueue),
  },
  {
    id: 'LP-F35',
    category: 'foundation',
    severity: 'warning',
    title: 'maxReceiveCount is below five',
    why: 'A throttled invocation counts as a receive. A burst moves valid messages to the dead-letter queue.',
    fix: 'raise maxReceiveCount to 5',
    source: ERRORS,
    practice: true,
    evaluate: eachQueue(maxReceiveCountTooLow),
  },
  {
    id: 'LP-F36',
    category: 'foundation',
    severity: 'error',
    title: 'Dead-letter queue and source queue have different types',
    why:
      'The dead-letter queue of a FIFO queue must be FIFO. The dead-letter queue of a standard queue must '
      + 'be standard.',
    fix: 'use the same type for both queues',
    source: SOURCE.lambda('services-sqs-errorhandling'),
    elsewhere: 'CDK and cfn-lint: E3502',
    evaluate: each('AWS::SQS::Queue', redriveTypeMismatch),
  },
  {
    id: 'LP-F37',
    category: 'foundation',
    severity: 'warning',
    title: 'Dead-letter queue retains messages no longer than the source queue',
    why:
      'The age of a message counts from its arrival in the source queue. A message that fails late is '
      + 'deleted soon after it is moved.',
    fix: 'raise it to 14 days (MessageRetentionPeriod: 1209600)',
    source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html',
    practice: true,
    evaluate: each('AWS::SQS::Queue', deadLetterRetentionTooShort),
  },
];

function visibilityBelowTimeout(queue: Resource, source: EventSource, fn: LambdaFunction): Found {
  const visibility = visibilityOf(queue);
  if (fn.timeout !== undefined && visibility !== undefined && visibility < fn.timeout) {
    return {
      at: queue,
      property: 'VisibilityTimeout',
      must: `must be at least ${durationText(fn.timeout)} (the timeout of ${fn.path})`,
      got: visibility,
      fix: visibilityFix(fn, source),
    };
  }
  return undefined;
}

function visibilityBelowSixTimeouts(queue: Resource, source: EventSource, fn: LambdaFunction): Found {
  const visibility = visibilityOf(queue);
  if (fn.timeout === undefined || source.window === undefined || visibility === undefined) return undefined;
  const wanted = recommendedVisibilitySeconds(fn.timeout, source.window);
  const [timeout, window] = [durationText(fn.timeout), durationText(source.window)];
  const sum = `${VISIBILITY_TIMEOUT_FACTOR} × ${timeout} of ${fn.path} + window of ${window}`;
  if (visibility >= fn.timeout && visibility < wanted) {
    return {
      at: queue,
      property: 'VisibilityTimeout',
      must: `must be at least ${durationText(wanted)} (${sum})`,
      got: visibility,
      fix: visibilityFix(fn, source),
    };
  }
  return undefined;
}

function visibilityOutOfRange(queue: Resource): Found {
  return outOfRange(queue, 'VisibilityTimeout', 0, SQS.visibilityMaxSeconds);
}

function noDeadLetterQueue(queue: Resource, _: EventSource, __: LambdaFunction, app: AppGraph): Found {
  if (queue.lacks('RedrivePolicy') && !mayBeDeadLetterQueue(app, queue)) {
    return { at: queue, property: 'RedrivePolicy', must: 'must name a dead-letter queue', got: undefined };
  }
  return undefined;
}

function maxReceiveCountTooLow(queue: Resource): Found {
  const count = queue.number('RedrivePolicy.maxReceiveCount');
  if (count !== undefined && count < MAX_RECEIVE_COUNT_RECOMMENDED) {
    return {
      at: queue,
      property: 'RedrivePolicy.maxReceiveCount',
      must: `must be at least ${MAX_RECEIVE_COUNT_RECOMMENDED}`,
      got: count,
    };
  }
  return undefined;
}

function redriveTypeMismatch(queue: Resource): Found {
  const dead = deadLetterOf(queue);
  const [type, deadType] = [queueType(queue), dead && queueType(dead)];
  if (dead && type !== undefined && deadType !== undefined && type !== deadType) {
    return {
      at: queue,
      property: 'RedrivePolicy.deadLetterTargetArn',
      must: `must be ${type} like the queue`,
      got: `${dead.path} (${deadType})`,
    };
  }
  return undefined;
}

function deadLetterRetentionTooShort(queue: Resource): Found {
  const dead = deadLetterOf(queue);
  const [source, retained] = [queue, dead].map(q => q?.number('MessageRetentionPeriod', SQS.retentionUnsetSeconds));
  if (
    dead
    && isFifo(queue) === false
    && source !== undefined
    && retained !== undefined
    && (retained < source || (retained === source && source < SQS.retentionMaxSeconds))
  ) {
    const limit = source < SQS.retentionMaxSeconds ? 'above' : 'at least';
    return {
      at: dead,
      property: 'MessageRetentionPeriod',
      must: `must be ${limit} ${durationText(source)} (the retention of ${queue.path})`,
      got: retained,
    };
  }
  return undefined;
}

type QueueCheck = (queue: Resource, source: EventSource, fn: LambdaFunction, app: AppGraph) => Found;

/** Checks every queue of the app that a function consumes. */
function eachQueue(check: QueueCheck): (app: AppGraph) => Problem[] {
  return eachEventSource((source, fn, app) =>
    source.kind === 'sqs' && source.origin ? check(source.origin, source, fn, app) : undefined,
  );
}

/**
 * Whether the queue is, or may be, a dead-letter queue: an unknown redrive policy in the same template may name it.
 * A dead-letter queue needs no dead-letter queue of its own.
 */
function mayBeDeadLetterQueue(app: AppGraph, queue: Resource): boolean {
  return app
    .ofType('AWS::SQS::Queue')
    .some(
      other =>
        deadLetterOf(other) === queue
        || (other !== queue
          && other.template === queue.template
          && (other.isUnknown('RedrivePolicy') || other.isUnknown('RedrivePolicy.deadLetterTargetArn'))),
    );
}

function queueType(queue: Resource): 'FIFO' | 'standard' | undefined {
  const fifo = isFifo(queue);
  if (fifo === undefined) return undefined;
  return fifo ? 'FIFO' : 'standard';
}

function visibilityOf(queue: Resource): number | undefined {
  return queue.number('VisibilityTimeout', SQS.visibilityUnsetSeconds);
}

function visibilityFix(fn: LambdaFunction, source: EventSource): string {
  const seconds = recommendedVisibilitySeconds(fn.timeout ?? 0, source.window ?? 0);
  return `raise it to ${durationText(seconds)} (VisibilityTimeout: ${seconds}) or lower the function timeout`;
}

function deadLetterOf(queue: Resource): Resource | undefined {
  const policy = queue.get('RedrivePolicy');
  return isRecord(policy)
    ? queue.template.app.resourceOf(member(policy, 'deadLetterTargetArn'), queue, 'AWS::SQS::Queue')
    : undefined;
}
