import { mkdirSync, mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { parseTemplate } from '../../../src/checks/cli/parse';
import { check } from '../../../src/checks/engine/check';
import { input, loadTemplate, loadText } from '../../../src/checks/engine/load';
import { att, fn, queue, r, ref, sqs } from '../rules/harness';

/** Writes the files and loads the first of them. */
function load(files: Record<string, string | object>) {
  const folder = mkdtempSync(join(tmpdir(), 'reading-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return loadTemplate(join(folder, Object.keys(files)[0]), parseTemplate);
}

const found = (files: Record<string, string | object>, id: string) => (
  check(load(files)).filter(({ rule }) => rule.id === id).map(({ logicalId, line, message }) => ({ logicalId, line, message })));
const ids = (files: Record<string, string | object>, id: string) => found(files, id).map(({ logicalId }) => logicalId);

const LOOP = `Transform: [AWS::LanguageExtensions]
Parameters:
  Names: { Type: CommaDelimitedList, Default: 'A, B' }
Resources:
  Fn::ForEach::Functions:
    - Name
    - LIST
    - \${Name}Fn:
        Type: AWS::Lambda::Function
        Properties:
          Timeout: 1000
          FunctionName: !Sub 'shop-\${Name}'
          Environment: { Variables: { OTHER: !Ref Name, ARN: !GetAtt [!Sub '\${Name}Fn', Arn] } }
`;

test.each([
  ['literals', "[Orders, 'pay-1']", ['OrdersFn', 'pay-1Fn']],
  ['a parameter with a default', '!Ref Names', ['AFn', 'BFn']],
])('a loop over %s is unrolled, with the line of the loop', (_, list, expected) => {
  const findings = found({ 't.yaml': LOOP.replace('LIST', list) }, 'LP-F02');
  expect(findings.map(({ logicalId }) => logicalId)).toEqual(expected);
  expect(findings.map(({ line }) => line)).toEqual([5, 5]);
});

test('a loop over a list that only the deployment knows is a finding, with its line', () => {
  const [finding, ...others] = found({ 't.yaml': LOOP.replace('LIST', '!Ref AWS::NotificationARNs') }, 'LP-F130');
  expect(others).toEqual([]);
  expect(finding).toEqual({ logicalId: 'Fn::ForEach::Functions', line: 5, message: expect.stringContaining('AWS::NotificationARNs') });
});

test.each([['events of SAM', 'Events'], ['properties', 'Layers']])('a loop that remains in %s is a finding', (_, key) => {
  const of = (list: string) => `Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Resources:
  Fn: {Type: AWS::Serverless::Function, Properties: {${key}: {Fn::ForEach::E: [N, ${list}, {'E\${N}': {Type: Schedule}}]}}}\n`;
  expect(found({ 't.yaml': of('!Ref AWS::NotificationARNs') }, 'LP-F130')).toEqual([
    { logicalId: 'Fn', line: 3, message: expect.stringContaining("'Fn::ForEach' must have a collection of literals") },
  ]);
  expect(ids({ 't.yaml': of('[A]') }, 'LP-F130')).toEqual([]);
});

test('the length of a known list is a number', () => {
  const { template } = input({
    Transform: 'AWS::LanguageExtensions',
    Parameters: { Names: { Type: 'CommaDelimitedList', Default: 'a,b,c' } },
    Resources: { Q: queue({ VisibilityTimeout: { 'Fn::Length': ref('Names') }, DelaySeconds: { 'Fn::Length': ref('Given') } }) },
  }, 't');
  expect((template.Resources as any).Q.Properties).toEqual({ VisibilityTimeout: 3, DelaySeconds: { 'Fn::Length': ref('Given') } });
});

test('a parameter that a nested stack receives from a hidden one is a secret', () => {
  const child = { Parameters: { Given: { Type: 'String' } }, Resources: { Fn: fn({ Environment: { Variables: { DB: ref('Given') } } }) } };
  const parent = (hidden: object) => ({
    Parameters: { P: { Type: 'String', ...hidden } },
    Resources: { Child: r('AWS::CloudFormation::Stack', { TemplateURL: 'child.json', Parameters: { Given: ref('P') } }) },
  });
  expect(ids({ 'parent.json': parent({ NoEcho: true }), 'child.json': child }, 'LP-F16')).toEqual(['Fn']);
  expect(ids({ 'parent.json': parent({}), 'child.json': child }, 'LP-F16')).toEqual([]);
  const text = { ...parent({ NoEcho: true }).Resources.Child, Properties: { TemplateURL: 'child.json', Parameters: { Given: { 'Fn::Sub': 'x:${P}' } } } };
  expect(ids({ 'parent.json': { ...parent({ NoEcho: true }), Resources: { Child: text } }, 'child.json': child }, 'LP-F16')).toEqual(['Fn']);
});

test('a local template of a stack set is read as an app of its own, and others are a finding', () => {
  const stackSet = (props: object) => ({ 't.json': { Resources: { Set: r('AWS::CloudFormation::StackSet', props) } } });
  expect(found(stackSet({ TemplateURL: 'https://x/t.yaml' }), 'LP-F130')[0].message).toContain("'TemplateURL' must be a local template, got https://x/t.yaml");
  expect(found(stackSet({ TemplateBody: '{"Resources":{}}' }), 'LP-F130')[0].message).toContain("'TemplateBody' must be a local template, got a template in the template");
  const files = { ...stackSet({ TemplateURL: './all.json' }), 'all.json': { Resources: { Fn: fn({ Timeout: 1000 }) } } };
  expect(ids(files, 'LP-F130')).toEqual([]);
  expect(ids(files, 'LP-F02')).toEqual(['Fn']);
  expect(load(files).map(({ parent }) => parent)).toEqual([undefined, undefined]);
});

test('a nested stack of a template that is no file is a finding', () => {
  const inputs = loadText(JSON.stringify({ Resources: { Child: r('AWS::CloudFormation::Stack', { TemplateURL: './child.yaml' }) } }), 'stdin', parseTemplate);
  expect(check(inputs).map(({ rule, logicalId }) => [rule.id, logicalId])).toEqual([['LP-F130', 'Child']]);
});

test.each([
  ['UTF-16 of Windows', 'fffe', (text: string) => Buffer.from(text, 'utf16le')],
  ['UTF-16 with the other byte order', 'feff', (text: string) => Buffer.from(text, 'utf16le').swap16()],
  ['UTF-8 with a byte order mark', 'efbbbf', (text: string) => Buffer.from(text)],
])('%s is read', (_, mark, encode) => {
  const file = join(mkdtempSync(join(tmpdir(), 'reading-')), 't.yaml');
  writeFileSync(file, Buffer.concat([Buffer.from(mark, 'hex'), encode('Resources: {Fn: {Type: AWS::Lambda::Function, Properties: {Timeout: 1000}}} ')]));
  expect(check(loadTemplate(file, parseTemplate)).map(({ rule }) => rule.id)).toContain('LP-F02');
});

test('loops in loops are unrolled, and &{Name} is a name without other characters', () => {
  const inner = { 'Fn::ForEach::In': ['B', ['x-1', 'y'], { 'Q${A}&{B}': queue({ QueueName: '${A}-${B}' }) }] };
  const { template } = input({ Resources: { 'Fn::ForEach::Out': ['A', ['M', 'N'], inner] } }, 't');
  expect(Object.keys(template.Resources as object)).toEqual(['QMx1', 'QMy', 'QNx1', 'QNy']);
  expect((template.Resources as any).QNx1.Properties.QueueName).toBe('N-x-1');
});

test('included files are read, and others are a finding', () => {
  const included = { Resources: { Fn: fn({ Timeout: 1000 }) } };
  const transform = (Location: string) => ({ Transform: { Name: 'AWS::Include', Parameters: { Location } }, Resources: {} });
  expect(ids({ 't.json': transform('./more.json'), 'more.json': included }, 'LP-F02')).toEqual(['Fn']);
  expect(ids({ 't.json': transform('./more.json'), 'more.json': included }, 'LP-F130')).toEqual([]);
  expect(ids({ 't.json': transform('s3://bucket/more.json') }, 'LP-F130')).toEqual(['Transform']);
  const within = { Resources: { Fn: r('AWS::Lambda::Function', { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 'fn.json' } } }) } };
  expect(ids({ 't.json': within, 'fn.json': { Timeout: 1000 } }, 'LP-F02')).toEqual(['Fn']);
  expect(ids({ 't.json': within }, 'LP-F130')).toEqual(['Fn']);
});

test.each(['Mappings', 'Conditions', 'Globals'])('a file that the section %s includes is read, and a macro in it is a finding', section => {
  const template = (Location: string) => `Transform: AWS::Serverless-2016-10-31
${section}: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: ${Location}}}}
Resources: {Fn: {Type: AWS::Serverless::Function, Properties: ${section === 'Globals' ? '{}' : '{Timeout: !FindInMap [Of, all, seconds]}'}}}\n`;
  const content = { Mappings: { Of: { all: { seconds: 1000 } } }, Conditions: {}, Globals: { Function: { Timeout: 1000 } } }[section]!;
  expect(ids({ 't.yaml': template('more.json'), 'more.json': content }, 'LP-F02')).toEqual(section === 'Conditions' ? [] : ['Fn']);
  expect(ids({ 't.yaml': template('more.json'), 'more.json': content }, 'LP-F130')).toEqual([]);
  expect(found({ 't.yaml': template('s3://b/k') }, 'LP-F130')).toEqual([
    { logicalId: section, line: 2, message: expect.stringContaining('got AWS::Include of s3://b/k') },
  ]);
});

test('local definitions of APIs are read', () => {
  const api = (DefinitionUri: string) => ({ Resources: { Api: { Type: 'AWS::Serverless::Api', Properties: { DefinitionUri } } } });
  const uri = { 'Fn::Sub': 'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations' };
  const document = { paths: { '/pay': { post: { 'x-amazon-apigateway-integration': { type: 'aws_proxy', uri } } } } };
  expect(ids({ 't.json': api('api.yaml'), 'api.yaml': document }, 'LP-H09')).toEqual(['Api']);
  expect(ids({ 't.json': api('s3://bucket/api.yaml') }, 'LP-H09')).toEqual([]);
  expect(ids({ 't.json': api('s3://bucket/api.yaml') }, 'LP-F130')).toEqual(['Api']);
});

test('macros, modules and applications elsewhere are findings', () => {
  const template = { Transform: ['AWS::Serverless-2016-10-31', 'Own'], Resources: { M: r('My::Own::Thing::MODULE'), A: r('AWS::Serverless::Application', { Location: { ApplicationId: 'arn' } }), Q: queue() } };
  expect(ids({ 't.json': template }, 'LP-F130')).toEqual(['Transform', 'M', 'A']);
  expect(ids({ 't.json': { Transform: 'AWS::Serverless-2016-10-31', Resources: { Q: queue() } } }, 'LP-F130')).toEqual([]);
});

test('a resource without a type is a finding', () => {
  const template = { Resources: { Nothing: null, List: [], Typeless: { Properties: {} }, Typed: { Type: ['AWS::SQS::Queue'] }, Queue: queue() } };
  expect(found({ 't.json': template }, 'LP-F130').map(({ logicalId, message }) => [logicalId, /got (.+?);/.exec(message)![1]]))
    .toEqual([['Nothing', 'null'], ['List', '[]'], ['Typeless', 'nothing'], ['Typed', '["AWS::SQS::Queue"]']]);
});

test('an event of SAM that the checks do not know is a finding', () => {
  const of = (type: string, event: unknown) => ({ Transform: 'AWS::Serverless-2016-10-31', Resources: { Own: { Type: `AWS::Serverless::${type}`, Properties: { Events: { Of: event } } } } });
  const got = (type: string, event: unknown) => found({ 't.json': of(type, event) }, 'LP-F130').map(({ message }) => message.split(';')[0]);
  expect(got('Function', { Type: 'Telepathy' })).toEqual(["'Events.Of.Type' must be an event that the checks know, got Telepathy"]);
  expect(got('Function', { 'Fn::If': ['C', { Type: 'Schedule' }, ref('AWS::NoValue')] })).toHaveLength(1);
  expect(got('StateMachine', { Type: 'HttpApi' })).toHaveLength(1);
  for (const Type of ['AlexaSkill', 'HttpApi', 'SelfManagedKafka']) expect(got('Function', { Type })).toEqual([]);
  expect(got('StateMachine', { Type: 'Api' })).toEqual([]);
});

test('local nested templates are read as one app with their parent, each time with its parameters', () => {
  const child = { Parameters: { Seconds: { Type: 'Number' }, Source: { Type: 'String' } }, Resources: { Fn: fn({ Timeout: ref('Seconds') }), Map: sqs({ EventSourceArn: ref('Source') }) } };
  const stack = (Seconds: number) => r('AWS::CloudFormation::Stack', { TemplateURL: './nested/child.json', Parameters: { Seconds, Source: att('Queue') } });
  const files = { 'parent.json': { Resources: { Queue: queue({ VisibilityTimeout: 30 }), Short: stack(10), Long: stack(60) } }, 'nested/child.json': child };
  expect(load(files)).toHaveLength(3);
  expect(ids(files, 'LP-F31')).toEqual(['Queue']);
  const missing = { 'parent.json': { Resources: { Gone: r('AWS::CloudFormation::Stack', { TemplateURL: './gone.json' }) } } };
  expect(ids(missing, 'LP-F130')).toEqual(['Gone']);
});

test('a template without resources has nothing to check', () => {
  for (const document of [{ Outputs: {} }, { AWSTemplateFormatVersion: '2010-09-09', Parameters: {} }]) {
    expect(check([input(document, 't')])).toEqual([]);
  }
  expect(check([input({}, 't', undefined, { isTemplate: true })])).toEqual([]);
  expect(() => input({ services: {} }, 'compose.yaml')).toThrow('compose.yaml is not a CloudFormation template');
});

test('a template has the same findings alone and beside 149 others', () => {
  const template = (i: number) => ({
    Parameters: { Stage: { Type: 'String', AllowedValues: ['dev', 'prod'], Default: 'dev' }, Given: { Type: 'String' } },
    Conditions: { Prod: { 'Fn::Equals': [ref('Stage'), 'prod'] } },
    Resources: {
      Fn: fn({ Timeout: { 'Fn::If': ['Prod', 60, 10] } }),
      Queue: queue({ VisibilityTimeout: 30 }),
      Map: sqs(),
      ...i % 2 === 0 ? { Config: r('AWS::Lambda::EventInvokeConfig', { FunctionName: ref('Given'), Qualifier: 'live' }) } : {},
      Rule: r('AWS::Events::Rule', { Targets: [{ Arn: att('Fn'), Id: 't' }] }),
    },
  });
  const inputs = Array.from({ length: 150 }, (_, i) => input(template(i), `t${i}.json`));
  const together = check(inputs);
  for (const one of [0, 1, 149]) {
    const alone = check([inputs[one]]);
    expect(alone.map(({ rule }) => rule.id)).toContain('LP-F31');
    expect(together.filter(finding => finding.template === `t${one}.json`).map(({ message }) => message).sort())
      .toEqual(alone.map(({ message }) => message).sort());
  }
});
