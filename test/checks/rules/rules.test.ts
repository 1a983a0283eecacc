import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { GUIDE, UNVERIFIED } from './guide';
import { DIFFERENCES, NOT_IN_A_TEMPLATE, renderRules } from '../../../projenrc/rules-doc';
import { CATEGORIES, RULES } from '../../../src/checks/rules';
import { documentationOf } from '../../../src/checks/rules/rule';

const ROOT = join(__dirname, '..', '..', '..');

const FOLDER = join(ROOT, 'src', 'checks', 'rules');

test('there are 249 rules, each with its own id', () => {
  expect(RULES).toHaveLength(249);
  expect(new Set(RULES.map(rule => rule.id)).size).toBe(249);
});

test.each(RULES.map(rule => [rule.id, rule] as const))('%s has a title, a reason, a fix and a source', (_, rule) => {
  expect(rule.id).toMatch(/^LP-[FDHPC]\d{2,3}$/);
  expect(rule.source).toMatch(/^https:\/\//);
  expect(rule.title).toMatch(/^([A-Z]|[a-z-]+[A-Z:]).*[^.]$/);
  expect(rule.why).toMatch(/^([A-Z]|[a-z]+[A-Z:]).*\.$/);
  expect(rule.fix).toMatch(/^[a-z].*[^.]$/);
  expect(rule.title.length).toBeLessThanOrEqual(80);
});

test.each(CATEGORIES)('the folder %s has the rules of the category, each in one file', category => {
  const files = readdirSync(join(FOLDER, category)).map(file => readFileSync(join(FOLDER, category, file), 'utf8'));
  const ids = files.flatMap(text => [...text.matchAll(/^ {4}id: '(LP-\w+)',$/gm)].map(([, id]) => id));
  expect(ids.sort()).toEqual(RULES.filter(rule => rule.category === category).map(rule => rule.id).sort());
});

test('no rule file imports another rule file', () => {
  const files = CATEGORIES.flatMap(category => readdirSync(join(FOLDER, category))
    .filter(file => file !== 'index.ts').map(file => join(category, file)));
  const imported = files.flatMap(file => [...readFileSync(join(FOLDER, file), 'utf8').matchAll(/from '(\.[^']+)'/g)]
    .map(([, path]) => `${file}: ${path}`));
  expect(imported.length).toBeGreaterThan(files.length);
  expect(imported.filter(line => !/: \.\.\/(rule|support\/[\w-]+|\.\.\/graph|\.\.\/\.\.\/(aws|private\/[\w-]+-text))$/.test(line))).toEqual([]);
});

test('a check that a template cannot answer is not implemented', () => {
  expect(RULES.filter(rule => NOT_IN_A_TEMPLATE.includes(rule.id))).toEqual([]);
});

test('every check of the guide is implemented, or listed with the reason', () => {
  const guide = Object.values(GUIDE).flat();
  expect(guide.length).toBe(188);
  const known = [...RULES.map(rule => rule.id), ...NOT_IN_A_TEMPLATE];
  expect(guide.filter(id => !known.includes(id))).toEqual([]);
  expect(NOT_IN_A_TEMPLATE.filter(id => !guide.includes(id))).toEqual([]);
});

test('a severity that differs from the guide is documented', () => {
  const moved = RULES.filter(rule => Object.entries(GUIDE).some(([severity, ids]) => severity !== rule.severity && ids.includes(rule.id)));
  expect(moved.map(rule => rule.id).filter(id => DIFFERENCES[id] === undefined)).toEqual([]);
});

test('a rule about an unverified fact is a warning', () => {
  expect(RULES.filter(rule => UNVERIFIED.includes(rule.id)).map(rule => rule.severity)).toEqual(UNVERIFIED.map(() => 'warning'));
});

test('docs/RULES.md is current', () => {
  expect(readFileSync(join(ROOT, 'docs', 'RULES.md'), 'utf8')).toBe(renderRules());
});

test('the documentation of a rule is a heading of docs/RULES.md in the repository of package.json', () => {
  const { repository } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect(documentationOf('LP-F32')).toBe(`${repository.url.replace(/\.git$/, '')}/blob/main/docs/RULES.md#lp-f32`);
  expect(RULES.filter(rule => !renderRules().includes(`\n### ${rule.id}\n`))).toEqual([]);
});
