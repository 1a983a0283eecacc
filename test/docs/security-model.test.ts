import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'SECURITY-MODEL.md'), 'utf8');
/** `test/…` › title */
const PROOFS = [...PAGE.matchAll(/`(test\/[\w./-]+\.test\.ts)` › ([^|\n]+?) \|/g)].map(([, file, title]) => [file, title] as const);
/** The line of a test, of a group, or of a case of a table; not one that is skipped. */
const TITLE = /^\s*((test|describe)(\.each(\(.*\))?)?\(|\]\)\(|\[)['"]/;
const ROWS = PAGE.split('\n').filter(line => /^\| (?!---)/.test(line) && !/^\| (Who|Resource|Statement)\b/.test(line));

test('every row of the tables names a test', () => {
  expect(ROWS.length).toBeGreaterThan(10);
  expect(ROWS.filter(row => !/`test\/[\w./-]+\.test\.ts` › [^|]+ \|$/.test(row))).toEqual([]);
  expect(PROOFS).toHaveLength(ROWS.length);
});

test.each(PROOFS)('%s has the test "%s"', (file, title) => {
  expect(existsSync(join(ROOT, file))).toBe(true);
  const lines = readFileSync(join(ROOT, file), 'utf8').split('\n').filter(line => line.includes(title));
  expect(lines.filter(line => TITLE.test(line))).not.toEqual([]);
});
