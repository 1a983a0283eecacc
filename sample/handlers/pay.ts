import type { Answer } from '../http/multi-value-headers';
import { payHandler, payParts } from '../service/pay';
import type { LambdaHandler } from 'cdk-production-lambda-runtime';

/** Takes payments and returns their state. */
export const handler: LambdaHandler<unknown, Answer> = payHandler(payParts());
