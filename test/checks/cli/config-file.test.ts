import { CommandFolder } from '../../support/command';
import { fn } from '../rules/harness';

const NAME = 'cdk-production-lambda.json';
const TEMPLATES = { 'a.json': { Resources: { Slow: fn({ Timeout: 901 }) } } };
const f02 = (folder: CommandFolder, ...args: string[]) => folder.findings(...args).filter(text => text.startsWith('LP-F02'));

test.each([
  ['severities', { severities: { 'LP-F02': 'off' } }],
  ['exemptions', { exemptions: [{ rule: 'LP-F02', path: 'Slow', reason: 'tried' }] }],
  ['exemptions everywhere', { exemptions: [{ rule: 'LP-F02', reason: 'tried' }] }],
  ['categories', { categories: ['http'] }],
])('%s are read from the file', (_, config) => {
  const folder = new CommandFolder({ ...TEMPLATES, [NAME]: { paths: ['a.json'], ...config }, 'other.json': {} });
  expect(f02(folder)).toEqual([]);
  expect(f02(folder, '--config', 'other.json', 'a.json')).toEqual(['LP-F02 Slow']);
});

test('the key of package.json is read if there is no file', () => {
  const folder = new CommandFolder({ ...TEMPLATES, 'package.json': { 'name': 'x', 'cdk-production-lambda': { paths: ['a.json'], failOn: 'never' } } });
  expect(folder.check().status).toBe(0);
  folder.write(NAME, { paths: ['a.json'] });
  expect(folder.check().status).toBe(1);
});

test('a package.json without the key changes nothing', () => {
  expect(f02(new CommandFolder({ ...TEMPLATES, 'package.json': { name: 'x' } }), 'a.json')).toEqual(['LP-F02 Slow']);
});

test('the paths and patterns of a file are relative to its folder', () => {
  const folder = new CommandFolder({ 'apps/a.json': TEMPLATES['a.json'], 'apps/checks.json': { paths: ['a.json'] }, 'apps/patterns.json': { paths: ['*a.json', 'none/../a.json'] } });
  expect(f02(folder, '--config', 'apps/checks.json')).toEqual(['LP-F02 Slow']);
  expect(f02(folder, '--config', 'apps/patterns.json')).toEqual(['LP-F02 Slow']);
  folder.write('absolute.json', { paths: [`${folder.path}/apps/a.json`] });
  expect(f02(folder, '--config', 'absolute.json')).toEqual(['LP-F02 Slow']);
});

test('the command line comes first', () => {
  const folder = new CommandFolder({ ...TEMPLATES, 'b.json': { Resources: {} }, [NAME]: { paths: ['b.json'], failOn: 'never', severities: { 'LP-F02': 'info' } } });
  expect(folder.check('a.json').status).toBe(0);
  expect(folder.check('a.json', '--fail-on', 'info').status).toBe(1);
  expect(folder.check('a.json', '--fail-on', 'error', '--severity', 'LP-F02=error').status).toBe(1);
});

test('parameters and the baseline are read, the path of the baseline relative to the file', () => {
  const folder = new CommandFolder({
    'a.json': { Parameters: { T: { Type: 'Number', Default: 5 } }, Resources: { Slow: fn({ Timeout: { Ref: 'T' } }) } },
    'conf/checks.json': { parameters: { T: 901 }, baseline: 'base.json' },
  });
  const options = ['a.json', '--config', 'conf/checks.json'];
  folder.check(...options, '--write-baseline');
  expect(folder.report(...options).baselined).toBeGreaterThan(0);
  expect(f02(folder, 'a.json', '--parameter', 'T=901', '--baseline', 'conf/base.json')).toEqual([]);
});

