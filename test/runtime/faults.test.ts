import { contextWith } from '../support/environments';

Object.assign(process.env, { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_TRACE_ENABLED: 'false', POWERTOOLS_METRICS_NAMESPACE: 'Payments' });
const { observed } = jest.requireActual<typeof import('cdk-production-lambda-runtime')>('cdk-production-lambda-runtime');

const written: any[] = [];
beforeAll(() => {
  jest.spyOn(process.stdout, 'write').mockImplementation(line => { written.push(JSON.parse(String(line))); return true; });
});
beforeEach(() => {
  written.length = 0;
  process.env.POWERTOOLS_METRICS_NAMESPACE = 'Payments';
  delete process.env.POWERTOOLS_METRICS_DISABLED;
});
afterAll(() => jest.restoreAllMocks());

const faults = () => written.filter(line => 'Faults' in line);
const answer = (result: unknown) => observed(async () => result)({}, contextWith(1_000));

test.each([
  [{ statusCode: 499 }, []], [{ statusCode: 500 }, [1]], [{ statusCode: 503 }, [1]], [{ statusCode: '502' }, [1]], [{ statusCode: 201 }, []], [{}, []],
  [{ statusCode: 500, isBase64Encoded: false, multiValueHeaders: {}, statusDescription: '500 Error' }, [1]], [{ statusCode: 504, cookies: [] }, [1]],
  [{ batchItemFailures: [] }, []], [{ batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'b' }] }, [2]],
  [undefined, []], [null, []], ['text', []], [{ failed: 3 }, []],
])('the result %j writes the faults %j', async (result, expected) => {
  expect(await answer(result)).toBe(result);
  expect(faults().map(line => line.Faults)).toEqual(expected);
});

test('a handler that throws writes none: Lambda counts its error', async () => {
  await expect(observed(async () => { throw new TypeError('no'); })({}, contextWith(1_000))).rejects.toThrow(TypeError);
  expect(faults()).toEqual([]);
});

test('the line is in the embedded metric format, under the dimensions of the release alarms', async () => {
  await answer({ statusCode: 500 });
  expect(faults()).toEqual([{
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [{ Namespace: 'Payments', Dimensions: [['FunctionName', 'ExecutedVersion']], Metrics: [{ Name: 'Faults', Unit: 'Count' }] }],
    },
    FunctionName: 'sample',
    ExecutedVersion: '1',
    Faults: 1,
  }]);
});

test.each([['POWERTOOLS_METRICS_DISABLED', 'true'], ['POWERTOOLS_METRICS_DISABLED', '1'], ['POWERTOOLS_METRICS_NAMESPACE', '']])('%s of %j writes nothing', async (name, value) => {
  process.env[name] = value;
  await answer({ statusCode: 500 });
  expect(faults()).toEqual([]);
});

test('with duration, each invocation writes how it ended', async () => {
  const run = observed(async ({ result }: { result?: object }) => result ?? Promise.reject(new Error('no')), { duration: true });
  await run({ result: { statusCode: 200 } }, contextWith(1_000));
  await run({ result: { statusCode: 500 } }, contextWith(1_000));
  await expect(run({}, contextWith(1_000))).rejects.toThrow('no');
  const durations = written.filter(line => 'Duration' in line);
  expect(durations.map(line => [line.Outcome, line.FunctionName, line.Duration >= 0])).toEqual([['Success', 'sample', true], ['Fault', 'sample', true], ['Error', 'sample', true]]);
  expect(durations[0]._aws.CloudWatchMetrics[0].Dimensions).toEqual([['FunctionName', 'Outcome']]);
});

describe('a streamed response', () => {
  const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
  const streamify = <H extends object>(handler: H): H => Object.assign(handler, { [STREAMING]: 'response' });
  const from = jest.fn((stream: object, _prelude: object) => stream);
  const runtime = globalThis as { awslambda?: { HttpResponseStream: { from(stream: object, prelude: object): any } } };
  beforeAll(() => { runtime.awslambda = { HttpResponseStream: { from } }; });
  afterAll(() => { delete runtime.awslambda; });

  const handler = (statusCode: number) => async (_event: unknown, stream: NodeJS.WritableStream) => {
    runtime.awslambda!.HttpResponseStream.from(stream, { statusCode }).end('done');
  };
  const stream = () => ({ write: jest.fn(), end: jest.fn() }) as any;

  test.each<[string, (statusCode: number) => any]>([
    ['observed(streamifyResponse(handler))', status => observed(streamify(handler(status)))],
    ['streamifyResponse(observed(handler))', status => streamify(observed(handler(status)))],
  ])('of %s counts by its status', async (_, wrapped) => {
    for (const [status, expected] of [[200, 0], [500, 1]]) {
      written.length = 0;
      const run = wrapped(status);
      expect(run[STREAMING]).toBe('response');
      const sink = stream();
      await run({}, sink, contextWith(1_000));
      expect(sink.end).toHaveBeenCalledWith('done');
      expect(faults()).toHaveLength(expected);
    }
  });
});
