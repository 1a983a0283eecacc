import { createHmac, timingSafeEqual } from 'node:crypto';
import { Router } from '@aws-lambda-powertools/event-handler/http';
import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { corsBehindRestApi } from './cors';
import { answerErrors, type ErrorStatus } from './errors';
import { type Answer, withMultiValueHeaders } from './multi-value-headers';
import { InvalidPaymentError, parsePaymentRequest, type Payment, type PaymentRequest } from '../domain/payment';

/** There is no payment of that id. */
export class PaymentNotFoundError extends Error {
  public readonly name = 'PaymentNotFoundError';
}

/** The signature of a webhook is not the provider's. */
export class ForgedWebhookError extends Error {
  public readonly name = 'ForgedWebhookError';
}

/** What the API does, without a word of HTTP. */
export interface Payments {
  take(idempotencyKey: string, request: PaymentRequest): Promise<Payment>;
  find(id: string): Promise<Payment | undefined>;
  settle(paymentId: string): Promise<void>;
}

export interface PaymentsApiOptions {
  readonly payments: Payments;
  readonly logger: Logger;
  /** The secret that the payment provider signs its webhooks with. */
  readonly webhookSecret: string;
  /** Pages that may call, for a REST API. */
  readonly origins?: readonly string[];
  /** Errors of what stands behind `payments`, beside those of the domain. */
  readonly statuses?: readonly ErrorStatus[];
}

const STATUSES: readonly ErrorStatus[] = [[InvalidPaymentError, 400], [ForgedWebhookError, 401], [PaymentNotFoundError, 404]];

/** The payments over HTTP: the same handler behind HTTP API, REST API, function URL and load balancer. */
export function paymentsApi({ payments, logger, webhookSecret, origins = [], statuses = [] }: PaymentsApiOptions) {
  const app = new Router({ logger });
  app.use(corsBehindRestApi(origins));
  answerErrors(app, [...STATUSES, ...statuses], logger);

  app.post('/payments', async ({ req }) => {
    const key = req.headers.get('idempotency-key');
    if (!key) throw new InvalidPaymentError("send an 'Idempotency-Key' header");
    const payment = await payments.take(key, parsePaymentRequest(parseJson(await req.text())));
    return json(201, payment, { location: `/payments/${payment.id}` });
  });

  app.get('/payments/:id', async ({ params }) => {
    const payment = await payments.find(params.id);
    if (!payment) throw new PaymentNotFoundError(`there is no payment '${params.id}'`);
    return json(200, payment);
  });

  app.post('/webhook', async ({ req }) => {
    const body = await req.text();
    if (!isSigned(body, req.headers.get('x-signature') ?? '', webhookSecret)) throw new ForgedWebhookError('the signature does not match the body');
    const paymentId = (parseJson(body) as { paymentId?: unknown } | null)?.paymentId;
    if (typeof paymentId !== 'string') throw new InvalidPaymentError("'paymentId' must be a text");
    await payments.settle(paymentId);
    return json(202, { accepted: paymentId });
  });

  return async (event: unknown, context: Context): Promise<Answer> => withMultiValueHeaders(event, await app.resolve(event, context));
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidPaymentError('the body must be JSON');
  }
}

function isSigned(body: string, signature: string, secret: string): boolean {
  const expected = createHmac('sha256', secret).update(body).digest();
  const given = Buffer.from(signature, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
