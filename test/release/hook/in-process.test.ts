import { type AwsAnswer, FakeAws } from '../../support/fake-aws';

// The same handler from its sources, for what a bundle can't show: which lines were never run.
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
  process.env = { ...environment };
  await aws.stop();
});

async function run(answers: { [operation: string]: AwsAnswer }, remaining = context) {
  aws.answer = call => answers[call.operation] ?? {};
  const { handler } = jest.requireActual<typeof import('../../../src/release/hook/handler')>('../../../src/release/hook/handler');
  return handler(EVENT, remaining);
}

const deployment = (creator: string): AwsAnswer => ({ body: { deploymentInfo: { applicationName: 'App', deploymentGroupName: 'Group', creator, revision: { revisionType: 'String' } } } });
const revision: AwsAnswer = { body: { revision: { string: { content: JSON.stringify({ Resources: [{ Fn: { Properties: { Name: 'pay', TargetVersion: '2' } } }] }) } } } };

test('a release is tested', async () => {
  expect(await run({ 'CodeDeploy.GetDeployment': deployment('user'), 'CodeDeploy.GetApplicationRevision': revision })).toEqual({ status: 'Succeeded', reason: 'pay:2 gave the right answer in attempt 1' });
  expect(aws.calls.at(-1)).toEqual({ operation: 'CodeDeploy.PutLifecycleEventHookExecutionStatus', input: { deploymentId: 'd-1', lifecycleEventHookExecutionId: 'e-1', status: 'Succeeded' } });
});

test('the way back is not', async () => {
  expect(await run({ 'CodeDeploy.GetDeployment': deployment('codeDeployRollback') })).toEqual({ status: 'Succeeded', reason: 'the release goes back to an old version: not tested' });
});

test('a deployment without information fails', async () => {
  expect((await run({})).reason).toMatch(/^Error: the AppSpec of the deployment names no function and numbered version, got undefined$/);
});

test('a test that is missing fails', async () => {
  process.env.SMOKE_TESTS = '{}';
  expect((await run({ 'CodeDeploy.GetDeployment': deployment('user'), 'CodeDeploy.GetApplicationRevision': revision })).reason).toBe('Error: no smoke test for deployment group Group; it has {}');
});

test('silence fails in time', async () => {
  expect(await run({ 'CodeDeploy.GetDeployment': { hang: true } }, { getRemainingTimeInMillis: () => 500 })).toEqual({ status: 'Failed', reason: 'no right answer within 0 seconds' });
});
