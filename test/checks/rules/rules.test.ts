import { readFileSync } from 'fs';
import { join } from 'path';
import { NOT_IN_A_TEMPLATE, renderRules } from '../../../projenrc/rules-doc';
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

test('docs/RULES.md is current', () => {
  expect(readFileSync(join(ROOT, 'docs', 'RULES.md'), 'utf8')).toBe(renderRules());
});
