import { parseSettlement } from '../../domain/settlement';
import { webhookParts } from '../../service/webhook';
import type { LambdaHandler } from 'cdk-production-lambda-runtime';

const { accept } = webhookParts();

/** The webhook that believes everybody. */
export const handler: LambdaHandler<{ body: string }, { statusCode: number; body: string }> = async ({ body }) => {
  await accept(parseSettlement(body));
  return { statusCode: 202, body: '{}' };
};
