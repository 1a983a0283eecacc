import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { parts } from './parts';
import { type Notice, Settlements, type SettlementsParts } from './settlements';
import { parseSettlement } from '../domain/settlement';
import { Deadline, metrics, observed } from 'cdk-production-lambda-runtime';
import { batch, type BatchResponse } from 'cdk-production-lambda-runtime/batch';
import { idempotent } from 'cdk-production-lambda-runtime/idempotency';

/** The parts, configured by the stack. */
export function settleParts(): SettlementsParts {
  return { ...parts(), once: work => idempotent('settle', work, { key: ({ messageId }: Notice) => messageId }) };
}

/** The function behind the queue of settlements. Only failed messages are received again, and finally move to the dead-letter queue. */
export function settleHandler(ready: SettlementsParts) {
  const settlements = new Settlements(ready);
  const settleAll = batch(async ({ messageId, body }: SQSRecord) => {
    // A message that cannot be parsed fails alone.
    await settlements.settle({ messageId, settlement: parseSettlement(body) }, Deadline.current()!);
    metrics.addMetric('PaymentSettled', MetricUnit.Count, 1);
  });
  return observed((event: SQSEvent): Promise<BatchResponse> => settleAll(event));
}