test.each([
  ['an unknown key', { severity: {} }, `${NAME} contains 'severity'; the keys are paths, failOn, profile, categories, severities, exemptions, parameters, baseline`],
  ['a list', [], `${NAME} must contain an object`],
  ['no JSON', '{', `cannot read ${NAME}: `],
  ['an unknown rule', { severities: { 'LP-X1': 'off' } }, `'severities' of ${NAME} must name a rule, got LP-X1; docs/RULES.md lists all rules`],
  ['an unknown level', { severities: { 'LP-F02': 'fatal' } }, `'severities.LP-F02' of ${NAME} must be one of error, warning, info, off, got fatal`],
  ['another profile', { profile: 'test' }, `'profile' of ${NAME} must be one of production, sandbox, got test`],
  ['a text for a list', { paths: 'a.json' }, `'paths' of ${NAME} must be a list, got "a.json"`],
  ['a number in a list', { paths: [1] }, `'paths[0]' of ${NAME} must be a string, got 1`],
  ['a list for an object', { parameters: [] }, `'parameters' of ${NAME} must be an object, got []`],
  ['an exemption without a reason', { exemptions: [{ rule: 'LP-F02' }] }, `'exemptions[0]' of ${NAME} must have the form {"rule": "LP-H09", "path": "Stack/Api", "reason": "…"}, got {"rule":"LP-F02"}`],
  ['an exemption with another key', { exemptions: [{ rule: 'LP-F02', reason: 'x', at: 'Slow' }] }, "'exemptions[0]'"],
  ['exemptions as an object', { exemptions: {} }, `'exemptions' of ${NAME} must be a list, got {}`],
])('%s is rejected', (_, config, message) => {
  const { status, stdout, stderr } = new CommandFolder({ ...TEMPLATES, [NAME]: config }).check('a.json');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(message);
});

test.each([
  ['Shop/*/Handler', ['Shop/Api/Handler']],
  ['**/Handler', ['Shop/Api/Handler', 'Shop/Deep/Api/Handler']],
  ['Shop/{Api,Other}', ['Shop/Api/Handler']],
  ['Shop/Ap?', ['Shop/Api/Handler']],
])('the exemption %s covers %j', (path, covered) => {
  const paths = ['Shop/Api/Handler', 'Shop/Deep/Api/Handler'];
  const resources = Object.fromEntries(paths.map((at, i) => [`Fn${i}`, { ...fn({ Timeout: 901 }), Metadata: { 'aws:cdk:path': `${at}/Resource` } }]));
  const folder = new CommandFolder({ 'a.json': { Resources: resources } });
  const { findings } = folder.report('a.json', '--exempt', `LP-F02@${path}=tried`);
  const exempted = findings.filter(({ rule, exempted: reason }: any) => rule === 'LP-F02' && reason !== undefined).map(({ path: at }: any) => at);
  expect(exempted.sort()).toEqual(covered);
});

test('an exemption that matches nothing is reported', () => {
  const folder = new CommandFolder(TEMPLATES);
  expect(folder.notes('a.json', '--exempt', 'LP-F02@Slow=x', '--exempt', 'LP-F02@Fast=x', '--exempt', 'LP-D01=x'))
    .toEqual(['the exemption of LP-F02 at Fast matches no finding; remove it', 'the exemption of LP-D01 matches no finding; remove it']);
});

test('an exemption of the file is not judged by a part of its paths', () => {
  const exemptions = [{ rule: 'LP-F02', path: 'Gone', reason: 'x' }];
  const gone = 'the exemption of LP-F02 at Gone matches no finding; remove it';
  const files = { ...TEMPLATES, 'b.json': TEMPLATES['a.json'] };
  const notes = (config: object, ...args: string[]) => new CommandFolder({ ...files, [NAME]: { exemptions, ...config } }).notes(...args);
  expect(notes({ paths: ['a.json', 'b.json'] })).toEqual([gone]);
  expect(notes({ paths: ['a.json', 'b.json'] }, 'a.json')).toEqual([]);
  expect(notes({}, 'a.json')).toEqual([gone]);
});

test('a parameter of the file may be a number or a boolean', () => {
  const template = { Parameters: { On: { Type: 'String' }, Seconds: { Type: 'Number' } }, Resources: { Fn: fn({ Timeout: { Ref: 'Seconds' } }) } };
  const folder = new CommandFolder({ 'a.json': template, [NAME]: { parameters: { On: true, Seconds: 901 } } });
  expect(folder.notes('a.json')).toEqual([]);
  expect(folder.findings('a.json')).toContain('LP-F02 Fn');
});
