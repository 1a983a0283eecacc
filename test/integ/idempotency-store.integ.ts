import { Proof } from './proof';
import { IdempotencyStore } from '../../src';

/** The function can write records with its own prefix and no other, and records expire. */
export const proof = new Proof('IdempotencyStore');
const store = new IdempotencyStore(proof.stack, 'Store', { deletionProtection: false });
const write = `
  const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
  const prefix = event.theirs ? 'someone-else' : process.env.IDEMPOTENCY_KEY_PREFIX;
  const put = new PutItemCommand({ TableName: process.env.IDEMPOTENCY_TABLE, Item: { id: { S: prefix + '#1' } } });
  return new DynamoDBClient({}).send(put).then(() => 'written', error => error.name);`;
const pay = proof.function('Pay', write, { idempotency: store });

proof.answers(pay, {}, 'written');
proof.answers(pay, { theirs: true }, 'AccessDeniedException');
proof.becomes(
  'DynamoDB', 'describeTimeToLive', { TableName: store.tableName }, 'dynamodb:DescribeTimeToLive', [store.tableArn],
  { TimeToLiveDescription: { AttributeName: 'expiration', TimeToLiveStatus: 'ENABLED' } },
);
