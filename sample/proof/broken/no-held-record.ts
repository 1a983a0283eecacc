import type { Answer } from '../../http/multi-value-headers';
import { payHandler, payParts } from '../../service/pay';
import type { LambdaHandler } from 'cdk-production-lambda-runtime';
import { idempotent } from 'cdk-production-lambda-runtime/idempotency';

/** The paying function whose record ends with its invocation, although the charge may still be under way. */
export const handler: LambdaHandler<unknown, Answer> = payHandler({
  ...payParts(),
  once: work => idempotent('pay', work, { key: ({ merchant, key }) => [merchant, key], payload: 'request' }),
});
