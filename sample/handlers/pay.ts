import type { Answer } from '../http/multi-value-headers';
import type { LambdaHandler } from '../runtime/observed';
import { payHandler, payParts } from '../service/pay';

/** Takes payments and returns their state. */
export const handler: LambdaHandler<unknown, Answer> = payHandler(payParts());
