import type { Order } from '../../domain/payment';
import type { Answer } from '../../http/multi-value-headers';
import type { Once } from '../../runtime/idempotency';
import type { LambdaHandler } from '../../runtime/observed';
import { payHandler, payParts } from '../../service/pay';

/** As if a later version read one field more of a request. Repetitions of one request reach both versions during a canary. */
export function withDescription(once: Once): Once {
  return {
    begin: context => once.begin(context),
    guard: work => {
      const guarded = once.guard(work);
      return (event, ...more) => {
        const order = event as unknown as Order;
        return guarded({ ...order, request: { ...order.request, description: '' } } as unknown as typeof event, ...more);
      };
    },
  };
}

const ready = payParts();

/** The next version of the paying function. */
export const handler: LambdaHandler<unknown, Answer> = payHandler({ ...ready, once: withDescription(ready.once) });
