import type { JSONValue } from '@aws-lambda-powertools/commons/types';
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

/** Work whose effect may come after its invocation has ended, such as a call that another system is still processing. */
export interface Lingering {
  /** How long after the invocation an effect may still come, and by how much the clocks of two environments may differ. */
  readonly millis: number;
  /** Whether the effect of work that threw this error may still come. */
  readonly isCause: (error: unknown) => boolean;
}

const NOTHING_LINGERS: Lingering = { millis: 0, isCause: () => false };

/** Powertools' idempotency, configured by the variables of the function's IdempotencyStore. Without a key, the call fails instead of running unprotected. */
export function idempotency(client: DynamoDBClient, paths: KeyPaths, lingering = NOTHING_LINGERS): Once {
  const config = new IdempotencyConfig({
    ...paths,
    throwOnNoIdempotencyKey: true,
    expiresAfterSeconds: requiredNumber('IDEMPOTENCY_EXPIRES_AFTER_SECONDS'),
  });
  const persistenceStore = new Records({ tableName: required('IDEMPOTENCY_TABLE'), awsSdkV3Client: client }, lingering.millis);
  const options = { persistenceStore, keyPrefix: required('IDEMPOTENCY_KEY_PREFIX'), config };
  return {
    begin: context => config.registerLambdaContext(context),
    guard<E, M extends unknown[], R>(work: (event: E, ...more: M) => Promise<R>) {
      const once = makeIdempotent(async (event: E, ...more: M) => {
        try {
          return toRecord(await work(event, ...more));
        } catch (error) {
          if (lingering.isCause(error)) persistenceStore.keep(event);
          throw error;
        }
      }, options);
      return async (event: E, ...more: M): Promise<R> => fromRecord(await once(event, ...more).catch(error => { throw inOurWords(error); }));
    },
  };
}

/**
 * Powertools deletes the record of work that threw an error, and lets the record of a killed process expire at the timeout of its
 * function. A repetition would then run beside an effect that is still to come. These records stay in progress until it cannot come any more.
 */
class Records extends DynamoDBPersistenceLayer {
  private readonly kept = new WeakSet<object>();

  constructor(config: ConstructorParameters<typeof DynamoDBPersistenceLayer>[0], private readonly lingersMillis: number) {
    super(config);
  }

  /** The record of this call stays in progress although the work threw an error. */
  public keep(event: unknown): void {
    this.kept.add(event as object);
  }

  public async saveInProgress(event: JSONValue, remainingMillis?: number): Promise<void> {
    await super.saveInProgress(event, remainingMillis === undefined ? undefined : remainingMillis + this.lingersMillis);
  }

  public async deleteRecord(event: JSONValue): Promise<void> {
    if (!this.kept.has(event as object)) await super.deleteRecord(event);
  }
}

function inOurWords(error: unknown): unknown {
  if (error instanceof IdempotencyValidationError) return new KeyReusedError();
  if (error instanceof IdempotencyAlreadyInProgressError || error instanceof IdempotencyInconsistentStateError) return new InProgressError();
  return error;
}
