import * as fs from 'node:fs';
import * as path from 'node:path';
import { ExecutionEnvironment } from '../../runtime/runtime-api';
import { type AwsResponse, type AwsCall, FakeAws } from '../../support/fake-aws';

// The bundle of the package, run by Lambda's runtime client against AWS endpoints on the loopback address.
const ROOT = path.join(__dirname, '..', '..', '..');
const BUNDLE = path.join(ROOT, 'assets', 'smoke-test');
const EVENT = { DeploymentId: 'd-ABCDEF123', LifecycleEventHookExecutionId: 'eyJlbmM' };
const GROUP = 'PayLive12345678';

jest.setTimeout(60_000);

let aws: FakeAws;
let environment: ExecutionEnvironment | undefined;

beforeEach(async () => {
  aws = await FakeAws.start();
});
afterEach(async () => {
  await environment?.stop();
  environment = undefined;
  await aws.stop();
});

/** Responds as CodeDeploy and Lambda do, with the changes of a test. */
function respond(changes: { [operation: string]: (call: AwsCall) => AwsResponse } = {}, creator = 'CloudFormation'): void {
  const usual: typeof changes = {
    'CodeDeploy.GetDeployment': () => ({
      body: {
        deploymentInfo: {
          applicationName: 'App',
          deploymentGroupName: GROUP,
          creator,
          revision: { revisionType: 'String', string: { sha256: 'abc' } },
        },
      },
    }),
    'CodeDeploy.GetApplicationRevision': () => revision(appSpec({ Name: 'pay', Alias: 'live', CurrentVersion: '6', TargetVersion: '7' })),
    'CodeDeploy.PutLifecycleEventHookExecutionStatus': () => ({}),
    'Lambda.Invoke': () => ({ body: { ok: true } }),
    ...changes,
  };
  aws.respond = call => usual[call.operation](call);
}

function appSpec(properties: object): string {
  return JSON.stringify({ version: 0, Resources: [{ Pay: { Type: 'AWS::Lambda::Function', Properties: properties } }] });
}

function revision(content: string): AwsResponse {
  return { body: { applicationName: 'App', revision: { revisionType: 'String', string: { content, sha256: 'abc' } } } };
}

async function run(test: object, timeoutMs = 20_000, tests: object = { [GROUP]: { payload: { probe: true }, attempts: 1, ...test } }) {
  environment = await ExecutionEnvironment.start({
    taskRoot: BUNDLE,
    handler: 'index.handler',
    environment: { ...aws.environment, SMOKE_TESTS: JSON.stringify(tests) },
  });
  return environment.invoke(EVENT, timeoutMs);
}

function reported(): any[] {
  return aws.calls.filter(call => call.operation === 'CodeDeploy.PutLifecycleEventHookExecutionStatus').map(call => call.input);
}

const report = (status: string) => [{ deploymentId: EVENT.DeploymentId, lifecycleEventHookExecutionId: EVENT.LifecycleEventHookExecutionId, status }];

test('contains no path of the machine that bundled it', () => {
  const bundle = fs.readFileSync(path.join(BUNDLE, 'index.js'), 'utf8');
  expect(bundle).not.toContain(ROOT);
  expect(fs.readdirSync(BUNDLE)).toEqual(['index.js']);
});

describe('the new version', () => {
  test('is read from the AppSpec, invoked by its number with the payload, and reported as Succeeded', async () => {
    respond();
    await run({ expect: { ok: true } });
    expect(aws.operations()).toEqual(['CodeDeploy.GetDeployment', 'CodeDeploy.GetApplicationRevision', 'Lambda.Invoke', 'CodeDeploy.PutLifecycleEventHookExecutionStatus']);
    expect(aws.calls[1].input).toEqual({ applicationName: 'App', revision: { revisionType: 'String', string: { sha256: 'abc' } } });
    expect(aws.calls[2]).toMatchObject({ target: 'pay:7', input: { probe: true } });
    expect(reported()).toEqual(report('Succeeded'));
  });

  test('is read from an AppSpecContent', async () => {
    respond({
      'CodeDeploy.GetApplicationRevision': () => ({
        body: { revision: { revisionType: 'AppSpecContent', appSpecContent: { content: appSpec({ Name: 'pay', TargetVersion: '8' }) } } },
      }),
    });
    await run({});
    expect(aws.calls[2].target).toBe('pay:8');
    expect(reported()).toEqual(report('Succeeded'));
  });

  test.each(['codeDeployRollback', 'CloudFormationRollback'])('is not tested during a rollback by %s', async creator => {
    respond({}, creator);
    await run({ expect: { ok: false } });
    expect(aws.operations()).toEqual(['CodeDeploy.GetDeployment', 'CodeDeploy.PutLifecycleEventHookExecutionStatus']);
    expect(reported()).toEqual(report('Succeeded'));
  });
});

