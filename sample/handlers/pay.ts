import { IdempotencyAlreadyInProgressError, IdempotencyValidationError, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { Ledger } from '../domain/ledger';
import { InvalidPaymentError, isSameRequest, parsePaymentRequest, paymentOf, type Payment, type PaymentRequest } from '../domain/payment';
import { required } from '../runtime/environment';
import { idempotency, plainJson } from '../runtime/idempotency';

/** The header must fit into a log line and leave no doubt: printable ASCII without blanks. */
const KEY = /^[\x21-\x7e]{1,255}$/;

const logger = new Logger();
const client = new DynamoDBClient();
const ledger = new Ledger(DynamoDBDocumentClient.from(client), required('LEDGER_TABLE'));
const once = idempotency(client, { eventKeyJmesPath: 'key', payloadValidationJmesPath: 'request' });

class KeyReusedError extends Error {}

const take = makeIdempotent(async ({ key, request }: { key: string; request: PaymentRequest }): Promise<Payment> => {
  const payment = await ledger.enter(paymentOf(key, request));
  if (!isSameRequest(payment, request)) throw new KeyReusedError();
  return plainJson(payment);
}, once);

/** POST a payment with an Idempotency-Key header; the same key answers with the same payment, however often it comes. */
export async function handler(event: APIGatewayProxyEventV2, context: Context): Promise<APIGatewayProxyStructuredResultV2> {
  logger.resetKeys();
  logger.addContext(context);
  once.config.registerLambdaContext(context);
  try {
    const key = event.headers['idempotency-key'];
    if (!key) return answer(400, { error: 'MissingIdempotencyKey', message: "send an 'Idempotency-Key' header" });
    if (!KEY.test(key)) return answer(400, { error: 'InvalidIdempotencyKey', message: "'Idempotency-Key' must be 1 to 255 printable characters" });
    const payment = await take({ key, request: parsePaymentRequest(parseJson(event)) });
    logger.info('payment taken', { payment: payment.id });
    return answer(201, payment);
  } catch (error) {
    return answerError(error);
  }
}

function parseJson(event: APIGatewayProxyEventV2): unknown {
  const text = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString() : event.body ?? '';
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidPaymentError('the body must be JSON');
  }
}

function answerError(error: unknown): APIGatewayProxyStructuredResultV2 {
  if (error instanceof InvalidPaymentError) return answer(400, { error: error.name, message: error.message });
  if (error instanceof IdempotencyValidationError || error instanceof KeyReusedError) {
    return answer(422, { error: 'IdempotencyKeyReused', message: 'the key was used for another payment' });
  }
  if (error instanceof IdempotencyAlreadyInProgressError) return answer(409, { error: 'InProgress', message: 'the same payment is being taken; ask again' });
  logger.error('payment failed', error as Error);
  throw error;
}

function answer(statusCode: number, body: unknown): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
