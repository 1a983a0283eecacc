import type { Router } from '@aws-lambda-powertools/event-handler/http';
import {
  ChargeUnderWayError, ForgedWebhookError, InvalidPaymentError, InvalidSettlementError, MissingIdempotencyKeyError,
  PayloadTooLargeError, PaymentAbandonedError, PaymentDeclinedError, PaymentNotFinishedError, PaymentNotFoundError, ProviderUnavailableError,
  UnknownCallerError,
} from '../domain/errors';
import { errorAnswer, type ErrorRule, hasErrorAnswer, OutOfTimeError } from 'cdk-production-lambda-runtime';
import { InProgressError, KeyReusedError, ResultLostError } from 'cdk-production-lambda-runtime/idempotency';

/** After these errors the request may be repeated with the same key. Only the log has the details. */
const REPEAT = 'the payment could not be finished now; send it again with the same key';

/** The answer to each error. */
const RULES: readonly ErrorRule[] = [
  { type: InvalidPaymentError, status: 400 },
  { type: InvalidSettlementError, status: 400 },
  { type: MissingIdempotencyKeyError, status: 400 },
  { type: UnknownCallerError, status: 401 },
  { type: ForgedWebhookError, status: 401 },
  { type: PaymentDeclinedError, status: 402 },
  { type: PaymentNotFoundError, status: 404 },
  { type: InProgressError, status: 409, message: 'the payment is being processed; repeat the request' },
  { type: PaymentAbandonedError, status: 410 },
  { type: PayloadTooLargeError, status: 413 },
  { type: KeyReusedError, status: 422, message: 'the key was used for another payment' },
  { type: ProviderUnavailableError, status: 502, code: 'PROVIDER_UNAVAILABLE', message: REPEAT },
  { type: ChargeUnderWayError, status: 502, code: 'PROVIDER_UNAVAILABLE', message: REPEAT },
  { type: PaymentNotFinishedError, status: 503, code: 'NOT_FINISHED', message: REPEAT },
  // the payment was charged: a later version saved its result, and that version can return it
  { type: ResultLostError, status: 503, code: 'NOT_FINISHED', message: REPEAT },
  { type: OutOfTimeError, status: 503, message: REPEAT },
];

/**
 * Maps every error to a response: domain errors and the router's errors (such as 404) with their status and message,
 * and any other error with 500 and no details. The details are in the log, under the same request id.
 */
export function answerErrors(app: Router): void {
  app.errorHandler(Error, async error => {
    const { statusCode: status, headers, body } = errorAnswer(error, RULES);
    return new Response(body, { status, headers });
  });
}

/** Whether an error has a response of its own. Any other error says nothing about the work that it interrupted. */
export function hasAnswer(error: unknown): boolean {
  return hasErrorAnswer(error, RULES);
}
