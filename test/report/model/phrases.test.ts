import { RULES } from '../../../src/checks/rules';
import { CHECKLISTS } from '../../../src/report/model/checklist-items';
import { sayIn } from '../../../src/report/model/phrases';
import type { PhraseKey } from '../../../src/report/model/phrases';
import { ENGLISH } from '../../../src/report/model/phrases-en';
import { JAPANESE } from '../../../src/report/model/phrases-ja';
import { PAGE_ENGLISH } from '../../../src/report/model/phrases-page-en';
import { PAGE_JAPANESE } from '../../../src/report/model/phrases-page-ja';

const english: Record<string, string> = { ...ENGLISH, ...PAGE_ENGLISH };
const japanese: Record<string, string> = { ...JAPANESE, ...PAGE_JAPANESE };
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)/g)].map(([, name]) => name).sort();

test('no phrase has two texts', () => {
  expect(Object.keys(ENGLISH).filter(key => key in PAGE_ENGLISH)).toEqual([]);
});

test.each(Object.keys(english))('%s has the same values in both languages', key => {
  expect(placeholders(japanese[key])).toEqual(placeholders(english[key]));
});

test('values replace their names, and only those', () => {
  expect(sayIn('en')('failStream' as PhraseKey, { origin: '{limits}', limits: '3 retries', destination: '$&' })).toBe('Records of {limits} go to $& after 3 retries.');
});

test.each([[1, '1 retry, 6 h'], [2, '2 retries, 6 h'], ['?', '? retries, 6 h']])('%s has its plural', (retries, text) => {
  expect(sayIn('en')('retriesAge', { retries, age: '6 h' })).toBe(text);
});

test('every rule of a checklist exists', () => {
  const ids = new Set(RULES.map(({ id }) => id));
  const named = CHECKLISTS.flatMap(({ items }) => items.flatMap(({ rules = [] }) => rules));
  expect(named.filter(id => !ids.has(id))).toEqual([]);
});
