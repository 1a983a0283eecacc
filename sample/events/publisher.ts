import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Outbox } from '../data/outbox';
import type { PaymentEvent } from '../domain/payment-event';
import type { Deadline } from 'cdk-production-lambda-runtime';

/** PutEvents accepts ten events in a call. @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const BATCH = 10;

/** Publishes the events of the outbox after their transaction was committed. */
export class Publisher {
  constructor(private readonly client: EventBridgeClient, private readonly busName: string, private readonly outbox: Outbox) {}

  /** Publishes events and marks the accepted ones. Others remain in the outbox for the reconciliation. Returns the number of accepted events. */
  public async publish(events: readonly PaymentEvent[], deadline: Deadline): Promise<number> {
    let taken = 0;
    for (let i = 0; i < events.length; i += BATCH) taken += await this.publishBatch(events.slice(i, i + BATCH), deadline);
    return taken;
  }

  private async publishBatch(events: readonly PaymentEvent[], deadline: Deadline): Promise<number> {
    deadline.require(500, 'publishing');
    const { Entries = [] } = await this.client.send(new PutEventsCommand({
      Entries: events.map(({ id, type, payment }) => ({
        EventBusName: this.busName, Source: 'payments', DetailType: type, Detail: JSON.stringify({ id, payment }),
      })),
    }), { abortSignal: AbortSignal.timeout(deadline.limit(3_000)) });
    const taken = events.filter((_, i) => Entries[i]?.EventId !== undefined);
    if (taken.length > 0) await this.outbox.markPublished(taken.map(({ id }) => id), deadline);
    return taken.length;
  }
}
