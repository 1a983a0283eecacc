/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import { AppGraph, asNumber, covers, patternOf, Reference, targetOf, Text, Unknown, worldsOf } from '../../../src/checks/graph';
import type { TemplateInput } from '../../../src/checks/graph';
import { OTHER } from '../../../src/checks/graph/worlds';
import { alias, att, fn, messages, queue, r, ref, sqs, version } from '../rules/harness';

const graph = (template: object, ...others: TemplateInput[]) => new AppGraph([{ name: 'a', template: template as never }, ...others]);

function value(raw: unknown, template: object = {}): unknown {
  const app = graph({ Resources: { X: r('Some::Type', { v: raw }), Queue: queue({ QueueName: 'orders' }) }, ...template });
  return app.ofType('Some::Type')[0].get('v');
}

const PARAMETERS = {
  Parameters: {
    Size: { Type: 'Number', Default: 7 }, Names: { Type: 'CommaDelimitedList', Default: 'a, b' }, Free: { Type: 'String' }, Latest: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/x' },
  },
};

describe('resolution', () => {
  test.each([
    ['a default', ref('Size'), 7],
    ['a list parameter', ref('Names'), ['a', 'b']],
    ['a parameter without default', ref('Free'), Unknown.VALUE],
    ['a parameter from SSM', ref('Latest'), Unknown.VALUE],
    ['a name that is not there', ref('Nothing'), Unknown.VALUE],
    ['join', { 'Fn::Join': ['-', ['a', ref('Size')]] }, 'a-7'],
    ['split and select', { 'Fn::Select': ['1', { 'Fn::Split': [',', 'x,y'] }] }, 'y'],
    ['select out of range', { 'Fn::Select': [9, ['x']] }, Unknown.VALUE],
    ['sub with variables', { 'Fn::Sub': ['${a}/${Size}/${!b}', { a: 'x' }] }, 'x/7/${b}'],
    ['map', { 'Fn::FindInMap': ['M', 'k', 'v'] }, 42],
    ['map without the key', { 'Fn::FindInMap': ['M', 'z', 'v'] }, Unknown.VALUE],
    ['map with a default', { 'Fn::FindInMap': ['M', 'z', 'v', { DefaultValue: 1 }] }, 1],
    ['an unknown function', { 'Fn::Transform': {} }, Unknown.VALUE],
    ['no value in a list', ['a', ref('AWS::NoValue')], ['a']],
    ['an import from nowhere', { 'Fn::ImportValue': 'x' }, Unknown.VALUE],
    ['wrong arguments', { 'Fn::Join': 'x' }, Unknown.VALUE],
  ])('%s', (_, raw, expected) => {
    expect(value(raw, { ...PARAMETERS, Mappings: { M: { k: { v: 42 } } } })).toEqual(expected);
  });

  describe('reads a part without the whole', () => {
    const YES = { Conditions: { Yes: { 'Fn::Equals': ['a', 'a'] }, Open: { Condition: 'Nothing' } } };
    const resource = (v: unknown) => graph({ Resources: { X: r('Some::Type', { v }) }, ...YES, ...PARAMETERS }).ofType('Some::Type')[0];
    const either = (condition: string, a: unknown, b: unknown = ref('AWS::NoValue')) => ({ 'Fn::If': [condition, a, b] });
    const names = (v: unknown) => resource(v).items('v').map(item => item.get('Name'));

    test.each<[string, unknown, unknown]>([
      ['behind a condition', either('Yes', { part: { a: 1 } }, { part: { a: 2 } }), 1],
      ['behind conditions in conditions', either('Yes', { part: either('Yes', { a: 1 }) }), 1],
      ['behind a condition that nobody knows', either('Open', { part: { a: 1 } }, { part: { a: 1 } }), Unknown.VALUE],
      ['of an unknown function', { 'Fn::Transform': { Name: 'x' } }, Unknown.VALUE],
      ['of what is left out', ref('AWS::NoValue'), undefined],
      ['of a text', 'part', undefined],
      ['of nothing', null, undefined],
      ['that has the name of a function and company', { Ref: 'Size', part: { a: 1 } }, 1],
    ])('%s', (_, v, expected) => {
      const found = resource(v);
      expect(found.get('v.part.a')).toBe(expected);
      expect(found.lacks('v.part.a')).toBe(expected === undefined);
      expect(found.isUnknown('v.part.a')).toBe(expected === Unknown.VALUE);
    });

    test('items of a list, by their place among those that are there', () => {
      expect(names([{ Name: 'a' }, either('Yes', ref('AWS::NoValue'), { Name: 'x' }), either('Yes', { Name: ref('Size') }), either('Open', { Name: 'b' }, { Name: 'c' })])).toEqual(['a', 7, Unknown.VALUE]);
    });

    test('items of a list behind a condition, and a list of one that is written without its brackets', () => {
      expect(names(either('Yes', [{ Name: 'a' }]))).toEqual(['a']);
      expect(names({ Name: 'a' })).toEqual(['a']);
      expect(names(either('Yes', { Name: 'a' }))).toEqual(['a']);
    });

    test('no items of what is no list', () => {
      for (const v of [undefined, null, 'a', 5, ref('Names'), ref('AWS::NoValue'), either('Open', [{ Name: 'a' }])]) expect(names(v)).toEqual([]);
      expect(resource([[{ Name: 'a' }]]).items('v.0')).toEqual([]);
    });

    test('a list is there and known, whatever is in it', () => {
      const found = resource([ref('Free')]);
      expect([found.lacks('v'), found.isUnknown('v'), found.isUnknown('v.0'), found.get('v.0')]).toEqual([false, false, true, Unknown.VALUE]);
    });
  });

  test('keeps references inside of text', () => {
    const text = value({ 'Fn::Sub': 'arn:${AWS::Partition}:sqs:${Queue.Arn}/x' });
    expect(text).toBeInstanceOf(Text);
    expect(patternOf(text as Text)).toBe('arn:*:sqs:*/x');
    expect((text as Text).references[0].resource.logicalId).toBe('Queue');
  });

  test('a piece of a reference is still of that resource', () => {
    const piece = value({ 'Fn::Select': [5, { 'Fn::Split': [':', att('Queue')] }] });
    expect(piece).toBeInstanceOf(Reference);
    expect((piece as Reference).resource.logicalId).toBe('Queue');
  });

  test('text is split where its known parts say so, unless a part could hide a separator', () => {
    const part = (index: number, text: unknown) => patternOf(value({ 'Fn::Select': [index, { 'Fn::Split': [':', text] }] }, PARAMETERS) as never);
    expect(part(5, { 'Fn::Sub': 'arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:jobs' })).toBe('jobs');
    expect(part(0, { 'Fn::Sub': '${Queue}-x:y' })).toBe('*-x');
    expect(value({ 'Fn::Select': [1, { 'Fn::Split': [':', { 'Fn::Sub': '${Free}:x' }] }] }, PARAMETERS)).toBe(Unknown.VALUE);
  });

  test('numbers written as text count, other text does not', () => {
    expect(['12', ' 1.5 ', '-1', '1e3', '', '0x10', true].map(asNumber)).toEqual([12, 1.5, -1, undefined, undefined, undefined, undefined]);
  });

  test('keys of the prototype are keys like any other', () => {
    const app = graph({ Resources: { X: r('Some::Type', {}) } });
    expect(app.ofType('Some::Type')[0].get('constructor')).toBeUndefined();
    expect(app.ofType('Some::Type')[0].get('__proto__.polluted')).toBeUndefined();
  });
});

