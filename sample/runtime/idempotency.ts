import {
  IdempotencyAlreadyInProgressError, IdempotencyConfig, IdempotencyInconsistentStateError, IdempotencyValidationError, makeIdempotent,
} from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { required, requiredNumber } from './environment';
import { fromRecord, toRecord } from './record';
import { InProgressError, KeyReusedError } from '../domain/errors';

/** Work that runs once for each key, however often it is called. */
export interface Once {
  /** Called at the start of each invocation: after its deadline, unfinished work may be repeated. */
  begin(context: Context): void;
  /** The idempotent function. The key is in its first argument. */
  guard<E, M extends unknown[], R>(work: (event: E, ...more: M) => Promise<R>): typeof work;
}

/** Where Powertools reads the key, and the part of the event that must be equal when a key is repeated. */
export interface KeyPaths {
  readonly eventKeyJmesPath: string;
  readonly payloadValidationJmesPath?: string;
}

/** Powertools' idempotency, configured by the variables of the function's IdempotencyStore. Without a key, the call fails instead of running unprotected. */
export function idempotency(client: DynamoDBClient, paths: KeyPaths): Once {
  const config = new IdempotencyConfig({
    ...paths,
    throwOnNoIdempotencyKey: true,
    expiresAfterSeconds: requiredNumber('IDEMPOTENCY_EXPIRES_AFTER_SECONDS'),
  });
  const options = {
    persistenceStore: new DynamoDBPersistenceLayer({ tableName: required('IDEMPOTENCY_TABLE'), awsSdkV3Client: client }),
    keyPrefix: required('IDEMPOTENCY_KEY_PREFIX'),
    config,
  };
  return {
    begin: context => config.registerLambdaContext(context),
    guard<E, M extends unknown[], R>(work: (event: E, ...more: M) => Promise<R>) {
      const once = makeIdempotent(async (event: E, ...more: M) => toRecord(await work(event, ...more)), options);
      return async (event: E, ...more: M): Promise<R> => fromRecord(await once(event, ...more).catch(error => { throw inOurWords(error); }));
    },
  };
}

function inOurWords(error: unknown): unknown {
  if (error instanceof IdempotencyValidationError) return new KeyReusedError();
  if (error instanceof IdempotencyAlreadyInProgressError || error instanceof IdempotencyInconsistentStateError) return new InProgressError();
  return error;
}
