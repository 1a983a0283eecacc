import { DynamoDb } from '../../../testing/src/engines/dynamo-db';

test('a put that fails on its condition returns the existing item, whichever keys the table has', async () => {
  const db = await DynamoDb.start([{ name: 'Idempotency', keys: ['pk', 'sk'] }]);
  try {
    const Item = { pk: { S: 'a' }, sk: { S: 'b' }, status: { S: 'COMPLETED' } };
    const put = { TableName: 'Idempotency', Item, ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
    expect(await db.call('PutItem', put)).toMatchObject({ status: 200 });
    expect(await db.call('PutItem', put)).toMatchObject({ status: 400, body: { Item } });
    expect(await db.clear('Idempotency')).toBe(1);
    expect(await db.items('Idempotency')).toEqual([]);
  } finally {
    await db.stop();
  }
});
