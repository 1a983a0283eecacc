import { HttpError, type Router } from '@aws-lambda-powertools/event-handler/http';
import type { Logger } from '@aws-lambda-powertools/logger';
import {
  ChargeUnderWayError, ForgedWebhookError, InProgressError, InvalidPaymentError, InvalidSettlementError, KeyReusedError, MissingIdempotencyKeyError,
  PayloadTooLargeError, PaymentAbandonedError, PaymentDeclinedError, PaymentNotFinishedError, PaymentNotFoundError, ProviderUnavailableError,
  UnknownCallerError,
} from '../domain/errors';
import { OutOfTimeError } from '../runtime/deadline';

type ErrorClass = new (...args: never[]) => Error;

/** The HTTP status of each error. */
const STATUSES: readonly (readonly [ErrorClass, number])[] = [
  [InvalidPaymentError, 400],
  [InvalidSettlementError, 400],
  [MissingIdempotencyKeyError, 400],
  [UnknownCallerError, 401],
  [ForgedWebhookError, 401],
  [PaymentDeclinedError, 402],
  [PaymentNotFoundError, 404],
  [InProgressError, 409],
  [PaymentAbandonedError, 410],
  [PayloadTooLargeError, 413],
  [KeyReusedError, 422],
];

/** Errors after which the request may be repeated with the same key. Only the log has the details. */
const RETRYABLE: readonly (readonly [ErrorClass, number, string])[] = [
  [ProviderUnavailableError, 502, 'PROVIDER_UNAVAILABLE'],
  [ChargeUnderWayError, 502, 'PROVIDER_UNAVAILABLE'],
  [PaymentNotFinishedError, 503, 'NOT_FINISHED'],
  [OutOfTimeError, 503, 'OUT_OF_TIME'],
];

/** The body of every error response of a function or of a REST API. The errors of an HTTP API have only `message`. */
export interface ErrorBody {
  readonly message: string;
  readonly code: string;
  readonly requestId?: string;
}

/**
 * Maps every error to a response: domain errors and the router's errors (such as 404) with their status and message,
 * and any other error with 500 and no details. The details are in the log, under the same request id.
 */
export function answerErrors(app: Router, logger: Logger): void {
  app.errorHandler(Error, async (error, { event, context }) => {
    const requestId = (event as { requestContext: { requestId?: string } }).requestContext.requestId ?? context.awsRequestId;
    const [status, body] = said(error);
    if (status >= 500) logger.error('request failed', { error, requestId });
    return new Response(JSON.stringify({ ...body, requestId } satisfies ErrorBody), { status, headers: { 'content-type': 'application/json' } });
  });
}

/** Whether an error has a response of its own. Any other error says nothing about the work that it interrupted. */
export function hasAnswer(error: unknown): boolean {
  return error instanceof HttpError || [...STATUSES, ...RETRYABLE].some(([type]) => error instanceof type);
}

function said(error: Error): [number, Omit<ErrorBody, 'requestId'>] {
  const status = STATUSES.find(([type]) => error instanceof type)?.[1] ?? (error instanceof HttpError ? error.statusCode : 500);
  if (status < 500) return [status, { message: error.message, code: codeOf(error) }];
  const retryable = RETRYABLE.find(([type]) => error instanceof type);
  if (retryable) return [retryable[1], { message: 'the payment could not be finished now; send it again with the same key', code: retryable[2] }];
  return [500, { message: 'Internal Server Error', code: 'INTERNAL_ERROR' }];
}

/** InvalidPaymentError is INVALID_PAYMENT. */
function codeOf(error: Error): string {
  return error.name.replace(/Error$/, '').replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase();
}
