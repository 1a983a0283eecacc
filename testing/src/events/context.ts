import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { arn } from '../template/assembly';

export interface ContextOptions {
  /**
   * The milliseconds until the deadline. They run out.
   *
   * @default 10000
   */
  readonly remainingMillis?: number;
  /** @default `function` */
  readonly functionName?: string;
  /** @default `1` */
  readonly functionVersion?: string;
  /** @default - a new one */
  readonly awsRequestId?: string;
  /** @default 512 */
  readonly memorySize?: number;
}

/** The context of an invocation of a live alias, for handlers that a test calls directly. */
export function contextOf(options: ContextOptions = {}): Context {
  const { remainingMillis = 10_000, functionName = 'function', functionVersion = '1', awsRequestId = randomUUID(), memorySize = 512 } = options;
  const end = Date.now() + remainingMillis;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion,
    invokedFunctionArn: arn('lambda', `function:${functionName}:live`),
    memoryLimitInMB: String(memorySize),
    awsRequestId,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'test',
    getRemainingTimeInMillis: () => Math.max(0, end - Date.now()),
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
