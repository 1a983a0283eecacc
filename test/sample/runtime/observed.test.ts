import { contextWith } from '../../support/environments';

Object.assign(process.env, { POWERTOOLS_LOG_LEVEL: 'INFO', POWERTOOLS_SERVICE_NAME: 'payments', POWERTOOLS_TRACE_ENABLED: 'false', POWERTOOLS_METRICS_NAMESPACE: 'Payments' });
const { logger, metrics, observed } = jest.requireActual<typeof import('../../../sample/runtime/observed')>('../../../sample/runtime/observed');

const lines: any[] = [];
const metricLines: any[] = [];
beforeAll(() => {
  jest.spyOn((logger as any).console, 'info').mockImplementation(line => lines.push(JSON.parse(String(line))));
  jest.spyOn((metrics as any).console, 'log').mockImplementation(line => metricLines.push(JSON.parse(String(line))));
});
beforeEach(() => {
  lines.length = 0;
  metricLines.length = 0;
});

const handler = observed(async ({ order, fails }: { order?: string; fails?: boolean }) => {
  if (order) logger.appendKeys({ order });
  metrics.addMetric('Seen', 'Count', 1);
  logger.info('at work');
  if (fails) throw new TypeError('no');
  return order;
});
const call = (event: { order?: string; fails?: boolean }, awsRequestId: string) => handler(event, { ...contextWith(1_000), awsRequestId });

test('a key that one request gave to its lines is not on those of the next, which have its own id', async () => {
  await call({ order: 'o-1' }, 'r-1');
  await call({}, 'r-2');
  expect(lines).toEqual([
    expect.objectContaining({ message: 'at work', function_request_id: 'r-1', order: 'o-1' }),
    expect.objectContaining({ message: 'at work', function_request_id: 'r-2' }),
  ]);
  expect(lines[1]).not.toHaveProperty('order');
});

test('not even after a request that failed, whose metrics are written and whose error is passed on', async () => {
  await expect(call({ order: 'o-3', fails: true }, 'r-3')).rejects.toThrow(new TypeError('no'));
  await call({}, 'r-4');
  expect(lines.map(({ order, function_request_id: id }) => [order, id])).toEqual([['o-3', 'r-3'], [undefined, 'r-4']]);
  expect(metricLines.map(line => line.Seen)).toEqual([1, 1]);
});
