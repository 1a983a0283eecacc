import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const GUIDES = join(ROOT, 'docs', 'guides');
/** The pages that exist in Japanese: the article that this library implements is read in Japanese first. */
const TRANSLATED = [
  'README.md',
  ...['cold-starts', 'databases-and-networks', 'entrances', 'failures-and-idempotency', 'functions', 'releases'].map(guide => `docs/guides/${guide}.md`),
];
const JAPANESE = /[\u3040-\u30ff\u4e00-\u9fff]/;

interface Page {
  /** The level of each heading, in order. */
  readonly levels: number[];
  readonly headings: string[];
  readonly blocks: string[];
  /** The number of rows of each table, in order. */
  readonly tables: number[];
  readonly prose: string;
}

function read(file: string): Page {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const blocks = [...text.matchAll(/^```[\s\S]*?^```$/gm)].map(([block]) => block);
  // The generated tables of props are in English only; the Japanese pages link to the API reference instead.
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '').replace(/^<!-- (?:own )?props: \w+ -->[\s\S]*?^<!-- \/props -->$/gm, '');
  const headings = [...prose.matchAll(/^(#+) (.+)$/gm)];
  return {
    levels: headings.map(([, marks]) => marks.length),
    headings: headings.map(([, , title]) => title),
    blocks,
    tables: [...prose.matchAll(/(?:^\|.*\n?)+/gm)].map(([table]) => table.trim().split('\n').length),
    prose,
  };
}

describe.each(TRANSLATED)('%s in Japanese', file => {
  const english = read(file);
  const japanese = read(file.replace(/\.md$/, '.ja.md'));

  test('has the same examples', () => {
    expect(japanese.blocks).toEqual(english.blocks);
  });

  test('has the same headings, in Japanese', () => {
    expect(japanese.levels).toEqual(english.levels);
    const untranslated = japanese.headings.filter((title, place) => !JAPANESE.test(title) && title !== english.headings[place]);
    expect(untranslated).toEqual([]);
  });

  test('has the same tables', () => {
    expect(japanese.tables).toEqual(english.tables);
  });

  test('and each page links to the other', () => {
    const [name, translation] = [file, file.replace(/\.md$/, '.ja.md')].map(path => path.split('/').pop()!);
    expect(english.prose).toContain(translation);
    expect(japanese.prose).toContain(name);
  });
});

test('no other page is in Japanese', () => {
  const pages = readdirSync(GUIDES).filter(name => name.endsWith('.ja.md')).map(name => `docs/guides/${name}`);
  expect(pages.sort()).toEqual(TRANSLATED.slice(1).map(file => file.replace(/\.md$/, '.ja.md')).sort());
});
