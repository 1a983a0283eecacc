import { makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { idempotency, plainJson } from '../../sample/runtime/idempotency';
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

/** How often the work is done when its call is repeated after the first must have ended. */
async function executions(result: () => unknown): Promise<number> {
  let count = 0;
  const once = idempotency(client, { eventKeyJmesPath: 'key' });
  const work = makeIdempotent(async (_event: { key: string }) => {
    count++;
    return result();
  }, once);
  const key = `key-${++keys}`;
  for (let i = 0; i < 2; i++) {
    once.config.registerLambdaContext(contextWith(100));
    await work({ key }).catch(() => undefined);
    await passed(150);
  }
  return count;
}

class Money {
  constructor(public readonly amount: number) {}
}

const RESULTS: [string, () => unknown][] = [
  ['undefined in a field', () => ({ a: undefined })],
  ['a Date', () => ({ at: new Date() })],
  ['a class', () => ({ money: new Money(1) })],
  ['undefined in a list', () => ({ list: [1, undefined] })],
  ['an empty Set', () => ({ tags: new Set() })],
];

test.each(RESULTS)('a result with %s is not saved as it is, and its work is done again', async (_, result) => {
  expect(await executions(result)).toBe(2);
});

test.each(RESULTS)('a result with %s is saved as plain JSON, and its work is done once', async (_, result) => {
  expect(await executions(() => plainJson(result()))).toBe(1);
});

test('a missing key fails, and no work is done', async () => {
  let count = 0;
  const work = makeIdempotent(async (_event: { key?: string }) => ++count, idempotency(client, { eventKeyJmesPath: 'key' }));
  await expect(work({})).rejects.toMatchObject({ cause: { message: 'No data found to create a hashed idempotency_key' } });
  expect(count).toBe(0);
});

test.each(['IDEMPOTENCY_TABLE', 'IDEMPOTENCY_KEY_PREFIX', 'IDEMPOTENCY_EXPIRES_AFTER_SECONDS'])('a handler without %s does not start', variable => {
  const value = process.env[variable];
  delete process.env[variable];
  expect(() => idempotency(client, { eventKeyJmesPath: 'key' })).toThrow(`environment variable ${variable} is missing`);
  process.env[variable] = value;
});
