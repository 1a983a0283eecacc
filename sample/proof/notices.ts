import { passed } from './customers';
import type { Random } from './random';
import type { BookedCharge } from '../local/services/provider';
import type { Message, Queue } from '../local/services/queues';
import { signatureOf } from '../provider/signature';

/** Sends a webhook: the status, or nothing if there was no answer. */
export type Hook = (body: string, signature: string, delivery: string) => Promise<number | undefined>;

const POISON = ['', '{', 'null', '[]', '{"payment":7}', '{"payment":"0123456789abcdef0123456789abcdef"}', '\u{1f4a3}'];

/** The provider's notices of settlements: each until it was accepted, some twice, and some that cannot be parsed. */
export class Notices {
  /** Charges whose notice was taken. */
  public readonly accepted = new Set<string>();
  private readonly poison = new Set<string>();
  private readonly open = new Set<Promise<void>>();

  constructor(private readonly random: Random, private readonly secret: string, private readonly hook: Hook, private readonly queue: Queue) {}

  public of(charge: BookedCharge, number: number): void {
    const random = this.random.of('notice', number);
    const work = this.send(charge, random, number).finally(() => this.open.delete(work));
    this.open.add(work);
    if (random.chance(0.03)) this.poison.add(this.queue.send(POISON[random.between(0, POISON.length - 1)]).id);
  }

  public isPoison(message: Message): boolean {
    return this.poison.has(message.id);
  }

  public get poisonCount(): number {
    return this.poison.size;
  }

  /** Until all were taken. */
  public async sent(): Promise<void> {
    while (this.open.size > 0) await Promise.all(this.open);
  }

  private async send({ chargeId, reference }: BookedCharge, random: Random, number: number): Promise<void> {
    const body = JSON.stringify({ payment: reference, chargeId });
    await passed(random.between(0, 400));
    for (let times = random.chance(0.2) ? 2 : 1; times > 0; times--) {
      for (let attempt = 0; attempt < 100; attempt++) {
        const status = await this.hook(body, signatureOf(body, this.secret), `${number}-${times}-${attempt}`);
        if (status === 202) break;
        await passed(random.between(150, 500));
      }
    }
    this.accepted.add(chargeId);
  }
}
