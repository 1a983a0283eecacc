import type { Answer } from '../../http/multi-value-headers';
import { webhookHandler, webhookParts } from '../../service/webhook';
import type { LambdaHandler } from 'cdk-production-lambda-runtime';

const ready = webhookParts();

/** The next version of the webhook: its messages have one field more, which the consumer does not know yet. */
export const handler: LambdaHandler<unknown, Answer> = webhookHandler({
  ...ready, accept: settlement => ready.accept({ ...settlement, receivedAt: new Date().toISOString() } as typeof settlement),
});
