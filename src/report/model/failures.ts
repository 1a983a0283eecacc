import type { AppView } from './app-view';
import { bypassesAlias, invocationsOf } from './callers';
import type { Say } from './phrases';
import type { Attempt, FailurePath } from './report-data';
import { duration } from './units';
import { ASYNC_INVOKE, SQS, STREAM_SOURCE } from '../../aws';
import type { EventSource, LambdaFunction, Resource, Value } from '../../checks/graph';
import { asString, isJson, isRecord, member, Text } from '../../checks/graph';
import { ON_FAILURE } from '../../checks/rules/support/failure-destinations';

/** Lambda waits a minute before the first retry of an asynchronous event, and two before the second. */
const ASYNC_WAITS = [60, 120];
/** Attempts that a time line shows one by one. */
const ATTEMPTS_MAX = 12;

/** The dead-letter queue of a queue, with the number of receives before it. */
export function redriveOf(queue: Resource): { readonly deadLetters?: Resource; readonly receives?: number } {
  const policy = queue.get('RedrivePolicy');
  const document = typeof policy === 'string' || policy instanceof Text ? parsed(policy) : policy;
  const receives = Number(asString(member(document, 'maxReceiveCount')));
  const { app } = queue.template;
  const target = isRecord(policy) ? app.resourceOf(member(policy, 'deadLetterTargetArn'), queue, 'AWS::SQS::Queue') : [...app.mentioned(policy)][0];
  return { deadLetters: target, receives: Number.isFinite(receives) ? receives : undefined };
}

function parsed(policy: string | Text): Value {
  try {
    const document: unknown = JSON.parse(typeof policy === 'string' ? policy : policy.pattern);
    return isJson(document) ? document as Value : undefined;
  } catch {
    return undefined;
  }
}

/** The retries and the age of the asynchronous configuration of a target; Lambda's defaults if there is none. */
export function asyncConfigOf(fn: LambdaFunction, alias: Resource | undefined) {
  const config = fn.asyncConfigs.find(({ target }) => (alias === undefined ? target.alias === undefined : target.alias === alias))?.resource;
  return {
    config,
    retries: config?.number('MaximumRetryAttempts', ASYNC_INVOKE.retryAttemptsMax) ?? ASYNC_INVOKE.retryAttemptsMax,
    ageSeconds: config?.number('MaximumEventAgeInSeconds', ASYNC_INVOKE.eventAgeMaxSeconds) ?? ASYNC_INVOKE.eventAgeMaxSeconds,
    destination: config && !config.lacks(ON_FAILURE) ? config.target(ON_FAILURE) : fn.resource.target('DeadLetterConfig.TargetArn'),
    hasDestination: (config !== undefined && !config.lacks(ON_FAILURE)) || !fn.resource.lacks('DeadLetterConfig.TargetArn'),
  };
}

/** What happens to what the function cannot process, for each way in. */
export function failuresOf(fn: LambdaFunction, view: AppView, say: Say): FailurePath[] {
  const paths: FailurePath[] = [];
  const invocations = invocationsOf(fn, say);
  const asynchronous = new Set(invocations.filter(({ isAsync }) => isAsync).map(({ target }) => target.alias));
  if (asynchronous.size === 0) fn.asyncConfigs.forEach(({ target }) => asynchronous.add(target.alias));
  for (const alias of asynchronous) paths.push(asyncPath(fn, alias, view, say));
  if (invocations.some(({ isAsync, kind }) => !isAsync && kind !== 'service')) paths.push({ text: say('failSync'), attempts: [{ label: say('attempt', { n: 1 }), atSeconds: 0 }] });
  return [...paths, ...fn.sources.map(source => sourcePath(source, fn, view, say))];
}

function asyncPath(fn: LambdaFunction, alias: Resource | undefined, view: AppView, say: Say): FailurePath {
  const { retries, ageSeconds, destination, hasDestination } = asyncConfigOf(fn, alias);
  const name = destination ? view.nameOf(destination) : hasDestination ? say('aDestination') : undefined;
  let at = 0;
  const attempts = [{ label: say('attempt', { n: 1 }), atSeconds: 0 }];
  for (let retry = 0; retry < retries; retry++) {
    at += (fn.timeout ?? 0) + ASYNC_WAITS[Math.min(retry, ASYNC_WAITS.length - 1)];
    if (at <= ageSeconds) attempts.push({ label: say('attempt', { n: retry + 2 }), atSeconds: at });
  }
  const text = name === undefined
    ? say('failAsyncLost', { retries, age: duration(ageSeconds) })
    : say('failAsync', { retries, age: duration(ageSeconds), destination: name });
  return { text, attempts, endSeconds: Math.min(ageSeconds, at + (fn.timeout ?? 0)), destination: name };
}

function sourcePath(source: EventSource, fn: LambdaFunction, view: AppView, say: Say): FailurePath {
  const origin = source.origin ? view.nameOf(source.origin) : say('aSource');
  const suffix = bypassesAlias(fn, source.target) ? ` ${say('pastAlias')}` : '';
  if (source.kind === 'sqs') return queuePath(source, origin, suffix, view, say);
  const retries = source.mapping.number('MaximumRetryAttempts', -1) ?? -1;
  const age = source.mapping.number('MaximumRecordAgeInSeconds', -1) ?? -1;
  const destination = source.mapping.lacks(ON_FAILURE) ? undefined : source.mapping.target(ON_FAILURE);
  const name = destination ? view.nameOf(destination) : source.mapping.lacks(ON_FAILURE) ? undefined : say('aDestination');
  const limits = [
    ...retries >= 0 ? [say('nRetries', { n: retries })] : [],
    ...age >= 0 ? [say('ageOf', { age: duration(age) })] : [],
  ].join(say('or'));
  if (limits === '') {
    return { text: say('failStreamEndless', { origin }) + suffix, attempts: [{ label: say('attempt', { n: 1 }), atSeconds: 0 }], endSeconds: STREAM_SOURCE.retentionUnsetSeconds };
  }
  const text = name === undefined ? say('failStreamLost', { origin, limits }) : say('failStream', { origin, limits, destination: name });
  return { text: text + suffix, attempts: [{ label: say('attempt', { n: 1 }), atSeconds: 0 }], endSeconds: age >= 0 ? age : undefined, destination: name };
}

function queuePath({ origin: queue }: EventSource, origin: string, suffix: string, view: AppView, say: Say): FailurePath {
  if (queue === undefined) return { text: say('failQueueUnknown', { origin }) + suffix, attempts: [] };
  const visibility = queue.number('VisibilityTimeout', SQS.visibilityUnsetSeconds) ?? SQS.visibilityUnsetSeconds;
  const retention = queue.number('MessageRetentionPeriod', SQS.retentionUnsetSeconds) ?? SQS.retentionUnsetSeconds;
  const { deadLetters, receives } = redriveOf(queue);
  const count = Math.min(receives ?? Math.floor(retention / Math.max(1, visibility)), ATTEMPTS_MAX);
  const attempts: Attempt[] = Array.from({ length: Math.max(1, count) }, (_, i) => ({ label: say('attempt', { n: i + 1 }), atSeconds: i * visibility }));
  if (receives === undefined || deadLetters === undefined) {
    return { text: say('failQueueLost', { origin, visibility: duration(visibility), retention: duration(retention) }) + suffix, attempts, endSeconds: retention };
  }
  const destination = view.nameOf(deadLetters);
  return {
    text: say('failQueue', { origin, visibility: duration(visibility), receives, destination }) + suffix,
    attempts,
    endSeconds: receives * visibility,
    destination,
  };
}
