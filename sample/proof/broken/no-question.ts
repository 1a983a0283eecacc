import type { Answer } from '../../http/multi-value-headers';
import { type Charge, Provider } from '../../provider/provider';
import { required } from '../../runtime/environment';
import type { LambdaHandler } from '../../runtime/observed';
import { secret } from '../../runtime/secret';
import { payHandler, payParts } from '../../service/pay';

class QueriesNothing extends Provider {
  public async chargesOf(): Promise<Charge[]> {
    return [];
  }
}

/** The paying function that charges a repeated payment without a query for an earlier charge. */
export const handler: LambdaHandler<unknown, Answer> = payHandler({
  ...payParts(),
  provider: new QueriesNothing({ url: required('PROVIDER_URL'), key: secret(required('PROVIDER_KEY_SECRET')) }),
});
