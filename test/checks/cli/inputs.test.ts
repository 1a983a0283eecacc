import { App, Stack, Validations } from 'aws-cdk-lib';
import { CommandFolder } from '../../support/command';
import { careful } from '../corpus/apps';
import { fn } from '../rules/harness';

/** LP-F02 is an error: a function has at most 900 s. */
const slow = (timeout: unknown = 901) => ({ Resources: { Fn: fn({ Timeout: timeout }) } });
const F02 = ['--category', 'foundation', '--severity', 'LP-F13=off', '--severity', 'LP-F12=off', '--severity', 'LP-F86=off'];

test('a folder stands for its templates, without packages, hidden folders and other documents', () => {
  const folder = new CommandFolder({
    'infra/a.json': slow(),
    'infra/deep/b.yaml': 'Resources: { Fn: { Type: AWS::Lambda::Function, Properties: { Timeout: 902 } } }',
    'infra/c.template': slow(),
    'infra/node_modules/x/d.json': slow(),
    'infra/.git/e.json': slow(),
    'infra/package.json': { name: 'Resources' },
    'infra/notes.txt': 'Resources:',
    'infra/list.json': [1],
    'infra/values.yaml': 'Resources: none',
  });
  const { findings, templates } = folder.report('infra', ...F02);
  expect(templates).toBe(3);
  expect(findings.filter(({ rule }: any) => rule === 'LP-F02').map(({ template }: any) => template).sort())
    .toEqual(['infra/a.json', 'infra/c.template', 'infra/deep/b.yaml']);
});

test.each([
  ['services/**/template.json', ['services/a/template.json', 'services/b/c/template.json']],
  ['services/*/template.json', ['services/a/template.json']],
  ['./services/{a,z}/*.json', ['services/a/template.json']],
  ['services/b/?/template.json', ['services/b/c/template.json']],
])('the pattern %s matches %j', (pattern, expected) => {
  const folder = new CommandFolder({ 'services/a/template.json': slow(), 'services/b/c/template.json': slow(), 'services/other.json': slow() });
  const templates = folder.report(pattern).findings.map(({ template }: any) => template);
  expect([...new Set(templates)].sort()).toEqual(expected);
});

test.each([
  ['services/*.json', 'services/*.json matches no template and no cloud assembly'],
  ['nowhere/**', 'nowhere/** matches no template and no cloud assembly'],
  ['nowhere.json', 'nowhere.json does not exist; correct the path'],
  ['cdk.out', 'cdk.out does not exist; run cdk synth first, or pass the paths of templates'],
])('%s matches nothing', (path, message) => {
  const { status, stderr } = new CommandFolder({ 'services/readme.md': '' }).check(path);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
});

test('an unreadable template among several is reported, the others are checked, and the exit code is 2', () => {
  const folder = new CommandFolder({ 'infra/bad.yaml': 'Resources: [', 'infra/good.json': slow(), 'other.json': '{' });
  for (const paths of [['infra'], ['infra/bad.yaml', 'infra/good.json'], ['other.json', 'infra/good.json']]) {
    const { status, stdout } = folder.check(...paths, '--format', 'json');
    const { findings, notes, templates } = JSON.parse(stdout);
    expect({ status, templates, rules: findings.map(({ rule }: any) => rule) }).toEqual(expect.objectContaining({ status: 2, templates: 1, rules: expect.arrayContaining(['LP-F02']) }));
    expect(notes).toEqual([expect.objectContaining({ message: expect.stringMatching(/^not checked: (infra\/bad\.yaml|other\.json) /) })]);
  }
});

test('a path and a pattern that match nothing are reported, the others are checked, and the exit code is 2', () => {
  const { status, stdout } = new CommandFolder({ 'a.json': slow() }).check('gone.json', 'a.json', 'no/**', '--format', 'json');
  const { findings, notes } = JSON.parse(stdout);
  expect({ status, rules: findings.map(({ rule }: any) => rule) }).toEqual({ status: 2, rules: expect.arrayContaining(['LP-F02']) });
  expect(notes.map(({ message }: any) => message)).toEqual([
    'not checked: gone.json does not exist; correct the path', 'not checked: no/** matches no template and no cloud assembly',
  ]);
});

