import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLauncher } from '../../support/command';

const work = mkdtempSync(join(tmpdir(), 'report-command-'));
const run = (...args: string[]) => runLauncher(work, args);

function template(name: string, resources: object): string {
  writeFileSync(join(work, name), JSON.stringify({ Resources: resources }));
  return name;
}

const FN = { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'nodejs24.x', Handler: 'i.h', Code: { ZipFile: 'x' }, Role: 'arn:aws:iam::111111111111:role/r', Timeout: 5 } };
const QUEUE = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'orders' } };

test('writes readiness.html, and says so', () => {
  expect(run('report', template('app.json', { Fn: FN }))).toEqual({ status: 0, stdout: 'readiness.html\n', stderr: '' });
  expect(readFileSync(join(work, 'readiness.html'), 'utf8')).toMatch(/^<!DOCTYPE html>/);
});

test.each([['out.md', /^## Readiness report: app/], ['out.json', /^\{\n {2}"version": 1,/], ['out.txt', /^Stack app\n/], ['out.html', /^<!DOCTYPE html>/]])(
  'the extension of %s selects the format', (file, content) => {
    expect(run('report', template('app.json', { Fn: FN }), '-o', file).status).toBe(0);
    expect(readFileSync(join(work, file), 'utf8')).toMatch(content);
  });

test('other formats are written to standard output', () => {
  const { status, stdout } = run('report', '--format', 'json', template('app.json', { Fn: FN }));
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ name: 'app', functions: [{ path: 'Fn', timeoutSeconds: 5 }] });
});

test('compares two assemblies: what is new, replaced, orphaned, and which findings came', () => {
  const old = template('old.json', { Fn: { ...FN, Properties: { ...FN.Properties, TracingConfig: { Mode: 'Active' } } }, Queue: QUEUE, Kept: { ...QUEUE, DeletionPolicy: 'Retain' } });
  mkdirSync(join(work, 'next'), { recursive: true });
  writeFileSync(join(work, 'next', 'old.json'), JSON.stringify({
    Resources: { Fn: FN, Queue: { ...QUEUE, Properties: { QueueName: 'orders-2' } }, Topic: { Type: 'AWS::SNS::Topic' }, Dashboard: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardBody: '{}' } } },
  }));
  const { stdout } = run('report', '--format', 'json', '--diff', old, 'next/old.json');
  const { changes } = JSON.parse(stdout);
  expect(changes).toMatchObject({
    replaced: [{ logicalId: 'Queue', properties: ['QueueName'], isPossible: false }],
    orphaned: [{ logicalId: 'Kept' }],
    removed: [],
    added: [{ logicalId: 'Topic' }, { logicalId: 'Dashboard' }],
    standing: { before: { max: 0 }, now: { max: 3 } },
  });
  expect(changes.newFindings.map(({ rule }: { rule: string }) => rule)).toContain('LP-F86');
  const page = run('report', '--format', 'markdown', '--diff', old, 'next/old.json').stdout;
  expect(page).toContain('replaced: QueueName');
  expect(page).toContain('Standing cost a month: 0.00 USD before, 3.00 USD now');
  expect(run('report', '--format', 'text', '--diff', old, old).stdout).toContain('No differences.');
  writeFileSync(join(work, 'renamed.json'), readFileSync(join(work, old)));
  expect(run('report', '--format', 'text', '--diff', old, 'renamed.json').stdout).toContain('No differences.');
});

test('traffic and prices change the numbers', () => {
  writeFileSync(join(work, 'traffic.json'), JSON.stringify({ default: { requestsPerMonth: 2_000_000, durationMillis: 100, coldStartPercent: 0, logBytes: 0 } }));
  writeFileSync(join(work, 'prices.json'), JSON.stringify({ lambdaMillionRequests: 10 }));
  const { stdout } = run('report', '--format', 'json', '--traffic', 'traffic.json', '--prices', 'prices.json', template('app.json', { Fn: FN }));
  const { cost } = JSON.parse(stdout);
  expect(cost.trafficTotal.max).toBeCloseTo(2 * (10 + 1_000_000 * 0.1 * 0.125 * 0.0000166667), 6);
});

test('the page of --lang ja is in Japanese', () => {
  expect(run('report', '--lang', 'ja', '-o', 'ja.html', template('app.json', { Fn: FN })).status).toBe(0);
  expect(readFileSync(join(work, 'ja.html'), 'utf8')).toContain('<html lang="ja">');
  const text = run('report', '--lang', 'ja', '--format', 'text', template('app.json', { Fn: FN })).stdout;
  expect(text).toMatch(/^スタック app\n/);
  expect(text).not.toMatch(/\bnone\b|Stack|Findings|release/);
});

test.each([
  [['--lang', 'fr'], '--lang must be one of en, ja, got fr'],
  [['--formt', 'x'], 'unknown option --formt; the options are --format, --output, --lang, --traffic, --prices, --diff, --profile, --severity, --exempt, --parameter, --config, --help'],
  [['--diff'], '--diff needs a value'],
  [['missing.json'], 'missing.json does not exist'],
  [['app.json', '--traffic', 'missing.json'], 'missing.json does not exist'],
  [['app.json', '-o', 'no/such/folder/x.html'], 'cannot write no/such/folder/x.html: ENOENT'],
])('%j is rejected', (args, message) => {
  template('app.json', { Fn: FN });
  const { status, stderr } = run('report', ...args);
  expect(status).toBe(2);
  expect(stderr).toContain(`cdk-production-lambda: ${message}`);
});

test('a file that cannot be read beside others is named, and the exit code is 2', () => {
  writeFileSync(join(work, 'broken.json'), '{');
  const { status, stderr } = run('report', '-o', 'partial.html', template('app.json', { Fn: FN }), 'broken.json');
  expect(status).toBe(2);
  expect(stderr).toContain('broken.json');
  expect(existsSync(join(work, 'partial.html'))).toBe(true);
});

test('--help shows the options', () => {
  expect(run('report', '--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--diff OLD') });
});
