import { contextWith } from '../support/environments';
import { logger, runInvocation } from 'cdk-production-lambda-runtime';
import { batch } from 'cdk-production-lambda-runtime/batch';

const logged = jest.spyOn(logger, 'error').mockImplementation();
const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:orders';
const message = (body: string, group?: string) => ({
  messageId: `m-${body}`, body, eventSource: 'aws:sqs', eventSourceARN: group ? `${QUEUE}.fifo` : QUEUE, attributes: group ? { MessageGroupId: group } : {},
});
const streamed = (data: string, source: 'kinesis' | 'dynamodb') => ({
  eventID: `e-${data}`, eventSource: `aws:${source}`, data, [source]: source === 'kinesis' ? { sequenceNumber: `s-${data}` } : { SequenceNumber: `s-${data}` },
});

/** Processes records, of which those with an `x` fail, and returns which were done and which failed. */
async function processed(records: any[], remainingMillis = 10_000) {
  const done: string[] = [];
  const handle = batch(async (record: any) => {
    const data: string = record.body ?? record.data;
    if (data.startsWith('slow')) await new Promise(resolve => setTimeout(resolve, 20));
    if (data.includes('x')) throw new TypeError(`not ${data}`);
    done.push(data);
  });
  const event = { Records: records };
  const { batchItemFailures } = await runInvocation({ event, context: contextWith(remainingMillis) }, () => handle(event));
  return [done, batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)];
}

test('a standard queue: messages are processed concurrently, and only failed ones are reported, with their error in the log', async () => {
  expect(await processed(['slow', 'b', 'x', 'c'].map(body => message(body)))).toEqual([['b', 'c', 'slow'], ['m-x']]);
  expect(logged).toHaveBeenCalledWith('record failed', { error: expect.objectContaining({ message: 'not x' }), record: 'm-x' });
});

test('a FIFO queue: in order, and the first failure of a group fails what follows in the group', async () => {
  const records = [message('slow-a1', 'a'), message('b1x', 'b'), message('a2', 'a'), message('b2', 'b'), message('a3x', 'a'), message('c1', 'c'), message('a4', 'a')];
  expect(await processed(records)).toEqual([['slow-a1', 'a2', 'c1'], ['m-b1x', 'm-b2', 'm-a3x', 'm-a4']]);
});

test.each([null, undefined, 'text'])('work that throws %s fails its record only', async thrown => {
  const handle = batch(async ({ body }: any) => {
    if (body === 'a1') throw thrown;
  });
  const event: any = { Records: [message('a1', 'a'), message('b1', 'b'), message('a2', 'a')] };
  const failed = await runInvocation({ event, context: contextWith(10_000) }, () => handle(event));
  expect(failed).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-a1' }, { itemIdentifier: 'm-a2' }] });
  expect(logged.mock.calls.at(-1)![1]).toMatchObject({ error: { message: `the work threw ${thrown}, which is no error` }, record: 'm-a1' });
});

test.each(['kinesis', 'dynamodb'] as const)('a %s stream: in order up to the first failure', async source => {
  const records = ['slow', 'b', 'x', 'c'].map(data => streamed(data, source));
  expect(await processed(records)).toEqual([['slow', 'b'], ['s-x', 's-c']]);
});

test('records after the deadline are not processed', async () => {
  await expect(processed([message('a'), message('b')], 500)).rejects.toThrow(/All records failed|failed/i);
  expect(logged.mock.calls.at(-1)![1]).toMatchObject({ error: { name: 'OutOfTimeError' } });
});

test.each([undefined, null, {}, { Records: {} }, { version: '2.0', body: '' }])('the event %j, which is not one of a queue or stream, is rejected', async event => {
  await expect(batch(async () => 1)(event as any)).rejects.toThrow("'Records' must be a list of records, got an event without one");
});

test('nothing is processed without records, and an unknown source is rejected', async () => {
  expect(await processed([])).toEqual([[], []]);
  await expect(processed([{ eventSource: 'aws:kafka' }])).rejects.toThrow("'eventSource' must be aws:sqs, aws:kinesis or aws:dynamodb, got aws:kafka");
});