describe('functions', () => {
  const template = { Resources: { Fn: fn({ FunctionName: 'pay' }), Version: version(), Live: alias(), X: r('Some::Type') } };
  const app = graph(template);
  const resolve = (raw: unknown) => {
    const target = targetOf(app, app.templates[0].resolve(raw), app.ofType('Some::Type')[0]);
    return [target.function?.resource.logicalId, target.alias?.logicalId, target.version?.logicalId, target.qualifier];
  };

  test.each([
    ['the function', ref('Fn'), ['Fn', undefined, undefined, '$LATEST']],
    ['its ARN', att('Fn'), ['Fn', undefined, undefined, '$LATEST']],
    ['the alias', ref('Live'), ['Fn', 'Live', undefined, 'live']],
    ['the version', ref('Version'), ['Fn', undefined, 'Version', '']],
    ['ARN and alias name', { 'Fn::Sub': '${Fn.Arn}:live' }, ['Fn', 'Live', undefined, 'live']],
    ['ARN and unknown name', { 'Fn::Join': [':', [att('Fn'), ref('Free')]] }, ['Fn', undefined, undefined, undefined]],
    ['a name taken from the alias', { 'Fn::Join': ['', [{ 'Fn::Select': [6, { 'Fn::Split': [':', ref('Live')] }] }, ':live']] }, ['Fn', 'Live', undefined, 'live']],
    ['a plain name', 'pay', ['Fn', undefined, undefined, '$LATEST']],
    ['a plain name and alias', 'pay:live', ['Fn', 'Live', undefined, 'live']],
    ['a plain ARN', 'arn:aws:lambda:eu-west-1:111122223333:function:pay:live', ['Fn', 'Live', undefined, 'live']],
    ['another function', 'arn:aws:lambda:eu-west-1:111122223333:function:other', [undefined, undefined, undefined, undefined]],
    ['an alias that is not there', { 'Fn::Sub': '${Fn.Arn}:beta' }, ['Fn', undefined, undefined, 'beta']],
  ])('%s', (_, raw, expected) => expect(resolve(raw)).toEqual(expected));
});

