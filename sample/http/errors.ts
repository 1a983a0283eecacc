import { HttpError, type Router } from '@aws-lambda-powertools/event-handler/http';
import type { Logger } from '@aws-lambda-powertools/logger';

/** An error of the domain, and the status by which HTTP says it. */
export type ErrorStatus = readonly [new (...args: never[]) => Error, number];

/** What every error looks like, whoever answers: `message` is where API Gateway and function URLs have their text, too. */
export interface ErrorBody {
  readonly message: string;
  readonly code: string;
  readonly requestId?: string;
}

/**
 * Answers whatever is thrown behind the router: domain errors with their status and message, the router's own (404 and so on)
 * with theirs, and anything else with 500 and no word of what it was. That is in the log, under the same request id.
 */
export function answerErrors(app: Router, statuses: readonly ErrorStatus[], logger: Logger): void {
  app.errorHandler(Error, async (error, { event, context }) => {
    const requestId = (event as { requestContext: { requestId?: string } }).requestContext.requestId ?? context.awsRequestId;
    const status = statuses.find(([type]) => error instanceof type)?.[1] ?? (error instanceof HttpError ? error.statusCode : 500);
    if (status >= 500) logger.error('request failed', { error, requestId });
    const body: ErrorBody = status >= 500
      ? { message: 'Internal Server Error', code: 'INTERNAL_ERROR', requestId }
      : { message: error.message, code: codeOf(error), requestId };
    return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
  });
}

/** InvalidPaymentError is INVALID_PAYMENT. */
function codeOf(error: Error): string {
  return error.name.replace(/Error$/, '').replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase();
}
