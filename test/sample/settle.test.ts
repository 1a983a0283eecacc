import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { Platform } from './platform';
import { faultAt } from '../../testing/src';
import { contextWith, type Handler, passed } from '../support/environments';

const platform = new Platform();
const { dynamoDb, postgres, services } = platform;
let settle: Handler<SQSEvent, SQSBatchResponse>;
let numbers = 0;

beforeAll(async () => {
  await platform.start('Settle', { PGUSER: 'settle' });
  settle = platform.takingTurns(5, () => jest.requireActual('../../sample/handlers/settle'));
});
afterAll(() => platform.stop());
beforeEach(() => platform.reset());

const events = (id: string) => services.events.filter(event => event.Detail.payment.id === id);

async function payment(status = 'charged'): Promise<string> {
  const id = (++numbers).toString(16).padStart(32, '0');
  await postgres.rows(
    `INSERT INTO payments (id, merchant, idempotency_key, amount, currency, customer, status, charge_id, taken_at, touched_at)
     VALUES ($1, 'm', $1, 1, 'EUR', 'ada', $2, $3, now(), now())`, [id, status, status === 'pending' ? null : `ch-${id}`]);
  return id;
}

const notice = (id: string, messageId = `message-${++numbers}`) => ({ messageId, body: JSON.stringify({ payment: id, chargeId: `ch-${id}` }) });
const deliver = (messages: { messageId?: string; body: string }[], remaining = 10_000) =>
  settle({ Records: messages.map(message => ({ eventSource: 'aws:sqs', ...message })) } as unknown as SQSEvent, contextWith(remaining) as Context);
const failed = (response: SQSBatchResponse): string[] => response.batchItemFailures.map(f => f.itemIdentifier);
const statusOf = async (id: string) => (await postgres.rows<{ status: string }>('SELECT status FROM payments WHERE id = $1', [id]))[0].status;

test('settles the payments of a batch and tells of it', async () => {
  const payments = [await payment(), await payment()];
  expect(failed(await deliver(payments.map(p => notice(p))))).toEqual([]);
  expect(await Promise.all(payments.map(statusOf))).toEqual(['settled', 'settled']);
  expect(payments.map(p => events(p).map(e => e.DetailType))).toEqual([['PaymentSettled'], ['PaymentSettled']]);
});

test.each([['that comes again', false], ['that was redriven, whose id is new', true]])('a message %s settles nothing more and counts as done', async (_, isNew) => {
  const id = await payment();
  const message = notice(id);
  expect(failed(await deliver([message]))).toEqual([]);
  expect(failed(await deliver([isNew ? notice(id) : message]))).toEqual([]);
  expect(events(id)).toHaveLength(1);
});

test('one message in five environments at once is settled once', async () => {
  const id = await payment();
  const message = notice(id);
  const answers = await Promise.allSettled(Array.from({ length: 5 }, () => deliver([message])));
  expect(answers.filter(a => a.status === 'fulfilled').length).toBeGreaterThanOrEqual(1);
  expect([await statusOf(id), events(id).length]).toEqual(['settled', 1]);
});

test('a poison message among nine good ones comes back alone', async () => {
  const payments = await Promise.all(Array.from({ length: 9 }, () => payment()));
  const poison = { messageId: 'poison', body: '{"payment": "' };
  const batch = payments.map(p => notice(p));
  batch.splice(4, 0, poison);
  expect(failed(await deliver(batch))).toEqual(['poison']);
  expect(new Set(await Promise.all(payments.map(statusOf)))).toEqual(new Set(['settled']));
});

test('10,000 unicode messages that nobody understands cost neither a record nor a query, and the good one is settled', async () => {
  const id = await payment();
  const batch = Array.from({ length: 9_999 }, (_, i) => ({ messageId: `m-${i}`, body: JSON.stringify({ payment: 'Zoë 🐈 漢字', chargeId: '✓' }) }));
  dynamoDb.done.length = 0;
  expect(failed(await deliver([...batch, notice(id)]))).toHaveLength(9_999);
  expect([await statusOf(id), dynamoDb.done.length]).toEqual(['settled', 2]);
});

