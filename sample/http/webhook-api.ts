import { Router } from '@aws-lambda-powertools/event-handler/http';
import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { answerErrors } from './errors';
import { json, textOf } from './json';
import { type Answer, withMultiValueHeaders } from './multi-value-headers';
import { ForgedWebhookError } from '../domain/errors';
import { parseSettlement, type Settlement } from '../domain/settlement';
import { isSigned } from '../provider/signature';

export interface WebhookApiOptions {
  /** Sends a notice to the queue. The provider repeats the notice until the call succeeds. */
  readonly accept: (settlement: Settlement) => Promise<void>;
  readonly secret: () => Promise<string>;
  readonly logger: Logger;
}

/** The webhook for the provider's notices. The provider signs its calls and has no token. */
export function webhookApi({ accept, secret, logger }: WebhookApiOptions) {
  const app = new Router({ logger });
  answerErrors(app, logger);

  app.post('/webhooks/provider', async ({ req }) => {
    const body = await textOf(req);
    const signature = req.headers.get('x-signature');
    if (!signature || !isSigned(body, signature, await secret())) throw new ForgedWebhookError('the signature is missing, too old or not of this body');
    const settlement = parseSettlement(body);
    await accept(settlement);
    return json(202, { accepted: settlement.payment });
  });

  return async (event: unknown, context: Context): Promise<Answer> => withMultiValueHeaders(event, await app.resolve(event, context));
}
