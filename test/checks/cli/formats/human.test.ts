import { human } from '../../../../src/checks/cli/formats/human';
import { check } from '../../../../src/checks/engine/check';
import { input } from '../../../../src/checks/engine/load';
import { CommandFolder } from '../../../support/command';
import { fn, queue, r, sqs } from '../../rules/harness';

const TERMINAL = { colors: false, width: 120 };
const report = (resources: object) => {
  const findings = check([input({ Resources: resources }, 'app.json')]);
  return { findings, baselined: 0, templates: 1, notes: [] };
};
const plain = () => r('AWS::Lambda::Function', { Runtime: 'nodejs24.x', Handler: 'index.handler', Code: { ZipFile: 'exports.handler = 1' } });
const times = (n: number, make: (i: number) => object) => Object.fromEntries(Array.from({ length: n }, (_, i) => Object.entries(make(i))).flat());

/** An app as a team that has never run the checks brings it. */
const FIRST_DAY = report(times(7, i => ({
  [`Fn${i}`]: plain(),
  ...i < 3 && { [`Queue${i}`]: queue({ VisibilityTimeout: 1 }), [`Map${i}`]: sqs({ FunctionName: { Ref: `Fn${i}` }, EventSourceArn: { 'Fn::GetAtt': [`Queue${i}`, 'Arn'] } }) },
  [`Url${i}`]: r('AWS::Lambda::Url', { AuthType: 'NONE', TargetFunctionArn: { Ref: `Fn${i}` } }),
})));

test('at least 60 findings fit on two screens of 50 lines', () => {
  expect(FIRST_DAY.findings.length).toBeGreaterThanOrEqual(60);
  expect(human(FIRST_DAY, TERMINAL).split('\n').length).toBeLessThanOrEqual(100);
});

test('errors come first, and each rule has its why once', () => {
  const text = human(FIRST_DAY, { ...TERMINAL, width: 10_000 });
  const severities = [...text.matchAll(/^(error|warning|info)\b/gm)].map(([severity]) => severity);
  expect(severities).toEqual([...severities].sort((a, b) => 'ewi'.indexOf(a[0]) - 'ewi'.indexOf(b[0])));
  for (const rule of new Set(FIRST_DAY.findings.map(finding => finding.rule))) expect(text.split(rule.why)).toHaveLength(2);
});

test('an error is never folded, and a folded line names the first three and the number of the others', () => {
  const text = human(FIRST_DAY, { ...TERMINAL, width: 10_000 });
  const errors = FIRST_DAY.findings.filter(({ severity }) => severity === 'error');
  expect(errors.length).toBeGreaterThan(4);
  for (const { template, line, path, problem } of errors) expect(text).toContain(`${template}:${line} ${path}: ${problem}`);
  expect(text).toMatch(/^ {2}app\.json:1 Fn0: 'Architectures' must .+ \(and 6 like it: app\.json:1 Fn1, app\.json:1 Fn2 and 4 more\)$/m);
});

test.each([[3, false], [4, true]])('%i equal warnings: folded %s', (n, folded) => {
  const text = human(report(times(n, i => ({ [`Fn${i}`]: plain() }))), { ...TERMINAL, width: 10_000 });
  expect(text.includes(` (and ${n - 1} like it: `)).toBe(folded);
});

test('a setting that many functions lack is set once', () => {
  expect(human(FIRST_DAY, { ...TERMINAL, width: 10_000 }))
    .toContain('  Set it once: ProductionDefaults with the option architecture sets it for every function of a CDK app, Globals.Function.Architectures for every function of a SAM template\n');
  expect(human(report({ Fn: plain() }), TERMINAL)).not.toContain('Set it once');
});

test('fixes that differ stand beside their findings', () => {
  const { findings, ...rest } = FIRST_DAY;
  const [first, second, ...others] = findings.filter(({ rule }) => rule.id === findings[0].rule.id);
  const text = human({ ...rest, findings: [first, { ...second, fix: 'do something else', subject: '', line: 1 }, ...others] }, { ...TERMINAL, width: 10_000 });
  expect(text).not.toContain('Fix: ');
  expect(text).toContain('; do something else\n');
});

test.each([40, 80, 200])('lines end at column %i, except long words', width => {
  const lines = human(FIRST_DAY, { colors: false, width }).split('\n').filter(line => !/^(error|warning|info|\d+ errors) ?/.test(line));
  expect(lines.filter(line => line.length > width && line.trim().split(' ').length > 1)).toEqual([]);
});

test('the severity has a color on a terminal', () => {
  expect(human(FIRST_DAY, { ...TERMINAL, colors: true })).toContain('\u001b[31merror  \u001b[0m LP-');
  expect(human(FIRST_DAY, TERMINAL)).not.toContain('\u001b[');
});

test('notes come before the summary', () => {
  const notes = [{ message: 'not checked: a macro', template: 'app.json', line: 7 }, { message: 'a note' }, { message: 'whole', template: 'b.json' }];
  expect(human({ findings: [], baselined: 2, templates: 1, notes }, TERMINAL))
    .toBe('app.json:7: not checked: a macro\na note\nb.json: whole\n\n0 errors, 0 warnings, 0 infos in 1 template (2 in the baseline)\n');
});

test('a terminal that does not know its width has lines of 120 characters', () => {
  const terminal = process.stdout as { isTTY?: boolean; columns?: number };
  const before = { isTTY: terminal.isTTY, columns: terminal.columns };
  Object.assign(terminal, { isTTY: true, columns: 0 });
  try {
    const { stdout } = new CommandFolder({ 'a.json': { Resources: { Fn: fn({ Timeout: 901 }) } } }).check('a.json');
    expect(stdout).toContain('Function timeout exceeds 15 minutes');
    expect(Math.max(...stdout.split('\n').map(line => line.length))).toBeGreaterThan(100);
  } finally {
    Object.assign(terminal, before);
  }
});
