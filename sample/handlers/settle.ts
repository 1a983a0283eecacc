import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { Ledger } from '../domain/ledger';
import { parseSettlement } from '../domain/settlement';
import { required } from '../runtime/environment';
import { idempotency } from '../runtime/idempotency';

const logger = new Logger();
const client = new DynamoDBClient();
const ledger = new Ledger(DynamoDBDocumentClient.from(client), required('LEDGER_TABLE'));
const once = idempotency(client, { eventKeyJmesPath: 'messageId' });
const processor = new BatchProcessor(EventType.SQS);

const settle = makeIdempotent(async (record: SQSRecord): Promise<string> => {
  const settlement = parseSettlement(record.body);
  await ledger.settle(settlement);
  logger.info('payment settled', { payment: settlement.payment });
  return settlement.payment;
}, once);

/** Settles each notice of a batch once; only the notices that failed come back, and in the end go to the dead-letter queue. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  logger.resetKeys();
  logger.addContext(context);
  once.config.registerLambdaContext(context);
  return processPartialResponse(event, settleLogged, processor);
}

/** The processor answers which notices failed and keeps the reason to itself. */
async function settleLogged(record: SQSRecord): Promise<string> {
  try {
    return await settle(record);
  } catch (error) {
    logger.error('settlement failed', { error: error as Error, messageId: record.messageId });
    throw error;
  }
}
