import { randomUUID } from 'node:crypto';
import type { Answer } from '../../http/multi-value-headers';
import { Provider } from '../../provider/provider';
import { payHandler, payParts } from '../../service/pay';
import { type LambdaHandler, required } from 'cdk-production-lambda-runtime';
import { secret } from 'cdk-production-lambda-runtime/secrets';

/** To the provider each call is a new one. */
class NewEachTime extends Provider {
  protected keyFor(): string {
    return randomUUID();
  }
}

/** The paying function without an idempotency key towards the provider. */
export const handler: LambdaHandler<unknown, Answer> = payHandler({
  ...payParts(),
  provider: new NewEachTime({ url: required('PROVIDER_URL'), key: secret('PROVIDER_KEY_SECRET') }),
});
