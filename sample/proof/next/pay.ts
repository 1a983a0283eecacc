import type { Order } from '../../domain/payment';
import type { Answer } from '../../http/multi-value-headers';
import type { Once } from '../../service/parts';
import { payHandler, payParts } from '../../service/pay';
import type { LambdaHandler } from 'cdk-production-lambda-runtime';

/** As if a later version read one field more of a request. Repetitions of one request reach both versions during a canary. */
export function withDescription(once: Once<Order>): Once<Order> {
  return work => {
    const guarded = once(work);
    return (order, ...more) => guarded({ ...order, request: { ...order.request, description: '' } as Order['request'] }, ...more);
  };
}

const ready = payParts();

/** The next version of the paying function. */
export const handler: LambdaHandler<unknown, Answer> = payHandler({ ...ready, once: withDescription(ready.once) });
