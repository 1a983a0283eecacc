import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type Call, DynamoDb, type Fault, once } from '../support/dynamo-db';
import { contextWith, newEnvironment, passed, setEnvironment } from '../support/environments';

type Settle = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

const db = new DynamoDb();
let environments: Settle[];
let turn = 0;
let numbers = 0;

beforeAll(async () => {
  await db.start('Ledger', 'Idempotency');
  setEnvironment(db, { LEDGER_TABLE: 'Ledger', IDEMPOTENCY_KEY_PREFIX: 'Settle' });
  environments = Array.from({ length: 5 }, () => newEnvironment(() => jest.requireActual<{ handler: Settle }>('../../sample/handlers/settle')));
});
afterAll(() => db.stop());
beforeEach(() => {
  db.done.length = 0;
  db.breakWhere();
});

/** The environments take turns, so that a repetition always meets another one. */
const anotherSettle = (): Settle => environments[turn++ % environments.length];
const isSettlement = ({ table, operation }: Call) => table === 'Ledger' && operation === 'UpdateItem';
const isRecord = ({ table, operation }: Call) => table === 'Idempotency' && operation === 'PutItem';
/** How often money was booked: the side effect that must happen at most once per payment. */
const settlements = () => db.done.filter(isSettlement).length;

async function takenPayment(): Promise<string> {
  const id = `payment-${++numbers}`;
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint: db.endpoint }));
  await client.send(new PutCommand({ TableName: 'Ledger', Item: { id, amount: 1 } }));
  client.destroy();
  return id;
}

const notice = (payment: string, messageId = `message-${++numbers}`) => ({ messageId, body: JSON.stringify({ payment, acquirerReference: 'A-1' }) });
const deliver = (settle: Settle, messages: { messageId?: string; body: string }[], remaining = 10_000) =>
  settle({ Records: messages } as unknown as SQSEvent, contextWith(remaining));
const failed = (response: SQSBatchResponse): string[] => response.batchItemFailures.map(f => f.itemIdentifier);

test('settles the payments of a batch', async () => {
  const payments = [await takenPayment(), await takenPayment()];
  expect(failed(await deliver(anotherSettle(), payments.map(p => notice(p))))).toEqual([]);
  const settled = (await db.items('Ledger')).filter(item => payments.includes(item.id));
  expect(settled).toEqual(payments.map(() => expect.objectContaining({ settledAt: expect.any(String), acquirerReference: 'A-1' })));
  expect(settlements()).toBe(2);
});

test('a message that comes again settles nothing and counts as done', async () => {
  const message = notice(await takenPayment());
  expect(failed(await deliver(anotherSettle(), [message]))).toEqual([]);
  expect(failed(await deliver(anotherSettle(), [message]))).toEqual([]);
  expect(settlements()).toBe(1);
});

test('a redriven message, whose id is new, settles nothing more', async () => {
  const payment = await takenPayment();
  await deliver(anotherSettle(), [notice(payment)]);
  expect(failed(await deliver(anotherSettle(), [notice(payment)]))).toEqual([]);
  expect(settlements()).toBe(1);
});

test('one message in five environments at once is settled once', async () => {
  const message = notice(await takenPayment());
  const answers = await Promise.allSettled(Array.from({ length: 5 }, () => deliver(anotherSettle(), [message])));
  expect(answers.filter(a => a.status === 'fulfilled').length).toBeGreaterThanOrEqual(1);
  expect(settlements()).toBe(1);
});

test('only the messages that failed come back', async () => {
  const good = notice(await takenPayment());
  const unknown = notice('nobody');
  const broken = { messageId: `message-${++numbers}`, body: 'not JSON' };
  expect(failed(await deliver(anotherSettle(), [unknown, good, broken])).sort()).toEqual([unknown.messageId, broken.messageId].sort());
  expect(settlements()).toBe(1);
});

test('a message without an id fails instead of being worked off unprotected', async () => {
  const message = { body: notice(await takenPayment()).body };
  await expect(deliver(anotherSettle(), [message])).rejects.toThrow();
  expect(settlements()).toBe(0);
});

test('a batch of which everything failed is an error of the function', async () => {
  await expect(deliver(anotherSettle(), [notice('nobody'), notice('nobody')])).rejects.toThrow('All records failed processing');
});

test('a failed settlement is forgotten, and the next receive settles', async () => {
  const [message, other] = [notice(await takenPayment()), notice(await takenPayment())];
  db.breakWhere(once('refused', isSettlement));
  const response = await deliver(anotherSettle(), [message, other]);
  expect(failed(response)).toHaveLength(1);
  expect(failed(await deliver(anotherSettle(), [message, other]))).toEqual([]);
  expect(settlements()).toBe(2);
});

test('nothing is settled while the idempotency table does not answer', async () => {
  const message = notice(await takenPayment());
  db.breakWhere(call => isRecord(call) ? 'refused' : undefined);
  await expect(deliver(anotherSettle(), [message])).rejects.toThrow();
  expect(settlements()).toBe(0);
});

test.each<[string, Fault, number]>([
  ['before the settlement', 'lost', 0],
  ['after the settlement', 'unheard', 1],
])('a time-out %s ends in one settlement', async (_, fault, before) => {
  const message = notice(await takenPayment());
  db.breakWhere(once(fault, isSettlement));
  deliver(anotherSettle(), [message], 500).catch(() => undefined); // never answers: its environment is gone
  await passed(700);
  expect(settlements()).toBe(before);
  expect(failed(await deliver(anotherSettle(), [message]))).toEqual([]);
  expect(settlements()).toBe(1);
});

test('an expired record costs no second settlement', async () => {
  const message = notice(await takenPayment());
  await deliver(anotherSettle(), [message]);
  await db.expire('Idempotency');
  expect(failed(await deliver(anotherSettle(), [message]))).toEqual([]);
  expect(settlements()).toBe(1);
});

test('answers the smoke test of its release: a batch of nothing', async () => {
  expect(failed(await deliver(anotherSettle(), []))).toEqual([]);
});
