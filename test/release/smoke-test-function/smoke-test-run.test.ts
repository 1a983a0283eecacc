import { LambdaClient } from '@aws-sdk/client-lambda';
import { runSmokeTest, type SmokeTestConfig } from '../../../src/release/smoke-test-function/smoke-test-run';
import { type AwsResponse, FakeAws } from '../../support/fake-aws';

let aws: FakeAws;
let client: LambdaClient;
let pauses: number[];

beforeEach(async () => {
  aws = await FakeAws.start();
  const { AWS_ENDPOINT_URL_LAMBDA: endpoint, AWS_REGION: region } = aws.environment;
  client = new LambdaClient({ endpoint, region, credentials: { accessKeyId: 'fake', secretAccessKey: 'fake' }, maxAttempts: 1 });
  jest.spyOn(console, 'log').mockImplementation();
  pauses = [];
});
afterEach(() => aws.stop());

jest.mock('node:timers/promises', () => ({ setTimeout: (ms: number) => mockPause(ms) }));
function mockPause(ms: number): Promise<void> {
  pauses.push(ms);
  return Promise.resolve();
}

function run(config: Partial<SmokeTestConfig>, ...responses: AwsResponse[]) {
  aws.respond = () => responses.length > 1 ? responses.shift()! : responses[0];
  return runSmokeTest(client, 'pay:7', { payload: { probe: true }, attempts: 1, ...config }, new AbortController().signal);
}

test('one expected response is enough', async () => {
  expect(await run({ expect: { ok: true } }, { body: { ok: true, more: 1 } })).toEqual({ status: 'Succeeded', reason: 'pay:7 returned the expected response in attempt 1' });
  expect(aws.calls).toEqual([{ operation: 'Lambda.Invoke', target: 'pay:7', input: { probe: true } }]);
});

test.each<AwsResponse>([{ body: '' }, { body: 'null' }, { body: { statusCode: 399 } }, { body: { statusCode: 'x' } }, { body: '"text"' }])('accepts %j without an expected response', async response => {
  expect((await run({}, response)).status).toBe('Succeeded');
});

test.each<AwsResponse>([{ body: { statusCode: 400 } }, { body: { statusCode: 503 } }, { body: '{' }])('rejects %j without an expected response', async response => {
  expect((await run({}, response)).status).toBe('Failed');
});

test('accepts an expected statusCode of 400 or more', async () => {
  expect((await run({ expect: { statusCode: 404 } }, { body: { statusCode: 404 } })).status).toBe('Succeeded');
});

test('doubles the pauses between attempts up to 30 seconds', async () => {
  const { reason } = await run({ attempts: 7 }, { status: 500 });
  expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  expect(aws.calls).toHaveLength(7);
  expect(reason).toMatch(/^pay:7: the invocation failed: .* \(attempt 7 of 7\)$/);
});

test('returns the last problem, shortened', async () => {
  const { reason } = await run({ attempts: 2 }, { status: 500 }, { headers: { 'X-Amz-Function-Error': 'Unhandled' }, body: 'x'.repeat(2_000) });
  expect(reason).toBe(`pay:7: Unhandled function error ${'x'.repeat(1_000)}… (attempt 2 of 2)`);
});
