/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { mkdtempSync, readFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, CfnOutput, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { CheckArticle, CheckProfile, CheckSeverity, ProductionChecks } from '../../src';
import type { ProductionChecksProps } from '../../src';
import { careful, plain } from './corpus/apps';
import { RULES } from '../../src/checks/rules';

interface Row { ruleName: string; severity: string; constructPath?: string; description: string; suppressed?: boolean }

/** Synthesises, and reads what CDK itself wrote of the plugin. */
function report(build: (app: App) => void, props?: ProductionChecksProps): { thrown?: string; rows: Row[]; suppressed: string[] } {
  const outdir = mkdtempSync(join(tmpdir(), 'checks-'));
  const app = new App({ outdir, analyticsReporting: false });
  Validations.of(app).addPlugins(new ProductionChecks(props));
  build(app);
  let thrown: string | undefined;
  const quiet = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    app.synth();
  } catch (error) {
    thrown = (error as Error).message;
  } finally {
    quiet.mockRestore();
  }
  const written = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
  const own = written.pluginReports.find((plugin: { pluginName: string }) => plugin.pluginName === 'ProductionChecks') ?? { violations: [] };
  const rows = own.violations.flatMap((violation: any) => violation.violatingConstructs.map((construct: any) => ({ ...violation, constructPath: construct.constructPath })));
  return { thrown, rows, suppressed: (own.suppressedViolations ?? []).map((violation: any) => violation.ruleName) };
}

function shortQueue(stack: Stack): { queue: sqs.Queue; fn: lambda.Function } {
  const queue = new sqs.Queue(stack, 'Queue', { deadLetterQueue: { queue: new sqs.Queue(stack, 'Dead'), maxReceiveCount: 5 } });
  const fn = careful(stack, 'Worker');
  fn.addEventSource(new SqsEventSource(queue, { reportBatchItemFailures: true }));
  return { queue, fn };
}

const ids = (rows: Row[]) => rows.map(row => row.ruleName).sort();

test('reports in the format of CDK, with the construct path, and lets warnings pass', () => {
  const { thrown, rows } = report(app => shortQueue(new Stack(app, 'Shop')));
  expect(thrown).toBeUndefined();
  expect(rows.map(row => [row.ruleName, row.severity, row.constructPath])).toEqual([
    ['LP-F32', 'warning', 'Shop/Queue/Resource'],
    ['LP-F37', 'warning', 'Shop/Dead/Resource'],
  ]);
});

test('fails the synthesis on an error', () => {
  const { thrown, rows } = report(app => { careful(new Stack(app, 'Shop'), 'Fn', { environment: { ['K'.repeat(10)]: 'x'.repeat(5000) } }); });
  expect(thrown).toContain("'Environment.Variables' must be at most 4096 bytes in all, got at least 5010");
  expect(ids(rows)).toEqual(['LP-F17']);
});

test('an acknowledgement on the construct silences that construct only', () => {
  const { rows, suppressed } = report(app => {
    const { queue } = shortQueue(new Stack(app, 'Shop'));
    shortQueue(new Stack(app, 'Other'));
    Validations.of(queue).acknowledge({ id: 'ProductionChecks::LP-F32', reason: 'the worker is idempotent' });
  });
  expect(rows.filter(row => row.ruleName === 'LP-F32').map(row => row.constructPath)).toEqual(['Other/Queue/Resource']);
  expect(suppressed).toEqual(['LP-F32']);
});

test('an acknowledged error no longer fails the synthesis', () => {
  const { thrown } = report(app => {
    const fn = careful(new Stack(app, 'Shop'), 'Fn', { environment: { KEYS: 'x'.repeat(5000) } });
    Validations.of(fn).acknowledge({ id: 'ProductionChecks::LP-F17', reason: 'tried' });
  });
  expect(thrown).toBeUndefined();
});

test('only the articles asked for are checked', () => {
  expect(ids(report(app => { plain(new Stack(app, 'Shop'), 'Fn'); }, { articles: [CheckArticle.HTTP] }).rows)).toEqual([]);
});

test('a severity can be raised, lowered and switched off', () => {
  const { thrown, rows } = report(app => { plain(new Stack(app, 'Shop'), 'Fn'); }, {
    severities: [{ rule: 'LP-F01', severity: CheckSeverity.ERROR }, { rule: 'LP-F04', severity: CheckSeverity.INFO }, { rule: 'LP-F09', severity: CheckSeverity.OFF }],
  });
  expect(thrown).toContain('LP-F01');
  expect(rows.map(row => [row.ruleName, row.severity]).slice(0, 1)).toEqual([['LP-F01', 'error']]);
  expect(rows.find(row => row.ruleName === 'LP-F04')?.severity).toBe('info');
  expect(ids(rows)).not.toContain('LP-F09');
});

test('a sandbox is told of good practice, and still refused contradictions', () => {
  const { rows } = report(app => {
    const stack = new Stack(app, 'Shop');
    plain(stack, 'Fn').addEventSource(new SqsEventSource(new sqs.Queue(stack, 'Queue', { fifo: true })));
  }, { profile: CheckProfile.SANDBOX, severities: [{ rule: 'LP-F32', severity: CheckSeverity.OFF }] });
  expect(rows.map(row => row.severity).filter(severity => severity !== 'info')).toEqual([]);
  expect(report(app => { careful(new Stack(app, 'Shop'), 'Fn', { environment: { KEYS: 'x'.repeat(5000) } }); }, { profile: CheckProfile.SANDBOX }).thrown).toContain('LP-F17');
});

test('an exemption holds for a path and all below it', () => {
  const build = (app: App) => { shortQueue(new Stack(app, 'Shop')); shortQueue(new Stack(app, 'Shopping')); };
  const { rows } = report(app => { app.node.setContext('aws:cdk:enable-path-metadata', true); build(app); }, { exemptions: [{ rule: 'LP-F32', path: 'Shop', reason: 'known' }] });
  expect(rows.filter(row => row.ruleName === 'LP-F32').map(row => row.constructPath)).toEqual(['Shopping/Queue/Resource']);
});

test('references between stacks, stages and nested stacks are followed', () => {
  const { rows } = report(app => {
    const stage = new Stage(app, 'Prod');
    const { queue } = shortQueue(new Stack(stage, 'Queues'));
    const nested = new NestedStack(new Stack(stage, 'Parent'), 'Nested');
    careful(nested, 'Slow', { timeout: undefined }).addEventSource(new SqsEventSource(queue, { reportBatchItemFailures: true }));
    new CfnOutput(nested, 'Out', { value: queue.queueArn });
  });
  expect(rows.filter(row => row.ruleName === 'LP-F32').map(row => row.constructPath)).toEqual(['Prod/Queues/Queue/Resource']);
  expect(rows.find(row => row.ruleName === 'LP-F01')?.constructPath).toBe('Prod/Parent/Nested/Slow/Resource');
});

test('knows all its rules', () => {
  expect(new ProductionChecks().ruleIds).toEqual(RULES.map(rule => rule.id));
});

test('fails when an option names no rule', () => {
  expect(() => new ProductionChecks({ severities: [{ rule: 'LP-F99', severity: CheckSeverity.OFF }] }))
    .toThrow("'rule' must be one of docs/RULES.md, got LP-F99; check the id for a slip (at ProductionChecks)");
});

test('fails when an exemption gives no reason', () => {
  expect(() => new ProductionChecks({ exemptions: [{ rule: 'LP-F01', reason: ' ' }] }))
    .toThrow("'reason' must say why LP-F01 does not apply, got nothing; write a sentence (at ProductionChecks)");
});
