import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as library from '../../src';

const readme = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');

test('README.md has at most 250 lines', () => {
  expect(readme.split('\n').length - 1).toBeLessThanOrEqual(250);
});

test('its links are absolute, because npm, PyPI and Construct Hub show it outside of the repository', () => {
  const targets = [...readme.matchAll(/\]\(([^)]+)\)|(?:src|srcset|href)="([^"]+)"/g)].map(([, link, attribute]) => link ?? attribute);
  expect(targets.length).toBeGreaterThan(20);
  expect(targets.filter(target => !target.startsWith('https://'))).toEqual([]);
});

/** Constructs that a method returns, and that users do not create. */
const RETURNED = ['DatabaseUser'];

test('its table names only classes that the library exports, and every construct', () => {
  const table = /## Constructs\n([^]*?)\n## /.exec(readme)![1];
  const named = [...table.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell]) => cell.replaceAll('`', '').split(', '));
  expect(named.filter(name => !(name in library))).toEqual([]);
  const constructs = Object.entries(library).filter(([, value]) => isConstruct(value)).map(([name]) => name);
  expect(constructs.filter(name => ![...named, ...RETURNED].includes(name))).toEqual([]);
});

function isConstruct(value: unknown): boolean {
  return typeof value === 'function' && 'isConstruct' in value;
}
