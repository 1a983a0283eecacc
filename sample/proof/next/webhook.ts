import type { Answer } from '../../http/multi-value-headers';
import type { LambdaHandler } from '../../runtime/observed';
import { webhookHandler, webhookParts } from '../../service/webhook';

const ready = webhookParts();

/** The next version of the webhook: its messages have one field more, which the consumer does not know yet. */
export const handler: LambdaHandler<unknown, Answer> = webhookHandler({
  ...ready, accept: settlement => ready.accept({ ...settlement, receivedAt: new Date().toISOString() } as typeof settlement),
});
