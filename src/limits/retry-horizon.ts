import { SQS } from './sqs';

/** AWS recommends a visibility timeout of six times the function's timeout, and the batching window on top. */
export const VISIBILITY_TIMEOUTS = 6;

/** AWS recommends at least five: a throttled receive counts too. */
export const MAX_RECEIVE_COUNT_RECOMMENDED = 5;

/** How long clients repeat an HTTP request, by convention: AWS gives no number. */
export const HTTP_RETRY_SECONDS = 3_600;

/**
 * How long a received message must stay hidden.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export function visibilitySeconds(functionTimeoutSeconds: number, windowSeconds: number): number {
  return Math.min(VISIBILITY_TIMEOUTS * functionTimeoutSeconds + windowSeconds, SQS.visibilityMaxSeconds);
}

/** How long a message takes from its first receive to the dead-letter queue where each receive fails and none waits. */
export function attemptsSeconds(visibility: number, maxReceiveCount: number): number {
  return visibility * maxReceiveCount;
}

/**
 * From the first to the last time that a stream's record can reach a function.
 *
 * @param recordAge `MaximumRecordAgeInSeconds`, where -1 and nothing mean: until the stream drops it
 * @param retention How long the stream keeps a record
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
 */
export function streamHorizonSeconds(recordAge: number | undefined, retention: number): number {
  return recordAge === undefined || recordAge < 0 ? retention : Math.min(recordAge, retention);
}

/** The lag of a stream's reader at which half of the time to act is gone. */
export function iteratorAgeLimitSeconds(recordAge: number | undefined, retention: number): number {
  return Math.floor(streamHorizonSeconds(recordAge, retention) / 2);
}

/**
 * From the first to the last time that a message with one `messageId` can reach a function: as long as the queue keeps
 * it. The receives alone would take `attemptsSeconds`, but a message may wait between two of them, behind a backlog or
 * a mapping that an operator has disabled. A redrive gives a message a new id and starts anew.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
 */
export function queueHorizonSeconds(retention: number): number {
  return retention;
}

/**
 * From the first to the last start of an asynchronous event: what delivers it may repeat it until it is accepted, and
 * Lambda keeps it from then on.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function asyncHorizonSeconds(eventAge: number, deliveryAge: number = 0): number {
  return deliveryAge + eventAge;
}
