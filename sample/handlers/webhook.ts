import type { Answer } from '../http/multi-value-headers';
import { webhookHandler, webhookParts } from '../service/webhook';
import type { LambdaHandler } from 'cdk-production-lambda-runtime';

/** Receives the provider's notices. */
export const handler: LambdaHandler<unknown, Answer> = webhookHandler(webhookParts());
