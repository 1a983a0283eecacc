/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { mkdtempSync, readFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, CfnOutput, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { CheckCategory, CheckSeverity, ProductionChecks, Profile } from '../../src';
import type { ProductionChecksProps } from '../../src';
import { careful, plain } from './corpus/apps';
import { RULES } from '../../src/checks/rules';
import { buildEveryConstruct, PLACE } from '../support/every-construct';

interface Row { ruleName: string; severity: string; constructPath?: string; description: string; suppressed?: boolean }

/** Synthesises, and reads the report that CDK writes for the plugin. */
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

test('reports findings in the format of CDK with the construct path; warnings do not fail the synthesis', () => {
  const { thrown, rows } = report(app => shortQueue(new Stack(app, 'Shop')));
  expect(thrown).toBeUndefined();
  expect(rows.map(row => [row.ruleName, row.severity, row.constructPath])).toEqual([
    ['LP-F32', 'warning', 'Shop/Queue/Resource'],
    ['LP-F37', 'warning', 'Shop/Dead/Resource'],
  ]);
});

test('fails the synthesis on an error', () => {
  const { thrown, rows } = report(app => { careful(new Stack(app, 'Shop'), 'Fn', { environment: { ['K'.repeat(10)]: 'x'.repeat(5000) } }); });
  expect(thrown).toContain("'Environment.Variables' must be at most 4096 bytes in total, got at least 5010");
  expect(ids(rows)).toEqual(['LP-F17']);
});

test('an acknowledgement applies to its construct only', () => {
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

test('one finding says that no alarm has an action, also if the stacks do not refer to each other', () => {
  const build = (acknowledge: boolean) => (app: App) => {
    for (const id of ['Shop', 'Other']) {
      const alarm = careful(new Stack(app, id), 'Fn').metricErrors().createAlarm(app.node.findChild(id), 'Errors', { threshold: 1, evaluationPeriods: 1 });
      if (acknowledge && id === 'Other') Validations.of(alarm).acknowledge({ id: 'ProductionChecks::LP-F60', reason: 'watched by hand' });
    }
  };
  const pathsOf = ({ rows }: { rows: Row[] }) => rows.filter(row => row.ruleName === 'LP-F60').map(row => row.constructPath);
  expect(pathsOf(report(build(false)))).toEqual(['Other/Errors/Resource']);
  expect(pathsOf(report(build(true)))).toEqual(['Shop/Errors/Resource']);
});

test('only the selected categories are checked', () => {
  expect(ids(report(app => { plain(new Stack(app, 'Shop'), 'Fn'); }, { categories: [CheckCategory.HTTP] }).rows)).toEqual([]);
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

describe('profiles', () => {
  const sandbox = (scope: IConstruct) => Profile.sandbox({ owner: 'ana' }).applyTo(scope);
  const severityAt = (rows: Row[], path: string) => new Set(rows.filter(row => row.constructPath!.startsWith(`${path}/`)).map(row => row.severity));

  test('findings about good practice are infos in a sandbox stage, and warnings in a production stage', () => {
    const { rows } = report(app => {
      const stages = ['Sandbox', 'Production'].map(name => new Stage(app, name));
      sandbox(stages[0]);
      for (const stage of stages) plain(new Stack(stage, 'Shop'), 'Fn');
    });
    expect(severityAt(rows, 'Sandbox')).toEqual(new Set(['info']));
    expect(severityAt(rows, 'Production')).toEqual(new Set(['warning']));
    expect(ids(rows.filter(row => row.constructPath!.startsWith('Sandbox/')))).toEqual(ids(rows.filter(row => row.constructPath!.startsWith('Production/'))));
  });

  test('findings about what a sandbox profile sets are not reported, unless a severity is stated', () => {
    const build = (profile: boolean) => (app: App) => {
      const stack = new Stack(app, 'Shop');
      if (profile) sandbox(stack);
      new dynamodb.Table(stack, 'Orders', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } });
    };
    expect(ids(report(build(false)).rows)).toContain('LP-D40');
    expect(ids(report(build(true)).rows)).toEqual([]);
    expect(ids(report(build(true), { severities: [{ rule: 'LP-D40', severity: CheckSeverity.INFO }] }).rows)).toContain('LP-D40');
  });

  test('in a sandbox of every construct, no finding is about what the profile sets', () => {
    const { rows } = report(app => {
      sandbox(app);
      buildEveryConstruct(new Stack(app, 'Shop', { env: PLACE }));
    });
    const setByProfile = RULES.filter(rule => rule.setByProfile).map(({ id }) => id);
    expect(setByProfile).toHaveLength(8);
    expect(ids(rows).filter(id => setByProfile.includes(id) || id === 'unmatched-exemption')).toEqual([]);
    expect(new Set(rows.map(({ severity }) => severity))).toEqual(new Set(['info']));
  });

  test('an error about a limit remains an error in a sandbox', () => {
    const { thrown } = report(app => {
      const stack = new Stack(app, 'Shop');
      sandbox(stack);
      careful(stack, 'Fn', { environment: { KEYS: 'x'.repeat(5000) } });
    });
    expect(thrown).toContain('LP-F17');
  });

  test('a nested stack has the profile of its parent', () => {
    const { rows } = report(app => {
      const stack = new Stack(app, 'Shop');
      sandbox(stack);
      plain(new NestedStack(stack, 'Nested'), 'Fn');
    });
    expect(severityAt(rows, 'Shop/Nested')).toEqual(new Set(['info']));
  });

  test('a severity option has precedence over the profile', () => {
    const { rows } = report(app => {
      const stack = new Stack(app, 'Shop');
      sandbox(stack);
      plain(stack, 'Fn');
    }, { severities: [{ rule: 'LP-F01', severity: CheckSeverity.WARNING }] });
    expect(rows.filter(row => row.severity !== 'info').map(row => row.ruleName)).toEqual(['LP-F01']);
  });
});

test.each([true, false])('an exemption applies to a path and all paths below it, path metadata: %s', metadata => {
  const build = (app: App) => { shortQueue(new Stack(app, 'Shop')); shortQueue(new Stack(app, 'Shopping')); };
  const { rows } = report(app => { app.node.setContext('aws:cdk:enable-path-metadata', metadata); build(app); }, { exemptions: [{ rule: 'LP-F32', path: 'Shop', reason: 'known' }] });
  expect(rows.filter(row => row.ruleName === 'LP-F32').map(row => row.constructPath)).toEqual(['Shopping/Queue/Resource']);
  expect(rows.filter(row => row.ruleName === 'unmatched-exemption')).toEqual([]);
});

test('references between stacks, stages and nested stacks are resolved', () => {
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

test('exposes the ids of all rules and the version, without which the protocol of Python is not fulfilled', () => {
  expect(new ProductionChecks().ruleIds).toEqual(RULES.map(rule => rule.id));
  expect(new ProductionChecks().version).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
});

test('writes the report into the assembly, with what is acknowledged', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'checks-'));
  const app = new App({ outdir, analyticsReporting: false, context: { 'aws:cdk:enable-path-metadata': true } });
  Validations.of(app).addPlugins(new ProductionChecks({ reportFile: 'reports/readiness.json' }));
  const stack = new Stack(app, 'App');
  const fn = careful(stack, 'Fn', { tracing: lambda.Tracing.DISABLED });
  Validations.of(fn).acknowledge({ id: 'ProductionChecks::LP-F86', reason: 'traced by another product' });
  app.synth();
  const { functions, findings } = JSON.parse(readFileSync(join(outdir, 'reports', 'readiness.json'), 'utf8'));
  expect(functions).toMatchObject([{ path: 'App/Fn' }]);
  expect(findings).toContainEqual(expect.objectContaining({ rule: 'LP-F86', acknowledged: 'traced by another product' }));
});

test('fails when the report has an extension without a format', () => {
  expect(() => new ProductionChecks({ reportFile: 'report.pdf' }))
    .toThrow("'reportFile' must end with .html, .md, .json or .txt, got report.pdf; set it to readiness.html (at ProductionChecks)");
});

test('fails when an option names no rule', () => {
  expect(() => new ProductionChecks({ severities: [{ rule: 'LP-F99', severity: CheckSeverity.OFF }] }))
    .toThrow("'rule' must be the id of a rule, got LP-F99; see docs/RULES.md for all ids (at ProductionChecks)");
});

test('fails when an exemption has no reason', () => {
  expect(() => new ProductionChecks({ exemptions: [{ rule: 'LP-F01', reason: ' ' }] }))
    .toThrow("'reason' must not be empty, got nothing; state why LP-F01 does not apply (at ProductionChecks)");
});
