/**
 * Quotas of Amazon SQS and what a queue has where nothing is stated.
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
