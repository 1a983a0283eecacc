import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { parts } from './parts';
import { Payments, type PaymentsParts } from './payments';
import type { Answer } from '../http/multi-value-headers';
import { paymentsApi } from '../http/payments-api';
import { Provider } from '../provider/provider';
import { required } from '../runtime/environment';
import { idempotency } from '../runtime/idempotency';
import { type LambdaHandler, logger, metrics, observed, tracer } from '../runtime/observed';
import { secret } from '../runtime/secret';

/** The parts, configured by the stack. */
export function payParts(): PaymentsParts {
  return {
    ...parts(),
    provider: new Provider({ url: required('PROVIDER_URL'), key: secret(required('PROVIDER_KEY_SECRET')) }),
    once: idempotency(tracer.captureAWSv3Client(new DynamoDBClient()), {
      eventKeyJmesPath: '[merchant, key]',
      payloadValidationJmesPath: 'request',
    }),
  };
}

/** The function behind `/payments`, assembled from its parts. */
export function payHandler(ready: PaymentsParts): LambdaHandler<unknown, Answer> {
  const api = paymentsApi({ payments: new Payments(ready), logger });
  return observed(async (event: unknown, context) => {
    ready.once.begin(context);
    const answer = await api(event, context);
    if ((answer as { statusCode?: number }).statusCode === 201) metrics.addMetric('PaymentTaken', MetricUnit.Count, 1);
    return answer;
  });
}
