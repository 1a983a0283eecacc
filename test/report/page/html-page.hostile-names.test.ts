import { readFileSync } from 'node:fs';
import { join } from 'node:path';
// eslint-disable-next-line import/no-extraneous-dependencies -- a dependency of eslint
import Ajv from 'ajv';
import { check } from '../../../src/checks/engine/check';
import { input } from '../../../src/checks/engine/load';
import { buildReport } from '../../../src/report/model/build-report';
import { diffOf } from '../../../src/report/model/diff';
import type { Language } from '../../../src/report/model/phrases';
import { FORMATS } from '../../../src/report/page';
import { TODAY } from '../../support/report-lines';

const schema = JSON.parse(readFileSync(join(__dirname, '..', '..', '..', 'docs', 'readiness.schema.json'), 'utf8'));
const validate = new Ajv({ allErrors: true }).compile(schema);

const HOSTILE = {
  'markup': '</title><script>alert(1)</script><img src=x onerror=alert(1)>',
  'quotes': '" onmouseover="alert(1)" x=\'`',
  '255 characters': 'x'.repeat(255),
  'another direction': '\u05E9\u05DC\u05D5\u05DD \u202Eevil\u202C',
  'emoji': '\u{1F469}\u200D\u{1F469}\u200D\u{1F467}\u{1F1EF}\u{1F1F5} \u65E5\u672C\u8A9E',
  'control characters': 'a\u0000\u001B[31mb\nc',
  'markdown': '|](javascript:alert(1)) [x](http://evil.example) `a` @team #1 <b>',
  'phrases': '{name} ${Fn} $& {n retry|retries}',
  'names of Object': '__proto__',
};

/** An app whose every name, description and value is hostile. */
function app(name: string, changes: object = {}) {
  const fn = (id: number, properties: object = {}) => ({
    Type: 'AWS::Lambda::Function',
    Metadata: { 'aws:cdk:path': `${name}/${id}/${name}` },
    Properties: {
      FunctionName: `${name}${id}`,
      Description: name,
      Runtime: name,
      Handler: name,
      Architectures: [name],
      Code: { ZipFile: name },
      Timeout: 5,
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Environment: { Variables: { [name]: name } },
      Tags: [{ Key: name, Value: name }],
      ...properties,
    },
  });
  const of = (Type: string, Properties: object) => ({ Type, Properties });
  const statement = { Sid: name, Effect: 'Allow', Action: [name, 's3:*'], Resource: name };
  return {
    Description: name,
    Parameters: { Stage: { Type: 'String', Default: name, AllowedValues: [name, `${name}2`] } },
    Conditions: { Is: { 'Fn::Equals': [{ Ref: 'Stage' }, name] } },
    Resources: {
      Role: of('AWS::IAM::Role', { RoleName: name, AssumeRolePolicyDocument: {}, ManagedPolicyArns: [`arn:aws:iam::aws:policy/${name}`], Policies: [{ PolicyName: name, PolicyDocument: { Statement: [statement] } }] }),
      F1: fn(1),
      F2: fn(2, { ReservedConcurrentExecutions: name, DeadLetterConfig: { TargetArn: name } }),
      [name]: of('AWS::SQS::Queue', { QueueName: name, RedrivePolicy: name }),
      Typed: of(name, {}),
      V: of('AWS::Lambda::Version', { FunctionName: { Ref: 'F1' }, Description: name }),
      L: of('AWS::Lambda::Alias', { Name: name, Description: name, FunctionName: { Ref: 'F1' }, FunctionVersion: { 'Fn::GetAtt': ['V', 'Version'] } }),
      M: of('AWS::Lambda::EventSourceMapping', { FunctionName: { Ref: 'L' }, EventSourceArn: { 'Fn::GetAtt': [name, 'Arn'] }, BatchSize: name }),
      P: of('AWS::Lambda::Permission', { FunctionName: { Ref: 'F1' }, Action: 'lambda:InvokeFunction', Principal: name }),
      U: of('AWS::Lambda::Url', { TargetFunctionArn: { 'Fn::GetAtt': ['F2', 'Arn'] }, AuthType: name }),
      A: of('AWS::CloudWatch::Alarm', { AlarmName: name, AlarmDescription: name, Namespace: name, MetricName: name, Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'F1' } }], AlarmActions: [name], ComparisonOperator: name, Threshold: name, Period: name, EvaluationPeriods: name }),
      R: of('AWS::Events::Rule', { Name: name, ScheduleExpression: name, Targets: [{ Id: name, Arn: { 'Fn::GetAtt': ['F1', 'Arn'] } }] }),
      S: of('AWS::ApiGateway::Stage', { StageName: name, RestApiId: name }),
      D: of('AWS::RDS::DBCluster', { Engine: name, ServerlessV2ScalingConfiguration: { MinCapacity: name, MaxCapacity: name }, StorageType: name }),
      ...changes,
    },
    Outputs: { [name]: { Value: name, Description: name, Export: { Name: name } } },
  };
}

function read(name: string, language: Language, document: object) {
  const templates = [input(document, `${name}.json`)];
  return { templates, report: buildReport({ name, language, templates, findings: check(templates, { today: TODAY }), today: TODAY }) };
}

const LANGUAGES: Language[] = ['en', 'ja'];
// eslint-disable-next-line no-control-regex -- control characters are the subject
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u202A-\u202E\u2066-\u2069]/g;

describe.each(Object.entries(HOSTILE))('an app of names with %s', (_, name) => {
  const renamed = { [name]: undefined, Other: app(name).Resources[name as 'F1'], F1: app(name).Resources.F2, Typed: { Type: 'AWS::S3::Bucket' } };
  const pages = LANGUAGES.map(language => {
    const [before, now] = [read(name, language, app(name)), read(name, language, app(name, renamed))];
    const changes = { from: 'main.out', ...diffOf(before, now) };
    const written = Object.fromEntries(Object.entries(FORMATS).map(([format, write]) => [format, write(now.report, changes)]));
    return written as Record<keyof typeof FORMATS, string>;
  });

  test('has data that the schema describes, in both languages', () => {
    for (const { json } of pages) {
      validate(JSON.parse(json));
      expect(validate.errors ?? []).toEqual([]);
    }
  });

  test('adds no element, attribute, id or address to the page', () => {
    for (const { html } of pages) {
      expect(html.match(/<(script|img|iframe|object|link|base|form)/gi)).toBeNull();
      expect(html.replace(/"[^"]*"/g, '""').match(/<[^>]*\son\w+\s*=/gi)).toBeNull();
      const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
      expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
      const addresses = [...html.matchAll(/href="([^"]*)"/g)].map(([, address]) => address);
      expect(addresses.filter(address => !address.startsWith('https://') && !ids.includes(address.slice(1)))).toEqual([]);
    }
  });

  test('adds no link, element or column to markdown', () => {
    for (const { markdown } of pages) {
      expect(markdown.match(/(?<!\\)\]\((?!https:\/\/)/g)).toBeNull();
      expect(markdown.match(/<\w/g)).toBeNull();
      const columns = markdown.split('\n').filter(line => line.startsWith('|')).map(line => line.match(/(?<!\\)\|/g)!.length);
      expect(columns.filter(n => n !== 7 && n !== 3)).toEqual([]);
    }
  });

  test('adds no control character, and no value of the program, to a page', () => {
    for (const { html, markdown, text } of pages) {
      expect(`${html}${markdown}${text}`.match(CONTROL)).toBeNull();
      expect(`${html}${markdown}${text}`.match(/NaN|undefined|\[object|Infinity/g)).toBeNull();
    }
  });
});
