/**
 * Quotas and defaults of Amazon SQS.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const SQS = {
  visibilityMaxSeconds: 43_200,
  visibilityUnsetSeconds: 30,
  retentionMinSeconds: 60,
  retentionMaxSeconds: 1_209_600,
  retentionUnsetSeconds: 345_600,
} as const;

/**
 * AWS recommends a visibility timeout of six function timeouts, plus the batching window.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export const VISIBILITY_TIMEOUT_FACTOR = 6;

/**
 * AWS recommends at least five receives before the dead-letter queue, because throttled batches count too.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export const MAX_RECEIVE_COUNT_RECOMMENDED = 5;

/** The visibility timeout that AWS recommends for a queue, in seconds. */
export function recommendedVisibilitySeconds(functionTimeoutSeconds: number, windowSeconds: number): number {
  return Math.min(VISIBILITY_TIMEOUT_FACTOR * functionTimeoutSeconds + windowSeconds, SQS.visibilityMaxSeconds);
}

/** The time from the first receive of a message to the dead-letter queue, if each receive fails and the message never waits. */
export function attemptsSeconds(visibilitySeconds: number, maxReceiveCount: number): number {
  return visibilitySeconds * maxReceiveCount;
}
