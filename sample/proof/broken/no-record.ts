import type { Answer } from '../../http/multi-value-headers';
import { payHandler, payParts } from '../../service/pay';
import type { LambdaHandler } from 'cdk-production-lambda-runtime';

/** The paying function without idempotency records: each request does the work. */
export const handler: LambdaHandler<unknown, Answer> = payHandler({ ...payParts(), once: work => work });
