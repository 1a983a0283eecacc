import { makeIdempotent, IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { idempotency } from '../../sample/runtime/idempotency';
import { DynamoDb } from '../support/dynamo-db';
import { contextWith, passed, setEnvironment } from '../support/environments';

const db = new DynamoDb();
let client: DynamoDBClient;
let keys = 0;

beforeAll(async () => {
  await db.start('Idempotency');
  setEnvironment(db, { IDEMPOTENCY_KEY_PREFIX: 'Test' });
  client = new DynamoDBClient();
});
afterAll(() => {
  client.destroy();
  db.stop();
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

/** Powertools as the sample uses it. */
async function guarded(result: () => unknown): Promise<{ count: number; answers: unknown[] }> {
  let count = 0;
  const once = idempotency(client, { eventKeyJmesPath: 'key' });
  const work = once.guard(async (_event: { key: string }) => {
    count++;
    return result();
  });
  const answers = await twice(work, context => once.begin(context));
  return { count, answers };
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

const MAX_TEXT = 390 * 1_024 - Buffer.byteLength('{"result":""}');

test('a result of exactly the limit is saved', async () => {
  const text = 'x'.repeat(MAX_TEXT);
  expect(await guarded(() => text)).toEqual({ count: 1, answers: [text, text] });
});

const circle: Record<string, unknown> = {};
circle.self = circle;

test.each<[string, () => unknown, string]>([
  ['one byte above the limit', () => 'x'.repeat(MAX_TEXT + 1), 'a result must be at most 399360 bytes to be remembered, got 399361; answer its id instead'],
  ['500 KB of unicode', () => 'ü'.repeat(250_000), 'a result must be at most 399360 bytes to be remembered, got 500013; answer its id instead'],
  ['a circle', () => circle, 'a result must be JSON to be remembered: Converting circular structure to JSON'],
])('a result of %s is lost, and told so each time; its work is not done again', async (_, result, message) => {
  let count = 0;
  const once = idempotency(client, { eventKeyJmesPath: 'key' });
  const work = once.guard(async (_event: { key: string }) => {
    count++;
    return result();
  });
  const key = `key-${++keys}`;
  for (let i = 0; i < 2; i++) {
    once.begin(contextWith(100));
    await expect(work({ key })).rejects.toMatchObject({ name: 'ResultLostError', message: expect.stringContaining(message) });
    await passed(120);
  }
  expect(count).toBe(1);
});

describe('work whose effect may still come', () => {
  class UnderWayError extends Error {}
  const HOUR = 3_600_000;
  const work = (error: Error) => {
    const once = idempotency(client, { eventKeyJmesPath: 'key' }, { millis: HOUR, isCause: thrown => thrown instanceof UnderWayError });
    let count = 0;
    const failing = once.guard(async (_event: { key: string }) => {
      count++;
      throw error;
    });
    return async (key: string) => {
      once.begin(contextWith(100));
      return [await failing({ key }).catch(thrown => thrown.constructor.name), count];
    };
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

test('a missing key fails, and no work is done', async () => {
  let count = 0;
  const work = idempotency(client, { eventKeyJmesPath: 'key' }).guard(async (_event: { key?: string }) => ++count);
  await expect(work({})).rejects.toMatchObject({ cause: { message: 'No data found to create a hashed idempotency_key' } });
  expect(count).toBe(0);
});

test.each(['IDEMPOTENCY_TABLE', 'IDEMPOTENCY_KEY_PREFIX', 'IDEMPOTENCY_EXPIRES_AFTER_SECONDS'])('a handler without %s does not start', variable => {
  const value = process.env[variable];
  delete process.env[variable];
  expect(() => idempotency(client, { eventKeyJmesPath: 'key' })).toThrow(`environment variable ${variable} is missing`);
  process.env[variable] = value;
});
