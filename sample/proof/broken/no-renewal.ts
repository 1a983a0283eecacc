import type { Answer } from '../../http/multi-value-headers';
import type { LambdaHandler } from '../../runtime/observed';
import { webhookHandler, webhookParts } from '../../service/webhook';

const ready = webhookParts();

/** The webhook that uses a rotated secret until its cached value expires. */
export const handler: LambdaHandler<unknown, Answer> = webhookHandler({ ...ready, secret: () => ready.secret() });
