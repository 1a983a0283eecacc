import { check } from '../../../src/checks/engine/check';
import { input } from '../../../src/checks/engine/load';
import { buildReport } from '../../../src/report/model/build-report';
import { diffOf } from '../../../src/report/model/diff';
import type { Changes } from '../../../src/report/model/diff';
import { sayIn } from '../../../src/report/model/phrases';
import { changeGroups } from '../../../src/report/page/changes-section';
import { TODAY } from '../../support/report-lines';

type Stacks = Record<string, Record<string, object>>;

function read(stacks: Stacks) {
  const templates = Object.entries(stacks).map(([name, document]) => input(document, name));
  return { templates, report: buildReport({ name: 'App', templates, findings: check(templates, { today: TODAY }), today: TODAY }) };
}

/** The changes from one template to another. */
function changes(before: object, now: object, rest: { before?: object; now?: object } = {}): Changes {
  const [old, current] = [{ Resources: before, ...rest.before }, { Resources: now, ...rest.now }];
  return { from: 'main.out', ...diffOf(read({ 'old.json': old as Stacks }), read({ 'new.json': current as Stacks })) };
}

function linesOf(all: Changes): Record<string, readonly string[]> {
  return Object.fromEntries(changeGroups(all, sayIn('en')).map(({ title, lines }) => [title, lines]));
}

const queue = (properties: object = {}, rest: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties: properties, ...rest });
const fn = (properties: object = {}) => ({
  Type: 'AWS::Lambda::Function', Properties: { Runtime: 'nodejs24.x', Handler: 'i.h', Code: { ZipFile: 'x' }, Role: 'r', Timeout: 5, ...properties },
});

describe('a replaced resource', () => {
  test('has a property whose update is replacement', () => {
    expect(changes({ Q: queue({ QueueName: 'a' }) }, { Q: queue({ QueueName: 'b' }) }).replaced)
      .toEqual([{ template: 'new', logicalId: 'Q', type: 'AWS::SQS::Queue', path: 'Q', properties: ['QueueName'], isPossible: false }]);
  });

  test('has no property that is updated in place', () => {
    expect(changes({ Q: queue({ VisibilityTimeout: 1 }) }, { Q: queue({ VisibilityTimeout: 2 }) }).replaced).toEqual([]);
  });

  test('is only possible if CloudFormation replaces it in some cases, or if a condition decides about the value', () => {
    const database = (AvailabilityZone: string) => ({ Type: 'AWS::RDS::DBInstance', Properties: { DBInstanceClass: 'db.t4g.micro', AvailabilityZone } });
    const choice = (name: string) => ({ 'Fn::If': ['IsProd', name, 'a'] });
    const conditions = { Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'x'] } } };
    expect(changes({ D: database('a') }, { D: database('b') }).replaced).toMatchObject([{ properties: ['AvailabilityZone'], isPossible: true }]);
    const { replaced } = changes({ Q: queue({ QueueName: choice('b') }) }, { Q: queue({ QueueName: choice('c') }) }, { before: conditions, now: conditions });
    expect(replaced).toMatchObject([{ properties: ['QueueName'], isPossible: true }]);
  });

  test('is possible if the default of its parameter changes, which a deployment can override', () => {
    const parameters = (Default: string) => ({ Parameters: { Name: { Type: 'String', Default } } });
    const all = changes({ Q: queue({ QueueName: { Ref: 'Name' } }) }, { Q: queue({ QueueName: { Ref: 'Name' } }) }, { before: parameters('a'), now: parameters('b') });
    expect(linesOf(all).Replaced).toEqual(['Q (AWS::SQS::Queue, new Q): may be replaced: QueueName']);
  });

  test('is not replaced by another order of keys or another form of Fn::GetAtt', () => {
    const mapping = (source: object, event: object) => ({ M: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { FunctionName: 'f', EventSourceArn: source, ...event } }, Q: queue() });
    expect(changes(mapping({ 'Fn::GetAtt': ['Q', 'Arn'] }, {}), mapping({ 'Fn::GetAtt': 'Q.Arn' }, {})).replaced).toEqual([]);
  });

  test('replaces what refers to it by such a property', () => {
    const app = (name: string) => ({
      F: fn({ FunctionName: name }),
      V: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'F' } } },
      P: { Type: 'AWS::Lambda::Permission', Properties: { Action: 'lambda:InvokeFunction', FunctionName: { 'Fn::Sub': '${F.Arn}:1' }, Principal: 's3.amazonaws.com' } },
      U: { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'AWS_IAM', TargetFunctionArn: { 'Fn::GetAtt': ['F', 'Arn'] } } },
    });
    expect(linesOf(changes(app('a'), app('b'))).Replaced).toEqual([
      'F (AWS::Lambda::Function, new F): replaced: FunctionName',
      'V (AWS::Lambda::Version, new V): replaced: FunctionName (refers to F)',
      'P (AWS::Lambda::Permission, new P): replaced: FunctionName (refers to F)',
      'U (AWS::Lambda::Url, new U): replaced: TargetFunctionArn (refers to F)',
    ]);
  });

  test('remains in the account if UpdateReplacePolicy retains it', () => {
    const table = (KeySchema: object[]) => ({ T: { Type: 'AWS::DynamoDB::Table', UpdateReplacePolicy: 'Retain', Properties: { KeySchema } } });
    expect(linesOf(changes(table([{ AttributeName: 'a' }]), table([{ AttributeName: 'b' }]))).Replaced)
      .toEqual(['T (AWS::DynamoDB::Table, new T): replaced: KeySchema; UpdateReplacePolicy retains the old resource in the account']);
  });

  test('cannot be created while its name is taken', () => {
    const fifo = (FifoQueue: boolean) => ({ Q: queue({ QueueName: 'orders', FifoQueue }) });
    expect(linesOf(changes(fifo(true), fifo(false))).Replaced[0])
      .toContain('replaced: FifoQueue; the update fails, because the name orders is taken until the old resource is deleted; change the name, too');
  });

  test('of another type is rejected', () => {
    const all = changes({ X: queue() }, { X: { Type: 'AWS::SNS::Topic', Properties: {} } });
    expect(all).toMatchObject({ replaced: [{ typeBefore: 'AWS::SQS::Queue' }], added: [], removed: [] });
    expect(linesOf(all).Replaced[0]).toContain('type changed from AWS::SQS::Queue: CloudFormation rejects the update');
  });
});

