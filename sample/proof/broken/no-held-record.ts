import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Answer } from '../../http/multi-value-headers';
import { idempotency } from '../../runtime/idempotency';
import type { LambdaHandler } from '../../runtime/observed';
import { payHandler, payParts } from '../../service/pay';

/** The paying function whose record ends with its invocation, although the charge may still be under way. */
export const handler: LambdaHandler<unknown, Answer> = payHandler({
  ...payParts(),
  once: idempotency(new DynamoDBClient(), { eventKeyJmesPath: '[merchant, key]', payloadValidationJmesPath: 'request' }),
});
