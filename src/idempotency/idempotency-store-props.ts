import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';

/**
 * Attributes of an existing store.
 */
export interface IdempotencyStoreAttributes {
  /**
   * The ARN of the table.
   */
  readonly tableArn: string;

  /**
   * How long a record protects against a repeated event: at least one hour.
   *
   * @default Duration.days(7)
   */
  readonly expiresAfter?: Duration;

  /**
   * The key that encrypts the table.
   *
   * @default - a key that DynamoDB owns
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Properties of an IdempotencyStore.
 */
export interface IdempotencyStoreProps {
  /**
   * How long a record protects against a repeated event: at least one hour, because clients retry requests for that
   * long. Functions receive it as `IDEMPOTENCY_EXPIRES_AFTER_SECONDS` and pass it to Powertools as
   * `expiresAfterSeconds`.
   *
   * @default Duration.days(7)
   */
  readonly expiresAfter?: Duration;

  /**
   * A customer managed key for the table. Functions that are connected to the store are granted permission to use the
   * key. The stack must define its Region, because CDK creates a table that can have replicas.
   *
   * @default - encrypted with a key that DynamoDB owns
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What happens to the table when it is removed from the stack.
   *
   * @default - the removal policy of the profile: RemovalPolicy.RETAIN, or in a sandbox RemovalPolicy.DESTROY unless
   * `deletionProtection` is true
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether the table is protected from deletion.
   *
   * @default - true, unless `removalPolicy` is DESTROY, as it is in a sandbox
   */
  readonly deletionProtection?: boolean;
}
