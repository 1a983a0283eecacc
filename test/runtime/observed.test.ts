import type { Context } from 'aws-lambda';
import { contextWith, passed } from '../support/environments';

Object.assign(process.env, { POWERTOOLS_LOG_LEVEL: 'INFO', POWERTOOLS_SERVICE_NAME: 'payments', POWERTOOLS_TRACE_ENABLED: 'false', POWERTOOLS_METRICS_NAMESPACE: 'Payments' });
const load = () => jest.requireActual<typeof import('cdk-production-lambda-runtime')>('cdk-production-lambda-runtime');
const { currentInvocation, Deadline, isObserved, logger, metrics, observed } = load();

const lines: any[] = [];
const metricLines: any[] = [];
const parsedInto = (target: any[]) => (line: unknown) => target.push(JSON.parse(String(line)));
beforeAll(() => {
  for (const method of ['info', 'error'] as const) jest.spyOn((logger as any).console, method).mockImplementation(parsedInto(lines));
  jest.spyOn((metrics as any).console, 'log').mockImplementation(parsedInto(metricLines));
});
beforeEach(() => {
  lines.length = 0;
  metricLines.length = 0;
});

const handler = observed(async ({ order, fails }: { order?: string; fails?: boolean }) => {
  if (order) logger.appendKeys({ order });
  if (order) metrics.addDimension('order', order);
  metrics.addMetric('Seen', 'Count', 1);
  logger.info('at work');
  if (fails) throw new TypeError('no');
  return order;
});
const call = (event: { order?: string; fails?: boolean }, awsRequestId: string) => handler(event, { ...contextWith(1_000), awsRequestId });
const seen = () => metricLines.filter(line => 'Seen' in line);

test('a key that one request added to its lines is not on those of the next, which have their own id', async () => {
  await call({ order: 'o-1' }, 'r-1');
  await call({}, 'r-2');
  expect(lines).toEqual([
    expect.objectContaining({ message: 'at work', function_request_id: 'r-1', order: 'o-1' }),
    expect.objectContaining({ message: 'at work', function_request_id: 'r-2' }),
  ]);
  expect(lines[1]).not.toHaveProperty('order');
  expect(seen().map(({ order }) => order)).toEqual(['o-1', undefined]);
});

test('not even after a request that failed, whose metrics are published and whose error is thrown', async () => {
  await expect(call({ order: 'o-3', fails: true }, 'r-3')).rejects.toThrow(new TypeError('no'));
  await call({}, 'r-4');
  expect(lines.map(({ order, function_request_id: id }) => [order, id])).toEqual([['o-3', 'r-3'], [undefined, 'r-4']]);
  expect(seen().map(line => line.Seen)).toEqual([1, 1]);
});

test('the cold start is counted once, by function', async () => {
  process.env.AWS_LAMBDA_INITIALIZATION_TYPE = 'on-demand';
  const counts: any[] = [];
  const written = jest.spyOn(process.stdout, 'write').mockImplementation(line => parsedInto(counts)(line) > 0);
  let run!: (event: unknown, context: Context) => Promise<unknown>;
  jest.isolateModules(() => (run = load().observed(async () => undefined)));
  await run({}, contextWith(1_000));
  await run({}, contextWith(1_000));
  written.mockRestore();
  expect(counts.map(({ ColdStart, function_name: name, service }) => [ColdStart, name, service])).toEqual([[1, 'sample', 'payments']]);
});

test('an observed handler is not wrapped twice, also by another copy of the package', () => {
  jest.isolateModules(() => expect(load().observed(handler)).toBe(handler));
  expect([isObserved(handler), isObserved(async () => 1), isObserved(undefined)]).toEqual([true, false, false]);
});

