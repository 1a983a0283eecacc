/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import * as fc from 'fast-check';
import { parseTemplate } from '../../../src/checks/cli/parse';
import { check } from '../../../src/checks/engine/check';
import { input, NotATemplate } from '../../../src/checks/engine/load';
import { APPS, SAM_APPS } from '../corpus/apps';
import { synthesise } from '../corpus/findings';
import { alias, att, fn, r, ref, rule } from '../rules/harness';

const REAL = [
  ...['canary with the alias in its alarm and all callers on the alias', 'Aurora behind a proxy with IAM', 'table with a stream', 'REST API with LambdaRestApi', 'GitHub deploy role', 'HTTP API with a user pool style authorizer, log and throttle', 'SnapStart and more provisioned than reserved concurrency']
    .map(name => JSON.stringify(synthesise(APPS[name])[0].template)),
  ...Object.values(SAM_APPS).map(text => JSON.stringify(parseTemplate(text, 'sam'))),
];
/** Far above what a slow machine needs with coverage, far below a regular expression that tries every way. */
const CPU_MILLISECONDS_MAX = 20_000;

/** Runs the checks, which may throw NotATemplate only, and returns the CPU time: unlike wall-clock time, it does not depend on other processes. */
function survives(document: unknown): number {
  const before = process.cpuUsage();
  try {
    for (const finding of check([input(document, 'fuzz')])) {
      if (finding.message.length > 2_000) throw new Error(`a message of ${finding.message.length} characters`);
    }
  } catch (error) {
    if (!(error instanceof NotATemplate)) throw error;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

type Place = { holder: any; key: string };

function places(root: unknown): Place[] {
  const found: Place[] = [];
  const visit = (node: any) => Object.keys(Object(node)).forEach(key => {
    found.push({ holder: node, key });
    if (typeof node[key] === 'object') visit(node[key]);
  });
  visit(root);
  return found;
}

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>,
  fc.constantFrom<unknown>(null, [], {}, '', 0, -1, 1e308, true, '*', 'x'.repeat(100_000), [[]], [null], { Ref: null }, { Ref: 'AWS::NoValue' }, { 'Fn::GetAtt': [] }, { 'Fn::Sub': '${' },
    { 'Fn::Sub': ['${a}', null] }, { 'Fn::Select': [0, 'x'] }, { 'Fn::Split': ['', 'x'] }, { 'Fn::If': ['Nope', 1, 2] }, { 'Fn::Join': ['', { Ref: 'x' }] }, { 'Fn::ImportValue': { Ref: 'x' } }, { 'Fn::FindInMap': [1] }, { __proto__: null }, { toString: 1, valueOf: 2, length: -1 }, { parts: 1, resource: null }),
);

test('any change of a real template is checked without an error, in limited time', () => {
  fc.assert(fc.property(fc.constantFrom(...REAL), fc.array(fc.tuple(fc.nat(), odd, fc.constantFrom('replace', 'delete', 'wrap', 'rename')), { minLength: 1, maxLength: 8 }), (text, changes) => {
    const document = JSON.parse(text);
    for (const [n, value, kind] of changes) {
      const all = places(document);
      if (all.length === 0) continue;
      const { holder, key } = all[n % all.length];
      if (kind === 'replace') holder[key] = structuredClone(value);
      else if (kind === 'delete') delete holder[key];
      else if (kind === 'wrap') holder[key] = [holder[key]];
      else holder[`x${key}`] = holder[key];
    }
    expect(survives(document)).toBeLessThan(CPU_MILLISECONDS_MAX);
  }), { numRuns: 500 });
}, 60_000);

test('any resources are checked without an error', () => {
  fc.assert(fc.property(fc.jsonValue(), document => expect(survives({ Resources: document })).toBeLessThan(CPU_MILLISECONDS_MAX)), { numRuns: 300 });
});

test('any text is a template, or is rejected with a message', () => {
  fc.assert(fc.property(fc.string({ maxLength: 200 }), text => {
    try {
      input(parseTemplate(text, 'fuzz'), 'fuzz');
    } catch (error) {
      expect(error).toBeInstanceOf(NotATemplate);
    }
  }), { numRuns: 500 });
});

describe('hand-written templates', () => {
  test.each<[string, unknown]>([
    ['an alias that refers to itself', { Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: ref('Live'), Name: ref('Live') } } }],
    ['functions and queues in a circle', { A: fn({ DeadLetterConfig: { TargetArn: att('B') } }), B: { Type: 'AWS::SQS::Queue', Properties: { RedrivePolicy: { deadLetterTargetArn: att('C') } } }, C: { Type: 'AWS::SQS::Queue', Properties: { RedrivePolicy: { deadLetterTargetArn: att('B') } } } }],
    ['no types', { A: {}, B: null, C: 'x', D: { Type: 5 }, E: { Type: 'AWS::Lambda::Function' }, F: [] }],
    ['names of the prototype', JSON.parse('{"__proto__": {"Type": "AWS::Lambda::Function"}, "constructor": {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "toString", "Role": {"Ref": "hasOwnProperty"}}}}')],
    ['huge strings', { A: fn({ Runtime: 'x'.repeat(1_000_000), Environment: { Variables: { ['K'.repeat(100_000)]: '${'.repeat(100_000) } }, Role: { 'Fn::Sub': '${'.repeat(50_000) } }) }],
    ['a pattern of stars', { A: fn(), Role: r('AWS::IAM::Role', { Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action: '*a'.repeat(5_000), Resource: '*' }] } }] }) }],
  ])('%s', (_, Resources) => expect(survives({ Resources })).toBeLessThan(CPU_MILLISECONDS_MAX));

  test('circular conditions', () => {
    const circle = { Conditions: { A: { 'Fn::Not': [{ Condition: 'B' }] }, B: { Condition: 'A' } }, Resources: { Fn: fn({ Timeout: { 'Fn::If': ['A', 1000, 2000] } }) } };
    expect(check([input(circle, 'fuzz')]).filter(finding => finding.rule.id === 'LP-F02')).toEqual([]);
  });

  test('five hundred resources that refer to each other', () => {
    const Resources: Record<string, object> = {};
    for (let i = 0; i < 125; i++) Object.assign(Resources, { [`Fn${i}`]: fn(), [`Live${i}`]: alias({ FunctionName: ref(`Fn${i}`) }), [`Rule${i}`]: rule(ref(`Live${i}`)), [`Map${i}`]: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { FunctionName: ref(`Live${(i + 1) % 125}`) } } });
    expect(survives({ Resources })).toBeLessThan(CPU_MILLISECONDS_MAX);
  });

  test.each([['JSON', '{"Resources": ', '}'], ['YAML', 'Resources: ', '']])('nesting above the limit is rejected in %s', (_, before, after) => {
    const nested = (levels: number) => `${before}${'['.repeat(levels)}${']'.repeat(levels)}${after}`;
    expect(() => parseTemplate(nested(199), 'deep.json')).not.toThrow();
    expect(() => parseTemplate(nested(300), 'deep.json')).toThrow(/more than 200 levels/);
  });

  test('deep nesting from the synthesis is checked without an error', () => {
    const deep = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}[]${'}'.repeat(levels)}`);
    const Resources = { Fn: fn({ Timeout: deep(5_000), VpcConfig: deep(5_000), Environment: { Variables: { A: deep(5_000) } } }), Live: alias({ FunctionName: deep(5_000) }) };
    expect(survives({ Conditions: { C: { 'Fn::Equals': [deep(1_000), 'a'] } }, Resources })).toBeLessThan(CPU_MILLISECONDS_MAX);
  });

  test('deeply nested conditions', () => {
    let branch: object = { Ref: 'x' };
    for (let i = 0; i < 150; i++) branch = { 'Fn::If': ['C', branch, 1] };
    expect(survives({ Conditions: { C: { 'Fn::Equals': ['a', 'a'] } }, Resources: { Fn: fn({ Timeout: branch }) } })).toBeLessThan(CPU_MILLISECONDS_MAX);
  });
});