describe('another logical ID', () => {
  const withPath = (path: string) => ({ Metadata: { 'aws:cdk:path': path } });

  test('of the same construct path is a replacement', () => {
    const all = changes({ QA: queue({ VisibilityTimeout: 1 }, withPath('S/Q/Resource')) }, { QB: queue({ VisibilityTimeout: 2 }, withPath('S/Q/Resource')) });
    expect(all).toMatchObject({ replaced: [{ logicalId: 'QB', logicalIdBefore: 'QA' }], added: [], removed: [] });
    expect(linesOf(all).Replaced).toEqual(['S/Q/Resource (AWS::SQS::Queue, new QB): the logical ID was QA: CloudFormation creates a new resource and deletes the old one']);
  });

  test('of the same properties is a replacement, which a name prevents', () => {
    const all = changes({ A: queue({ QueueName: 'q' }) }, { B: queue({ QueueName: 'q' }) });
    expect(all.replaced).toMatchObject([{ logicalIdBefore: 'A', takenName: 'q' }]);
  });

  test('of several equal resources is not known', () => {
    expect(changes({ A: queue(), B: queue() }, { C: queue(), D: queue() })).toMatchObject({ replaced: [], added: [{}, {}], removed: [{}, {}] });
  });

  test('of a version is how versions are published', () => {
    const version = { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'F' } }, ...withPath('S/F/CurrentVersion/Resource') };
    expect(changes({ F: fn(), V1: version }, { F: fn(), V2: version })).toMatchObject({ replaced: [], added: [{ logicalId: 'V2' }], removed: [{ logicalId: 'V1' }] });
  });

  test('of a retained resource leaves an orphan', () => {
    const kept = queue({}, { DeletionPolicy: 'Retain' });
    expect(changes({ A: kept }, { B: kept })).toMatchObject({ replaced: [], orphaned: [{ logicalId: 'A' }], added: [{ logicalId: 'B' }], removed: [] });
  });
});

test.each([['Retain', 'orphaned'], ['RetainExceptOnCreate', 'orphaned'], ['Delete', 'removed'], ['Snapshot', 'removed']] as const)(
  'DeletionPolicy %s: a removed resource is %s', (DeletionPolicy, kind) => {
    expect(changes({ Q: queue({}, { DeletionPolicy }) }, {})[kind]).toMatchObject([{ logicalId: 'Q' }]);
  });

test('what costs more is named by its kind, and what costs less is apart', () => {
  const all = linesOf(changes(
    { N: { Type: 'AWS::EC2::NatGateway', Properties: {} }, F: fn({ MemorySize: 512 }) },
    { D: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardBody: '{}' } }, F: fn({ MemorySize: 1_024 }) },
  ));
  expect(all['More expensive']).toEqual([
    'Alarms, metrics and dashboards: 0.00 USD a month before, 3.00 USD now', expect.stringMatching(/^F: .* for a million requests$/),
  ]);
  expect(all['Less expensive, or another range']).toEqual([
    'Standing cost a month: 32.85 USD before, 3.00 USD now', 'Network: 32.85 USD a month before, 0.00 USD now',
  ]);
});

test('findings come and go, and come again with another severity', () => {
  const all = changes({ F: fn({ TracingConfig: { Mode: 'Active' } }) }, { F: fn() });
  expect(all.newFindings.map(({ rule }) => rule)).toContain('LP-F86');
  expect(changes({ F: fn() }, { F: fn({ TracingConfig: { Mode: 'Active' } }) }).goneFindings.map(({ rule }) => rule)).toContain('LP-F86');
  const before = read({ 'a.json': { Resources: { F: fn() } } });
  const severe = { ...before, report: { ...before.report, findings: before.report.findings.map(each => ({ ...each, severity: 'error' as const })) } };
  expect(diffOf(before, severe).newFindings.map(({ rule }) => rule)).toContain('LP-F86');
  expect(diffOf(before, before)).toMatchObject({ newFindings: [], goneFindings: [] });
});

test('a finding is of its stack', () => {
  const traced = fn({ TracingConfig: { Mode: 'Active' } });
  const app = (folder: string, prod: object) => read({ [`${folder}/Dev.template.json`]: { Resources: { F: fn() } }, [`${folder}/Prod.template.json`]: { Resources: { F: prod } } });
  const { newFindings, goneFindings } = diffOf(app('main.out', traced), app('cdk.out', fn()));
  expect(newFindings.map(({ rule, template }) => `${rule} ${template}`)).toEqual(['LP-F86 cdk.out/Prod.template.json']);
  expect(goneFindings).toEqual([]);
});

test('stacks of one name in several folders are compared by their folders', () => {
  const app = (name: string) => read({ 'dev/template.yaml': { Resources: { Q: queue() } }, 'prod/template.yaml': { Resources: { Q: queue({ QueueName: name }) } } });
  const { replaced, added } = diffOf(app('a'), app('b'));
  expect(replaced).toMatchObject([{ template: 'prod/template', logicalId: 'Q' }]);
  expect(added).toEqual([]);
});
