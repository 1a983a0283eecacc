import { createHash } from 'node:crypto';

/** What a customer asks for. */
export interface PaymentRequest {
  /** In the smallest unit of the currency, such as cents. */
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
  readonly customer: string;
}

/** A payment that was taken. Plain JSON values only, so that it can be stored and replayed as it is. */
export interface Payment extends PaymentRequest {
  readonly id: string;
  readonly takenAt: string;
}

/** The request can't be a payment; the message says why and may be shown to the customer. */
export class InvalidPaymentError extends Error {
  public readonly name = 'InvalidPaymentError';
}

/** Reads a payment request from a parsed body. */
export function parsePaymentRequest(body: unknown): PaymentRequest {
  if (typeof body !== 'object' || body === null) throw new InvalidPaymentError('the body must be a JSON object');
  const { amount, currency, customer } = body as Record<string, unknown>;
  if (!Number.isSafeInteger(amount) || (amount as number) <= 0) throw new InvalidPaymentError("'amount' must be a positive whole number");
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) throw new InvalidPaymentError("'currency' must be three capital letters");
  if (typeof customer !== 'string' || customer.length === 0 || customer.length > 64) throw new InvalidPaymentError("'customer' must be 1 to 64 characters");
  return { amount: amount as number, currency, customer };
}

/** The payment that a request asks for. Its id comes from the key, so that whoever repeats the key means the same payment. */
export function paymentOf(key: string, request: PaymentRequest): Payment {
  return { ...request, id: createHash('sha256').update(key).digest('hex').slice(0, 32), takenAt: new Date().toISOString() };
}

/** Whether a payment is what the request asks for. */
export function isSameRequest(payment: Payment, { amount, currency, customer }: PaymentRequest): boolean {
  return payment.amount === amount && payment.currency === currency && payment.customer === customer;
}
