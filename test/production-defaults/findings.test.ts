import { App, Duration, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as integrations from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import recommended from 'aws-cdk-lib/recommended-feature-flags.json';
import { ProductionDefaults } from '../../src';
import { loadTemplate } from '../../src/checks/engine/load';
import { lostIn, stepFrom } from '../adopting/step';
import { APPS, plain } from '../checks/corpus/apps';
import { findings } from '../checks/corpus/findings';
import { findingsOf } from '../support/findings';

/** Apps that the defaults could make worse, because a default contradicts a prop. */
const DELICATE: Record<string, (stack: Stack) => void> = {
  'a queue with a visibility timeout of 18 s, for the default function timeout of 3 s': stack => {
    plain(stack, 'Work').addEventSource(new sources.SqsEventSource(new sqs.Queue(stack, 'Queue', { visibilityTimeout: Duration.seconds(18) })));
  },
  'a queue with the longest retention period': stack => {
    plain(stack, 'Work').addEventSource(new sources.SqsEventSource(new sqs.Queue(stack, 'Queue', { retentionPeriod: Duration.days(14) })));
  },
  'a FIFO queue with a batch': stack => {
    plain(stack, 'Work').addEventSource(new sources.SqsEventSource(new sqs.Queue(stack, 'Queue', { fifo: true })));
  },
  'integrations that wait for 4 s': stack => {
    const timeout = Duration.seconds(4);
    new apigwv2.HttpApi(stack, 'Http', { defaultIntegration: new integrations.HttpLambdaIntegration('Work', plain(stack, 'Work'), { timeout }) });
    new apigateway.RestApi(stack, 'Rest').root.addMethod('GET', new apigateway.LambdaIntegration(plain(stack, 'Read').addAlias('live'), { timeout }));
  },
  'a function with no caller, and one with a dead-letter queue': stack => {
    plain(stack, 'Alone');
    plain(stack, 'Work', { deadLetterQueueEnabled: true });
  },
  'a native layer': stack => {
    plain(stack, 'Work', { layers: [new lambda.LayerVersion(stack, 'Layer', { code: lambda.Code.fromAsset('bin'), compatibleArchitectures: [lambda.Architecture.X86_64] })] });
  },
};

const ALL = Object.entries({ ...APPS, ...DELICATE });
/** Findings that the defaults do not resolve, because the change could break the code or its callers. */
const UNRESOLVED = ['LP-F09'];
/** Findings that the defaults resolve. */
const RESOLVED = ['LP-F01', 'LP-F04', 'LP-F12', 'LP-F23', 'LP-F32', 'LP-F34', 'LP-F46', 'LP-H11', 'LP-H13', 'LP-P04'];

/** Findings that remain because of a prop. */
const LEFT_BY_PROP: Record<string, string[]> = {
  'asynchronous configuration on the function while the alias is invoked': ['LP-F23 error App/Live'],
};

const templates = new Map<string, any>();

function foundIn(name: string, build: (stack: Stack) => void, isApplied: boolean, flags: object): string[] {
  const app = new App({ analyticsReporting: false, context: { 'aws:cdk:enable-path-metadata': true, ...flags } });
  if (isApplied) ProductionDefaults.applyTo(app);
  build(new Stack(app, 'App'));
  const assembly = app.synth();
  templates.set(`${name} ${isApplied ? 'with defaults' : 'plain'}`, assembly.getStackByName('App').template);
  return findings(assembly.stacks.flatMap(stack => loadTemplate(stack.templateFullPath, undefined, { name: stack.templateFile })));
}

const before = new Map<string, string[]>();
const after = new Map<string, string[]>();
beforeAll(() => {
  for (const [name, build] of ALL) {
    before.set(name, foundIn(name, build, false, {}));
    after.set(name, foundIn(name, build, true, {}));
  }
});

test.each(ALL)('%s: no new finding', name => {
  expect(after.get(name)!.filter(finding => !before.get(name)!.includes(finding))).toEqual([]);
});

test.each(ALL)('%s: the defaults resolve their findings', name => {
  // The access log of a REST API requires a role of the account.
  const left = after.get(name)!.filter(finding => RESOLVED.includes(finding.slice(0, 6)) && !(finding.startsWith('LP-H13') && /DeploymentStage/.test(finding)));
  expect(left).toEqual(LEFT_BY_PROP[name] ?? []);
});

test.each(ALL)('%s: nothing is replaced, and only versions that have a successor are removed', name => {
  const step = stepFrom(templates.get(`${name} plain`), templates.get(`${name} with defaults`));
  expect(step.replaced).toEqual([]);
  expect(lostIn(step)).toEqual([]);
  expect(step.removed.filter(line => !/^AWS::(Lambda::Version|ApiGateway::Deployment) /.test(line))).toEqual([]);
});

test('every app of plain functions has fewer findings', () => {
  const isPlain = (name: string) => before.get(name)!.some(finding => RESOLVED.includes(finding.slice(0, 6)));
  const plainApps = ALL.filter(([name]) => !LEFT_BY_PROP[name] && isPlain(name));
  expect(plainApps).toHaveLength(15);
  for (const [name] of plainApps) expect([name, after.get(name)!.length < before.get(name)!.length]).toEqual([name, true]);
});

test('more than half of all findings are resolved without a change of code', () => {
  const count = (found: Map<string, string[]>) => [...found.values()].flat().length;
  expect(count(after) * 2).toBeLessThan(count(before));
});

test('the architecture is not resolved', () => {
  const found = [...after.values()].flat().map(finding => finding.slice(0, 6));
  for (const rule of UNRESOLVED) expect(found).toContain(rule);
});

test('with the feature flags of a new app there is no new finding either', () => {
  for (const name of ['hello world', 'queue worker from the tutorial', 'nightly job', 'public HTTP API'] as const) {
    const [without, withDefaults] = [false, true].map(isApplied => foundIn(`${name} with flags`, APPS[name], isApplied, recommended));
    expect(withDefaults.filter(finding => !without.includes(finding))).toEqual([]);
    expect(withDefaults.length).toBeLessThan(without.length);
  }
});

test('the resources that the defaults create have no open finding in strict validation, AwsSolutions and Serverless', () => {
  const { open, made, used } = findingsOf(props => {
    const app = new App(props);
    ProductionDefaults.applyTo(app);
    const stack = new Stack(app, 'App');
    for (const name of ['queue worker from the tutorial', 'public HTTP API']) APPS[name](stack);
    new events.Rule(stack, 'Rule', { schedule: events.Schedule.rate(Duration.hours(1)), targets: [new targets.LambdaFunction(plain(stack, 'Job'))] });
    return app;
  }, { '@aws-cdk/core:validateAgainstDefaultRules': true, '@aws-cdk/core:strictCfnValidateErrors': true });
  expect(open.filter(({ path }) => path.includes('/ProductionLambda/'))).toEqual([]);
  expect(made.filter(({ path }) => path.includes('/ProductionLambda/') && path.endsWith('Queue/Queue'))).not.toEqual([]);
  expect(made.filter(a => !used.some(u => u.id === a.id && u.path === a.path))).toEqual([]);
});
