import { makeIdempotent, IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDb } from '../support/dynamo-db';
import { contextWith, passed, setEnvironment } from '../support/environments';
import { runInvocation } from 'cdk-production-lambda-runtime';
import { idempotent, type IdempotentOptions } from 'cdk-production-lambda-runtime/idempotency';

const db = new DynamoDb();
let client: DynamoDBClient;
let keys = 0;

beforeAll(async () => {
  await db.start('Idempotency');
  setEnvironment(db, { IDEMPOTENCY_KEY_PREFIX: 'Test' });
  client = new DynamoDBClient();
});
afterAll(async () => {
  client.destroy();
  await db.stop();
});

/** Calls the work twice, the second time after the first must have ended, and tells how often it was done and what was answered. */
async function twice(work: (event: { key: string }) => Promise<unknown>, begin: (context: ReturnType<typeof contextWith>) => void) {
  const key = `key-${++keys}`;
  const answers: unknown[] = [];
  for (let i = 0; i < 2; i++) {
    begin(contextWith(100));
    answers.push(await work({ key }).catch(error => error.constructor.name));
    await passed(120);
  }
  return answers;
}

/** Powertools as it comes. */
async function bare(result: () => unknown): Promise<number> {
  let count = 0;
  const config = new IdempotencyConfig({ eventKeyJmesPath: 'key', throwOnNoIdempotencyKey: true });
  const persistenceStore = new DynamoDBPersistenceLayer({ tableName: 'Idempotency', awsSdkV3Client: client });
  const work = makeIdempotent(async (_event: { key: string }) => {
    count++;
    return result();
  }, { persistenceStore, config, keyPrefix: 'Bare' });
  await twice(work, context => config.registerLambdaContext(context));
  return count;
}

/** Work of this package, with the number of times that it was done, in an invocation of 100 ms. */
function counted(result: (count: number) => unknown, options: Partial<IdempotentOptions<{ key: string }>> = {}, name = 'work') {
  const done = { count: 0 };
  const once = idempotent(name, async (_event: { key: string; payload?: unknown }) => result(++done.count), { key: ({ key }) => key, ...options });
  return { done, work: (event: { key: string; payload?: unknown }) => runInvocation({ event, context: contextWith(100) }, () => once(event)) };
}

/** Work of this package, called twice. */
async function guarded(result: () => unknown): Promise<{ count: number; answers: unknown[] }> {
  const { done, work } = counted(result);
  const answers = await twice(work, () => undefined);
  return { count: done.count, answers };
}

class Money {
  constructor(public readonly amount: number) {}
}

const AT = new Date('2026-11-24T12:00:00Z');
const RESULTS: [string, () => unknown, unknown][] = [
  ['undefined in a field', () => ({ a: undefined, b: 1 }), { b: 1 }],
  ['a Date', () => ({ at: AT }), { at: AT.toISOString() }],
  ['a class', () => ({ money: new Money(1) }), { money: { amount: 1 } }],
  ['undefined in a list', () => ({ list: [1, undefined] }), { list: [1, null] }],
  ['an empty Set', () => ({ tags: new Set() }), { tags: [] }],
  ['a number beyond the safe ones', () => ({ grains: 2 ** 60 }), { grains: 2 ** 60 }],
];

test.each(RESULTS)('a result with %s is not saved as it is, and its work is done again', async (_, result) => {
  expect(await bare(result)).toBe(2);
});

test('a result of 500 KB is not saved, and its work is done again', async () => {
  expect(await bare(() => ({ text: 'x'.repeat(500_000) }))).toBe(2);
});

test.each([
  ...RESULTS,
  ['a Set', () => ({ tags: new Set(['a']) }), { tags: ['a'] }],
  ['a Map', () => ({ by: new Map([['a', 1]]) }), { by: { a: 1 } }],
  ['a bigint', () => ({ cents: 5n, grains: 2n ** 64n }), { cents: 5, grains: '18446744073709551616' }],
  ['nothing', () => undefined, undefined],
  ['null', () => null, null],
] as [string, () => unknown, unknown][])('a result with %s is made plain: its work is done once, and both answers are the same', async (_, result, plain) => {
  expect(await guarded(result)).toEqual({ count: 1, answers: [plain, plain] });
});

const MAX_TEXT = 390 * 1_024 - Buffer.byteLength('{"v":1,"result":""}');

