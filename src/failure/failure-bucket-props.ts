import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';

/**
 * Properties of a FailureBucket.
 */
export interface FailureBucketProps {
  /**
   * A customer managed key for the records. Functions whose records are stored here are granted permission to use the
   * key.
   *
   * @default - encrypted with a key that S3 manages (SSE-S3)
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What happens to the bucket when it is removed from the stack. S3 does not delete a bucket that contains objects.
   *
   * @default - the removal policy of the profile: RemovalPolicy.RETAIN, or in a sandbox RemovalPolicy.DESTROY with all
   * objects
   */
  readonly removalPolicy?: RemovalPolicy;
}
