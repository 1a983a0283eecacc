import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IdempotencyStore } from '../../src';
import { DynamoDb } from '../support/dynamo-db';
import { contextWith, setEnvironment } from '../support/environments';
import { newStack } from '../support/plain-function';
import { grantedStatements, only, production } from '../support/production-function';

const db = new DynamoDb();
let client: DynamoDBClient;

beforeAll(async () => {
  await db.start('Idempotency');
  setEnvironment(db, {});
  client = new DynamoDBClient();
});
afterAll(async () => {
  client.destroy();
  await db.stop();
});

/** Calls two operations of one function with the same key, and returns those that ran. */
async function ran(prefixOf: (operation: string) => string, key: string): Promise<string[]> {
  const done: string[] = [];
  for (const operation of ['reserve', 'pay']) {
    const config = new IdempotencyConfig({ eventKeyJmesPath: 'key', throwOnNoIdempotencyKey: true });
    config.registerLambdaContext(contextWith(1_000));
    const persistenceStore = new DynamoDBPersistenceLayer({ tableName: 'Idempotency', awsSdkV3Client: client });
    const options = { persistenceStore, config, keyPrefix: prefixOf(operation) };
    const work = makeIdempotent(async (_event: { key: string }) => { done.push(operation); }, options);
    await work({ key });
  }
  return done;
}

test('two operations with the same prefix share their keys, and the second never runs', async () => {
  expect(await ran(() => 'PayPrefix', 'one')).toEqual(['reserve']);
});

test('two operations with a prefix of their own both run, with ids that the permission includes', async () => {
  const stack = newStack();
  production(stack, { idempotency: new IdempotencyStore(stack, 'Store') });
  const prefix: string = only(stack, 'AWS::Lambda::Function').Properties.Environment.Variables.IDEMPOTENCY_KEY_PREFIX;
  expect(await ran(operation => `${prefix}#${operation}`, 'two')).toEqual(['reserve', 'pay']);

  const [pattern] = grantedStatements(stack)[0].Condition['ForAllValues:StringLike']['dynamodb:LeadingKeys'];
  const ids = (await db.items('Idempotency')).map(({ id }) => String(id)).filter(id => id.startsWith(prefix));
  expect(ids).toHaveLength(2);
  for (const id of ids) expect(id.startsWith(pattern.slice(0, -1))).toBe(true);
});
