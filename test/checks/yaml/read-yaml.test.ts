/* eslint-disable @stylistic/max-len -- one case a line reads as a table */
import * as fc from 'fast-check';
import { parseTemplate } from '../../../src/checks/cli/parse';
import { NotATemplate } from '../../../src/checks/engine/load';
import { readYaml } from '../../../src/checks/yaml/read-yaml';

test.each<[string, string, unknown]>([
  ['brackets that end at the indentation of their key', 'a:\n  b: {\n    c: 1\n  }\n  d: [\n    x,\n    y\n  ]\n', { a: { b: { c: 1 }, d: ['x', 'y'] } }],
  ['brackets that end before the indentation of their key', 'a:\n    b: [\n  x\n]\nc: 1', { a: { b: ['x'] }, c: 1 }],
  ['items in brackets at the indentation of the parent', 'a:\n  b: [\n  x, y,\n  z ]\n', { a: { b: ['x', 'y', 'z'] } }],
  ['a double-quoted text that ends at the indentation of its key', 'a:\n  b: "x\n  y\n  "\n  c: 1', { a: { b: 'x y ', c: 1 } }],
  ['a single-quoted text that ends before the indentation of its key', "a:\n  b: 'x\n y'\nc: 1", { a: { b: 'x y' }, c: 1 }],
  ['items at the indentation of their key', 'a:\n- 1\n- 2\nb: 3', { a: [1, 2], b: 3 }],
  ['dashes without a value', 'a:\n  -\n  - x\n  -', { a: [null, 'x', null] }],
  ['a dash alone, with the value on the next line', 'a:\n  -\n    b: 1\n    c: 2\n', { a: [{ b: 1, c: 2 }] }],
  ['lists in lists', '- - 1\n  - 2\n- - 3', [[1, 2], [3]]],
  ['trailing commas', '{"a": [1, 2,], "b": {"c": 3,},}', { a: [1, 2], b: { c: 3 } }],
  ['a comment in brackets', 'a: [ # one\n  1, # two\n  2 ]', { a: [1, 2] }],
  ['tabs within brackets', 'a: [\n\t1,\t2\n\t]', { a: [1, 2] }],
  ['pairs in a list', '[a: 1, b]', [{ a: 1 }, 'b']],
  ['keys without values', 'a:\nb: {c, d: }\n', { a: null, b: { c: null, d: null } }],
  ['a key with a question mark', '? a\n: 1\n? b\n', { a: 1, b: null }],
  ['short tags', '- !Ref A\n- !GetAtt A.Arn\n- !Sub "${A}-x"\n- !If [C, !Ref A, !Ref "AWS::NoValue"]\n- !Condition C\n- !Join\n  - ""\n  - [a]', [{ Ref: 'A' }, { 'Fn::GetAtt': 'A.Arn' }, { 'Fn::Sub': '${A}-x' }, { 'Fn::If': ['C', { Ref: 'A' }, { Ref: 'AWS::NoValue' }] }, { Condition: 'C' }, { 'Fn::Join': ['', ['a']] }]],
  ['a tag without a value', 'a: !Ref\nb: 1', { a: { Ref: '' }, b: 1 }],
  ['a tag before a mapping', 'a: !Transform\n  Name: AWS::Include\n', { a: { 'Fn::Transform': { Name: 'AWS::Include' } } }],
  ['tags of YAML', '[!!str 5, !!int "5", !!bool yes]', ['5', 5, true]],
  ['types of YAML 1.1', '[yes, No, on, OFF, true, ~, null, 0x1F, 010, 0b11, 1_000, 1:30, 1.5, .5, -3, +4, 1e3, 1.e+3]', [true, false, true, false, true, null, null, 31, 8, 3, 1000, 90, 1.5, 0.5, -3, 4, '1e3', 1000]],
  ['dates and quoted numbers are texts', '[2012-10-17, "1", \'true\', 012345678901, 1.2.3, 08, .inf, 12345678901234567890]', ['2012-10-17', '1', 'true', '012345678901', '1.2.3', '08', '.inf', '12345678901234567890']],
  ['keys as they are written', '{012345678901: a, on: b, "1": c, 0123: d}', { '012345678901': 'a', 'on': 'b', '1': 'c', '0123': 'd' }],
  ['a question mark within a text', '[cron(0 2 * * ? *), a?b]', ['cron(0 2 * * ? *)', 'a?b']],
  ['a literal text', 'a: |\n  x\n   y\n\n  z\nb: 1', { a: 'x\n y\n\nz\n', b: 1 }],
  ['a folded text', 'a: >\n  x\n  y\n\n  z\n   w\n', { a: 'x y\nz\n w\n' }],
  ['block texts with indicators', 'a: |-\n  x\n\nb: |+\n  x\n\nc: |2\n   x\nd: >-1\n x\n', { a: 'x', b: 'x\n\n', c: ' x\n', d: 'x' }],
  ['texts on several lines', 'a: x\n  y\n\n  z\nb: "x\\\n  y\n\n  z"', { a: 'x y\nz', b: 'xy\nz' }],
  ['escapes', '"\\x41\\u00e9\\U0001F600\\n\\t\\"\\/"', 'Aé😀\n\t"/'],
  ['colons and hashes in a text', 'a: http://x:80/#y\nb: x#y # z\nc: a:b', { a: 'http://x:80/#y', b: 'x#y', c: 'a:b' }],
  ['the last of equal keys', 'a: 1\na: 2', { a: 2 }],
  ['anchors and aliases', 'a: &x {k: 1}\nb: *x\nc: [*x, &y 2, *y]\n*y : d', { a: { k: 1 }, b: { k: 1 }, c: [{ k: 1 }, 2, 2], 2: 'd' }],
  ['a merge with an empty anchor', 'a: &a\nb:\n  <<: [*a, {k: 1}, text]\nc:\n  <<: [[1]]\n  k: 2\n', { a: null, b: { k: 1 }, c: { k: 2 } }],
  ['merged mappings, in which own keys come first', 'a: &a {k: 1, l: 1}\nb: &b {l: 2, m: 2}\nc:\n  k: 3\n  <<: [*a, *b]\n', { a: { k: 1, l: 1 }, b: { l: 2, m: 2 }, c: { k: 3, l: 1, m: 2 } }],
  ['one document with markers', '%YAML 1.1\n---\na: 1\n...\n', { a: 1 }],
  ['a byte order mark and Windows line ends', '\uFEFFa: 1\r\nb: |\r\n  x\r\n  y\r\n', { a: 1, b: 'x\ny\n' }],
  ['nothing', '# a comment\n', null],
])('%s', (_, text, expected) => expect(readYaml(text)).toEqual(expected));

