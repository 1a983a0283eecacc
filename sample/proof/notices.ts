import { passed } from './passed';
import type { Random } from '../../testing/src';
import type { BookedCharge } from '../local/services/provider';
import type { Message, Queue } from '../local/services/queues';
import { signatureOf } from '../provider/signature';

/** Sends a webhook: the status, or nothing if there was no answer. */
export type Hook = (body: string, signature: string, delivery: string) => Promise<number | undefined>;

const ATTEMPTS_MAX = 100;
/** More often than a genuine notice is rejected until the receiver has read a rotated secret again. */
const REJECTIONS_MAX = 30;
const POISON = ['', '{', 'null', '[]', '{"payment":7}', '{"payment":"0123456789abcdef0123456789abcdef"}', '\u{1f4a3}'];

/** How often a notice arrives while its charge is being answered, and how often a charge is not settled. */
const AT_ONCE_SHARE = 0.3;
const UNSETTLED_SHARE = 0.05;
const FORGED_SHARE = 0.05;

/**
 * The provider's notices of settlements: each until it was accepted, some before the charge is booked, some twice, some that
 * cannot be parsed, and some that somebody else signed.
 */
export class Notices {
  /** Charges whose notice was taken. */
  public readonly accepted = new Set<string>();
  /** Charges that the provider does not settle: only somebody else says so. */
  public readonly unsettled = new Set<string>();
  /** Charges whose notice was rejected again and again. */
  public readonly rejected = new Set<string>();
  /** How many notices somebody else signed. */
  public forged = 0;
  private readonly poison = new Set<string>();
  private readonly open = new Set<Promise<void>>();
  private isStopped = false;

  constructor(private readonly random: Random, private readonly secret: () => string, private readonly hook: Hook, private readonly queue: Queue) {}

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

  /** Sends no more notices. */
  public stop(): void {
    this.isStopped = true;
  }

  /** Until all were taken. */
  public async sent(): Promise<void> {
    while (this.open.size > 0) await Promise.all(this.open);
  }

  private async send({ chargeId, reference }: BookedCharge, random: Random, number: number): Promise<void> {
    const body = JSON.stringify({ payment: reference, chargeId });
    const isUnsettled = random.chance(UNSETTLED_SHARE);
    if (isUnsettled) this.unsettled.add(chargeId);
    await passed(random.chance(AT_ONCE_SHARE) ? 0 : random.between(1, 400));
    if (isUnsettled || random.chance(FORGED_SHARE)) {
      this.forged++;
      await this.hook(body, signatureOf(body, 'a guess'), `${number}-forged`);
    }
    if (isUnsettled) return;
    let rejections = 0;
    for (let times = random.chance(0.2) ? 2 : 1; times > 0; times--) {
      for (let attempt = 0; attempt < ATTEMPTS_MAX && !this.isStopped; attempt++) {
        const status = await this.hook(body, signatureOf(body, this.secret()), `${number}-${times}-${attempt}`);
        if (status === 202) break;
        if (status === 401 && ++rejections > REJECTIONS_MAX) return void this.rejected.add(chargeId);
        await passed(random.between(150, 500));
      }
    }
    this.accepted.add(chargeId); // or given up, which is the receiver's fault
  }
}
