import type { Answer } from '../../http/multi-value-headers';
import type { LambdaHandler } from '../../runtime/observed';
import { payHandler, payParts } from '../../service/pay';

/** The paying function without idempotency records: each request does the work. */
export const handler: LambdaHandler<unknown, Answer> = payHandler({ ...payParts(), once: { begin: () => undefined, guard: work => work } });
