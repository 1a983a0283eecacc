import type { Answer } from '../http/multi-value-headers';
import type { LambdaHandler } from '../runtime/observed';
import { webhookHandler, webhookParts } from '../service/webhook';

/** Receives the provider's notices. */
export const handler: LambdaHandler<unknown, Answer> = webhookHandler(webhookParts());
