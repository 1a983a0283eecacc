import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { parts } from './parts';
import { Payments, type PaymentsParts } from './payments';
import { ChargeUnderWayError } from '../domain/errors';
import type { Answer } from '../http/multi-value-headers';
import { paymentsApi } from '../http/payments-api';
import { Tokens } from '../http/tokens';
import { Provider } from '../provider/provider';
import { required, requiredNumber } from '../runtime/environment';
import { idempotency, type Once } from '../runtime/idempotency';
import { type LambdaHandler, logger, metrics, observed, tracer } from '../runtime/observed';
import { secret } from '../runtime/secret';

/** By name: a field that a later version adds to the request must not make its repetitions differ from an earlier version's. */
const PAYLOAD = 'request.{amount: amount, currency: currency, customer: customer}';

/** The parts, configured by the stack. */
export function payParts(): PaymentsParts {
  return {
    ...parts(),
    provider: new Provider({ url: required('PROVIDER_URL'), key: secret(required('PROVIDER_KEY_SECRET')) }),
    once: oncePerKey(PAYLOAD),
    tokens: tokens(),
  };
}

/**
 * The guard of a payment: one for each caller and key. `payload` names the part of an order that must be equal in a repetition. The
 * record is held as long as a charge may be under way.
 */
export function oncePerKey(payload: string): Once {
  return idempotency(tracer.captureAWSv3Client(new DynamoDBClient()), { eventKeyJmesPath: '[merchant, key]', payloadValidationJmesPath: payload }, {
    millis: requiredNumber('CHARGE_UNDER_WAY_SECONDS') * 1_000,
    isCause: error => error instanceof ChargeUnderWayError,
  });
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
    ready.once.begin(context);
    const answer = await api(event, context);
    if ((answer as { statusCode?: number }).statusCode === 201) metrics.addMetric('PaymentTaken', MetricUnit.Count, 1);
    return answer;
  });
}
