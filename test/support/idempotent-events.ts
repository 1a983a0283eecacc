/** Events and records as AWS documents them, reduced to the identifying fields and their neighbors. */
export const EXAMPLES: [name: string, event: object, key: unknown][] = [
  ['SQS', { messageId: 'm-1', receiptHandle: 'r', body: '{}', eventSource: 'aws:sqs' }, 'm-1'],
  ['EVENT_BRIDGE', { 'version': '0', 'id': 'e-1', 'detail-type': 'captured', 'detail': { id: 'd-1' } }, 'e-1'],
  ['DYNAMODB_STREAM', { eventID: 'c-1', eventName: 'INSERT', dynamodb: { SequenceNumber: '1' } }, 'c-1'],
  ['KINESIS', { eventID: 'shardId-000000000006:4959', kinesis: { sequenceNumber: '4959' } }, 'shardId-000000000006:4959'],
  ['KAFKA', { topic: 'orders', partition: 3, offset: 15, timestamp: 1, value: 'eA==' }, ['orders', 3, 15]],
  ['SNS', { EventSource: 'aws:sns', Sns: { MessageId: 's-1', Message: 'x' } }, 's-1'],
  ['S3', { eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'b' }, object: { key: 'k', sequencer: '0055' } } }, ['b', 'k', '0055']],
  ['HTTP', { version: '2.0', headers: { 'idempotency-key': 'h-1' } }, 'h-1'],
  ['REST', { httpMethod: 'POST', headers: { 'Idempotency-Key': 'h-2' } }, 'h-2'],
];
