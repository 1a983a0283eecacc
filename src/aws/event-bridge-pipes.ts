/**
 * Limits of EventBridge Pipes.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
 */
export const PIPE = {
  /** A pipe cannot have larger batches than its target accepts. */
  queueBatchMax: 10,
} as const;
