import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';

/**
 * Properties of a FailureQueue.
 */
export interface FailureQueueProps {
  /**
   * A customer managed key for the messages. Functions that send to the queue are granted permission to use the key.
   *
   * @default - encrypted with a key that SQS owns (SSE-SQS)
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What happens to the queue when it is removed from the stack.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}
