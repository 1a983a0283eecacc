import { LambdaClient } from '@aws-sdk/client-lambda';
import { runSmokeTest, type SmokeTestConfig } from '../../../src/release/hook/run';
import { type AwsAnswer, FakeAws } from '../../support/fake-aws';

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

function run(config: Partial<SmokeTestConfig>, ...answers: AwsAnswer[]) {
  aws.answer = () => answers.length > 1 ? answers.shift()! : answers[0];
  return runSmokeTest(client, 'pay:7', { payload: { probe: true }, attempts: 1, ...config }, new AbortController().signal);
}

test('a right answer is enough', async () => {
  expect(await run({ expect: { ok: true } }, { body: { ok: true, more: 1 } })).toEqual({ status: 'Succeeded', reason: 'pay:7 gave the right answer in attempt 1' });
  expect(aws.calls).toEqual([{ operation: 'Lambda.Invoke', target: 'pay:7', input: { probe: true } }]);
});

test.each<AwsAnswer>([{ body: '' }, { body: 'null' }, { body: { statusCode: 399 } }, { body: { statusCode: 'x' } }, { body: '"text"' }])('without an expectation %j will do', async answer => {
  expect((await run({}, answer)).status).toBe('Succeeded');
});

test.each<AwsAnswer>([{ body: { statusCode: 400 } }, { body: { statusCode: 503 } }, { body: '{' }])('without an expectation %j will not', async answer => {
  expect((await run({}, answer)).status).toBe('Failed');
});

test('a statusCode that is expected is right, though it is an error', async () => {
  expect((await run({ expect: { statusCode: 404 } }, { body: { statusCode: 404 } })).status).toBe('Succeeded');
});

test('pauses grow between attempts up to half a minute', async () => {
  const { reason } = await run({ attempts: 7 }, { status: 500 });
  expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  expect(aws.calls).toHaveLength(7);
  expect(reason).toMatch(/^pay:7: the invocation failed: .* \(attempt 7 of 7\)$/);
});

test('the last problem is what is told, shortened', async () => {
  const { reason } = await run({ attempts: 2 }, { status: 500 }, { headers: { 'X-Amz-Function-Error': 'Unhandled' }, body: 'x'.repeat(2_000) });
  expect(reason).toBe(`pay:7: Unhandled function error ${'x'.repeat(1_000)}… (attempt 2 of 2)`);
});
