import type { Answer } from '../../http/multi-value-headers';
import { type Charge, Provider } from '../../provider/provider';
import { payHandler, payParts } from '../../service/pay';
import { type LambdaHandler, required } from 'cdk-production-lambda-runtime';
import { secret } from 'cdk-production-lambda-runtime/secrets';

class QueriesNothing extends Provider {
  public async chargesOf(): Promise<Charge[]> {
    return [];
  }
}

/** The paying function that charges a repeated payment without a query for an earlier charge. */
export const handler: LambdaHandler<unknown, Answer> = payHandler({
  ...payParts(),
  provider: new QueriesNothing({ url: required('PROVIDER_URL'), key: secret('PROVIDER_KEY_SECRET') }),
});
