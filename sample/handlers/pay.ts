import { randomUUID } from 'node:crypto';
import { IdempotencyConfig, IdempotencyAlreadyInProgressError, IdempotencyValidationError, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { InvalidPaymentError, parsePaymentRequest, type Payment, type PaymentRequest } from '../domain/payment';

const LEDGER_TABLE = required('LEDGER_TABLE');
const logger = new Logger();
const client = new DynamoDBClient();
const ledger = DynamoDBDocumentClient.from(client);
const persistenceStore = new DynamoDBPersistenceLayer({ tableName: required('IDEMPOTENCY_TABLE'), awsSdkV3Client: client });
const config = new IdempotencyConfig({
  eventKeyJmesPath: 'key',
  payloadValidationJmesPath: 'request',
  throwOnNoIdempotencyKey: true,
  expiresAfterSeconds: 24 * 3_600,
});

const take = makeIdempotent(
  async ({ request }: { key: string; request: PaymentRequest }): Promise<Payment> => {
    const payment: Payment = { ...request, id: randomUUID(), takenAt: new Date().toISOString() };
    await ledger.send(new PutCommand({ TableName: LEDGER_TABLE, Item: payment, ConditionExpression: 'attribute_not_exists(id)' }));
    return payment;
  },
  { persistenceStore, config, keyPrefix: 'pay' },
);

/** POST a payment with an Idempotency-Key header; the same key answers with the same payment, however often it comes. */
export async function handler(event: APIGatewayProxyEventV2, context: Context): Promise<APIGatewayProxyStructuredResultV2> {
  logger.resetKeys();
  logger.addContext(context);
  config.registerLambdaContext(context);
  try {
    const key = event.headers['idempotency-key'];
    if (!key) return answer(400, { error: 'MissingIdempotencyKey', message: "send an 'Idempotency-Key' header" });
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
  if (error instanceof IdempotencyValidationError) return answer(422, { error: 'IdempotencyKeyReused', message: 'the key was used for another payment' });
  if (error instanceof IdempotencyAlreadyInProgressError) return answer(409, { error: 'InProgress', message: 'the same payment is being taken; ask again' });
  logger.error('payment failed', error as Error);
  throw error;
}

function answer(statusCode: number, body: unknown): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`environment variable ${name} is missing`);
  return value;
}