test('a result of exactly the limit is saved', async () => {
  const text = 'x'.repeat(MAX_TEXT);
  expect(await guarded(() => text)).toEqual({ count: 1, answers: [text, text] });
});

const circle: Record<string, unknown> = {};
circle.self = circle;

test.each<[string, () => unknown, string]>([
  ['one byte above the limit', () => 'x'.repeat(MAX_TEXT + 1), 'a result must be at most 399360 bytes to be saved, got 399361; return its id instead'],
  ['500 KB of unicode', () => 'ü'.repeat(250_000), 'a result must be at most 399360 bytes to be saved, got 500019; return its id instead'],
  ['a circle', () => circle, 'a result must be JSON to be saved: Converting circular structure to JSON'],
])('a result of %s is lost, and told so each time; its work is not done again', async (_, result, message) => {
  const { done, work } = counted(result);
  const key = `key-${++keys}`;
  for (let i = 0; i < 2; i++) {
    await expect(work({ key })).rejects.toMatchObject({ name: 'ResultLostError', message: expect.stringContaining(message) });
    await passed(120);
  }
  expect(done.count).toBe(1);
});

describe('work whose effect may still come', () => {
  class UnderWayError extends Error {}
  const HOUR = 3_600_000;
  const work = (error: Error) => {
    const { done, work: failing } = counted(() => { throw error; }, { hold: { millis: HOUR, after: thrown => thrown instanceof UnderWayError } });
    return async (key: string) => [await failing({ key }).catch((thrown: Error) => thrown.constructor.name), done.count];
  };

  test('keeps its record although it threw an error, until the effect can not come any more', async () => {
    const run = work(new UnderWayError());
    const key = `key-${++keys}`;
    const began = Date.now();
    expect(await run(key)).toEqual(['UnderWayError', 1]);
    await passed(150); // its invocation has ended
    expect(await run(key)).toEqual(['InProgressError', 1]);
    const expirations = (await db.items('Idempotency')).map(item => item.in_progress_expiration ?? 0);
    expect(Math.max(...expirations)).toBeGreaterThanOrEqual(began + HOUR);
    await db.lapse('Idempotency');
    expect(await run(key)).toEqual(['UnderWayError', 2]);
  });

  test('and no other record is kept', async () => {
    const run = work(new TypeError());
    const key = `key-${++keys}`;
    expect(await run(key)).toEqual(['TypeError', 1]);
    expect(await run(key)).toEqual(['TypeError', 2]);
  });
});

test.each<[string, unknown]>([
  ['nothing', undefined], ['null', null], ['an empty text', ''], ['an empty list', []], ['a list with an empty part', ['m', undefined]], ['an object with an empty part', { a: '' }],
  ['white space', ' \t'], ['a list with white space', ['m', ' ']], ['a list with an empty object', ['m', {}]], ['an object without values', { a: { b: null } }], ['NaN', NaN],
])('%s as the key fails, and no work is done', async (_, key) => {
  const { done, work } = counted(() => 1, { key: () => key });
  await expect(work({ key: 'k' })).rejects.toMatchObject({ name: 'MissingKeyError', message: expect.stringMatching(/^the event of 'work' must have an idempotency key, got/) });
  expect(done.count).toBe(0);
});

test.each<[string, IdempotentOptions<any>['key'], object]>([
  ['a function', ({ headers }) => headers['Idempotency-Key'], { headers: { 'Idempotency-Key': 'a' } }],
  ['an expression of IdempotencyKey', 'headers."idempotency-key"', { headers: { 'idempotency-key': 'b' } }],
  ['an expression with a function of Powertools', 'powertools_json(body).order', { body: '{"order":7}' }],
  ['a number', ({ id }) => id, { id: 0 }],
  ['a number beyond the safe ones', ({ id }) => [id, 2n ** 64n], { id: 2 ** 60 }],
  ['an object with an empty value deep inside', event => event, { order: { id: 7, note: '' } }],
])('%s can be the key', async (name, key, event) => {
  const { done, work } = counted(() => 1, { key }, name.replace(/\W/g, '-'));
  expect([await work(event as any), await work(event as any), done.count]).toEqual([1, 1, 1]);
});

test.each([{ body: null }, {}, { body: '' }, { body: 'no JSON' }, { body: '5' }, { body: '{}' }])('the event %j, whose body has no key, is one without a key', async event => {
  const { done, work } = counted(() => 1, { key: 'powertools_json(body).order' });
  await expect(work(event as any)).rejects.toMatchObject({ name: 'MissingKeyError' });
  expect(done.count).toBe(0);
});

