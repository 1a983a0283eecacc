import type { Payment } from './payment';

/** The type of an event, as EventBridge rules match it. */
export type PaymentEventType = 'PaymentCharged' | 'PaymentDeclined' | 'PaymentSettled' | 'PaymentAbandoned';

/** The published event. It may arrive more than once, always with the same id. */
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
