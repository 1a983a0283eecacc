/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { spawnSync } from 'child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { basename, join } from 'path';
import { App, Stack, Stage, Validations } from 'aws-cdk-lib';
import { buildSync } from 'esbuild';
import { USAGE } from '../../../src/checks/cli/arguments';
import { CATEGORIES } from '../../../src/checks/rules';
import { runLauncher, type LauncherOptions } from '../../support/command';
import { SAM_APPS, careful } from '../corpus/apps';
import { fn, queue, r, sqs } from '../rules/harness';

const ROOT = join(__dirname, '..', '..', '..');
const work = mkdtempSync(join(tmpdir(), 'cli-'));
const outside = mkdtempSync(join(tmpdir(), 'outside-'));
mkdirSync(join(work, 'empty'));
const run = (args: string[], options?: LauncherOptions) => runLauncher(work, args, options);

function file(name: string, content: unknown): string {
  writeFileSync(join(work, name), typeof content === 'string' ? content : JSON.stringify(content));
  return name;
}

const BAD = { Resources: { Fn: fn({ Timeout: 60, LoggingConfig: { LogFormat: 'JSON' }, TracingConfig: { Mode: 'Active' } }), Queue: queue({ RedrivePolicy: 'x' }), Map: sqs({ FunctionResponseTypes: ['ReportBatchItemFailures'] }) } };
const CLEAN = { Resources: { Queue: queue() } };

test('the command does not load aws-cdk-lib', () => {
  const { metafile } = buildSync({
    entryPoints: [join(ROOT, 'src/report/command/commands.ts')], outdir: work, write: false, bundle: true, platform: 'node', metafile: true, absWorkingDir: ROOT,
  });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs.filter(path => /aws-cdk-lib|constructs/.test(path))).toEqual([]);
  expect(inputs.some(path => path.includes('src/checks/rules'))).toBe(true);
});

test('exit code 0 and a summary without findings', () => {
  expect(run(['check', file('clean.json', CLEAN)])).toEqual({ status: 0, stdout: '0 errors, 0 warnings, 0 infos in 1 template\n', stderr: '' });
});

test('groups findings by rule, errors first, and exits with 1 on an error', () => {
  const { status, stdout } = run(['check', file('bad.json', BAD), '--category', 'foundation']);
  expect(status).toBe(1);
  expect(stdout).toBe([
    'error   LP-F31  SQS visibility timeout is shorter than the function timeout (1)',
    '  Lambda rejects the event source mapping, because a message would become visible while the function still processes it.',
    '  Fix: raise it to 6 minutes (VisibilityTimeout: 360) or lower the function timeout',
    '  (https://github.com/cdk-production-lambda/cdk-production-lambda/blob/main/docs/RULES.md#lp-f31)',
    "  bad.json:1 Queue: 'VisibilityTimeout' must be at least 1 minute (the timeout of Fn), got 30 seconds",
    '',
    'warning LP-F13  Logs are retained indefinitely (1)',
    '  A log group that Lambda creates never expires and belongs to no stack.',
    '  Fix: create the log group with a retention period and set LoggingConfig.LogGroup',
    '  (https://github.com/cdk-production-lambda/cdk-production-lambda/blob/main/docs/RULES.md#lp-f13)',
    "  bad.json:1 Fn: 'LoggingConfig.LogGroup' must be a log group with a retention period, got nothing",
    '',
    '1 error, 1 warning, 0 infos in 1 template',
    '',
  ].join('\n'));
});

test.each([
  [['--fail-on', 'never'], 0],
  [['--severity', 'LP-F31=warning'], 0],
  [['--severity=LP-F31=warning', '--fail-on=warning'], 1],
  [['--severity', 'LP-F31=off', '--severity', 'LP-F13=off', '--fail-on', 'info'], 0],
  [['--exempt', 'LP-F31@Queue=it is tried'], 0],
  [['--exempt', 'LP-F31@Other=it is tried'], 1],
  [['--category', 'http'], 0],
  [['--category', 'http', '--category=foundation'], 1],
])('with %j the exit code is %i', (args, status) => {
  expect(run(['check', file('bad.json', BAD), ...args]).status).toBe(status);
});

test('reads UTF-16 from standard input, as PowerShell writes it', () => {
  const { stdout } = run(['check', '-'], { stdin: Buffer.from(`\uFEFF${JSON.stringify(CLEAN)}`, 'utf16le') });
  expect(stdout).toBe('0 errors, 0 warnings, 0 infos in 1 template\n');
});