describe('reports Failed', () => {
  test.each<[string, object, AwsResponse, string]>([
    ['a function error', {}, { headers: { 'X-Amz-Function-Error': 'Unhandled' }, body: { errorMessage: 'no table' } }, 'Unhandled function error {\\"errorMessage\\":\\"no table\\"}'],
    ['a response that differs', { expect: { ok: true } }, { body: { ok: false } }, 'response.ok must be true, got false'],
    ['a response that is not JSON', {}, { body: '<html>' }, 'the response is not JSON, got <html>'],
    ['a statusCode of 500 without an expected response', {}, { body: { statusCode: 500 } }, 'the response has statusCode 500'],
    ['a response of Lambda with another status', {}, { status: 202 }, 'Lambda responded with status 202'],
    ['a denied invocation', {}, { status: 403, body: { message: 'not authorized' } }, 'the invocation failed'],
  ])('for %s', async (_, smokeTest, response, reason) => {
    respond({ 'Lambda.Invoke': () => response });
    await run(smokeTest);
    expect(reported()).toEqual(report('Failed'));
    expect(environment!.log).toContain(reason);
  });

  test('within half of a short timeout, if the version does not respond', async () => {
    respond({ 'Lambda.Invoke': () => ({ hang: true }) });
    await run({}, 4_000);
    expect(reported()).toEqual(report('Failed'));
    expect(environment!.log).toContain('no expected response within 2 seconds');
  });

  test('when CodeDeploy does not return the deployment', async () => {
    respond({ 'CodeDeploy.GetDeployment': () => ({ status: 400, body: { __type: 'DeploymentDoesNotExistException' } }) });
    await run({});
    expect(aws.operations()).not.toContain('Lambda.Invoke');
    expect(reported()).toEqual(report('Failed'));
  });

  test.each([
    ['not JSON', 'version: 0.0'],
    ['without a version', appSpec({ Name: 'pay' })],
    ['with $LATEST', appSpec({ Name: 'pay', TargetVersion: '$LATEST' })],
    ['without resources', '{"version":0}'],
  ])('when the AppSpec is %s', async (_, content) => {
    respond({ 'CodeDeploy.GetApplicationRevision': () => revision(content) });
    await run({});
    expect(aws.operations()).not.toContain('Lambda.Invoke');
    expect(reported()).toEqual(report('Failed'));
    expect(environment!.log).toContain('the AppSpec of the deployment names no function and numbered version');
  });

  test('when it has no test for the deployment group', async () => {
    respond();
    await run({}, 20_000, {});
    expect(reported()).toEqual(report('Failed'));
    expect(environment!.log).toContain(`no smoke test for deployment group ${GROUP}`);
  });
});

test('repeats the invocation after a failed first response', async () => {
  let attempt = 0;
  respond({ 'Lambda.Invoke': () => ++attempt === 1 ? { headers: { 'X-Amz-Function-Error': 'Unhandled' } } : { body: { ok: true } } });
  await run({ attempts: 2, expect: { ok: true } });
  expect(attempt).toBe(2);
  expect(reported()).toEqual(report('Succeeded'));
});

test('reports again if CodeDeploy does not answer, fails, or closes the connection', async () => {
  const answers: AwsResponse[] = [{ hang: true }, { status: 500, body: {} }];
  respond({ 'CodeDeploy.PutLifecycleEventHookExecutionStatus': () => answers.shift() ?? {} });
  await run({});
  expect(reported()).toEqual([...report('Succeeded'), ...report('Succeeded'), ...report('Succeeded')]);
});

test('is done if an earlier report arrived and only its answer was lost', async () => {
  const completed = { status: 400, body: { __type: 'LifecycleEventAlreadyCompletedException', message: 'done' } };
  const answers: AwsResponse[] = [{ hang: true }, completed];
  respond({ 'CodeDeploy.PutLifecycleEventHookExecutionStatus': () => answers.shift()! });
  expect((await run({})).error).toBeUndefined();
  expect(reported()).toHaveLength(2);
});

test('throws the error, so that Lambda retries the event, when CodeDeploy rejects the report', async () => {
  respond({ 'CodeDeploy.PutLifecycleEventHookExecutionStatus': () => ({ status: 400, body: { __type: 'InvalidLifecycleEventHookExecutionIdException' } }) });
  expect((await run({})).error).toMatchObject({ errorType: 'InvalidLifecycleEventHookExecutionIdException' });
});
