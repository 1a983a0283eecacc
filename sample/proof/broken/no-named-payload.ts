import type { Answer } from '../../http/multi-value-headers';
import { oncePerKey, payHandler, payParts } from '../../service/pay';
import { withDescription } from '../next/pay';
import type { LambdaHandler } from 'cdk-production-lambda-runtime';

/** The next version of the paying function, which compares repetitions by the whole request, with the field that it adds. */
export const handler: LambdaHandler<unknown, Answer> = payHandler({ ...payParts(), once: withDescription(oncePerKey(({ request }) => request)) });