const FULL = '/dev/full';
(existsSync(FULL) ? test : test.skip)('exit code 2 if the output cannot be written', () => {
  const full = openSync(FULL, 'w');
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'bin', 'cdk-production-lambda'), 'check', file('clean.json', CLEAN)], { cwd: work, encoding: 'utf8', stdio: ['ignore', full, 'pipe'] });
  closeSync(full);
  expect({ status, stderr }).toEqual({ status: 2, stderr: 'cdk-production-lambda: cannot write the output: ENOSPC\n' });
});

test('reads YAML with short tags from standard input, and SAM', () => {
  const { status, stdout } = run(['check', '-', '--format', 'json'], { stdin: SAM_APPS['sam canary without alarms, scheduled'] });
  expect(status).toBe(1);
  const { templates, findings } = JSON.parse(stdout);
  expect(templates).toBe(1);
  expect(findings.map((finding: { rule: string }) => finding.rule)).toContain('LP-P08');
  expect(findings).toContainEqual(expect.objectContaining({ rule: 'LP-F23', template: 'stdin', path: 'ReportAliaslive', function: 'Report', severity: 'warning' }));
});

test('every short tag is expanded to the long form', () => {
  const yaml = "Resources:\n  Fn:\n    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: nodejs24.x\n      Timeout: !FindInMap [M, !Select [0, !Split [',', 'a,b']], t]\n      FunctionName: !Join ['', [!Sub '${AWS::StackName}-', !Ref N]]\nMappings: { M: { a: { t: 1000 } } }\nParameters: { N: { Type: String, Default: x } }\n";
  expect(run(['check', '-'], { stdin: yaml }).stdout).toContain("'Timeout' must be at most 15 minutes, got 16 minutes 40 seconds");
});

test('the last of two equal keys counts, as in JSON', () => {
  const yaml = 'Resources:\n  Fn: { Type: AWS::SQS::Queue }\n  Fn:\n    Type: AWS::Lambda::Function\n    Properties: { Timeout: 1000, Timeout: 1001 }\n';
  expect(run(['check', '-', '--format', 'github'], { stdin: yaml }).stdout).toMatch(/^::error file=stdin,line=3,.* got 16 minutes 41 seconds;/m);
});

test('SARIF contains rules and locations, without exempted findings, which GitHub would open as alerts', () => {
  const { stdout } = run(['check', file('bad.json', BAD), '--format', 'sarif', '--exempt', 'LP-F13=tried']);
  const sarif = JSON.parse(stdout);
  expect(sarif.version).toBe('2.1.0');
  const [{ tool, results }] = sarif.runs;
  expect(tool.driver.rules.map((rule: { id: string }) => rule.id)).toEqual(['LP-F31']);
  expect(results).toEqual([expect.objectContaining({ ruleId: 'LP-F31', ruleIndex: 0, level: 'error' })]);
  expect(results[0].locations[0].physicalLocation.artifactLocation.uri).toBe('bad.json');
});

