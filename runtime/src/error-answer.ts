import { OutOfTimeError } from './deadline';
import { InProgressError, KeyReusedError, MissingKeyError, ResultLostError } from './idempotency-errors';
import { currentInvocation } from './invocation';
import { isObserved } from './observation';
import type { LambdaHandler } from './observed';
import { isOwnError } from './own-error';
import { logger } from './powertools';

/** What is answered to errors of a class. */
export interface ErrorRule {
  /** The class, or a base class. */
  readonly type: abstract new (...args: never[]) => Error;
  /** The HTTP status: 400 to 599. */
  readonly status: number;
  /**
   * @default - from the name of the error: InvalidOrderError is INVALID_ORDER
   */
  readonly code?: string;
  /**
   * @default - the message of the error below 500; above, a caller gets no details
   */
  readonly message?: string;
}

/** The body of every error answer. */
export interface ErrorBody {
  readonly message: string;
  readonly code: string;
  /** The id under which the log has the details. */
  readonly requestId?: string;
}

/** An answer to API Gateway (payload 1.0 and 2.0), a function URL or a load balancer. */
export interface ErrorAnswer {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** For a load balancer only, which requires it. */
  readonly isBase64Encoded?: boolean;
  /** For a target group with multi-value headers only, whose load balancer reads no others. */
  readonly multiValueHeaders?: Record<string, string[]>;
}

interface OwnErrorRule extends ErrorRule {
  /** Of errors that another copy of this package throws. Minified code renames classes. */
  readonly name: string;
}

const RULES: readonly OwnErrorRule[] = /* @__PURE__ */ [
  { type: MissingKeyError, name: 'MissingKeyError', status: 400 },
  { type: InProgressError, name: 'InProgressError', status: 409 },
  { type: KeyReusedError, name: 'KeyReusedError', status: 422 },
  { type: ResultLostError, name: 'ResultLostError', status: 500 },
  { type: OutOfTimeError, name: 'OutOfTimeError', status: 503, message: 'the request could not be finished in time; send it again' },
];

/** Whether a rule states what is answered, or the error itself, as HTTP errors of Powertools and of http-errors do. */
export function hasErrorAnswer(error: unknown, rules: readonly ErrorRule[] = []): boolean {
  return ruleOf(error, rules) !== undefined;
}

/**
 * The answer to an error: the status of the first rule that matches, then of this package's own errors (400, 409, 422, 503), then of an
 * HTTP error of Powertools or http-errors, else 500. A status of 500 or above has no details; the log has them, under the same request id.
 */
export function errorAnswer(error: unknown, rules: readonly ErrorRule[] = []): ErrorAnswer {
  const { status, code, message } = ruleOf(error, rules) ?? { status: 500, code: 'INTERNAL_ERROR', message: undefined };
  const requestId = requestIdOf();
  if (status >= 500) logger.error('request failed', { error: error as Error, requestId });
  const body: ErrorBody = {
    message: message ?? (status < 500 ? (error as Error).message : 'Internal Server Error'),
    code: code ?? codeOf(error as Error),
    requestId,
  };
  return { statusCode: status, headers: { 'content-type': CONTENT_TYPE }, body: JSON.stringify(body), ...forLoadBalancer() };
}

const CONTENT_TYPE = 'application/json';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#respond-to-load-balancer */
function forLoadBalancer(): Pick<ErrorAnswer, 'isBase64Encoded' | 'multiValueHeaders'> {
  const event = currentInvocation()?.event as { requestContext?: { elb?: unknown } | null; multiValueHeaders?: unknown } | null | undefined;
  if (!event?.requestContext?.elb) return {};
  return { isBase64Encoded: false, ...event.multiValueHeaders ? { multiValueHeaders: { 'content-type': [CONTENT_TYPE] } } : {} };
}

/**
 * A handler whose errors are answered. `observed` counts a status of 500 and above as `Faults`, and must therefore be around it:
 * `observed(withErrorAnswers(handler))`. Throws an error for a handler that is observed already.
 */
export function withErrorAnswers<E, R>(handler: LambdaHandler<E, R>, rules: readonly ErrorRule[] = []): LambdaHandler<E, R | ErrorAnswer> {
  if (isObserved(handler)) {
    throw new Error("'handler' must not be observed already, because its answers would not be counted as 'Faults'; write observed(withErrorAnswers(handler))");
  }
  return async (event, context) => {
    try {
      return await handler(event, context);
    } catch (error) {
      return errorAnswer(error, rules);
    }
  };
}

function ruleOf(error: unknown, rules: readonly ErrorRule[]): Omit<ErrorRule, 'type'> | undefined {
  const rule = rules.find(({ type }) => matches(error, type, type.name)) ?? RULES.find(({ type, name }) => matches(error, type, name));
  if (rule) return rule;
  return error instanceof Error && isForCallers(error) ? { status: error.statusCode } : undefined;
}

function matches(error: unknown, type: ErrorRule['type'], name: string): boolean {
  return error instanceof type || (isOwnError(error) && error.name === name);
}

/**
 * An HTTP error of Powertools, or one of http-errors, which has `expose`: false from 500 on, where the caller sees the status only. A client
 * of another API has errors with a `statusCode`, too.
 */
function isForCallers(error: Error): error is Error & { statusCode: number } {
  const { statusCode, errorType, expose } = error as { statusCode?: unknown; errorType?: unknown; expose?: unknown };
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode <= 599 && (typeof errorType === 'string' || expose === true || (expose === false && statusCode >= 500));
}

/** The id that the entrance has shown to the caller, or else the one of Lambda. */
function requestIdOf(): string | undefined {
  const { event, context } = currentInvocation() ?? {};
  const { requestId } = (event as { requestContext?: { requestId?: string } } | undefined)?.requestContext ?? {};
  return requestId ?? context?.awsRequestId;
}

/** By the name of the error, or of its class if the class sets none. */
function codeOf({ name, constructor }: Error): string {
  const own = name && name !== 'Error' ? name : constructor.name;
  return own === 'Error' ? 'ERROR' : own.replace(/Error$/, '').replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase();
}
