import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib';
import { plain } from './corpus/apps';
import { ProductionChecks, type CheckExemption } from '../../src';
import { acknowledgementsBelow, findUnmatched, unmatchedViolation, writeUnmatchedNotice } from '../../src/checks/unmatched-exemptions';
import { acknowledgeOwn } from '../../src/private/acknowledgements';

interface Row { ruleName: string; severity: string; description: string; violatingConstructs: { constructPath: string }[] }

/** What the report says about exemptions that match nothing. */
function unmatchedOf(build: (app: App) => void, exemptions: CheckExemption[] = []): Row[] {
  const outdir = mkdtempSync(join(tmpdir(), 'unmatched-'));
  const app = new App({ outdir, analyticsReporting: false });
  Validations.of(app).addPlugins(new ProductionChecks({ exemptions }));
  build(app);
  const quiet = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    app.synth();
    const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
    const rows: Row[] = report.pluginReports.flatMap((plugin: { violations: Row[] }) => plugin.violations);
    return rows.filter(({ ruleName }) => ruleName === 'unmatched-exemption');
  } finally {
    quiet.mockRestore();
    rmSync(outdir, { recursive: true, force: true });
  }
}

const oneFunction = (app: App) => plain(new Stack(app, 'Shop'), 'Fn');

test('an exemption that matches no finding is an info', () => {
  const rows = unmatchedOf(oneFunction, [{ rule: 'LP-F32', reason: 'known' }, { rule: 'LP-F01', path: 'Other', reason: 'known' }]);
  expect(rows.map(({ severity, description }) => [severity, description])).toEqual([
    ['info', 'the exemption of LP-F32 matches no finding; remove it'],
    ['info', 'the exemption of LP-F01 at Other matches no finding; remove it'],
  ]);
});

test('an exemption that matches a finding is not reported', () => {
  expect(unmatchedOf(oneFunction, [{ rule: 'LP-F01', reason: 'known' }])).toEqual([]);
});

test('an acknowledgement that matches no finding is an info at its construct', () => {
  const rows = unmatchedOf(app => Validations.of(oneFunction(app)).acknowledge({ id: 'ProductionChecks::LP-F32', reason: 'known' }));
  expect(rows.map(row => row.description)).toEqual(['the acknowledgement of LP-F32 at Shop/Fn matches no finding; remove it']);
  expect(rows[0].violatingConstructs[0].constructPath).toMatch(/^Shop\/Fn\//);
});

test.each<[string, (app: App) => void]>([
  ['the function', app => Validations.of(oneFunction(app)).acknowledge({ id: 'ProductionChecks::LP-F01', reason: 'known' })],
  ['the app', app => { oneFunction(app); Validations.of(app).acknowledge({ id: 'ProductionChecks::LP-F01', reason: 'known' }); }],
  ['a stage', app => {
    const stage = new Stage(app, 'Prod');
    plain(new Stack(stage, 'Shop'), 'Fn');
    Validations.of(stage).acknowledge({ id: 'ProductionChecks::LP-F01', reason: 'known' });
  }],
  ['a nested stack', app => {
    const nested = new NestedStack(new Stack(app, 'Shop'), 'Nested');
    plain(nested, 'Fn');
    Validations.of(nested).acknowledge({ id: 'ProductionChecks::LP-F01', reason: 'known' });
  }],
])('an acknowledgement of a finding at %s is not reported', (_, build) => {
  expect(unmatchedOf(build)).toEqual([]);
});

test('acknowledgements of other plugins and of this library are not reported', () => {
  expect(unmatchedOf(app => {
    const fn = oneFunction(app);
    Validations.of(fn).acknowledge({ id: 'AwsSolutions::AwsSolutions-L1', reason: 'known' });
    acknowledgeOwn(fn, 'ProductionChecks::LP-F32', 'the library makes it for every function');
  })).toEqual([]);
});

test('an acknowledgement of a construct without resources has no resource in the report', () => {
  const app = new App();
  Validations.of(app).acknowledge({ id: 'ProductionChecks::LP-F32', reason: 'known' });
  const unmatched = findUnmatched(acknowledgementsBelow(app), [], []);
  expect(unmatched.map(({ message }) => message)).toEqual(['the acknowledgement of LP-F32 at the app matches no finding; remove it']);
  expect(unmatchedViolation(unmatched[0], []).violatingResources).toEqual([]);
});

test('nothing is written to standard error without the command of the CDK', () => {
  const before = process.env.CDK_CLI_VERSION;
  delete process.env.CDK_CLI_VERSION;
  try {
    expect(() => writeUnmatchedNotice([{ get message(): string { throw new Error('written'); } }])).not.toThrow();
    process.env.CDK_CLI_VERSION = '2.1100.0';
    expect(() => writeUnmatchedNotice([{ get message(): string { throw new Error('written'); } }])).toThrow('written');
  } finally {
    if (before === undefined) delete process.env.CDK_CLI_VERSION;
    else process.env.CDK_CLI_VERSION = before;
  }
});
