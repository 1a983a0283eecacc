import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLauncher } from '../../support/command';
import { fn, queue, r } from '../rules/harness';

const COMMANDS = 'add-mask|debug|echo|error|group|notice|stop-commands|warning';
/** What the runner of GitHub Actions executes: `::` at the start of a line, or `##[` anywhere. The annotations are ours. */
const EXECUTED = new RegExp(`^\\s*::(?!\\w+ file=[^:]*,line=\\d+,title=[^:]*::)(${COMMANDS})|##\\[(${COMMANDS})[^\\]]*\\]`, 'imu');
/** Characters that a terminal obeys, and characters that are not visible. */
const NOT_TEXT = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const NAME = ['F', '\u001b[2J', '\u009b1A', '\u202E', '\u061C', '\u00AD', '\n::stop-commands::x', ' ::add-mask::y ', '##[error]z', '\u2028::error::a', '%0A::error::b'].join('k');

const work = mkdtempSync(join(tmpdir(), 'hostile-'));
const TEMPLATE = JSON.stringify({
  Resources: {
    [NAME]: { ...fn({ Timeout: 1000, Runtime: NAME, Description: NAME, Environment: { Variables: { [NAME]: NAME } } }), Metadata: { 'aws:cdk:path': NAME } },
    Queue: queue({ QueueName: NAME }),
    Map: r('AWS::Lambda::EventSourceMapping', { FunctionName: { Ref: NAME }, EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, BatchSize: NAME }),
  },
});
mkdirSync(join(work, 'cdk.out'));
const FILE = join('cdk.out', `${NAME}.template.json`);
writeFileSync(join(work, FILE), TEMPLATE);
writeFileSync(join(work, 'cdk.out', `broken${NAME}.template.json`), '{');
const summary = join(work, 'summary.md');

function expectPlain(text: string): void {
  expect(text.split('\n').filter(line => NOT_TEXT.test(line) || EXECUTED.test(line))).toEqual([]);
}

test.each(['human', 'json', 'sarif', 'github', 'markdown'])('check --format %s prints no control character and no workflow command of a name', format => {
  const { stdout, stderr } = runLauncher(work, ['check', '--format', format, 'cdk.out'], { env: { GITHUB_STEP_SUMMARY: summary } });
  expect(stdout.length).toBeGreaterThan(1000);
  expectPlain(stdout + stderr);
  if (format === 'github') expectPlain(readFileSync(summary, 'utf8'));
});

test.each(['html', 'json', 'markdown', 'text'])('report --format %s prints no control character and no workflow command of a name', format => {
  const { status, stdout, stderr } = runLauncher(work, ['report', '--format', format, '-o', '-', FILE]);
  expect([status, stderr]).toEqual([0, '']);
  expectPlain(stdout);
});

test.each([
  ['check', NAME], ['check', '--config', NAME], ['check', '--exempt', NAME], ['check', '--baseline', NAME], ['report', '--traffic', NAME], [NAME],
  ['check', '--write-baseline', '--baseline', `missing/${NAME}`, FILE], ['report', '-o', `missing/${NAME}`, FILE],
])('the error of %j %j contains neither', (...args) => {
  const { status, stdout, stderr } = runLauncher(work, args);
  expect([status, stdout]).toEqual([2, '']);
  expectPlain(stderr);
});

test('the path of a written report contains neither', () => {
  const { status, stdout } = runLauncher(work, ['report', '-o', `${NAME}.html`, FILE]);
  expect(status).toBe(0);
  expectPlain(stdout);
});
