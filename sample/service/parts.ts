import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { Database } from '../data/database';
import { type Booking, Ledger } from '../data/ledger';
import { Outbox } from '../data/outbox';
import { databaseSettings } from '../data/settings';
import type { Payment } from '../domain/payment';
import { Publisher } from '../events/publisher';
import type { Deadline } from '../runtime/deadline';
import { required } from '../runtime/environment';
import { logger, tracer } from '../runtime/observed';

/** The dependencies of the functions that write to the ledger. Tests replace them. */
export interface Parts {
  readonly ledger: Ledger;
  readonly outbox: Outbox;
  readonly publisher: Publisher;
}

/** The parts, configured by the stack. No call is made yet. */
export function parts(): Parts {
  const database = new Database(databaseSettings());
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
