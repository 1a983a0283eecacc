import type { Payment } from './payment';

/** What became of a payment, by the name that EventBridge's rules match. */
export type PaymentEventType = 'PaymentCharged' | 'PaymentDeclined' | 'PaymentSettled' | 'PaymentAbandoned';

/** What others are told. It may arrive more than once; its id stays the same, whoever sends it. */
export interface PaymentEvent {
  readonly id: string;
  readonly type: PaymentEventType;
  readonly payment: Payment;
}

const TYPES: Record<Exclude<Payment['status'], 'pending'>, PaymentEventType> = {
  charged: 'PaymentCharged', declined: 'PaymentDeclined', settled: 'PaymentSettled', abandoned: 'PaymentAbandoned',
};

/** The event of a payment's latest step. Each step happens once, so its event has one id. */
export function eventOf(payment: Payment & { status: Exclude<Payment['status'], 'pending'> }): PaymentEvent {
  return { id: `${payment.id}:${payment.status}`, type: TYPES[payment.status], payment };
}
