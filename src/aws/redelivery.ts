/** How long clients retry an HTTP request. A convention: AWS documents no number. */
export const HTTP_RETRY_SECONDS = 3_600;

/**
 * The time from the first to the last delivery of a record of a stream, in seconds.
 *
 * @param recordAge `MaximumRecordAgeInSeconds`; -1 and undefined mean the retention of the stream
 * @param retention The retention of the stream
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
 */
export function streamRedeliverySeconds(recordAge: number | undefined, retention: number): number {
  return recordAge === undefined || recordAge < 0 ? retention : Math.min(recordAge, retention);
}

/** The iterator age at which half of the time to act has passed, in seconds. */
export function iteratorAgeLimitSeconds(recordAge: number | undefined, retention: number): number {
  return Math.floor(streamRedeliverySeconds(recordAge, retention) / 2);
}

/**
 * The time from the first to the last delivery of a message with one `messageId`, in seconds: the retention of the queue. The
 * receives alone take `attemptsSeconds`, but a message can wait between two of them, behind other messages or while the mapping
 * is disabled. A redrive gives a message a new id.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
 */
export function queueRedeliverySeconds(retention: number): number {
  return retention;
}

/**
 * The time from the first to the last delivery of an asynchronous event, in seconds: the service that sends the event may
 * retry until Lambda accepts it, and Lambda retries until the event is too old.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function asyncRedeliverySeconds(eventAge: number, deliveryAge: number = 0): number {
  return deliveryAge + eventAge;
}