test('a handler that calls an observed one counts and measures once', async () => {
  const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const inner = observed(async () => { logger.info('inner'); return { statusCode: 500 }; });
  await observed(async (event: unknown, context) => inner(event, context))({}, contextWith(1_000));
  expect(written.mock.calls.filter(([line]) => String(line).includes('Faults'))).toHaveLength(1);
  expect(lines.map(({ message }) => message)).toEqual(['inner']);
  written.mockRestore();
});

test('the properties and the number of parameters of the handler remain, so that Lambda treats it as before', () => {
  const bare = Object.assign(async (_event: unknown, _context: unknown) => 1, { [Symbol.for('mark')]: 'response' });
  const wrapped = observed(bare);
  expect([wrapped.length, (wrapped as any)[Symbol.for('mark')]]).toEqual([2, 'response']);
});

test('the invocation is current within the handler, for concurrent ones too, and not outside', async () => {
  const ids = observed(async (event: { id: string }) => {
    await passed(5);
    return [event.id, (currentInvocation()!.event as typeof event).id, Deadline.current()!.remainingMillis > 1_000];
  });
  const found = await Promise.all(['a', 'b'].map(id => ids({ id }, contextWith(5_000))));
  expect(found).toEqual([['a', 'a', true], ['b', 'b', true]]);
  expect([currentInvocation(), Deadline.current()]).toEqual([undefined, undefined]);
});

test('shortly before the timeout, metrics are published and an error is logged', async () => {
  const slow = observed(async () => {
    metrics.addMetric('Begun', 'Count', 1);
    await passed(120);
    return metricLines.filter(line => 'Begun' in line).length;
  });
  expect(await slow({}, contextWith(250))).toBe(1);
  expect(lines.map(({ level, message }) => [level, message])).toEqual([['ERROR', 'the invocation has not ended 200 ms before its timeout']]);
  lines.length = 0;
  await observed(async () => undefined)({}, contextWith(210));
  await passed(30);
  expect(lines).toEqual([]);
});

test('a call without the context of Lambda, and a handler with a callback, are errors that say so', async () => {
  const run: any = observed(async () => 1);
  for (const context of [undefined, {}]) await expect(run({}, context)).rejects.toThrow(/^an observed handler must be called with the context of Lambda/);
  const callback: any = observed(((_event: unknown, _context: unknown, done: (error: null, result: number) => void) => done(null, 1)) as any);
  await expect(callback({}, contextWith(1_000), () => undefined)).rejects.toThrow('an observed handler must be async, got one with a callback; return a promise');
});

test('a handler that ignores its third parameter, and one that is not async, are observed', async () => {
  const run = (own: any) => (observed(own) as any)({}, contextWith(1_000), () => undefined);
  expect([await run(async (_event: unknown, _context: unknown, _done: unknown) => 1), await run(() => 2)]).toEqual([1, 2]);
});

test('the variables of Powertools for the event and for sampled debug lines apply to each request', async () => {
  const sampled = jest.spyOn(logger, 'refreshSampleRateCalculation').mockReturnValue();
  await call({}, 'r-1');
  expect([lines.length, sampled.mock.calls.length]).toEqual([1, 0]);
  Object.assign(process.env, { POWERTOOLS_LOGGER_SAMPLE_RATE: '0', POWERTOOLS_LOGGER_LOG_EVENT: 'true' });
  await jest.isolateModulesAsync(async () => {
    const { logger: own, observed: fresh } = load();
    const written: any[] = [];
    jest.spyOn((own as any).console, 'info').mockImplementation(parsedInto(written));
    const refreshed = jest.spyOn(own, 'refreshSampleRateCalculation');
    await fresh(async () => undefined)({ order: 'o-1' }, contextWith(1_000));
    expect([written.map(({ message, event }) => [message, event]), refreshed.mock.calls.length]).toEqual([[['Lambda invocation event', { order: 'o-1' }]], 1]);
  });
  delete process.env.POWERTOOLS_LOGGER_SAMPLE_RATE;
  delete process.env.POWERTOOLS_LOGGER_LOG_EVENT;
});
