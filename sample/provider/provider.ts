import { ChargeUnderWayError, ProviderUnavailableError } from '../domain/errors';
import type { PaymentRequest } from '../domain/payment';
import type { Deadline } from 'cdk-production-lambda-runtime';
import type { Value } from 'cdk-production-lambda-runtime/secrets';

/** The provider's charge for a payment. */
export interface Charge {
  readonly chargeId: string;
  readonly status: 'succeeded' | 'declined';
}

/** The provider's address and our API key. */
export interface ProviderSettings {
  readonly url: string;
  readonly key: Value;
}

/** The timeout of a call, the time that a call needs at least, and the time that booking its result needs. */
const ANSWER_MILLIS = 6_000;
const BEGIN_MILLIS = 1_000;
const BOOKING_MILLIS = 500;

/** Errors of a connection that was never made. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** Client errors that state nothing about the charge: the request timed out, or another one with the same key is being processed. */
const SAYS_NOTHING = new Set([408, 409]);

interface Request {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** The provider did not answer a call. */
class NoAnswerError extends Error {
  public readonly name = 'NoAnswerError';

  /** Whether the provider may have received the call. */
  public get wasSent(): boolean {
    const cause = (this.cause as { cause?: { code?: string } }).cause;
    return !NEVER_SENT.has(cause?.code ?? '');
  }
}

/**
 * The payment provider:
 * - `POST /charges` with the header `Idempotency-Key` and the body `{ amount, currency, reference }` returns
 *   `{ chargeId, status }`, and the same response for the same key. `reference` is the id of our payment.
 * - `GET /charges?reference=…` returns `{ charges: [{ chargeId, status }] }`.
 *
 * docs/EXACTLY-ONCE.md lists what a provider must guarantee.
 */
export class Provider {
  constructor(private readonly settings: ProviderSettings) {}

  /**
   * Charges once for each payment, however often it is called: the payment's id is the provider's idempotency key.
   * Throws `ChargeUnderWayError` if the request was sent and its result is unknown.
   */
  public async charge(payment: PaymentRequest & { id: string }, deadline: Deadline): Promise<Charge> {
    const { id, amount, currency } = payment;
    const answer = await this.send('/charges', deadline, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': this.keyFor(id) },
      body: JSON.stringify({ amount, currency, reference: id }),
    }).catch(error => { throw error instanceof NoAnswerError && error.wasSent ? underWay(error) : unavailable(error); });
    if (isRefusal(answer.status)) throw statusError(answer);
    try {
      return chargeOf(bodyOf(answer));
    } catch (error) {
      throw underWay(error as Error);
    }
  }

  /** The charges of a payment: none or one. More than one needs an operator. */
  public async chargesOf(reference: string, deadline: Deadline): Promise<Charge[]> {
    const answer = await this.send(`/charges?reference=${encodeURIComponent(reference)}`, deadline).catch(error => { throw unavailable(error); });
    const { charges } = bodyOf(answer) as { charges?: unknown };
    if (!Array.isArray(charges)) throw new ProviderUnavailableError('the provider did not return a list of charges');
    return charges.map(chargeOf);
  }

  protected keyFor(paymentId: string): string {
    return paymentId;
  }

  /** A key that the provider rejects may have been rotated since it was read: the call is sent once more with the new one. */
  private async send(path: string, deadline: Deadline, request: Request = {}): Promise<Answer> {
    const key = await this.settings.key();
    const answer = await this.sendWith(key, path, deadline, request);
    if (answer.status !== 401) return answer;
    const newer = await this.settings.key(key);
    return newer === key ? answer : this.sendWith(newer, path, deadline, request);
  }

  /**
   * Uses a new connection: a kept one may have been closed while the environment was frozen, and a charge that fails on it
   * cannot be distinguished from one that was made.
   */
  private async sendWith(key: string, path: string, deadline: Deadline, { headers, ...request }: Request): Promise<Answer> {
    deadline.require(BEGIN_MILLIS, 'a call of the provider');
    const signal = AbortSignal.timeout(Math.min(ANSWER_MILLIS, deadline.remainingMillis - BOOKING_MILLIS));
    try {
      const response = await fetch(`${this.settings.url}${path}`, { ...request, headers: { ...headers, authorization: `Bearer ${key}`, connection: 'close' }, signal });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      throw new NoAnswerError('the provider could not be reached', { cause: error });
    }
  }
}

/** Whether the provider rejected the request, which therefore charges nothing. A server error states nothing about the charge. */
function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && !SAYS_NOTHING.has(status);
}

function underWay(error: Error): ChargeUnderWayError {
  return new ChargeUnderWayError(`the result of a charge is unknown: ${error.message}`, { cause: error });
}

/** Errors before the call, such as a missing secret, remain as they are. */
function unavailable(error: Error): Error {
  return error instanceof NoAnswerError ? new ProviderUnavailableError(error.message, { cause: error.cause }) : error;
}

function statusError({ status }: Answer): ProviderUnavailableError {
  return new ProviderUnavailableError(`the provider responded with ${status}`);
}

function bodyOf(answer: Answer): object {
  if (answer.status < 200 || answer.status > 299) throw statusError(answer);
  try {
    return (JSON.parse(answer.text) ?? {}) as object;
  } catch (error) {
    throw new ProviderUnavailableError('the response of the provider is not JSON', { cause: error });
  }
}

function chargeOf(value: unknown): Charge {
  const { chargeId, status } = (value ?? {}) as Record<string, unknown>;
  if (typeof chargeId !== 'string' || chargeId === '' || (status !== 'succeeded' && status !== 'declined')) {
    throw new ProviderUnavailableError('the response of the provider is not a charge');
  }
  return { chargeId, status };
}
