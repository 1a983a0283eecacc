import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { type Booking, Ledger } from '../data/ledger';
import { Outbox } from '../data/outbox';
import type { Payment } from '../domain/payment';
import { Publisher } from '../events/publisher';
import { type Deadline, logger, required, tracer } from 'cdk-production-lambda-runtime';
import { postgres } from 'cdk-production-lambda-runtime/postgres';

/** Does work once for each key of its first argument, however often it is called. */
export type Once<E> = <M extends unknown[], R>(work: (event: E, ...more: M) => Promise<R>) => (event: E, ...more: M) => Promise<R>;

/** The dependencies of the functions that write to the ledger. Tests replace them. */
export interface Parts {
  readonly ledger: Ledger;
  readonly outbox: Outbox;
  readonly publisher: Publisher;
}

/** The parts, configured by the stack. No call is made yet. */
export function parts(): Parts {
  const database = postgres();
  const outbox = new Outbox(database);
  const events = tracer.captureAWSv3Client(new EventBridgeClient({ maxAttempts: 2 }));
  return { ledger: new Ledger(database), outbox, publisher: new Publisher(events, required('EVENT_BUS'), outbox) };
}

/** Publishes the event of a booking. If that fails, the reconciliation publishes it; the booking and the response are not affected. */
export async function announced({ publisher }: Pick<Parts, 'publisher'>, { payment, event }: Booking, deadline: Deadline): Promise<Payment> {
  if (!event) return payment;
  try {
    if (await publisher.publish([event], deadline) === 0) logger.warn('event not taken', { event: event.id });
  } catch (error) {
    logger.warn('event not published', { event: event.id, error: error as Error });
  }
  return payment;
}
