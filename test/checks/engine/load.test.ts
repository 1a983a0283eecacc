/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { mkdirSync, mkdtempSync, truncateSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { check } from '../../../src/checks/engine/check';
import { input, loadTemplate, NotATemplate } from '../../../src/checks/engine/load';
import { fn, messages, queue, r, ref, sqs } from '../rules/harness';

const folder = () => mkdtempSync(join(tmpdir(), 'load-'));
const MEGABYTE = 1_048_576;

/** The findings for a staged asset of a size, without writing its bytes. */
function staged(bytes: number): string[] {
  const directory = folder();
  mkdirSync(join(directory, 'asset.1', 'deep'), { recursive: true });
  writeFileSync(join(directory, 'asset.1', 'deep', 'big'), '');
  truncateSync(join(directory, 'asset.1', 'deep', 'big'), bytes);
  const path = join(directory, 'a.template.json');
  writeFileSync(path, JSON.stringify({ Resources: { Fn: fn({}, { Metadata: { 'aws:asset:path': 'asset.1' } }) } }));
  return check(loadTemplate(path)).filter(finding => /LP-C1[67]/.test(finding.rule.id)).map(finding => finding.message);
}

test('LP-C16 and LP-C17 measure what is staged', () => {
  expect(staged(50 * MEGABYTE)).toEqual([]);
  expect(staged(51 * MEGABYTE)).toEqual(["'Code' must be at most 50 MB, got 51 MB; bundle and minify, and exclude files that the handler does not import (at Fn)"]);
  expect(staged(250 * MEGABYTE)).toHaveLength(1);
  expect(staged(251 * MEGABYTE)).toEqual(["'Code' must be at most 250 MB with its layers, got 251 MB; use a container image, or remove files that are not needed (at Fn)"]);
});

test('a missing asset has no size', () => {
  expect(input({ Resources: {} }, 'x', '/nowhere').assets!.bytes('asset.1')).toBeUndefined();
});

test('nested stacks receive parameters from their parent, and return outputs', () => {
  const directory = folder();
  writeFileSync(join(directory, 'child.nested.template.json'), JSON.stringify({
    Parameters: { Given: { Type: 'String' } },
    Resources: { Fn: fn({ Timeout: 60 }), Map: sqs() && r('AWS::Lambda::EventSourceMapping', { EventSourceArn: ref('Given'), FunctionName: ref('Fn') }) },
    Outputs: { Name: { Value: ref('Fn') } },
  }));
  writeFileSync(join(directory, 'parent.template.json'), JSON.stringify({
    Resources: {
      Queue: queue(),
      Child: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: { Given: { 'Fn::GetAtt': ['Queue', 'Arn'] } } }, Metadata: { 'aws:asset:path': 'child.nested.template.json' } },
      Rule: r('AWS::Events::Rule', { Targets: [{ Arn: { 'Fn::GetAtt': ['Child', 'Outputs.Name'] } }] }),
    },
  }));
  const found = check(loadTemplate(join(directory, 'parent.template.json')));
  expect(found.find(finding => finding.rule.id === 'LP-F31')?.path).toBe('Queue');
  expect(found.find(finding => finding.rule.id === 'LP-F23')?.template).toBe(join(directory, 'child.nested.template.json'));
});

test('a nested stack that deploys itself is read once', () => {
  const directory = folder();
  const path = join(directory, 'a.nested.template.json');
  writeFileSync(path, JSON.stringify({ Resources: { Self: { Type: 'AWS::CloudFormation::Stack', Metadata: { 'aws:asset:path': 'a.nested.template.json' } } } }));
  expect(loadTemplate(path)).toHaveLength(1);
});

test.each<[string, (text: string) => string]>([
  ['as JSON.stringify writes them', text => text],
  ['with escaped slashes', text => text.replaceAll('/', '\\/')],
  ['with escaped characters', text => text.replace('/aws/lambda', '\\u002faws\\u002flambda')],
])('LP-F174 reads the texts of a file %s', (_, written) => {
  const path = join(folder(), 'a.template.json');
  const found = (level: string) => {
    writeFileSync(path, written(JSON.stringify({ Resources: { Fn: fn({ Environment: { Variables: { LOGS: `/aws/lambda/pay${level}` } } }) } })));
    return check(loadTemplate(path)).filter(({ rule }) => rule.id === 'LP-F174').length;
  };
  expect([found(':live'), found('')]).toEqual([1, 0]);
});

test('the metadata of a resource can contain an exemption', () => {
  const exempt = { Metadata: { 'cdk-production-lambda': { exempt: { 'LP-F02': 'a batch job on its own runtime' } } } };
  const [finding] = check([input({ Resources: { Fn: fn({ Timeout: 1000 }, exempt) } }, 't')]).filter(({ rule }) => rule.id === 'LP-F02');
  expect(finding.exempted).toBe('a batch job on its own runtime');
  expect(messages('LP-F02', { Fn: fn({ Timeout: 1000 }, { Metadata: { 'cdk-production-lambda': { exempt: { 'LP-F02': '' } } } }) })).toHaveLength(1);
});

test('messages contain the construct path from the metadata of CDK', () => {
  expect(messages('LP-F02', { Fn: fn({ Timeout: 1000 }, { Metadata: { 'aws:cdk:path': 'Shop/Pay/Resource' } }) })[0]).toMatch(/\(at Shop\/Pay\)$/);
});

test.each([
  ['no object', [], 't is not a CloudFormation template: it has no Resources'],
  ['no section of a template', { services: {} }, 't is not a CloudFormation template: it has no Resources'],
])('%s is rejected', (_, document, message) => {
  expect(() => input(document, 't')).toThrow(new NotATemplate(message));
});

test('a missing file is rejected', () => {
  expect(() => loadTemplate('/nowhere/t.json', undefined, { name: 't.json' })).toThrow(new NotATemplate('cannot read t.json: ENOENT'));
});