test('a template that several paths name is checked once', () => {
  const folder = new CommandFolder({ 'infra/a.json': slow() });
  const { findings, templates } = folder.report('infra/a.json', './infra/../infra/a.json', 'infra', 'infra/*.json');
  expect(templates).toBe(1);
  expect(findings.filter(({ rule }: any) => rule === 'LP-F02')).toHaveLength(1);
});

describe('two apps with a function of the same name', () => {
  const folder = new CommandFolder();
  beforeAll(() => {
    for (const name of ['shop', 'bank']) {
      const app = new App({ outdir: `${folder.path}/${name}/cdk.out`, analyticsReporting: false, context: { 'aws:cdk:enable-path-metadata': true } });
      const known = careful(new Stack(app, 'Stack'), 'Fn', { environment: { KEYS: 'x'.repeat(5000) } });
      if (name === 'shop') Validations.of(known).acknowledge({ id: 'ProductionChecks::LP-F17', reason: 'tried' });
      if (name === 'shop') Validations.of(known).acknowledge({ id: 'ProductionChecks::LP-D01', reason: 'not needed any more' });
      app.synth();
    }
  });

  test('are told apart, and an acknowledgement applies to its own app', () => {
    const { findings } = folder.report('.');
    const found = findings.filter(({ rule }: any) => rule === 'LP-F17').map(({ template, exempted }: any) => [template, exempted]);
    expect(found.sort()).toEqual([['bank/cdk.out/Stack.template.json', undefined], ['shop/cdk.out/Stack.template.json', 'tried']]);
  });

  test('an acknowledgement that matches nothing is reported', () => {
    expect(folder.notes('.')).toEqual([expect.stringMatching(/^the acknowledgement of LP-D01 at Stack\/Fn.* matches no finding; remove it$/)]);
  });

  test('a pattern can name the templates inside an assembly', () => {
    expect(folder.report('shop/**/*.template.json').templates).toBe(1);
  });
});

test('a nested template that is named, too, is read once', () => {
  const folder = new CommandFolder({
    'parent.json': { Resources: { Child: { Type: 'AWS::CloudFormation::Stack', Metadata: { 'aws:asset:path': 'child.json' } } } }, 'child.json': slow(),
  });
  expect(folder.report('parent.json', 'child.json').templates).toBe(2);
});

