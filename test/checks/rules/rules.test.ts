import { readFileSync } from 'fs';
import { join } from 'path';
import { GUIDE, UNVERIFIED } from './guide';
import { DIFFERENCES, NOT_IN_A_TEMPLATE, renderRules } from '../../../projenrc/rules-doc';
import { RULES } from '../../../src/checks/rules';

const ROOT = join(__dirname, '..', '..', '..');

test('there are at least 150 rules, each once', () => {
  expect(RULES.length).toBeGreaterThanOrEqual(150);
  expect(new Set(RULES.map(rule => rule.id)).size).toBe(RULES.length);
});

test.each(RULES.map(rule => [rule.id, rule] as const))('%s says what, why, how to fix it and who says so', (_, rule) => {
  expect(rule.id).toMatch(/^LP-[FDHPC]\d{2}$/);
  expect(rule.source).toMatch(/^https:\/\//);
  for (const text of [rule.title, rule.why, rule.fix]) {
    expect(text).not.toBe('');
    expect(text).not.toMatch(/\.$/);
  }
});

test('what no template shows is not implemented', () => {
  expect(RULES.filter(rule => NOT_IN_A_TEMPLATE.includes(rule.id))).toEqual([]);
});

test('every rule of the guide is implemented, or said not to be and why', () => {
  const guide = Object.values(GUIDE).flat();
  expect(guide.length).toBe(188);
  const known = [...RULES.map(rule => rule.id), ...NOT_IN_A_TEMPLATE];
  expect(guide.filter(id => !known.includes(id))).toEqual([]);
  expect(NOT_IN_A_TEMPLATE.filter(id => !guide.includes(id))).toEqual([]);
});

test('a severity that is not the guide\'s is said to be different', () => {
  const moved = RULES.filter(rule => Object.entries(GUIDE).some(([severity, ids]) => severity !== rule.severity && ids.includes(rule.id)));
  expect(moved.map(rule => rule.id).filter(id => DIFFERENCES[id] === undefined)).toEqual([]);
});

test('nothing that the guide could not verify is an error', () => {
  expect(RULES.filter(rule => UNVERIFIED.includes(rule.id)).map(rule => rule.severity)).toEqual(UNVERIFIED.map(() => 'warning'));
});

test('docs/RULES.md is current', () => {
  expect(readFileSync(join(ROOT, 'docs', 'RULES.md'), 'utf8')).toBe(renderRules());
});
