import { passed } from './passed';
import type { Acceptance, Delivery, Random } from '../../testing/src';

/** Responses that are final: declined, abandoned, the key belongs to another payment. */
const REJECTED = new Set([402, 410, 422]);
/** How many customers use their key for another payment as well: at first, and after days. */
const OTHER_SHARE = 0.14;
const LATE_OTHER_SHARE = 0.2;

/** What one customer wants, and the result. */
export interface Intent {
  readonly number: number;
  readonly key: string;
  /** No other customer pays this amount or one cent more: it identifies a charge without any data of the app. */
  readonly amount: number;
  /** The payments in responses with 201, as text. */
  readonly taken: Set<string>;
  readonly statuses: number[];
  isEnded: boolean;
  /** Whether the customer's own request was rejected as the one of another payment. */
  isRejected: boolean;
  /** Whether the customer has also used the key for another payment, which may have come first. */
  hasAskedForAnother: boolean;
  /** Responses that neither end the matter nor say to repeat it. */
  unclear: number;
}

/** Sends a request: the status and body of the response, or nothing if there was none. */
export type Post = (key: string, body: unknown, delivery: Delivery) => Promise<{ status: number; body: any } | undefined>;

/** The customers of a run. Each must pay exactly once. */
export class Customers {
  public readonly intents: Intent[] = [];

  constructor(private readonly random: Random, private readonly post: Post) {}

  /** Whose money a charge of that amount is. */
  public intentOf(amount: number): Intent | undefined {
    return this.intents[Math.floor((amount - 1_000) / 2)];
  }

  /** One request of a customer; the first is sometimes accompanied or, after days, replaced by one for another payment. */
  public async deliver(delivery: Delivery): Promise<Acceptance> {
    const { number, attempt, isLate, givesUp } = delivery;
    const intent = this.intents[number] ??= this.newIntent(number);
    const random = this.random.of('another payment', number, String(isLate));
    const hasOther = attempt === 0 && !givesUp && random.chance(isLate ? LATE_OTHER_SHARE : OTHER_SHARE);
    if (hasOther && isLate) {
      await this.request(intent, delivery, 1);
      return 'again';
    }
    const other = hasOther ? this.request(intent, { ...delivery, id: `${delivery.id}-other` }, 1, random.between(0, 60)) : undefined;
    const [status] = await Promise.all([this.request(intent, delivery), other]);
    const acceptance = status === 201 ? 'done' : REJECTED.has(status) ? 'rejected' : 'again';
    intent.isEnded ||= givesUp || acceptance !== 'again';
    return acceptance;
  }

  private newIntent(number: number): Intent {
    const key = `${this.random.of('customer', number).between(1e6, 9e6)}-${number}`;
    return {
      number,
      key,
      amount: 1_000 + 2 * number,
      taken: new Set(),
      statuses: [],
      isEnded: false,
      isRejected: false,
      hasAskedForAnother: false,
      unclear: 0,
    };
  }

  private async request(intent: Intent, delivery: Delivery, other = 0, delayMillis = 0): Promise<number> {
    intent.hasAskedForAnother ||= other !== 0;
    if (delayMillis > 0) await passed(delayMillis);
    const answer = await this.post(intent.key, { amount: intent.amount + other, currency: 'EUR', customer: `customer-${intent.number}` }, delivery);
    if (answer?.status === 201) intent.taken.add(JSON.stringify({ id: answer.body.id, amount: answer.body.amount, chargeId: answer.body.chargeId }));
    if (answer?.body?.code === 'INTERNAL_ERROR') intent.unclear++;
    const status = answer?.status ?? 0;
    if (other !== 0) return status;
    intent.statuses.push(status);
    intent.isRejected ||= status === 422;
    return status;
  }
}
