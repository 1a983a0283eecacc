import { Router } from '@aws-lambda-powertools/event-handler/http';
import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { answerErrors } from './errors';
import { json, textOf } from './json';
import { type Answer, withMultiValueHeaders } from './multi-value-headers';
import { ForgedWebhookError } from '../domain/errors';
import { parseSettlement, type Settlement } from '../domain/settlement';
import { isSigned } from '../provider/signature';
import type { Value } from 'cdk-production-lambda-runtime/secrets';

export interface WebhookApiOptions {
  /** Sends a notice to the queue. The provider repeats the notice until the call succeeds. */
  readonly accept: (settlement: Settlement) => Promise<void>;
  readonly secret: Value;
  readonly logger: Logger;
}

/** The webhook for the provider's notices. The provider signs its calls and has no token. */
export function webhookApi({ accept, secret, logger }: WebhookApiOptions) {
  const app = new Router({ logger });
  answerErrors(app);

  app.post('/webhooks/provider', async ({ req }) => {
    const body = await textOf(req);
    if (!await isGenuine(body, req.headers.get('x-signature'), secret)) throw new ForgedWebhookError('the signature is missing, too old or not of this body');
    const settlement = parseSettlement(body);
    await accept(settlement);
    return json(202, { accepted: settlement.payment });
  });

  return async (event: unknown, context: Context): Promise<Answer> => withMultiValueHeaders(event, await app.resolve(event, context));
}

/** A signature that does not match may be one of a secret that was rotated since it was read. */
async function isGenuine(body: string, signature: string | null, secret: Value): Promise<boolean> {
  if (!signature) return false;
  const known = await secret();
  if (isSigned(body, signature, known)) return true;
  const newer = await secret(known);
  return newer !== known && isSigned(body, signature, newer);
}
