import { randomUUID } from 'node:crypto';
import type { HttpService, ProxiedRequest } from '../../../testing/src';

/** Money that was taken. */
export interface BookedCharge {
  readonly chargeId: string;
  readonly status: 'succeeded';
  readonly amount: number;
  readonly currency: string;
  readonly reference: string;
  readonly key?: string;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface ProviderOptions {
  /** Hears of each charge, once. */
  readonly charged?: (charge: BookedCharge) => void;
  /** How long a charge takes; it takes no time when absent. */
  readonly chargeMillis?: () => number;
  /** How long after a charge it appears in the list of charges; it is listed immediately when absent. */
  readonly listedAfterMillis?: () => number;
  /** Whether the response to a charge that was made is an error, after which its key is free again; never when absent. */
  readonly failsAfterCharge?: () => boolean;
  /** The key that callers must have; any when absent. */
  readonly key?: () => string;
}

/**
 * The stand-in for the payment provider. It promises no more than it must (docs/EXACTLY-ONCE.md): the same `Idempotency-Key`
 * answers the same again once a charge *was answered*, and a charge is listed some time after it was made. Two calls at the
 * same time with the same key, and a key that it has forgotten, charge twice, and without a key each call takes the money.
 */
export class StandInProvider implements HttpService {
  public readonly name = 'Provider';
  public readonly prefix = 'provider';
  /** All money that was taken, in order. */
  public readonly charges: BookedCharge[] = [];
  /** How many charges are being made. */
  public underWay = 0;
  private readonly answers = new Map<string, { request: string; answer: Answer }>();
  private readonly listed = new Map<string, number>();

  constructor(private readonly options: ProviderOptions = {}) {}

  /** Forgets all keys, as providers do after a day or a month. The charges stay. */
  public forgetKeys(): void {
    this.answers.clear();
  }

  public async call({ method, path, headers, body }: ProxiedRequest): Promise<Answer> {
    const url = new URL(path, 'http://provider');
    if (!this.isKnown(headers.authorization)) return { status: 401, body: { message: 'who are you?' } };
    if (url.pathname !== '/charges') return { status: 404, body: { message: 'there is nothing here' } };
    if (method === 'GET') return this.find(url.searchParams.get('reference'));
    return method === 'POST' ? this.charge(headers['idempotency-key'] as string | undefined, body.toString()) : { status: 405, body: {} };
  }

  private isKnown(authorization = ''): boolean {
    const { key } = this.options;
    return key ? authorization === `Bearer ${key()}` : authorization.startsWith('Bearer ');
  }

  private find(reference: string | null): Answer {
    const isListed = ({ chargeId }: BookedCharge) => (this.listed.get(chargeId) ?? 0) <= Date.now();
    return { status: 200, body: { charges: this.charges.filter(charge => charge.reference === reference && isListed(charge)) } };
  }

  private async charge(key: string | undefined, request: string): Promise<Answer> {
    const known = key === undefined ? undefined : this.answers.get(key);
    if (known) return known.request === request ? known.answer : { status: 422, body: { message: 'the key was used for another charge' } };
    this.underWay++;
    try {
      return await this.take(key, request);
    } finally {
      this.underWay--;
    }
  }

  private async take(key: string | undefined, request: string): Promise<Answer> {
    const { chargeMillis, charged, listedAfterMillis, failsAfterCharge } = this.options;
    if (chargeMillis) await new Promise(resolve => setTimeout(resolve, chargeMillis()));
    const { amount, currency, reference } = JSON.parse(request) as BookedCharge;
    const charge: BookedCharge = { chargeId: `ch_${randomUUID()}`, status: 'succeeded', amount, currency, reference, key };
    this.charges.push(charge);
    if (listedAfterMillis) this.listed.set(charge.chargeId, Date.now() + listedAfterMillis());
    charged?.(charge);
    if (failsAfterCharge?.()) return { status: 500, body: { message: 'something went wrong' } };
    const answer = { status: 201, body: { chargeId: charge.chargeId, status: charge.status } };
    if (key !== undefined) this.answers.set(key, { request, answer });
    return answer;
  }
}
