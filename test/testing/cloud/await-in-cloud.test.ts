import { awaitItem, awaitLog, awaitMessage } from '../../../testing/src/cloud/await-in-cloud';
import { awaitValue } from '../../../testing/src/cloud/wait';

const FAST = { timeoutSeconds: 1, intervalMillis: 1 };

/** A client that returns the responses one after the other, and then the last one again. */
function client(...responses: object[]) {
  const sent: any[] = [];
  return { sent, send: async (command: any) => (sent.push(command.input), responses.length > 1 ? responses.shift() : responses[0]) };
}

test('awaitValue returns the first value, and waits longer each time', async () => {
  let calls = 0;
  expect(await awaitValue('a value', async () => ++calls === 4 ? 'there' : undefined, FAST)).toBe('there');
  expect(calls).toBe(4);
});

test('awaitValue says what it found instead, and an error of the last attempt', async () => {
  const seen = awaitValue('the order', async found => void found('order 7'), { timeoutSeconds: 0.05, intervalMillis: 10 });
  await expect(seen).rejects.toThrow(/^waited 0.05 s for the order, got order 7 after \d+ attempts$/);
  const failed = awaitValue('the order', () => Promise.reject(new Error('no access')), { timeoutSeconds: 0.05, intervalMillis: 10 });
  await expect(failed).rejects.toThrow(/no access/);
});

test('awaitItem reads consistently until the item is accepted', async () => {
  const table = client({}, { Item: { status: { S: 'pending' } } }, { Item: { status: { S: 'settled' } } });
  const isAwaited = (item: any) => item.status.S === 'settled';
  expect(await awaitItem({ table: 'Payments', key: { id: { S: '1' } }, isAwaited }, { ...FAST, client: table })).toEqual({ status: { S: 'settled' } });
  expect(table.sent).toHaveLength(3);
  expect(table.sent[0]).toMatchObject({ TableName: 'Payments', ConsistentRead: true });
});

test('awaitMessage deletes the message that it returns, and no other', async () => {
  const queue = client({ Messages: [{ Body: 'other', ReceiptHandle: 'a' }, { Body: 'mine', ReceiptHandle: 'b' }] }, {});
  expect(await awaitMessage({ queueUrl: 'https://queue', isAwaited: body => body === 'mine' }, { ...FAST, client: queue })).toBe('mine');
  expect(queue.sent[1]).toEqual({ QueueUrl: 'https://queue', ReceiptHandle: 'b' });
});

test('a message that never arrives: the error has the last one that did', async () => {
  const queue = client({ Messages: [{ Body: 'other', ReceiptHandle: 'a' }] });
  await expect(awaitMessage({ queueUrl: 'https://queue', isAwaited: () => false }, { timeoutSeconds: 0.05, intervalMillis: 10, client: queue }))
    .rejects.toThrow('got other messages, the last other');
});

test('awaitLog needs the client for logs, which is not installed here, and says so', async () => {
  await expect(awaitLog({ logGroup: 'pay', pattern: '"order-1"' })).rejects.toThrow('npm install --save-dev @aws-sdk/client-cloudwatch-logs');
});
