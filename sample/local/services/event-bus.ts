import { randomUUID } from 'node:crypto';
import { type AwsAnswer, awsError, type AwsService, ok } from '../../../testing/src';

/** An event as it was put on a bus. */
export interface BusEvent {
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: any;
  readonly bus: string;
}

/** Amazon EventBridge: keeps every event that was put, in order. */
export class EventBus implements AwsService {
  public readonly name = 'EventBridge';
  public readonly target = /^AWSEvents$/;
  public readonly events: BusEvent[] = [];

  constructor(private readonly heard: (event: BusEvent) => void = () => undefined) {}

  public about(_operation: string, input: any): string {
    return [...new Set((input.Entries ?? []).map((entry: any) => entry.DetailType))].join(' ');
  }

  public async call(operation: string, input: any): Promise<AwsAnswer> {
    if (operation !== 'PutEvents') return awsError('UnknownOperationException', `EventBridge on this machine has no ${operation}`);
    const Entries = input.Entries.map((entry: any) => {
      const event = { id: randomUUID(), source: entry.Source, detailType: entry.DetailType, detail: JSON.parse(entry.Detail), bus: entry.EventBusName ?? 'default' };
      this.events.push(event);
      this.heard(event);
      return { EventId: event.id };
    });
    return ok({ FailedEntryCount: 0, Entries });
  }
}