test.each(['body.', 'powertools_jsn(body)', '[a', ''])('the expression %j with a mistake fails when it is stated, and not in each request', expression => {
  expect(() => counted(() => 1, { key: expression })).toThrow();
  expect(() => counted(() => 1, { payload: expression })).toThrow();
});

test.each(['powertools_base64(body)', 'keys(body)', "join(', ', [a, b])", 'sort_by(items, &id)[0].id', 'to_number(id)', 'records[0:2].id', 'max(amounts)'])('the expression %j is accepted', expression => {
  expect(() => counted(() => 1, { key: expression, payload: expression })).not.toThrow();
});

test('a key that is not JSON fails with the name of the operation, and no work is done', async () => {
  const circular: { self?: unknown } = {};
  circular.self = circular;
  const { done, work } = counted(() => 1, { key: () => circular });
  await expect(work({ key: 'k' })).rejects.toThrow("the key and the payload of 'work' must be JSON: Converting circular structure");
  expect(done.count).toBe(0);
});

test('operations of one function have keys of their own', async () => {
  const [reserve, pay] = [counted(() => 'reserved', {}, 'reserve'), counted(() => 'paid', {}, 'pay')];
  const key = `key-${++keys}`;
  expect([await reserve.work({ key }), await pay.work({ key }), await pay.work({ key })]).toEqual(['reserved', 'paid', 'paid']);
  expect([reserve.done.count, pay.done.count]).toEqual([1, 1]);
  const ids = (await db.items('Idempotency')).map(({ id }) => id).filter(id => /^Test#(reserve|pay)#/.test(id));
  expect(ids).toHaveLength(2);
});

test('a repetition with another payload is rejected, also if only one field differs', async () => {
  const { done, work } = counted(() => 1, { payload: event => (event as { payload?: unknown }).payload });
  const key = `key-${++keys}`;
  await work({ key, payload: { amount: 1 } });
  await work({ key, payload: { amount: 1 } });
  await expect(work({ key, payload: { amount: 2 } })).rejects.toMatchObject({ name: 'KeyReusedError', message: "the key was used for another 'work'" });
  expect(done.count).toBe(1);
});

test('of concurrent calls one does the work, and the others say that it is in progress', async () => {
  const ends: string[] = [];
  let end!: (result: string) => void;
  const result = new Promise<string>(resolve => { end = resolve; });
  const once = idempotent('concurrent', async (_event: { key: string }) => result, { key: ({ key }) => key });
  const call = () => runInvocation({ event: {}, context: contextWith(30_000) }, () => once({ key: 'k' })).then(text => ends.push(text), error => {
    ends.push(error.name);
    if (ends.length === 4) end('done');
  });
  await Promise.all(Array.from({ length: 5 }, call));
  expect(ends).toEqual(['InProgressError', 'InProgressError', 'InProgressError', 'InProgressError', 'done']);
});

test('a call outside of an observed handler fails, and no work is done', async () => {
  let count = 0;
  const work = idempotent('outside', async (_event: { key: string }) => ++count, { key: ({ key }) => key });
  await expect(work({ key: 'k' })).rejects.toThrow("'outside' must be called within an observed handler, got no current invocation; wrap the handler with observed()");
  expect(count).toBe(0);
});

test.each(['', 'a b', 'a#b', 'x'.repeat(65)])('the name %j is rejected', name => {
  expect(() => idempotent(name, async () => 1, { key: 'id' })).toThrow("'name' must be 1 to 64 letters, digits, '.', '-' and '_'");
});

test('POWERTOOLS_IDEMPOTENCY_DISABLED does the work each time, without a table', async () => {
  process.env.POWERTOOLS_IDEMPOTENCY_DISABLED = 'true';
  const { done, work } = counted(() => 1);
  delete process.env.POWERTOOLS_IDEMPOTENCY_DISABLED;
  await work({ key: 'same' });
  await work({ key: 'same' });
  expect(done.count).toBe(2);
});

test.each(['IDEMPOTENCY_TABLE', 'IDEMPOTENCY_KEY_PREFIX', 'IDEMPOTENCY_EXPIRES_AFTER_SECONDS'])('a handler without %s does not start', variable => {
  const value = process.env[variable];
  delete process.env[variable];
  expect(() => idempotent('work', async () => 1, { key: 'key' })).toThrow(`environment variable ${variable} is missing`);
  process.env[variable] = value;
});
