import { IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { required } from './environment';

/** The part of Powertools' configuration that a handler chooses. */
interface KeyPaths {
  readonly eventKeyJmesPath: string;
  readonly payloadValidationJmesPath?: string;
}

/** Powertools' idempotency, set as the function's IdempotencyStore says. A missing key fails instead of doing the work unprotected. */
export function idempotency(client: DynamoDBClient, paths: KeyPaths) {
  return {
    persistenceStore: new DynamoDBPersistenceLayer({ tableName: required('IDEMPOTENCY_TABLE'), awsSdkV3Client: client }),
    keyPrefix: required('IDEMPOTENCY_KEY_PREFIX'),
    config: new IdempotencyConfig({
      ...paths,
      throwOnNoIdempotencyKey: true,
      expiresAfterSeconds: Number(required('IDEMPOTENCY_EXPIRES_AFTER_SECONDS')),
    }),
  };
}

/**
 * A result as Powertools can save it and answer it again. What DynamoDB can't take (`undefined` in a field, a `Date`, a
 * class, an empty `Set`) would leave the record unfinished, and the repetition would do the work again.
 */
export function plainJson<T>(result: T): T {
  return JSON.parse(JSON.stringify(result)) as T;
}
