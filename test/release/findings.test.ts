import { App, type AppProps, Stack, TimeZone } from 'aws-cdk-lib';
import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import {
  CanaryAlias, ColdStart, FailureQueue, FunctionAlarms, LeastPrivilegeRole, ProductionDashboard, ProductionFunction, SmokeTest, TrafficHook,
} from '../../src';
import { findingsOf } from '../support/findings';
import { plainFunction, REQUIRED } from '../support/plain-function';

jest.setTimeout(120_000);

/** The newest runtime of this CDK, which cdk-nag's L1 and LambdaLatestVersion require. */
const newestPython = lambda.Runtime.ALL.filter(({ family }) => family === lambda.RuntimeFamily.PYTHON)
  .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))
  .at(-1)!;

const strict = { '@aws-cdk/core:validateAgainstDefaultRules': true };

test('smoke tests, hooks, provisioned concurrency, alarms and a dashboard have no open finding', () => {
  const { open, used } = findingsOf((props: AppProps) => {
    const app = new App(props);
    const stack = new Stack(app, 'Stack');
    const hook = new ProductionFunction(stack, 'Hook', REQUIRED);
    const pay = new ProductionFunction(stack, 'Pay', {
      ...REQUIRED,
      alarms: {},
      coldStart: ColdStart.provisioned({ min: 1, max: 9, schedules: [{ schedule: appscaling.Schedule.cron({ hour: '7', minute: '0' }), timeZone: TimeZone.EUROPE_BERLIN, min: 5 }] }),
      release: { preTraffic: SmokeTest.invoke({ expect: { ok: true } }), postTraffic: TrafficHook.fromFunction(hook) },
    });
    new ProductionDashboard(stack, 'Dashboard', { functions: [pay], queues: [FailureQueue.getOrCreate(stack)] });
    return app;
  }, strict);
  expect(open).toEqual([]);
  expect(used.filter(({ path }) => path.includes('PreTrafficTest')).map(({ id }) => id)).toEqual([
    'AwsSolutions::AwsSolutions-IAM5[Resource::*]', // X-Ray, which IAM can't scope
    'Serverless::Serverless-LambdaStarPermissions',
    'Serverless::Serverless-LambdaDLQ',
  ]);
});

test('SnapStart has no open finding', () => {
  const { open } = findingsOf((props: AppProps) => {
    const app = new App(props);
    new ProductionFunction(new Stack(app, 'Stack'), 'Pay', {
      runtime: newestPython, handler: 'index.handler', code: lambda.Code.fromInline('def handler(event, context): pass'), coldStart: ColdStart.snapStart(),
    });
    return app;
  }, strict);
  expect(open).toEqual([]);
});

test('a plain function beside them has findings', () => {
  const { open } = findingsOf((props: AppProps) => {
    const app = new App(props);
    const stack = new Stack(app, 'Stack');
    const role = new LeastPrivilegeRole(stack, 'Role');
    const live = new CanaryAlias(stack, 'Live', { function: plainFunction(stack, 'Pay', { role }), preTraffic: SmokeTest.invoke() });
    new FunctionAlarms(stack, 'Alarms', { function: live });
    return app;
  }, strict);
  expect(open.map(({ rule, path }) => `${rule} ${path}`)).toContain('Serverless-LambdaDLQ Stack/Pay/Resource');
});
