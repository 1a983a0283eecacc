import type { Answer } from '../../http/multi-value-headers';
import { webhookHandler, webhookParts } from '../../service/webhook';
import type { LambdaHandler } from 'cdk-production-lambda-runtime';

const ready = webhookParts();

/** The webhook that uses a rotated secret until its cached value expires. */
export const handler: LambdaHandler<unknown, Answer> = webhookHandler({ ...ready, secret: () => ready.secret() });
