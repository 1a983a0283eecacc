import { durationText } from '../../../src/private/duration-text';
import { type AwsResponse, FakeAws } from '../../support/fake-aws';

// The handler from its source: the coverage of a bundle is not measured, and its timers cannot be faked.
const EVENT = { DeploymentId: 'd-1', LifecycleEventHookExecutionId: 'e-1' };
const context = { getRemainingTimeInMillis: () => 300_000 };

let aws: FakeAws;
const environment = { ...process.env };
beforeEach(async () => {
  aws = await FakeAws.start();
  Object.assign(process.env, aws.environment, { SMOKE_TESTS: JSON.stringify({ Group: { payload: {}, attempts: 1 } }) });
  jest.resetModules();
  jest.spyOn(console, 'log').mockImplementation();
});
afterEach(async () => {
  jest.useRealTimers();
  process.env = { ...environment };
  await aws.stop();
});

async function run(responses: { [operation: string]: AwsResponse }, remaining = context) {
  aws.respond = call => responses[call.operation] ?? {};
  const source = '../../../src/release/smoke-test-function/handler';
  const { handler } = jest.requireActual<typeof import('../../../src/release/smoke-test-function/handler')>(source);
  return handler(EVENT, remaining);
}

const deployment = (creator: string): AwsResponse => ({
  body: { deploymentInfo: { applicationName: 'App', deploymentGroupName: 'Group', creator, revision: { revisionType: 'String' } } },
});
const appSpec = JSON.stringify({ Resources: [{ Fn: { Properties: { Name: 'pay', TargetVersion: '2' } } }] });
const revision: AwsResponse = { body: { revision: { string: { content: appSpec } } } };

test('tests the version of a release', async () => {
  expect(await run({ 'CodeDeploy.GetDeployment': deployment('user'), 'CodeDeploy.GetApplicationRevision': revision }))
    .toEqual({ status: 'Succeeded', reason: 'pay:2 returned the expected response in attempt 1' });
  expect(aws.calls.at(-1)).toEqual({
    operation: 'CodeDeploy.PutLifecycleEventHookExecutionStatus',
    input: { deploymentId: 'd-1', lifecycleEventHookExecutionId: 'e-1', status: 'Succeeded' },
  });
});

test('does not test during a rollback', async () => {
  expect(await run({ 'CodeDeploy.GetDeployment': deployment('codeDeployRollback') }))
    .toEqual({ status: 'Succeeded', reason: 'not tested, because the deployment is a rollback' });
});

test('fails when CodeDeploy returns no deployment', async () => {
  expect((await run({})).reason).toMatch(/^Error: the AppSpec of the deployment names no function and numbered version, got undefined$/);
});

test('fails when the environment has no test for the deployment group', async () => {
  process.env.SMOKE_TESTS = '{}';
  expect((await run({ 'CodeDeploy.GetDeployment': deployment('user'), 'CodeDeploy.GetApplicationRevision': revision })).reason)
    .toBe('Error: no smoke test for deployment group Group; got {}');
});

test.each([
  [300_000, 285_000],
  [20_000, 10_000],
])('with %d ms left, reports Failed after %d ms without a response', async (remaining, allowed) => {
  const pause = setImmediate;
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'clearImmediate', 'queueMicrotask', 'performance', 'hrtime', 'Date'] });
  const verdict = run({ 'CodeDeploy.GetDeployment': { hang: true } }, { getRemainingTimeInMillis: () => remaining });
  while (aws.calls.length === 0) await new Promise(pause);

  jest.advanceTimersByTime(allowed - 1);
  expect(await Promise.race([verdict, new Promise(resolve => pause(resolve, 'no verdict'))])).toBe('no verdict');
  jest.advanceTimersByTime(1);
  expect(await verdict).toEqual({ status: 'Failed', reason: `no expected response within ${durationText(allowed / 1_000)}` });
  expect(aws.operations()).toEqual(['CodeDeploy.GetDeployment', 'CodeDeploy.PutLifecycleEventHookExecutionStatus']);
});
