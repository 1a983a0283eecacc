import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { type Call, DynamoDb, type Fault, once } from '../support/dynamo-db';
import { contextWith, newEnvironment, passed, setEnvironment } from '../support/environments';

type Pay = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

const db = new DynamoDb();
let environments: Pay[];
let turn = 0;
const REQUEST = { amount: 1_250, currency: 'EUR', customer: 'ada' };
let keys = 0;
let key: string;

beforeAll(async () => {
  await db.start('Ledger', 'Idempotency');
  setEnvironment(db, { LEDGER_TABLE: 'Ledger', IDEMPOTENCY_KEY_PREFIX: 'Pay' });
  environments = Array.from({ length: 5 }, () => newEnvironment(() => jest.requireActual<{ handler: Pay }>('../../sample/handlers/pay')));
});
afterAll(() => db.stop());
beforeEach(() => {
  key = `key-${++keys}`;
  db.done.length = 0;
  db.breakWhere();
});

/** The environments take turns, so that a repetition always meets another one. */
const anotherPay = (): Pay => environments[turn++ % environments.length];

function post(pay: Pay, body: unknown = REQUEST, headers: Record<string, string> = { 'idempotency-key': key }, remaining = 10_000) {
  const event = { version: '2.0', headers, body: JSON.stringify(body), isBase64Encoded: false } as unknown as APIGatewayProxyEventV2;
  return pay(event, contextWith(remaining));
}

const payment = (result: APIGatewayProxyStructuredResultV2) => JSON.parse(result.body!);
/** How often a payment was entered into the ledger: the side effect that must happen at most once per key. */
const entries = () => db.done.filter(call => call.table === 'Ledger' && call.operation === 'PutItem').length;
const isEntry = ({ table, operation }: Call) => table === 'Ledger' && operation === 'PutItem';
const isSave = ({ table, operation }: Call) => table === 'Idempotency' && operation === 'UpdateItem';

test('takes a payment and keeps it', async () => {
  const result = await post(anotherPay());
  expect(result.statusCode).toBe(201);
  expect(payment(result)).toEqual({ ...REQUEST, id: expect.stringMatching(/^[0-9a-f]{32}$/), takenAt: expect.any(String) });
  expect(await db.items('Ledger')).toContainEqual(payment(result));
  expect(entries()).toBe(1);
});

test('answers a repetition with the same payment', async () => {
  const pay = anotherPay();
  const first = await post(pay);
  const second = await post(anotherPay());
  expect(second).toEqual(first);
  expect(await post(pay)).toEqual(first);
  expect(entries()).toBe(1);
});

test('keeps the record below the prefix of its store, for as long as the store says', async () => {
  await post(anotherPay());
  const record = (await db.items('Idempotency')).find(item => item.id.startsWith('Pay#') && item.expiration > Date.now() / 1_000 + 604_000);
  expect(record).toMatchObject({ status: 'COMPLETED' });
});

test('twenty concurrent repetitions in five environments enter one payment', async () => {
  const results = await Promise.all(Array.from({ length: 20 }, (_, i) => post(environments[i % 5])));
  const statuses = results.map(r => r.statusCode);
  expect(statuses.filter(s => s === 201).length).toBeGreaterThanOrEqual(1);
  expect(new Set(statuses.filter(s => s !== 201))).toEqual(new Set([409]));
  expect(new Set(results.filter(r => r.statusCode === 201).map(r => payment(r).id)).size).toBe(1);
  expect(entries()).toBe(1);
});

test('different keys enter different payments', async () => {
  const pay = anotherPay();
  const [a, b] = [await post(pay), await post(pay, REQUEST, { 'idempotency-key': `${key}-other` })];
  expect(payment(a).id).not.toBe(payment(b).id);
  expect(entries()).toBe(2);
});

test('a failed entry is forgotten, and the repetition enters the payment', async () => {
  db.breakWhere(once('refused', isEntry));
  await expect(post(anotherPay())).rejects.toThrow('broken by the test');
  expect(entries()).toBe(0);
  expect((await post(anotherPay())).statusCode).toBe(201);
  expect(entries()).toBe(1);
});

test('a record that could not be finished costs no second payment', async () => {
  db.breakWhere(once('refused', isSave));
  await expect(post(anotherPay(), REQUEST, { 'idempotency-key': key }, 300)).rejects.toThrow();
  await passed(400);
  const repeated = await post(anotherPay());
  expect(repeated.statusCode).toBe(201);
  expect(entries()).toBe(1);
});

test.each<[string, Fault, number]>([
  ['before the payment was entered', 'lost', 0],
  ['after the payment was entered', 'unheard', 1],
])('a time-out %s ends in one payment', async (_, fault, entriesBefore) => {
  db.breakWhere(once(fault, isEntry));
  post(anotherPay(), REQUEST, { 'idempotency-key': key }, 500).catch(() => undefined); // never answers: its environment is gone
  await passed(250);
  expect(entries()).toBe(entriesBefore);
  expect((await post(anotherPay())).statusCode).toBe(409); // the first may still be at work
  await passed(400);
  const repeated = await post(anotherPay());
  expect(repeated.statusCode).toBe(201);
  expect(await post(anotherPay())).toEqual(repeated);
  expect(entries()).toBe(1);
  expect((await db.items('Ledger')).filter(item => item.id === payment(repeated).id)).toHaveLength(1);
});

test('an expired record costs no second payment', async () => {
  const first = await post(anotherPay());
  await db.expire('Idempotency');
  expect(await post(anotherPay())).toEqual(first);
  expect(entries()).toBe(1);
});

test('a key can not be used for another payment, not even after its record has expired', async () => {
  await post(anotherPay());
  const other = { ...REQUEST, amount: 9_999 };
  expect((await post(anotherPay(), other)).statusCode).toBe(422);
  await db.expire('Idempotency');
  expect((await post(anotherPay(), other)).statusCode).toBe(422);
  expect(entries()).toBe(1);
});

test.each<[string, Record<string, string>, string]>([
  ['no key', {}, 'MissingIdempotencyKey'],
  ['an empty key', { 'idempotency-key': '' }, 'MissingIdempotencyKey'],
  ['a key with a blank', { 'idempotency-key': 'a b' }, 'InvalidIdempotencyKey'],
  ['a key of 256 characters', { 'idempotency-key': 'k'.repeat(256) }, 'InvalidIdempotencyKey'],
])('%s is answered 400 and touches nothing', async (_, headers, error) => {
  const result = await post(anotherPay(), REQUEST, headers);
  expect(result.statusCode).toBe(400);
  expect(payment(result).error).toBe(error);
  expect(db.done).toEqual([]);
});

test('a key of 255 characters is accepted', async () => {
  expect((await post(anotherPay(), REQUEST, { 'idempotency-key': 'k'.repeat(255) })).statusCode).toBe(201);
});

test.each([
  ['no object', 'text'], ['an amount of 0', { ...REQUEST, amount: 0 }], ['half a cent', { ...REQUEST, amount: 0.5 }], ['no currency', { ...REQUEST, currency: 'euro' }],
])('%s is answered 400, and the key stays free', async (_, body) => {
  expect((await post(anotherPay(), body)).statusCode).toBe(400);
  expect(db.done).toEqual([]);
  expect((await post(anotherPay())).statusCode).toBe(201);
});

test('reads a body in base64', async () => {
  const event = { headers: { 'idempotency-key': key }, body: Buffer.from(JSON.stringify(REQUEST)).toString('base64'), isBase64Encoded: true };
  expect((await anotherPay()(event as unknown as APIGatewayProxyEventV2, contextWith(10_000))).statusCode).toBe(201);
});
