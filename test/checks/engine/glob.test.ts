import * as fc from 'fast-check';
import { globToRegExp, isGlob } from '../../../src/checks/engine/glob';

test.each<[string, string[], string[]]>([
  ['services/*/template.yaml', ['services/a/template.yaml'], ['services/a/b/template.yaml']],
  ['services/**/t.yaml', ['services/t.yaml', 'services/a/b/t.yaml'], ['t.yaml']],
  ['{a,{b,c}x}/t.yaml', ['a/t.yaml', 'bx/t.yaml', 'cx/t.yaml'], ['b/t.yaml', 'ax/t.yaml']],
  ['{a,b}/t.yaml', ['a/t.yaml', 'b/t.yaml'], ['c/t.yaml']],
  ['t?.yaml', ['t1.yaml'], ['t.yaml', 't/.yaml']],
  ['[ab]/t.yaml', ['a/t.yaml', 'b/t.yaml'], ['c/t.yaml', '[ab]/t.yaml']],
  ['[!ab]/t[0-9].yaml', ['c/t1.yaml'], ['a/t1.yaml', '//t1.yaml', 'c/tx.yaml']],
  ['[^a]x', ['bx'], ['ax']],
  ['[z-a]', ['z', 'a', '-'], ['m']],
  ['[!-a]x', ['bx'], ['ax', '-x']],
  ['[a\n]x', ['ax', '\nx'], ['x']],
  ['[\\]x', ['\\x'], ['x']],
])('%s', (pattern, matching, others) => {
  expect(isGlob(pattern)).toBe(true);
  expect(matching.filter(path => !globToRegExp(pattern).test(path))).toEqual([]);
  expect(others.filter(path => globToRegExp(pattern).test(path))).toEqual([]);
});

test('brackets without a class are text', () => {
  expect(['a[]b', 'a]b', 'a[b', 'a/b.yaml'].filter(isGlob)).toEqual([]);
  expect(globToRegExp('a[]*').test('a[]b')).toBe(true);
});

test('any text is a pattern', () => {
  const text = fc.array(fc.constantFrom(...'ab-[]!^\\/\n*?{},. $(|')).map(characters => characters.join(''));
  fc.assert(fc.property(text, pattern => expect(globToRegExp(pattern)).toBeInstanceOf(RegExp)), { numRuns: 2_000 });
});
