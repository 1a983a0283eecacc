import type { Answer } from '../../http/multi-value-headers';
import type { LambdaHandler } from '../../runtime/observed';
import { oncePerKey, payHandler, payParts } from '../../service/pay';
import { withDescription } from '../next/pay';

/** The next version of the paying function, which compares repetitions by the whole request, with the field that it adds. */
export const handler: LambdaHandler<unknown, Answer> = payHandler({ ...payParts(), once: withDescription(oncePerKey('request')) });