test.each<[string, string, string]>([
  ['a bracket that is not closed', 'a: [1, 2\nb: 3\n', 'a comma or ] is missing at line 2, column 2'],
  ['a missing comma', 'a: [{b: 1} {c: 2}]', 'a comma or ] is missing at line 1, column 12'],
  ['a quoted text that does not end', 'a: "x\nb: 1\n', 'a quoted text that does not end at line 3, column 1'],
  ['a key with less indentation', 'a:\n    b: 1\n  c: 2\n', 'a key with another indentation at line 3, column 3'],
  ['a key without a colon', 'a: 1\nb\nc: 2', 'a key without a colon at line 2, column 1'],
  ['two keys in a line', 'a: b: c', 'a colon that is not allowed here at line 1, column 5'],
  ['a tab as indentation', 'a:\n\tb: 1', 'a character that starts no value ("\\t") at line 2, column 1'],
  ['a second document', 'a: 1\n---\nb: 1', 'a second document at line 2, column 1'],
  ['an unknown alias', 'a: *x', 'an alias of an unknown anchor, x at line 1, column 4'],
  ['an anchor that contains itself', 'a: &x [*x]', 'an anchor that contains itself at line 1, column 8'],
  ['a placeholder of another language', 'a: {{ x }}', 'a key that is not a text at line 1, column 5'],
  ['a reserved character', 'a: @x', 'a character that starts no value ("@") at line 1, column 4'],
])('fails for %s', (_, text, message) => expect(() => readYaml(text)).toThrow(message));

test('the key __proto__ is an ordinary key', () => {
  expect(Object.keys(readYaml('{__proto__: {a: 1}, b: {<<: {__proto__: 2}}}') as object)).toEqual(['__proto__', 'b']);
});

test('any JSON document has the same value in YAML', () => {
  const key = fc.string({ maxLength: 20 }).filter(name => name !== '<<');
  const { json } = fc.letrec(tie => ({
    json: fc.oneof({ depthSize: 'small' }, fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(tie('json')), fc.dictionary(key, tie('json'))),
  }));
  fc.assert(fc.property(json, fc.constantFrom(undefined, 2), (value, indent) => expect(readYaml(JSON.stringify(value, undefined, indent))).toEqual(JSON.parse(JSON.stringify(value)))), { numRuns: 500 });
});

test('aliases take no time, and their values are counted', () => {
  const aliases = (n: number) => `a: &a {x: 1}\n${Array.from({ length: n }, (_, i) => `k${i}: *a`).join('\n')}\n`;
  expect(Object.keys(readYaml(aliases(20_000)) as object)).toHaveLength(20_001);
  const laughs = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`).join('\n');
  expect(() => readYaml(`a0: &a0 [x]\n${laughs}`)).toThrow('aliases that expand to more than 1000000 values');
  const deep = Array.from({ length: 150 }, (_, i) => `a${i + 1}: &a${i + 1} [[*a${i}]]`).join('\n');
  expect(() => readYaml(`a0: &a0 [x]\n${deep}`)).toThrow('more than 200 levels');
});

test('a template is JSON, or YAML if it is not valid JSON', () => {
  expect(parseTemplate('{"Resources": {"A": {"Type": "T",},},}', 'template.yml')).toEqual({ Resources: { A: { Type: 'T' } } });
  expect(parseTemplate('{"Resources": {\t"A": 1}}', 'template.json')).toEqual({ Resources: { A: 1 } });
  expect(() => parseTemplate('{"Resources": ', 'template.json')).toThrow('template.json is not JSON');
  expect(() => parseTemplate('a: [', 'template.yaml')).toThrow(new NotATemplate('template.yaml is not YAML: a bracket that is not closed at line 1, column 5'));
});
