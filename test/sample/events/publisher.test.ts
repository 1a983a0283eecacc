import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import type { Outbox } from '../../../sample/data/outbox';
import type { PaymentEvent } from '../../../sample/domain/payment-event';
import { Publisher } from '../../../sample/events/publisher';
import { contextWith } from '../../support/environments';
import { Deadline, OutOfTimeError } from 'cdk-production-lambda-runtime';

const client = mockClient(EventBridgeClient);
const outbox: jest.Mocked<Pick<Outbox, 'markPublished'>> = { markPublished: jest.fn() };
const publisher = new Publisher(new EventBridgeClient({ region: 'eu-west-1' }), 'payments', outbox as unknown as Outbox);
const soon = () => Deadline.of(contextWith(10_000));
const PAYMENT = { id: 'p', amount: 1, currency: 'EUR', customer: 'ada', status: 'charged', takenAt: '2026-11-24T00:00:00.000Z', chargeId: 'c' } as const;
const events = (count: number): PaymentEvent[] => Array.from({ length: count }, (_, i) => ({ id: `e-${i}`, type: 'PaymentCharged', payment: PAYMENT }));

beforeEach(() => {
  client.reset();
  client.on(PutEventsCommand).callsFake(({ Entries }) => ({ Entries: Entries.map((_: unknown, i: number) => ({ EventId: `${i}` })) }));
  outbox.markPublished.mockReset();
});

test('says what happened, to whom it may concern', async () => {
  expect(await publisher.publish(events(1), soon())).toBe(1);
  expect(client.commandCalls(PutEventsCommand)[0].args[0].input).toEqual({
    Entries: [{ EventBusName: 'payments', Source: 'payments', DetailType: 'PaymentCharged', Detail: JSON.stringify({ id: 'e-0', payment: PAYMENT }) }],
  });
});

test.each([[0, []], [1, [1]], [10, [10]], [11, [10, 1]], [25, [10, 10, 5]]])('sends %i events in batches of %j', async (count, batches) => {
  expect(await publisher.publish(events(count), soon())).toBe(count);
  expect(client.commandCalls(PutEventsCommand).map(call => call.args[0].input.Entries!.length)).toEqual(batches);
  expect(outbox.markPublished.mock.calls.map(([ids]) => ids.length)).toEqual(batches);
});

test('marks what was taken, and leaves what was not', async () => {
  client.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries: [{ EventId: 'x' }, { ErrorCode: 'InternalFailure' }, { EventId: 'z' }] });
  expect(await publisher.publish(events(3), soon())).toBe(2);
  expect(outbox.markPublished).toHaveBeenCalledWith(['e-0', 'e-2'], expect.anything());
});

test('marks nothing where nothing was taken', async () => {
  client.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] });
  expect(await publisher.publish(events(1), soon())).toBe(0);
  expect(outbox.markPublished).not.toHaveBeenCalled();
});

test('an error of EventBridge reaches who asked, with nothing marked', async () => {
  client.on(PutEventsCommand).rejects(new Error('throttled'));
  await expect(publisher.publish(events(1), soon())).rejects.toThrow('throttled');
  expect(outbox.markPublished).not.toHaveBeenCalled();
});

test('does not begin a batch for which there is no time', async () => {
  await expect(publisher.publish(events(1), Deadline.of(contextWith(1_400)))).rejects.toThrow(OutOfTimeError);
  expect(client.commandCalls(PutEventsCommand)).toEqual([]);
});
