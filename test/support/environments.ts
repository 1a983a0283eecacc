import type { Context } from 'aws-lambda';
import type { DynamoDb } from './dynamo-db';
import { contextOf } from '../../testing/src/events/context';

/** A handler as Lambda calls it. */
export type Handler<E, R> = (event: E, context: Context) => Promise<R>;

/** Loads the module of a handler afresh, as each of Lambda's environments does. */
export function newEnvironment<E, R>(load: () => { handler: Handler<E, R> }): Handler<E, R> {
  let handler!: Handler<E, R>;
  jest.isolateModules(() => (handler = load().handler));
  return handler;
}

/** A context with that much time left. */
export function contextWith(remainingMillis: number): Context {
  return contextOf({ remainingMillis, functionName: 'sample', awsRequestId: '00000000-0000-4000-8000-000000000000' });
}

/** Sets what Lambda and the stack would set for a handler whose tables are in `db`. */
export function setEnvironment(db: DynamoDb, own: Record<string, string>): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: db.endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    IDEMPOTENCY_TABLE: 'Idempotency',
    IDEMPOTENCY_EXPIRES_AFTER_SECONDS: '604800',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
    POWERTOOLS_METRICS_NAMESPACE: 'Payments',
    POWERTOOLS_TRACE_ENABLED: 'false',
    ...own,
  });
}

export async function passed(millis: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, millis));
}
