import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const REPOSITORY = 'https://github.com/cdk-production-lambda/cdk-production-lambda';

/** The files of the repository: committed, or new and not ignored. */
const FILES = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' })
  .split('\n').filter(file => file !== '' && existsSync(join(ROOT, file)));
const PAGES = FILES.filter(file => /^(\w+(\.ja)?\.md|docs\/.*\.md)$/.test(file) && file !== 'API.md');
const SOURCES = FILES.filter(file => /^(src|sample|scripts|projenrc|test|\.ci|conformance|bench|rosetta)\/|^\.projenrc\.ts$/.test(file)
  && /\.(ts|mjs|cjs|js|py|ya?ml|ts-fixture)$|^\.ci\//.test(file) && file !== 'test/docs/links.test.ts');

/** API.md is large and has hundreds of links: its anchors are read once. */
const ANCHORS = new Map<string, Set<string>>();
const text = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const withoutCode = (markdown: string) => markdown.replace(/^```[^]*?^```/gm, '').replace(/`[^`\n]*`/g, '');

/** The targets of the links and images of a page, with their titles removed. */
function linksOf(page: string): string[] {
  const markdown = withoutCode(text(page));
  const inline = [...markdown.matchAll(/\]\(\s*<?([^()\s>]+(?:\([^()\s]*\))?)>?(?:\s+"[^"]*")?\s*\)/g)].map(([, target]) => target);
  const references = [...markdown.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)].map(([, target]) => target);
  const html = [...markdown.matchAll(/(?:href|src|srcset)="([^"]+)"/g)].map(([, target]) => target);
  return [...inline, ...references, ...html];
}

/** The anchors of a page, as GitHub makes them of its headings, and those that it names itself. */
function anchorsOf(page: string): Set<string> {
  const known = ANCHORS.get(page);
  if (known !== undefined) return known;
  const seen = new Map<string, number>();
  const headings = [...text(page).replace(/^```[^]*?^```/gm, '').matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map(([, heading]) => {
    const slug = heading.replace(/<[^>]+>/g, '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').trim().toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '').replaceAll(' ', '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
  const anchors = new Set([...headings, ...[...text(page).matchAll(/(?:id|name)="([^"]+)"/g)].map(([, id]) => id)]);
  ANCHORS.set(page, anchors);
  return anchors;
}

/** Whether the target exists, seen from a page: a file or folder, and the anchor in it. */
function isFound(page: string, target: string): boolean {
  const [path, anchor] = target.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), decodeURIComponent(path)));
  if (file.startsWith('..') || !existsSync(join(ROOT, file))) return false;
  if (anchor === undefined || statSync(join(ROOT, file)).isDirectory() || !file.endsWith('.md')) return true;
  return anchorsOf(file).has(decodeURIComponent(anchor));
}

/** The path within this repository of an absolute link to it, if it is one. */
function ownPath(target: string): string | undefined {
  const [, blob] = /^https:\/\/(?:github\.com|raw\.githubusercontent\.com)\/cdk-production-lambda\/cdk-production-lambda\/(?:(?:blob|tree|raw)\/)?(?:main|HEAD)\/(.+)$/.exec(target) ?? [];
  return blob;
}

test.each(PAGES)('the relative links of %s exist', page => {
  const relative = linksOf(page).filter(target => !/^[a-z][a-z+.-]*:|^\/\//i.test(target));
  expect(relative.filter(target => !isFound(page, target))).toEqual([]);
});

test.each(PAGES)('the absolute links of %s to files of this repository exist', page => {
  const own = linksOf(page).map(ownPath).filter(path => path !== undefined);
  expect(own.filter(path => !isFound('README.md', path))).toEqual([]);
});

test('links to this repository name the branch main or HEAD', () => {
  const others = PAGES.flatMap(linksOf).filter(target => target.startsWith(REPOSITORY) && /\/(blob|tree|raw)\//.test(target) && ownPath(target) === undefined);
  expect(others).toEqual([]);
});

test('the documents that code and scripts mention exist', () => {
  const mentions = SOURCES.flatMap(file => [...text(file).matchAll(/(?<![\w./-])docs\/[\w./-]*\w/g)].map(([path]) => `${file}: ${path}`));
  expect(mentions.length).toBeGreaterThan(10);
  expect(mentions.filter(mention => !existsSync(join(ROOT, mention.split(': ')[1])))).toEqual([]);
});

test('the files and folders that pages name in code exist', () => {
  const named = PAGES.filter(page => page !== 'CHANGELOG.md').flatMap(page => [...text(page).replace(/^```[^]*?^```/gm, '')
    .matchAll(/`((?:src|test|sample|scripts|projenrc|bench|conformance|docs|\.ci)\/[\w./-]*)`/g)].map(([, path]) => ({ page, path })));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(({ path }) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('the decisions that code, scripts and pages mention by number exist', () => {
  const numbers = new Set(FILES.map(file => /^docs\/adr\/(\d{4})-/.exec(file)?.[1]).filter(number => number !== undefined).map(Number));
  expect(numbers.size).toBeGreaterThan(40);
  const mentions = [...SOURCES, ...PAGES].flatMap(file => [...text(file).matchAll(/\bADR[ -]?(\d{1,4})\b/g)].map(([, number]) => ({ file, number: Number(number) })));
  expect(mentions.filter(({ number }) => !numbers.has(number))).toEqual([]);
});

test('each decision is in the index once, with its title, and has the number of its file', () => {
  const decisions = FILES.filter(file => /^docs\/adr\/\d{4}-/.test(file)).map(file => file.replace('docs/adr/', ''));
  const listed = linksOf('docs/adr/README.md').filter(target => /^\d{4}-/.test(target));
  expect([...listed].sort()).toEqual([...decisions].sort());
  const numbered = decisions.map(file => [file, Number(/^# (\d+)\. /.exec(text(`docs/adr/${file}`))?.[1])]);
  expect(numbered).toEqual(decisions.map(file => [file, Number(file.slice(0, 4))]));
});
