import type { Random } from './random';

/** How a customer goes about one payment. */
export type Manner =
  | 'plain' // repeats the request until there is a response
  | 'repeats' // has a response and sends the request again
  | 'parallel' // sends several concurrent requests
  | 'otherPayload' // also uses the key for another payment
  | 'walksAway'; // sends one request and never repeats it

const MANNERS: Record<Manner, number> = { plain: 20, repeats: 28, parallel: 30, otherPayload: 14, walksAway: 8 };

/** Answers that end the matter: taken, declined, abandoned, the key belongs to another payment. */
const FINAL = new Set([201, 402, 410, 422]);
const ATTEMPTS_MAX = 150;
/** How long a customer waits before asking again, and how many times as long after many attempts. */
const PAUSE_MILLIS = [150, 600] as const;
const PATIENCE_MAX = 5;

/** What one customer wants, and what became of it. */
export interface Intent {
  readonly number: number;
  readonly key: string;
  readonly manner: Manner;
  /** No other customer pays this amount or one cent more: it identifies a charge without any data of the app. */
  readonly amount: number;
  /** The payments in responses with 201, as text. */
  readonly taken: Set<string>;
  statuses: number[];
  isEnded: boolean;
  /** Whether the customer's own request was rejected as the one of another payment. */
  isRejected: boolean;
  /** Whether the customer has also used the key for another payment, which may have come first. */
  hasAskedForAnother: boolean;
  /** Answers that neither end the matter nor say to repeat it. */
  unclear: number;
}

/** Sends a request: the status and body of the answer, or nothing if there was none. */
export type Post = (key: string, body: unknown, delivery: string) => Promise<{ status: number; body: any } | undefined>;

/** The customers of a run. Each must pay exactly once. */
export class Customers {
  public readonly intents: Intent[] = [];

  /** No customer asks any more once `isOver` says so. */
  constructor(private readonly random: Random, private readonly post: Post, private readonly isOver: () => boolean) {}

  /** Whose money a charge of that amount is. */
  public intentOf(amount: number): Intent | undefined {
    return this.intents[Math.floor((amount - 1_000) / 2)];
  }

  /** Lets the next customer pay. */
  public async next(givenManner?: Manner): Promise<void> {
    const number = this.intents.length;
    const random = this.random.of('customer', number);
    const intent: Intent = {
      number,
      key: `${random.between(1e6, 9e6)}-${number}`,
      manner: givenManner ?? random.pick(MANNERS),
      amount: 1_000 + 2 * number,
      taken: new Set(),
      statuses: [],
      isEnded: false,
      isRejected: false,
      hasAskedForAnother: false,
      unclear: 0,
    };
    this.intents.push(intent);
    await this.pay(intent, random);
  }

  /** The customer asks once more, long after; sometimes for another payment. */
  public async repeat(intent: Intent): Promise<void> {
    const random = this.random.of('late', intent.number);
    intent.statuses = [];
    await this.ask(intent, `late-${intent.number}`, random.chance(0.2) ? 1 : 0);
    await this.untilAnswered(intent, random, 'later');
  }

  private async pay(intent: Intent, random: Random): Promise<void> {
    const name = String(intent.number);
    if (intent.manner === 'walksAway') {
      await this.ask(intent, name);
      intent.isEnded = true;
      return;
    }
    const atOnce = intent.manner === 'parallel' ? random.between(2, 5) : 1;
    const more = intent.manner === 'otherPayload' ? [this.ask(intent, `${name}-other`, 1, random.between(0, 60))] : [];
    await Promise.all([...Array.from({ length: atOnce }, (_, i) => this.ask(intent, `${name}-${i}`)), ...more]);
    await this.untilAnswered(intent, random, name);
    const again = intent.manner === 'repeats' ? random.between(1, 3) : 0;
    for (let i = 0; i < again; i++) await this.ask(intent, `${name}-again-${i}`);
  }

  private async untilAnswered(intent: Intent, random: Random, name: string): Promise<void> {
    for (let attempt = 0; !FINAL.has(intent.statuses[intent.statuses.length - 1]); attempt++) {
      if (attempt === ATTEMPTS_MAX || this.isOver()) return;
      await passed(random.between(...PAUSE_MILLIS) * Math.min(1 + attempt / 2, PATIENCE_MAX));
      await this.ask(intent, `${name}-retry-${attempt}`);
    }
    intent.isEnded = true;
  }

  private async ask(intent: Intent, delivery: string, other = 0, delayMillis = 0): Promise<void> {
    intent.hasAskedForAnother ||= other !== 0;
    if (delayMillis > 0) await passed(delayMillis);
    const answer = await this.post(intent.key, { amount: intent.amount + other, currency: 'EUR', customer: `customer-${intent.number}` }, delivery);
    if (answer?.status === 201) intent.taken.add(JSON.stringify({ id: answer.body.id, amount: answer.body.amount, chargeId: answer.body.chargeId }));
    if (answer?.body?.code === 'INTERNAL_ERROR') intent.unclear++;
    if (other !== 0) return;
    intent.statuses.push(answer?.status ?? 0);
    intent.isRejected ||= answer?.status === 422;
  }
}

export async function passed(millis: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, millis));
}
