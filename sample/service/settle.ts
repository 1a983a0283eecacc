import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { parts } from './parts';
import { Settlements, type SettlementsParts } from './settlements';
import { parseSettlement } from '../domain/settlement';
import { Deadline } from '../runtime/deadline';
import { idempotency } from '../runtime/idempotency';
import { logger, metrics, observed, tracer } from '../runtime/observed';

/** The parts, configured by the stack. */
export function settleParts(): SettlementsParts {
  return { ...parts(), once: idempotency(tracer.captureAWSv3Client(new DynamoDBClient()), { eventKeyJmesPath: 'messageId' }) };
}

/** The function behind the queue of settlements. Only failed messages are received again, and finally move to the dead-letter queue. */
export function settleHandler(ready: SettlementsParts) {
  const settlements = new Settlements(ready);
  const processor = new BatchProcessor(EventType.SQS);
  return observed(async (event: SQSEvent, context): Promise<SQSBatchResponse> => {
    ready.once.begin(context);
    const deadline = Deadline.of(context);
    return processPartialResponse(event, async (record: SQSRecord) => {
      try {
        // A message that cannot be parsed fails alone.
        const settlement = parseSettlement(record.body);
        await settlements.settle({ messageId: record.messageId, settlement }, deadline);
        metrics.addMetric('PaymentSettled', MetricUnit.Count, 1);
      } catch (error) {
        // The processor returns the failed messages without the reason.
        logger.error('settlement failed', { error: error as Error, messageId: record.messageId });
        throw error;
      }
    }, processor);
  });
}