test.each(['not JSON', 'null', '[]', '""', '{"payment":"00000000000000000000000000000001"}', '{"payment":1,"chargeId":"c"}'])('the message %s comes back', async body => {
  expect(failed(await deliver([{ messageId: 'bad', body }, notice(await payment())]))).toEqual(['bad']);
});

test('a notice of another charge than the one booked comes back, for people to look at', async () => {
  const id = await payment();
  const wrong = { messageId: 'wrong', body: JSON.stringify({ payment: id, chargeId: 'ch-other' }) };
  expect(failed(await deliver([wrong, notice(await payment())]))).toEqual(['wrong']);
  expect(await statusOf(id)).toBe('charged');
});

test('a notice that overtakes the booking comes back, and settles once it is booked', async () => {
  const id = await payment('pending');
  const message = notice(id);
  expect(failed(await deliver([message, notice(await payment())]))).toEqual([message.messageId]);
  await postgres.rows("UPDATE payments SET status = 'charged', charge_id = $2 WHERE id = $1", [id, `ch-${id}`]);
  expect(failed(await deliver([message]))).toEqual([]);
  expect(await statusOf(id)).toBe('settled');
});

test('a message without an id fails instead of being worked off unprotected', async () => {
  const id = await payment();
  await expect(deliver([{ body: notice(id).body }])).rejects.toThrow();
  expect(await statusOf(id)).toBe('charged');
});

test('a batch of which everything failed is an error of the function', async () => {
  await expect(deliver([notice('0'.repeat(32)), notice('0'.repeat(32))])).rejects.toThrow('All records failed processing');
});

test('nothing is settled while the idempotency table does not answer', async () => {
  const id = await payment();
  dynamoDb.faults = ({ what }) => what === 'PutItem Idempotency' ? { kind: 'reject', when: 'before' } : undefined;
  await expect(deliver([notice(id)])).rejects.toThrow();
  expect(await statusOf(id)).toBe('charged');
});

test.each([
  ['before the settlement', 'before', 'UPDATE payments'], ['in the middle of the settlement', 'after', 'INSERT outbox'], ['after the settlement', 'after', 'COMMIT'],
] as const)('a connection cut %s ends in one settlement', async (_, when, place) => {
  const id = await payment();
  const [message, other] = [notice(id), notice(await payment())];
  postgres.faults = faultAt({ kind: 'cut', when }, { message: place });
  const came = failed(await deliver([message, other]));
  expect(came).toHaveLength(1);
  expect(failed(await deliver([message, other]))).toEqual([]);
  expect(await statusOf(id)).toBe('settled');
  expect(await postgres.rows('SELECT id FROM outbox WHERE payment = $1', [id])).toHaveLength(1);
});

test('an environment that dies after the settlement costs no second one', async () => {
  const id = await payment();
  const message = notice(id);
  dynamoDb.faults = ({ what }) => what.startsWith('UpdateItem') ? { kind: 'silence', when: 'before' } : undefined; // the record is never finished
  deliver([message], 4_000).catch(() => undefined);
  await passed(4_100); // its record has run out
  expect(await statusOf(id)).toBe('settled');
  dynamoDb.faults = () => undefined;
  expect(failed(await deliver([message]))).toEqual([]);
  expect(await postgres.rows('SELECT id FROM outbox WHERE payment = $1', [id])).toHaveLength(1);
});

test('an expired record costs no second settlement', async () => {
  const id = await payment();
  const message = notice(id);
  await deliver([message]);
  await dynamoDb.expire('Idempotency');
  expect(failed(await deliver([message]))).toEqual([]);
  expect(events(id)).toHaveLength(1);
});

test('answers the smoke test of its release: a batch of nothing', async () => {
  expect(failed(await deliver([]))).toEqual([]);
});
