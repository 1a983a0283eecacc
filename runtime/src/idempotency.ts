import {
  IdempotencyAlreadyInProgressError, IdempotencyConfig, IdempotencyInconsistentStateError, IdempotencyValidationError, makeIdempotent,
} from '@aws-lambda-powertools/idempotency';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InProgressError, KeyReusedError } from './idempotency-errors';
import { keyOf, requireExpressions, select, type Selector } from './idempotency-key';
import { currentInvocation } from './invocation';
import { tracer } from './powertools';
import { fromRecord, toRecord } from './record';
import { RecordStore } from './record-store';
import { required, requiredNumber, VARIABLES } from './variables';

export { InProgressError, KeyReusedError, MissingKeyError, ResultLostError } from './idempotency-errors';
export type { Selector } from './idempotency-key';

/** Work whose effect may come after its invocation has ended, such as a call that another system is still processing. */
export interface HoldOptions {
  /** How long after the invocation an effect may come, and by how much the clocks of two execution environments may differ. */
  readonly millis: number;
  /** Whether the effect of work that threw this error may still come. */
  readonly after: (error: unknown) => boolean;
}

/** How the work is identified. */
export interface IdempotentOptions<E> {
  /**
   * The key, from the first argument: equal for a repeated event, different for every other one. A function, or a JMESPath expression,
   * such as the constants of `IdempotencyKey`. Several values (`[merchant, key]`) are one key.
   */
  readonly key: Selector<E>;
  /**
   * The part of the first argument that must be equal when a key is repeated. List its fields by name: a field that a later version adds
   * must not make its repetitions differ from the repetitions of an earlier version.
   *
   * @default - it is not compared
   */
  readonly payload?: Selector<E>;
  /**
   * Keeps the record in progress longer than the invocation.
   *
   * @default - until the timeout of the function, and not after an error
   */
  readonly hold?: HoldOptions;
}

/** The name of an operation is a part of the ids of its records. */
const NAME = /^[\w.-]{1,64}$/;

/**
 * Work that is done once for each key, however often it is called, by the records of the function's IdempotencyStore.
 *
 * - A repetition returns the result of the first call. Any result can be saved: a `Date` becomes its text, a `Set` a list, a field with
 *   `undefined` disappears, for the first call, too.
 * - Each operation of a function has its own name, and therefore its own keys. A renamed operation finds no earlier records.
 * - Work that throws can be repeated immediately, unless `hold` states otherwise.
 *
 * The work must be called within `observed` (or `runInvocation`): a record stays in progress until the timeout of the invocation.
 *
 * Throws a MissingKeyError without a key, an InProgressError while another invocation does the work, a KeyReusedError if the payload
 * differs, and a ResultLostError if the work was done and its result cannot be returned.
 *
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/
 */
export function idempotent<E, M extends unknown[], R>(
  name: string, work: (event: E, ...more: M) => Promise<R>, options: IdempotentOptions<E>,
): (event: E, ...more: M) => Promise<R> {
  if (!NAME.test(name)) throw new Error(`'name' must be 1 to 64 letters, digits, '.', '-' and '_', got '${name}'; name the operation, such as 'pay'`);
  if (isDisabled()) return work;
  requireExpressions(options.key, options.payload);
  const once = operation(name, options, work);
  return async (event, ...more) => {
    remainingMillis(name);
    // With the name, because Powertools takes a key such as 0 for none.
    const call = { key: [name, keyOf(name, options.key, event)], payload: options.payload ? select(name, options.payload, event) : null };
    return fromRecord<R>(await once(call, event, more).catch(error => { throw named(error, name); }));
  };
}

type Call = { key: unknown; payload: unknown };

function operation<E, M extends unknown[], R>(name: string, { payload, hold }: IdempotentOptions<E>, work: (event: E, ...more: M) => Promise<R>) {
  const { table, keyPrefix, expiresAfterSeconds } = VARIABLES.idempotency;
  const config = new IdempotencyConfig({
    eventKeyJmesPath: 'key',
    payloadValidationJmesPath: payload && 'payload',
    throwOnNoIdempotencyKey: true,
    expiresAfterSeconds: requiredNumber(expiresAfterSeconds),
  });
  const tableName = required(table);
  const persistenceStore = new RecordStore({ tableName, awsSdkV3Client: dynamoDb() }, () => remainingMillis(name), hold?.millis ?? 0);
  return makeIdempotent(async (call: Call, event: E, more: M) => {
    try {
      return toRecord(await work(event, ...more));
    } catch (error) {
      if (hold?.after(error)) persistenceStore.hold(call);
      throw error;
    }
  }, { persistenceStore, config, keyPrefix: `${required(keyPrefix)}#${name}` });
}

let client: DynamoDBClient | undefined;

/**
 * A request without an answer is repeated, two times: otherwise the function would reach its timeout after the work was done, and its
 * caller would get no answer.
 */
const REQUEST = { connectionTimeout: 2_000, requestTimeout: 2_000, throwOnRequestTimeout: true };

/** One client for all operations of the function. */
function dynamoDb(): DynamoDBClient {
  return client ??= tracer.captureAWSv3Client(new DynamoDBClient({ maxAttempts: 3, requestHandler: REQUEST }));
}

/** The remaining time of the current invocation. Throws an error outside of one, because a record could then block its key. */
function remainingMillis(name: string): number {
  const invocation = currentInvocation();
  if (!invocation) throw new Error(`'${name}' must be called within an observed handler, got no current invocation; wrap the handler with observed()`);
  return invocation.context.getRemainingTimeInMillis();
}

function named(error: unknown, name: string): unknown {
  if (error instanceof IdempotencyValidationError) return new KeyReusedError(`the key was used for another '${name}'`, { cause: error });
  if (error instanceof IdempotencyAlreadyInProgressError || error instanceof IdempotencyInconsistentStateError) {
    return new InProgressError(`the same '${name}' is in progress; repeat it later`, { cause: error });
  }
  return error;
}

/** The switch of Powertools for unit tests. */
function isDisabled(): boolean {
  return /^(true|1|yes|on|y|t)$/i.test(process.env.POWERTOOLS_IDEMPOTENCY_DISABLED ?? '');
}
