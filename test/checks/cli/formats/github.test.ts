import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFolder } from '../../../support/command';
import { queue, r, sqs } from '../../rules/harness';

const many = Object.fromEntries(Array.from({ length: 4 }, (_, i) => [
  [`Fn${i}`, r('AWS::Lambda::Function', { Runtime: 'nodejs18.x', Handler: 'a.b', Timeout: 901, Environment: { Variables: { KEYS: 'x'.repeat(5000) } } })], [`Url${i}`, r('AWS::Lambda::Url', { AuthType: 'NONE', TargetFunctionArn: { Ref: `Fn${i}` } })],
]).flat().concat([['Queue', queue({ VisibilityTimeout: 1 })], ['Map', sqs({ FunctionName: { Ref: 'Fn0' } })]]));

function withSummary(file: string, run: () => void): void {
  const before = process.env.GITHUB_STEP_SUMMARY;
  process.env.GITHUB_STEP_SUMMARY = file;
  try {
    run();
  } finally {
    if (before === undefined) delete process.env.GITHUB_STEP_SUMMARY;
    else process.env.GITHUB_STEP_SUMMARY = before;
  }
}

test('at most ten annotations, one per rule, and the step summary contains everything', () => {
  const folder = new CommandFolder({ 'a.json': { Resources: many } });
  const summary = join(folder.path, 'summary.md');
  withSummary(summary, () => {
    const { stdout } = folder.check('a.json', '--format', 'github');
    const annotations = stdout.split('\n').filter(line => line.startsWith('::'));
    const { findings } = folder.report('a.json');
    const rules = new Set(findings.map(({ rule }: any) => rule));
    expect(rules.size).toBeGreaterThan(10);
    expect(annotations).toHaveLength(10);
    const [overLimit] = annotations.filter(line => line.includes('LP-F02'));
    expect(overLimit).toMatch(/^::error file=a\.json,line=\d+,title=LP-F02 [^:]+::'Timeout' .+%0AAlso at Fn1 \(a\.json:\d+\), Fn2 \(a\.json:\d+\), Fn3 \(a\.json:\d+\)$/);
    const page = readFileSync(summary, 'utf8');
    for (const rule of rules) expect(page).toContain(`[${rule}](https://`);
    // the rules without an annotation are named in the log
    for (const rule of rules) expect(stdout).toContain(rule as string);
  });
});

test('a step summary that cannot be written does not change the exit code', () => {
  const folder = new CommandFolder({ 'a.json': { Resources: { Queue: queue() } } });
  withSummary(join(folder.path, 'gone', 'summary.md'), () => {
    const { status, stdout, stderr } = folder.check('a.json', '--format', 'github');
    expect({ status, stdout }).toEqual({ status: 0, stdout: '0 errors, 0 warnings, 0 infos in 1 template\n' });
    expect(stderr).toMatch(/^cdk-production-lambda: cannot write the step summary .+summary\.md: ENOENT\n$/);
  });
});

test('a path that does not exist has an annotation without a file', () => {
  const { stdout } = new CommandFolder({ 'a.json': { Resources: {} } }).check('a.json', 'gone.json', '--format', 'github');
  expect(stdout).toBe('::error title=Template is not checked::not checked: gone.json does not exist; correct the path\n0 errors, 0 warnings, 0 infos in 1 template\n');
});

test('notes are no annotations', () => {
  const { stdout } = new CommandFolder({ 'a.json': { Resources: {} } }).check('a.json', '--format', 'github', '--exempt', 'LP-F02=x');
  expect(stdout).toBe('the exemption of LP-F02 matches no finding; remove it\n0 errors, 0 warnings, 0 infos in 1 template\n');
});

test('a template that is not checked has an annotation with its file and line', () => {
  const folder = new CommandFolder({ 'bad.yaml': 'Resources:\n  A: [1\n', 'a.json': { Resources: {} } });
  expect(folder.check('bad.yaml', 'a.json', '--format', 'github').stdout)
    .toMatch(/^::error file=bad\.yaml,line=3,title=Template is not checked::not checked: bad\.yaml is not YAML: .+\n0 errors/);
  const [run] = JSON.parse(folder.check('bad.yaml', 'a.json', '--format', 'sarif').stdout).runs;
  expect(run.invocations).toEqual([{ executionSuccessful: false, toolExecutionNotifications: [expect.objectContaining({ level: 'error', locations: [expect.anything()] })] }]);
});