describe('values of parameters', () => {
  const template = {
    Parameters: { Timeout: { Type: 'Number', Default: 3 }, Stage: { Type: 'String' } },
    Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
    Resources: { Fn: fn({ Timeout: { 'Fn::If': ['IsProd', { Ref: 'Timeout' }, 10] } }) },
  };
  const timeouts = (folder: CommandFolder, ...args: string[]) => folder.findings('t.json', ...F02, ...args).filter(text => text.startsWith('LP-F02'));

  test('replace the default and choose the branch', () => {
    const folder = new CommandFolder({ 't.json': template });
    expect(timeouts(folder)).toEqual([]);
    expect(timeouts(folder, '--parameter', 'Timeout=901', '--parameter', 'Stage=prod')).toEqual(['LP-F02 Fn']);
    expect(timeouts(folder, '--parameter', 'Timeout=901', '--parameter', 'Stage=test')).toEqual([]);
  });

  test('a value without a parameter is reported', () => {
    const folder = new CommandFolder({ 't.json': template });
    expect(folder.notes('t.json', '--parameter', 'Stge=prod')).toEqual(['no template declares the parameter Stge, so its value is not used']);
  });

  test('a value that the template does not allow is reported', () => {
    const folder = new CommandFolder({ 't.json': { ...template, Parameters: { ...template.Parameters, Stage: { Type: 'String', AllowedValues: ['test', 'prod', 1] } } } });
    expect(folder.notes('t.json', '--parameter', 'Stage=production')).toEqual(['the parameter Stage must be one of test, prod, 1, got production; pass one of them']);
    expect(folder.notes('t.json', '--parameter', 'Stage=1')).toEqual([]);
  });

  test.each([
    ['a text for a number', { Type: 'Number' }, 'soon', 'be a number, got soon; pass one'],
    ['a number that is too low', { Type: 'Number', MinValue: 1 }, '0', 'be at least 1, got 0; raise it'],
    ['a number that is too high', { Type: 'Number', MaxValue: '900' }, '901', 'be at most 900, got 901; lower it'],
    ['an item that is not allowed', { Type: 'CommaDelimitedList', AllowedValues: ['a', 'b'] }, 'a,c', 'contain only a, b, got a,c; pass some of them'],
    ['an item that is no number', { Type: 'List<Number>' }, '1,x', 'contain only numbers, got 1,x; pass numbers'],
  ])('%s is reported', (_, Limit, value, must) => {
    const folder = new CommandFolder({ 't.json': { ...template, Parameters: { ...template.Parameters, Limit } } });
    expect(folder.notes('t.json', '--parameter', `Limit=${value}`)).toEqual([`the parameter Limit must ${must}`]);
  });

  test.each([
    ['a number at its limits', { Type: 'Number', MinValue: 1, MaxValue: 1 }, '1'],
    ['items that are allowed', { Type: 'CommaDelimitedList', AllowedValues: ['a', 'b'] }, 'b, a'],
    ['numbers', { Type: 'List<Number>' }, '1, 2'],
    ['an ID of a list', { Type: 'List<AWS::EC2::Subnet::Id>' }, 'subnet-1,subnet-2'],
  ])('%s is not reported', (_, Limit, value) => {
    const folder = new CommandFolder({ 't.json': { ...template, Parameters: { ...template.Parameters, Limit } } });
    expect(folder.notes('t.json', '--parameter', `Limit=${value}`)).toEqual([]);
  });

  test.each([
    ['a text', 'parameter_overrides = "Timeout=901 Stage=\\"prod\\""'],
    ['the long form', 'parameter_overrides = "ParameterKey=Timeout,ParameterValue=901 ParameterKey=Stage,ParameterValue=prod"'],
    ['a list', 'parameter_overrides = ["Timeout=901", "Stage=prod"]'],
    ['a table', 'parameter_overrides = { Timeout = 901, Stage = "prod" }'],
  ])('are read from a samconfig file: %s', (_, line) => {
    const folder = new CommandFolder({ 't.json': template, 'samconfig.toml': `version = 0.1\n[live.deploy.parameters]\n${line}\n[default.deploy.parameters]\nparameter_overrides = "Stage=test"\n` });
    expect(timeouts(folder, '--sam-config', 'samconfig.toml', '--sam-config-env', 'live')).toEqual(['LP-F02 Fn']);
    expect(timeouts(folder, '--sam-config', 'samconfig.toml')).toEqual([]);
  });

  test('are read from a samconfig file in YAML, and those of the command line come first', () => {
    const folder = new CommandFolder({ 't.json': template, 'samconfig.yaml': 'default: { global: { parameters: { parameter_overrides: [Timeout=901, Stage=prod] } } }' });
    expect(timeouts(folder, '--sam-config', 'samconfig.yaml')).toEqual(['LP-F02 Fn']);
    expect(timeouts(folder, '--sam-config', 'samconfig.yaml', '--parameter', 'Timeout=5')).toEqual([]);
  });

  test.each([
    ['nowhere.toml', 'default', 'nowhere.toml does not exist'],
    ['broken.toml', 'default', 'cannot read broken.toml: Invalid TOML document'],
    ['fine.toml', 'live', 'fine.toml must contain the environment live, got default; set --sam-config-env'],
  ])('%s with the environment %s is rejected', (file, environment, message) => {
    const folder = new CommandFolder({ 't.json': template, 'broken.toml': '[', 'fine.toml': '[default.deploy.parameters]\n' });
    const { status, stderr } = folder.check('t.json', '--sam-config', file, '--sam-config-env', environment);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