test.each([
  ['relative to the working directory', './empty/../a b#.json', {}, 'a%20b%23.json', 'a b#.json'],
  ['relative to the workspace of the workflow', 'a b#.json', { GITHUB_WORKSPACE: join(work, '..') }, `${basename(work)}/a%20b%23.json`, `${basename(work)}/a b#.json`],
  ['relative to the working directory, outside the workspace', 'a b#.json', { GITHUB_WORKSPACE: join(work, 'elsewhere') }, 'a%20b%23.json', 'a b#.json'],
  ['as absolute paths, outside both', join(outside, 'bad.json'), {}, `file://${outside}/bad.json`, `${outside}/bad.json`],
])('paths are %s', (_, path, env, uri, name) => {
  file('a b#.json', BAD);
  writeFileSync(join(outside, 'bad.json'), JSON.stringify(BAD));
  const options = { env: { GITHUB_WORKSPACE: '', ...env } };
  const [{ results }] = JSON.parse(run(['check', path, '--format', 'sarif'], options).stdout).runs;
  expect(results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(uri);
  expect(run(['check', path, '--format', 'github'], options).stdout).toContain(`::error file=${name},line=1,`);
});

test('SARIF meets the requirements of GitHub code scanning', () => {
  const absolute = join(work, file('lines.json', JSON.stringify(BAD, undefined, 1)));
  for (const path of ['lines.json', absolute]) {
    const sarif = JSON.parse(run(['check', path, '--format', 'sarif']).stdout);
    expect(sarif).toEqual({ $schema: expect.stringContaining('sarif-2.1.0'), version: '2.1.0', runs: [{ tool: { driver: { name: 'cdk-production-lambda', rules: expect.any(Array) } }, results: expect.any(Array) }] });
    const [{ tool, results }] = sarif.runs;
    for (const rule of tool.driver.rules) {
      expect(rule).toEqual({ id: expect.stringMatching(/^LP-/), shortDescription: { text: expect.any(String) }, fullDescription: { text: expect.any(String) }, help: { text: expect.any(String) }, helpUri: expect.stringMatching(/^https:/), defaultConfiguration: { level: expect.stringMatching(/^(error|warning|note)$/) } });
    }
    for (const result of results) {
      expect(tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
      expect(result.message.text).toContain(' must ');
      expect(result.partialFingerprints.primaryLocationLineHash).toMatch(/^[0-9a-f]{16}:1$/);
      const [{ physicalLocation }] = result.locations;
      expect(physicalLocation.artifactLocation.uri).toBe('lines.json');
      const { startLine } = physicalLocation.region;
      expect(physicalLocation.region).toEqual({ startLine, startColumn: 1, endLine: startLine, endColumn: 1 });
    }
    expect(new Set(results.map((result: any) => result.partialFingerprints.primaryLocationLineHash)).size).toBe(results.length);
    const queueLine = results.find((result: any) => result.ruleId === 'LP-F31').locations[0].physicalLocation.region.startLine;
    expect(readFileSync(absolute, 'utf8').split('\n')[queueLine - 1]).toContain('"Queue"');
  }
});

test('workflow commands of GitHub are escaped', () => {
  const { stdout } = run(['check', file('a,b.json', { Resources: { ['Fn\n%']: fn({ Timeout: 901 }) } }), '--format', 'github', '--category', 'foundation']);
  expect(stdout.split('\n')[0]).toBe("::error file=a%2Cb.json,line=1,title=LP-F02 Function timeout exceeds 15 minutes::'Timeout' must be at most 15 minutes, got 15 minutes 1 second; split the work, or use Step Functions or a durable function (at Fn %25)");
});

test('the output has no colors outside a terminal', () => {
  expect(run(['check', file('bad.json', BAD)], { env: { FORCE_COLOR: '1' } }).stdout).not.toContain('\u001b[');
});

test('several templates are checked as one app', () => {
  const a = file('a.json', { Resources: { Queue: queue() }, Outputs: { O: { Value: { 'Fn::GetAtt': ['Queue', 'Arn'] }, Export: { Name: 'q' } } } });
  const b = file('b.json', { Resources: { Fn: fn({ Timeout: 60 }), Map: r('AWS::Lambda::EventSourceMapping', { FunctionName: { Ref: 'Fn' }, EventSourceArn: { 'Fn::ImportValue': 'q' } }) } });
  expect(run(['check', a, b]).stdout).toContain('LP-F31');
  expect(run(['check', a]).stdout).not.toContain('LP-F31');
});

describe('a cloud assembly', () => {
  let fine: string;
  beforeAll(() => {
    const app = new App({ outdir: join(work, 'cdk.out'), analyticsReporting: false, context: { 'aws:cdk:enable-path-metadata': true } });
    const stage = new Stage(app, 'Prod');
    const known = careful(new Stack(stage, 'Shop'), 'Known', { environment: { KEYS: 'x'.repeat(5000) } });
    Validations.of(known).acknowledge({ id: 'ProductionChecks::LP-F17', reason: 'tried' });
    careful(new Stack(app, 'Other'), 'Fn', { environment: { KEYS: 'x'.repeat(5000) } });
    app.synth();
    fine = run(['check']).stdout;
  });

  test('is the default path, including its stages', () => expect(fine).toContain('in 2 templates'));
  test('contains the acknowledgements of the app', () => {
    expect(fine).toContain('Other/Fn: ');
    expect(fine).not.toContain('Prod/Shop/Known: ');
    expect(fine).toContain('(1 exempted)');
  });
});

test('--profile applies to templates without a profile in their metadata', () => {
  const profiled = (profile?: string) => ({ ...BAD, Metadata: { 'cdk-production-lambda': { profile } } });
  const severity = (path: string, ...args: string[]) => JSON.parse(run(['check', path, '--format', 'json', ...args]).stdout).findings.find((finding: { rule: string }) => finding.rule === 'LP-F13').severity;
  expect(severity(file('plain.json', BAD))).toBe('warning');
  expect(severity('plain.json', '--profile', 'sandbox')).toBe('info');
  expect(severity(file('sandbox.json', profiled('sandbox')))).toBe('info');
  expect(severity(file('production.json', profiled('production')), '--profile', 'sandbox')).toBe('warning');
});

test.each([
  ['no such file', ['check', 'nowhere.json'], 'nowhere.json does not exist'],
  ['not JSON', ['check', 'broken.json'], 'broken.json is not JSON: '],
  ['not YAML', ['check', 'broken.yaml'], 'broken.yaml is not YAML: a bracket that is not closed at line 1, column 5\n'],
  ['not a template', ['check', 'list.json'], 'list.json is not a CloudFormation template: it has no Resources'],
  ['a folder without templates', ['check', 'empty'], 'empty contains no templates'],
  ['a YAML bomb', ['check', 'bomb.yaml'], 'bomb.yaml is not YAML: aliases that expand to more than 1000000 values at line 7, column 28\n'],
  ['a YAML ring', ['check', 'ring.yaml'], 'ring.yaml is not YAML: an anchor that contains itself at line 1, column 16\n'],
  ['an empty path', ['check', ''], 'a path must not be empty; pass a path, or none for cdk.out'],
  ['an empty input', ['check', '-'], 'stdin is not a CloudFormation template: it has no Resources'],
  ['an unknown command', ['chek'], 'unknown command chek; the commands are check, report and rehearse\n'],
  ['an unknown option', ['check', '--colour'], 'unknown option --colour; the options are --format, --fail-on, --profile, --category, --severity, --exempt, --parameter, --sam-config, --sam-config-env, --baseline, --write-baseline, --config, --help\n'],
  ['an unknown short option', ['check', '-x'], 'unknown option -x; the options are --format'],
  ['an option with its value in one argument', ['check', '--severity LP-F06=off'], '--severity and its value are one argument with a space; pass two arguments, or --severity=VALUE'],
  ['an unknown format', ['check', '--format', 'xml'], '--format must be one of human, json, sarif, github, markdown, got xml'],
  ['an option without its value', ['check', '--format'], '--format needs a value'],
  ['a flag with a value', ['check', '--help=yes'], '--help has no value'],
  ['an unknown category', ['check', '--category', 'lambda'], '--category must be one of foundation, database, http, deployment, cold-start, got lambda'],
  ['an unknown profile', ['check', '--profile', 'test'], '--profile must be one of production, sandbox, got test'],
  ['an unknown rule', ['check', '--severity', 'LP-X1=off'], '--severity must name a rule, got LP-X1; docs/RULES.md lists all rules'],
  ['a severity without a level', ['check', '--severity', 'LP-F01'], '--severity must have the form LP-F32=info, got LP-F01'],
  ['an exemption without a reason', ['check', '--exempt', 'LP-F01='], '--exempt must have the form LP-H09=reason or LP-H09@Stack/Api=reason, got LP-F01='],
])('exit code 2 for %s', (_, args, message) => {
  file('broken.json', '{');
  file('broken.yaml', 'a: [');
  file('ring.yaml', 'Resources: &a [*a]');
  file('list.json', '{"a": []}');
  file('bomb.yaml', `a0: &a0 [x]\n${Array.from({ length: 9 }, (_x, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`).join('\n')}\n`);
  const { status, stdout, stderr } = run(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(`cdk-production-lambda: ${message}`);
  expect(stderr).not.toContain('    at ');
});

test.each([[['--help']], [['-h']], [['help']], [['check', '--help']], [['check', '-h', 'x.json']]])('%j prints the usage', args => {
  expect(run(args)).toEqual({ status: 0, stderr: '', stdout: USAGE });
});

test('the usage lists every option, format and category', () => {
  for (const name of ['--format human|json|sarif|github|markdown', '--fail-on', '--profile production|sandbox', '--category', '--severity', '--exempt', '--parameter', '--sam-config', '--baseline', '--write-baseline', '--config', '--help', ...CATEGORIES]) expect(USAGE).toContain(name);
  expect(USAGE.split('\n').filter(line => line.length > 120)).toEqual([]);
});

test('no argument prints the usage with exit code 2', () => {
  expect(run([]).status).toBe(2);
});
