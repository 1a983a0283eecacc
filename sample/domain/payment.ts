import { createHash } from 'node:crypto';
import { InvalidPaymentError, MissingIdempotencyKeyError } from './errors';

/** A payment as a merchant requests it. */
export interface PaymentRequest {
  /** In the smallest unit of the currency, such as cents. */
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
  /** The merchant's name for the paying customer. */
  readonly customer: string;
}

/** A request with its merchant and the key under which it may be repeated. */
export interface Order {
  readonly merchant: string;
  readonly key: string;
  readonly request: PaymentRequest;
}

/**
 * The state of a payment: `pending` when it is inserted, then `charged` or `declined` by the provider, and `settled`
 * when the money has arrived. An `abandoned` payment was never charged, and its request was not repeated.
 */
export type PaymentStatus = 'pending' | 'charged' | 'declined' | 'settled' | 'abandoned';

/** A payment in the ledger. Plain JSON values only, so that it can be stored as a result and returned again unchanged. */
export interface Payment extends PaymentRequest {
  readonly id: string;
  readonly status: PaymentStatus;
  readonly takenAt: string;
  /** What the provider calls the charge; empty before there is one. */
  readonly chargeId: string;
}

/** Printable ASCII without blanks: fits into a header and a log line. */
const KEY = /^[\x21-\x7e]{1,255}$/;
/** Control characters and halves of characters, which PostgreSQL or a log cannot store. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/** Reads a payment request from a parsed body. */
export function parsePaymentRequest(body: unknown): PaymentRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new InvalidPaymentError('the body must be a JSON object');
  const { amount, currency, customer } = body as Record<string, unknown>;
  if (!Number.isSafeInteger(amount) || (amount as number) <= 0) throw new InvalidPaymentError("'amount' must be a positive whole number");
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) throw new InvalidPaymentError("'currency' must be three capital letters");
  if (typeof customer !== 'string' || customer.length === 0 || customer.length > 64 || UNPRINTABLE.test(customer)) {
    throw new InvalidPaymentError("'customer' must be 1 to 64 printable characters");
  }
  return { amount: amount as number, currency, customer };
}

/** Reads the key under which a payment may be repeated. Throws an error without a key. */
export function parseIdempotencyKey(key: string | null | undefined): string {
  if (!key || !KEY.test(key)) throw new MissingIdempotencyKeyError();
  return key;
}

/** The id of a payment is derived from merchant and key, so that a repeated key names the same payment. */
export function paymentId({ merchant, key }: Pick<Order, 'merchant' | 'key'>): string {
  return createHash('sha256').update(`${merchant}\n${key}`).digest('hex').slice(0, 32);
}

/** Whether a payment has the values of the request. */
export function isSameRequest(payment: PaymentRequest, { amount, currency, customer }: PaymentRequest): boolean {
  return payment.amount === amount && payment.currency === currency && payment.customer === customer;
}
