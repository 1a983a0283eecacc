import { ASYNC_INVOKE } from '../../../aws';
import { hasStray, isFifo, mayBeInvokedByCode, patternOf } from '../../graph';
import type { AppGraph, LambdaFunction, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { bucketLoopsOf, bucketsThatInvoke, channelsOf } from '../support/bucket-loops';
import { each, eachFunction } from '../support/each';
import type { Found } from '../support/each';
import { selects } from '../support/event-patterns';
import {
  ON_FAILURE,
  ON_SUCCESS,
  destinationsOf,
  hasFailureDestination,
  qualifierName,
} from '../support/failure-destinations';
import type { Destination } from '../support/failure-destinations';
import { nameList } from '../support/name-list';
import { outOfRange } from '../support/out-of-range';
import { isRepeated } from '../support/repeated-caller';
import { topicOf } from '../support/topic';

export const ASYNCHRONOUS_INVOCATION_RULES: Rule[] = [
  {
    id: 'LP-F21',
    category: 'foundation',
    severity: 'warning',
    title: 'Recursive loop detection is disabled',
    why:
      'Lambda stops a recursive chain after about 16 invocations. With Allow the chain runs, and is '
      + 'charged, without a limit.',
    fix: 'set RecursiveLoop to Terminate',
    source: SOURCE.lambda('invocation-recursion'),
    evaluate: eachFunction(loopDetectionDisabled),
  },
  {
    id: 'LP-F22',
    category: 'foundation',
    severity: 'error',
    title: 'Failure destination triggers the function that failed',
    why: 'A dead-letter queue or destination that triggers the same function creates an endless loop.',
    fix: 'send failures to a queue without a consumer',
    source: SOURCE.lambda('invocation-recursion'),
    evaluate: eachFunction(failureLoop),
  },
  {
    id: 'LP-F23',
    category: 'foundation',
    severity: 'error',
    title: 'Failed asynchronous events are lost',
    why:
      'After two retries, or six hours of throttling, Lambda discards an event for which no destination is '
      + 'configured. It is a warning if only recurring schedules invoke the function: their events contain no data of '
      + 'their own, and the next event starts the same work.',
    fix: 'set an on-failure destination on the qualifier that is invoked',
    source: SOURCE.lambda('invocation-async-retain-records'),
    elsewhere: 'cdk-nag Serverless: LambdaAsyncFailureDestination, only if an asynchronous configuration exists',
    practice: true,
    evaluate: eachFunction(failedEventsLost),
  },
  {
    id: 'LP-F24',
    category: 'foundation',
    severity: 'error',
    title: 'On-failure destination is on the wrong qualifier',
    why:
      'The asynchronous configuration applies to one qualifier. The configuration of $LATEST does not '
      + 'apply to events that are sent to an alias.',
    fix: 'configure the alias with alias.configureAsyncInvoke()',
    source: SOURCE.lambda('invocation-async-configuring'),
    evaluate: eachFunction(destinationOnWrongQualifier),
  },
  {
    id: 'LP-F25',
    category: 'foundation',
    severity: 'error',
    title: 'Failure destination is a FIFO queue or topic',
    why:
      'Asynchronous invocation delivers to standard queues and topics only. Every delivery to a FIFO '
      + 'resource fails.',
    fix: 'use a standard queue or topic',
    source: SOURCE.lambda('invocation-async-retain-records'),
    evaluate: eachFunction(fifoFailureDestination),
  },
  {
    id: 'LP-F26',
    category: 'foundation',
    severity: 'error',
    title: 'Success destination is an S3 bucket',
    why: 'Lambda supports S3 as an on-failure destination only.',
    fix: 'use a queue, topic, event bus or function for successes',
    source: SOURCE.lambda('invocation-async-retain-records'),
    evaluate: each('AWS::Lambda::EventInvokeConfig', s3SuccessDestination),
  },
  {
    id: 'LP-F27',
    category: 'foundation',
    severity: 'warning',
    title: 'Failure destination or dead-letter queue is an SNS topic',
    why: 'An asynchronous payload may have 1 MB, an SNS message 256 KB. Larger failed events are lost.',
    fix: 'use an SQS queue or an S3 bucket',
    source: SOURCE.lambda('invocation-async-retain-records'),
    practice: true,
    evaluate: each(['AWS::Lambda::EventInvokeConfig', 'AWS::Lambda::Function'], snsFailureDestination),
  },
  {
    id: 'LP-F28',
    category: 'foundation',
    severity: 'info',
    title: 'Function has a dead-letter queue and an on-failure destination',
    why:
      'The destination receives the event with its error and context, the dead-letter queue only the '
      + 'event. One of them is enough.',
    fix: 'remove the dead-letter queue',
    source: SOURCE.lambda('invocation-async-retain-records'),
    evaluate: eachFunction(deadLetterQueueBesideDestination),
  },
  {
    id: 'LP-F29',
    category: 'foundation',
    severity: 'warning',
    title: 'Dead-letter queue of the function is never used',
    why: 'It receives failed asynchronous invocations only. A queue or stream has its own failure handling.',
    fix: 'configure the dead-letter queue on the source queue, or a destination on the event source mapping',
    source: SOURCE.lambda('services-sqs-errorhandling'),
    evaluate: eachFunction(unusedDeadLetterQueue),
  },
  {
    id: 'LP-F78',
    category: 'foundation',
    severity: 'error',
    title: 'Retry attempts or event age is out of range',
    why: 'Lambda supports 0 to 2 retries and an event age of 1 minute to 6 hours.',
    fix: 'choose a value in range',
    source: SOURCE.lambda('invocation-async-error-handling'),
    elsewhere: 'CDK throws for its own constructs and reports F3034; cfn-lint: E3034',
    evaluate: each('AWS::Lambda::EventInvokeConfig', asyncSettingsOutOfRange),
  },
];

function loopDetectionDisabled(fn: LambdaFunction): Found {
  if (fn.resource.string('RecursiveLoop') === 'Allow') {
    return {
      at: fn.resource,
      property: 'RecursiveLoop',
      must: 'must be Terminate to stop recursive loops',
      got: 'Allow',
    };
  }
  return undefined;
}

function failureLoop(fn: LambdaFunction, app: AppGraph): Found {
  const loops = bucketLoopsOf(fn, app).map(({ at, property, bucket }) => ({
    at,
    property,
    must: `must have a prefix or suffix, because ${fn.path} may write into the bucket that triggers it`,
    got: bucket.path,
    fix: 'write to another bucket, or filter the events by a prefix or suffix that the function does not write',
    severity: 'warning' as const,
  }));
  const triggers = [fn.resource, ...fn.aliases, ...channelsOf(fn, app)];
  return [...loops, ...destinationsOf(fn).flatMap(destination => {
    const { at, property } = destination;
    const target = app.resourceOf(at.get(property), at);
    return target && (triggers.includes(target) || isTriggeredBy(fn, app, target, destination))
      ? [{ at, property, must: `must not trigger ${fn.path} again`, got: target.path }]
      : [];
  })];
}

/** Whether the record of an invocation invokes the function again, from a bucket or an event bus. */
function isTriggeredBy(
  fn: LambdaFunction, app: AppGraph, target: Resource, { property, mapping }: Destination,
): boolean {
  if (target.type === 'AWS::S3::Bucket') {
    return bucketsThatInvoke(fn, app, mapping ? 'aws/lambda/' : 'aws/lambda/async/').includes(target);
  }
  if (target.type !== 'AWS::Events::EventBus') return false;
  const result = property === ON_SUCCESS ? 'Success' : 'Failure';
  return fn.callers.some(({ kind, resource }) => kind === 'events' && resource.target('EventBusName') === target
    && !resource.lacks('EventPattern')
    && (resource.lacks('EventPattern.source') || selects(resource, 'source', 'lambda'))
    && (resource.lacks('EventPattern.detail-type')
      || selects(resource, 'detail-type', `Lambda Function Invocation Result - ${result}`))
    && resource.lacks('EventPattern.detail') && resource.lacks('EventPattern.resources'));
}

function failedEventsLost(fn: LambdaFunction): Found {
  const callers = fn
    .async()
    .filter(({ target }) => target.qualifier !== undefined && !hasFailureDestination(fn, target));
  const [first] = callers;
  if (!first || !fn.resource.lacks('DeadLetterConfig.TargetArn')) return undefined;
  if (hasStray(fn.app, 'AWS::Lambda::EventInvokeConfig')) return undefined;
  const place = qualifierName(first.target);
  const sources = nameList([...new Set(callers.map(caller => `${caller.kind} ${caller.resource.path}`))], 3);
  if (fn.durable) {
    return {
      at: fn.resource,
      property: 'DeadLetterConfig',
      must: `must name a dead-letter queue (invoked by ${sources})`,
      got: 'none',
      fix: 'set a dead-letter queue, because a durable function supports no destinations',
    };
  }
  return {
    at: first.target.alias ?? fn.resource,
    property: 'EventInvokeConfig',
    must: `must have an on-failure destination for ${place} (invoked by ${sources})`,
    got: 'none',
    severity: callers.every(isRepeated) ? 'warning' : undefined,
  };
}

function destinationOnWrongQualifier(fn: LambdaFunction): Found {
  const callers = fn.async();
  const invoked = callers.map(({ target }) => target.qualifier);
  if (invoked.includes(undefined) || mayBeInvokedByCode(fn)) return undefined;
  if (callers.every(({ target }) => hasFailureDestination(fn, target))) return undefined;
  const names = nameList([...new Set(callers.map(({ target }) => qualifierName(target)))]);
  return fn.asyncConfigs
    .filter(({ resource }) => !resource.lacks('DestinationConfig'))
    .filter(({ target }) => target.qualifier !== undefined && !target.version && !invoked.includes(target.qualifier))
    .map(({ resource, target }) => ({
      at: resource,
      property: 'Qualifier',
      must: `must be the invoked qualifier (${names})`,
      got: target.qualifier,
    }));
}

function fifoFailureDestination(fn: LambdaFunction, app: AppGraph): Found {
  return destinationsOf(fn).flatMap(({ at, property, mapping }) => {
    const target = mapping ? undefined : app.resourceOf(at.get(property), at, 'AWS::SQS::Queue', 'AWS::SNS::Topic');
    return target && isFifo(target)
      ? [{ at, property, must: 'must be a standard queue or topic', got: `${target.path} (FIFO)` }]
      : [];
  });
}

function s3SuccessDestination(config: Resource, app: AppGraph): Found {
  if (
    app.resourceOf(config.get(ON_SUCCESS), config, 'AWS::S3::Bucket')
    || /^arn:[^:]*:s3:/.test(patternOf(config.get(ON_SUCCESS)))
  ) {
    return {
      at: config,
      property: ON_SUCCESS,
      must: 'must be a queue, topic, bus or function',
      got: config.get(ON_SUCCESS),
    };
  }
  return undefined;
}

/** The destination of an event source mapping receives no payload, so a topic is enough there. */
function snsFailureDestination(at: Resource): Found {
  const property = at.type === 'AWS::Lambda::Function' ? 'DeadLetterConfig.TargetArn' : ON_FAILURE;
  const topic = topicOf(at.get(property), at);
  return topic !== undefined && { at, property, must: 'must accept payloads of 1 MB', got: `${topic} (256 KB)` };
}

function deadLetterQueueBesideDestination(fn: LambdaFunction): Found {
  if (
    !fn.resource.lacks('DeadLetterConfig.TargetArn')
    && fn.asyncConfigs.some(({ resource }) => !resource.lacks(ON_FAILURE))
  ) {
    return {
      at: fn.resource,
      property: 'DeadLetterConfig',
      must: 'must not be set with an on-failure destination',
      got: fn.resource.get('DeadLetterConfig.TargetArn'),
    };
  }
  return undefined;
}

function unusedDeadLetterQueue(fn: LambdaFunction): Found {
  const isUnused = fn.sources.length > 0 && fn.callers.length === 0 && !mayBeInvokedByCode(fn);
  if (!fn.resource.lacks('DeadLetterConfig.TargetArn') && isUnused) {
    return {
      at: fn.resource,
      property: 'DeadLetterConfig',
      must: 'must be on the event source (nothing in the app invokes the function asynchronously)',
      got: fn.resource.get('DeadLetterConfig.TargetArn'),
    };
  }
  return undefined;
}

function asyncSettingsOutOfRange(config: Resource): Found {
  return [
    outOfRange(config, 'MaximumRetryAttempts', ASYNC_INVOKE.retryAttemptsMin, ASYNC_INVOKE.retryAttemptsMax),
    outOfRange(config, 'MaximumEventAgeInSeconds', ASYNC_INVOKE.eventAgeMinSeconds, ASYNC_INVOKE.eventAgeMaxSeconds),
  ].flat();
}
