import { Router } from '@aws-lambda-powertools/event-handler/http';
import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { callerOf } from './caller';
import { corsBehindRestApi } from './cors';
import { answerErrors, hasAnswer } from './errors';
import { json, textOf } from './json';
import { type Answer, withMultiValueHeaders } from './multi-value-headers';
import type { Tokens } from './tokens';
import { InvalidPaymentError, PaymentNotFinishedError, PaymentNotFoundError } from '../domain/errors';
import { parseIdempotencyKey, parsePaymentRequest } from '../domain/payment';
import type { Payments } from '../service/payments';
import { Deadline } from 'cdk-production-lambda-runtime';

export interface PaymentsApiOptions {
  readonly payments: Pick<Payments, 'take' | 'find'>;
  readonly logger: Logger;
  /** The origins of pages that may call a REST API. */
  readonly origins?: readonly string[];
  /** Verifies the tokens behind a load balancer. Without it, requests of a load balancer have no caller and are rejected. */
  readonly tokens?: Tokens;
}

/** The payments over HTTP: the same handler behind HTTP API, REST API, function URL and load balancer. */
export function paymentsApi({ payments, logger, origins = [], tokens }: PaymentsApiOptions) {
  const app = new Router({ logger });
  app.use(corsBehindRestApi(origins));
  answerErrors(app);

  app.post('/payments', async ({ req, event, context }) => {
    const key = parseIdempotencyKey(req.headers.get('idempotency-key'));
    const merchant = await callerOf(event, tokens);
    const request = parsePaymentRequest(parseJson(await textOf(req)));
    const payment = await payments.take({ merchant, key, request }, Deadline.of(context)).catch(error => { throw toldToRepeat(error); });
    return json(201, payment, { location: `/payments/${payment.id}` });
  });

  app.get('/payments/:id', async ({ params, event, context }) => {
    const payment = await payments.find(await callerOf(event, tokens), params.id, Deadline.of(context));
    if (!payment) throw new PaymentNotFoundError('there is no such payment');
    return json(200, payment);
  });

  return async (event: unknown, context: Context): Promise<Answer> => withMultiValueHeaders(event, await app.resolve(event, context));
}

/** An unforeseen error may come after the charge: the customer must repeat the request with this key, and not with a new one. */
function toldToRepeat(error: Error): Error {
  return hasAnswer(error) ? error : new PaymentNotFinishedError(error.message, { cause: error });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidPaymentError('the body must be JSON');
  }
}