describe('worlds', () => {
  const CONDITIONS = { Parameters: { Env: { Type: 'String', Default: 'dev', AllowedValues: ['dev', 'prod'] } }, Conditions: { Prod: { 'Fn::Equals': [ref('Env'), 'prod'] }, Dev: { 'Fn::Not': [{ Condition: 'Prod' }] } } };
  const either = (a: unknown, b: unknown) => ({ 'Fn::If': ['Prod', a, b] });

  test('both branches are looked at', () => {
    expect(messages('LP-F02', { Fn: fn({ Timeout: either(1000, 10) }) }, CONDITIONS)).toHaveLength(1);
    expect(messages('LP-F02', { Fn: fn({ Timeout: either(10, 1000) }) }, CONDITIONS)).toHaveLength(1);
    expect(messages('LP-F02', { Fn: fn({ Timeout: either(10, 900) }) }, CONDITIONS)).toEqual([]);
  });

  test('branches of one condition go together', () => {
    const resources = { Fn: fn({ Timeout: either(60, 10) }), Queue: queue({ VisibilityTimeout: either(360, 60) }), Map: sqs() };
    expect(messages('LP-F31', resources, CONDITIONS)).toEqual([]);
    expect(messages('LP-F32', resources, CONDITIONS)).toEqual([]);
  });

  test('resources of other worlds do not meet', () => {
    const resources = { Slow: { ...fn({ Timeout: 60 }), Condition: 'Prod' }, Queue: { ...queue(), Condition: 'Dev' }, Map: sqs({}, ref('Slow')) };
    expect(messages('LP-F31', resources, CONDITIONS)).toEqual([]);
  });

  test('an open parameter takes each literal it is compared with, and any other value', () => {
    const open = { Parameters: { Env: { Type: 'String' } }, Conditions: CONDITIONS.Conditions, Resources: { Fn: fn({ Timeout: either(1, 2) }) } };
    expect(worldsOf([open]).map(world => [...world.values()])).toEqual([['prod'], [OTHER]]);
  });

  test('what compares other things is taken both ways', () => {
    const odd = { Conditions: { Odd: { 'Fn::Equals': [{ 'Fn::FindInMap': ['a', 'b', 'c'] }, 'x'] } } };
    expect(messages('LP-F02', { Fn: fn({ Timeout: { 'Fn::If': ['Odd', 1000, 10] } }) }, odd)).toHaveLength(1);
  });

  test('there are never more than sixteen, and fewer of a large app', () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`C${i}`, { 'Fn::Equals': [ref(`P${i}`), 'x'] }]));
    const using = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`Q${i}`, queue({ v: { 'Fn::If': [`C${i}`, 1, 2] } })]));
    expect(worldsOf([{ Conditions: many, Resources: using }])).toHaveLength(16);
    const large = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`Z${i}`, queue()]));
    expect(worldsOf([{ Conditions: many, Resources: { ...using, ...large } }])).toHaveLength(3);
  });

  test('the metadata of CDK makes no worlds', () => {
    const metadata = { Conditions: { CDKMetadataAvailable: { 'Fn::Equals': [ref('AWS::Region'), 'eu-west-1'] } }, Resources: { CDKMetadata: { Type: 'AWS::CDK::Metadata', Condition: 'CDKMetadataAvailable' } } };
    expect(worldsOf([metadata])).toHaveLength(1);
  });
});

describe('several templates', () => {
  const exporting = { Resources: { Queue: queue() }, Outputs: { Arn: { Value: att('Queue'), Export: { Name: 'shop:queue' } } } };

  test('imports find exports', () => {
    const app = graph({ Resources: { Map: r('Some::Type', { v: { 'Fn::ImportValue': { 'Fn::Sub': 'shop:queue' } } }) } }, { name: 'b', template: exporting });
    expect((app.ofType('Some::Type')[0].get('v') as Reference).resource.template.input.name).toBe('b');
  });

  test('exports that import each other are unknown', () => {
    const circle = (own: string, other: string) => ({ Resources: {}, Outputs: { O: { Value: { 'Fn::ImportValue': other }, Export: { Name: own } } } });
    const app = graph({ ...circle('a', 'b'), Resources: { X: r('Some::Type', { v: { 'Fn::ImportValue': 'a' } }) } }, { name: 'b', template: circle('b', 'a') });
    expect(app.ofType('Some::Type')[0].get('v')).toBe(Unknown.VALUE);
  });

  test('exports that fan out do not take for ever', () => {
    const Outputs = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`O${i}`, { Export: { Name: `e${i}` }, Value: { 'Fn::Join': ['', [{ 'Fn::ImportValue': `e${i + 1}` }, { 'Fn::ImportValue': `e${i + 1}` }]] } }]));
    const began = Date.now();
    graph({ Resources: { X: r('Some::Type', { v: { 'Fn::ImportValue': 'e0' } }) }, Outputs }).ofType('Some::Type')[0].get('v');
    expect(Date.now() - began).toBeLessThan(1_000);
  });
});

test.each([['*', 's3:GetObject', true], ['s3:*', 's3:GetObject', true], ['s3:Get*', 's3:getobject', true], ['s3:Put*', 's3:GetObject', false], ['s3:*Object', 's3:GetObject', true], ['s3:*Object*Acl', 's3:GetObject', false]])('%s and %s: %s', (pattern, action, expected) => {
  expect(covers(pattern, action)).toBe(expected);
});
