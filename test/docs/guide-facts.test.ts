import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { USAGE } from '../../src/checks/cli/arguments';
import { RULES } from '../../src/checks/rules';

const ROOT = join(__dirname, '..', '..');
const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');
const below = (folder: string, extension: string) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith(extension)).map(file => ({ name: `${folder}/${file}`, text: read(folder, file) }));

const guides = below('docs/guides', '.md');
const pages = [...guides, ...below('docs/adr', '.md')];
const sources = below('src', '.ts').map(({ text }) => text).join('\n');

test('the guide of the checks has the options of the command', () => {
  const documented = [...read('docs', 'guides', 'checks.md').matchAll(/^\| `(--[a-z-]+)` \|/gm)].map(([, option]) => option);
  const options = [...USAGE.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => option).filter(option => option !== '--help');
  expect(documented.sort()).toEqual(options.sort());
});

test('the warnings that guides name exist', () => {
  const named = guides.flatMap(({ name, text }) => [...text.matchAll(/warnings? `(?:cdk-production-lambda:)?([A-Z]\w+)\.([a-z]\w+)`/g)]
    .map(([, owner, what]) => ({ name, owner, what })));
  expect(named.length).toBeGreaterThan(10);
  // Some classes render the id as `cdk-production-lambda:Class.${what}`.
  const exists = (owner: string, what: string) => sources.includes(`${owner}.${what}`) || (sources.includes(`${owner}.\${`) && new RegExp(`\\b${what}\\b`).test(sources));
  expect(named.filter(({ owner, what }) => !exists(owner, what))).toEqual([]);
});

test('the rules that guides and decisions name exist', () => {
  const ids = new Set(RULES.map(({ id }) => id));
  const named = pages.flatMap(({ name, text }) => [...text.matchAll(/\bLP-[A-Z]\d+\b/g)].map(([id]) => ({ name, id })));
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(({ id }) => !ids.has(id))).toEqual([]);
});
