import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { type Once, parts } from './parts';
import { Payments, type PaymentsParts } from './payments';
import { ChargeUnderWayError } from '../domain/errors';
import type { Order } from '../domain/payment';
import type { Answer } from '../http/multi-value-headers';
import { paymentsApi } from '../http/payments-api';
import { Tokens } from '../http/tokens';
import { Provider } from '../provider/provider';
import { type LambdaHandler, logger, metrics, observed, required, requiredNumber } from 'cdk-production-lambda-runtime';
import { idempotent, type Selector } from 'cdk-production-lambda-runtime/idempotency';
import { secret } from 'cdk-production-lambda-runtime/secrets';

/** By name: a field that a later version adds to the request must not make its repetitions differ from an earlier version's. */
const payloadOf = ({ request: { amount, currency, customer } }: Order) => ({ amount, currency, customer });

/** The parts, configured by the stack. */
export function payParts(): PaymentsParts {
  return {
    ...parts(),
    provider: new Provider({ url: required('PROVIDER_URL'), key: secret('PROVIDER_KEY_SECRET') }),
    once: oncePerKey(payloadOf),
    tokens: tokens(),
  };
}

/**
 * The guard of a payment: one for each caller and key. `payload` names the part of an order that must be equal in a repetition. The
 * record is held as long as a charge may be under way.
 */
export function oncePerKey(payload: Selector<Order>): Once<Order> {
  const hold = { millis: requiredNumber('CHARGE_UNDER_WAY_SECONDS') * 1_000, after: (error: unknown) => error instanceof ChargeUnderWayError };
  return work => idempotent('pay', work, { key: ({ merchant, key }) => [merchant, key], payload, hold });
}

/** Behind a load balancer, the handler verifies the tokens. The other entrances have done so before. */
function tokens(): Tokens | undefined {
  if (!process.env.TOKEN_ISSUER) return undefined;
  return new Tokens({ issuer: required('TOKEN_ISSUER'), audience: required('TOKEN_AUDIENCE').split(','), jwksUrl: required('TOKEN_JWKS_URL') });
}

/** The function behind `/payments`, assembled from its parts. */
export function payHandler(ready: PaymentsParts): LambdaHandler<unknown, Answer> {
  const api = paymentsApi({ payments: new Payments(ready), logger, tokens: ready.tokens });
  return observed(async (event: unknown, context) => {
    const answer = await api(event, context);
    if ((answer as { statusCode?: number }).statusCode === 201) metrics.addMetric('PaymentTaken', MetricUnit.Count, 1);
    return answer;
  });
}
