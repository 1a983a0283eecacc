import { ProviderUnavailableError } from '../domain/errors';
import type { PaymentRequest } from '../domain/payment';
import type { Deadline } from '../runtime/deadline';

/** The provider's charge for a payment. */
export interface Charge {
  readonly chargeId: string;
  readonly status: 'succeeded' | 'declined';
}

/** The provider's address and our API key. */
export interface ProviderSettings {
  readonly url: string;
  readonly key: () => Promise<string>;
}

/** The timeout of a call, and the time that booking its result needs. */
const ANSWER_MILLIS = 4_000;
const BEGIN_MILLIS = 1_000;

/**
 * The payment provider:
 * - `POST /charges` with the header `Idempotency-Key` and the body `{ amount, currency, reference }` returns
 *   `{ chargeId, status }`, and the same response for the same key. `reference` is the id of our payment.
 * - `GET /charges?reference=…` returns `{ charges: [{ chargeId, status }] }`.
 */
export class Provider {
  constructor(private readonly settings: ProviderSettings) {}

  /** Charges once for each payment, however often it is called: the payment's id is the provider's idempotency key. */
  public async charge(payment: PaymentRequest & { id: string }, deadline: Deadline): Promise<Charge> {
    const { id, amount, currency } = payment;
    return chargeOf(await this.call('/charges', deadline, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': this.keyFor(id) },
      body: JSON.stringify({ amount, currency, reference: id }),
    }));
  }

  /** The charges of a payment: none or one. More than one needs an operator. */
  public async chargesOf(reference: string, deadline: Deadline): Promise<Charge[]> {
    const { charges } = await this.call(`/charges?reference=${encodeURIComponent(reference)}`, deadline, {}) as { charges?: unknown };
    if (!Array.isArray(charges)) throw new ProviderUnavailableError('the provider did not return a list of charges');
    return charges.map(chargeOf);
  }

  protected keyFor(paymentId: string): string {
    return paymentId;
  }

  private async call(path: string, deadline: Deadline, init: RequestInit & { headers?: Record<string, string> }): Promise<unknown> {
    const key = await this.settings.key();
    deadline.require(BEGIN_MILLIS, 'a call of the provider');
    const request = { ...init, headers: { ...init.headers, authorization: `Bearer ${key}` }, signal: AbortSignal.timeout(deadline.limit(ANSWER_MILLIS)) };
    try {
      const response = await fetch(`${this.settings.url}${path}`, request);
      const text = await response.text();
      if (!response.ok) throw new ProviderUnavailableError(`the provider responded with ${response.status}`);
      return JSON.parse(text) ?? {};
    } catch (error) {
      if (error instanceof ProviderUnavailableError) throw error;
      throw new ProviderUnavailableError('the provider could not be reached', { cause: error });
    }
  }
}

function chargeOf(value: unknown): Charge {
  const { chargeId, status } = (value ?? {}) as Record<string, unknown>;
  if (typeof chargeId !== 'string' || chargeId === '' || (status !== 'succeeded' && status !== 'declined')) {
    throw new ProviderUnavailableError('the response of the provider is not a charge');
  }
  return { chargeId, status };
}
