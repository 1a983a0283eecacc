import { differences } from '../../../src/release/smoke-test-function/differences';

describe('returns no difference', () => {
  test.each<[unknown, unknown]>([
    [{}, { more: 1 }],
    [{ a: { b: 1 } }, { a: { b: 1, c: 2 }, d: 3 }],
    [[1, { a: 1 }], [1, { a: 1, b: 2 }]],
    [[], []],
    [null, null],
    ['text', 'text'],
    [0, 0],
    [false, false],
    [{ body: { ok: true } }, { body: '{"ok":true,"more":1}' }],
    [{ body: [1] }, { body: '[1]' }],
    [{ body: '{"ok":true}' }, { body: '{"ok":true}' }],
    [{ $shape: 'string' }, ''],
    [{ $shape: 'number' }, 0],
    [{ $shape: 'boolean' }, false],
    [{ $shape: 'list' }, []],
    [{ $shape: 'object' }, {}],
    [{ $shape: 'present' }, 0],
    [{ items: [{ $shape: 'number' }] }, { items: [7] }],
  ])('%j against %j', (expected, actual) => {
    expect(differences(expected, actual)).toEqual([]);
  });
});

describe('returns a difference', () => {
  test.each<[unknown, unknown, string]>([
    [{ a: 1 }, {}, 'response.a must be 1, got nothing'],
    [{ a: 1 }, { a: '1' }, 'response.a must be 1, got "1"'],
    [{ a: { b: 1 } }, { a: null }, 'response.a must be an object, got null'],
    [{ a: { b: 1 } }, { a: [1] }, 'response.a must be an object, got [1]'],
    [{ body: { ok: true } }, { body: 'no JSON' }, 'response.body must be an object, got "no JSON"'],
    [[1, 2], [1], 'response must be a list of 2, got 1 items'],
    [[1], { 0: 1 }, 'response must be a list of 1, got {"0":1}'],
    [[{ a: 1 }], [{ a: 2 }], 'response[0].a must be 1, got 2'],
    [null, undefined, 'response must be null, got nothing'],
    [{ toString: 'x' }, {}, 'response.toString must be "x", got nothing'],
    [{ $shape: 'string' }, 1, 'response must be string, got 1'],
    [{ $shape: 'number' }, '1', 'response must be number, got "1"'],
    [{ $shape: 'boolean' }, null, 'response must be boolean, got null'],
    [{ $shape: 'list' }, {}, 'response must be list, got {}'],
    [{ $shape: 'object' }, [], 'response must be object, got []'],
    [{ $shape: 'present' }, null, 'response must be present, got null'],
    [{ a: 'short' }, { a: 'x'.repeat(300) }, `response.a must be "short", got "${'x'.repeat(199)}…`],
  ])('%j against %j', (expected, actual, difference) => {
    expect(differences(expected, actual)).toEqual([difference]);
  });

  test('all differences are returned', () => {
    expect(differences({ a: 1, b: 2, c: 3 }, { a: 1, b: 0, c: 0 })).toHaveLength(2);
  });
});
