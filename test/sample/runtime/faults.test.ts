import { faultsIn, publishFaults } from '../../../sample/runtime/faults';
import { contextWith } from '../../support/environments';

const written: string[] = [];
beforeEach(() => {
  written.length = 0;
  jest.spyOn(process.stdout, 'write').mockImplementation(line => { written.push(String(line)); return true; });
  process.env.POWERTOOLS_METRICS_NAMESPACE = 'Payments';
  delete process.env.POWERTOOLS_METRICS_DISABLED;
});
afterEach(() => jest.restoreAllMocks());

test.each([
  [{ statusCode: 499 }, 0], [{ statusCode: 500 }, 1], [{ statusCode: 503 }, 1], [{ statusCode: '502' }, 1], [{ statusCode: 201 }, 0], [{}, 0],
  [{ batchItemFailures: [] }, 0], [{ batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'b' }] }, 2],
  [undefined, 0], [null, 0], ['text', 0], [{ failed: 3 }, 0],
])('%j has %d faults, and only faults write a line', (result, faults) => {
  expect(faultsIn(result)).toBe(faults);
  publishFaults(result, contextWith(1_000));
  expect(written).toHaveLength(faults > 0 ? 1 : 0);
});

test('the line is in the embedded metric format, under the dimensions of the release alarms', () => {
  publishFaults({ statusCode: 500 }, contextWith(1_000));
  expect(written[0].endsWith('\n')).toBe(true);
  expect(JSON.parse(written[0])).toEqual({
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [{ Namespace: 'Payments', Dimensions: [['FunctionName', 'ExecutedVersion']], Metrics: [{ Name: 'Faults', Unit: 'Count' }] }],
    },
    FunctionName: 'sample',
    ExecutedVersion: '1',
    Faults: 1,
  });
});

test.each([['POWERTOOLS_METRICS_DISABLED', 'true'], ['POWERTOOLS_METRICS_NAMESPACE', '']])('%s of %j writes nothing', (name, value) => {
  process.env[name] = value;
  publishFaults({ statusCode: 500 }, contextWith(1_000));
  expect(written).toEqual([]);
});
