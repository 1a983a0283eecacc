import { Loader, Minify, ModuleFormat, NodejsCode, type NodejsBundlingOptions } from '../../src/bundling';
import { BundledFunction, TestProject } from '../support/bundled-project';

afterAll(() => TestProject.removeAll());

function bundle(files: Record<string, string>, options: NodejsBundlingOptions = {}): BundledFunction {
  return new BundledFunction(NodejsCode.fromEntry(new TestProject(files).path('pay.ts'), options));
}

describe('minify', () => {
  test.each([[Minify.NONE, 'CardDeclined', true], [Minify.KEEP_NAMES, 'CardDeclined', false]])('%s', (minify, name, spacious) => {
    const fn = bundle({ 'pay.ts': 'class CardDeclined extends Error { }\nexport const handler = async () => new CardDeclined().constructor.name;' }, { minify });
    expect(fn.run()).toBe(name);
    expect(fn.text().includes('// pay.ts')).toBe(spacious);
  });

  test('FULL shortens names', () => {
    const fn = bundle({ 'pay.ts': 'const someLongName = (x: number) => { const y = x * 2; return y + y; };\nexport const handler = async (e: any) => someLongName(e.n);' }, { minify: Minify.FULL });
    expect(fn.text()).not.toContain('someLongName');
    expect(fn.run({ n: 1 })).toBe(4);
  });
});

describe('names', () => {
  const error = 'export class NotFound extends Error { constructor() { super(); this.name = new.target.name; } } export function find() { return find.name; }';
  const files = {
    'a.ts': error,
    'b.ts': error,
    'pay.ts': `import * as a from './a'; import * as b from './b'; class Registry { static label = Registry.name; }
      export const handler = async () => [new a.NotFound().name, new b.NotFound().name, Registry.label, a.find(), b.find(), a.NotFound.name === b.NotFound.name];`,
  };

  test.each([
    [Minify.KEEP_NAMES, ModuleFormat.COMMON_JS],
    [Minify.NONE, ModuleFormat.COMMON_JS],
    [Minify.KEEP_NAMES, ModuleFormat.ESM],
    [Minify.NONE, ModuleFormat.ESM],
  ])('are the names of the source with %s as %s, also if two modules have one name', (minify, format) => {
    expect(new BundledFunction(NodejsCode.fromEntry(new TestProject(files).path('pay.ts'), { minify, format })).run())
      .toEqual(['NotFound', 'NotFound', 'Registry', 'find', 'find', true]);
  });
});

describe('loaders', () => {
  const files = { 'pay.ts': 'import query from "./q.sql"; export const handler = async () => query;', 'q.sql': 'SELECT 1' };

  test.each<[Loader, unknown]>([[Loader.TEXT, 'SELECT 1'], [Loader.BASE64, 'U0VMRUNUIDE='], [Loader.DATA_URL, expect.stringContaining('data:')]])('an import as %s', (loader, answer) => {
    expect(new BundledFunction(NodejsCode.fromEntry(new TestProject(files).path('pay.ts'), { loaders: { '.sql': loader } })).run()).toEqual(answer);
  });

  test.each(['.sql', '.html', '.graphql', '.pem'])('an import of %s fails without a loader, with the fix', extension => {
    const made = new TestProject({ 'pay.ts': `import query from "./q${extension}"; export const handler = async () => query;`, [`q${extension}`]: 'x' });
    expect(() => new BundledFunction(NodejsCode.fromEntry(made.path('pay.ts')))).toThrow(/set what the import contains in 'loaders', for example \{ '.sql': Loader.TEXT \}, or put the file into the package with 'files'/);
  });
});

test.each<[string, NodejsBundlingOptions, string]>([
  ['a path in a package', { nodeModules: ['debug/src/node'] }, "'nodeModules' must be names of packages, got 'debug/src/node'; write 'debug', which contains all paths of the package"],
  ['a path in a package with a scope', { nodeModules: ['@img/sharp/lib'] }, "got '@img/sharp/lib'; write '@img/sharp', which contains all paths of the package"],
  ['a pattern', { nodeModules: ['@aws-sdk/*'] }, "'nodeModules' must be names of packages, got '@aws-sdk/*'; write each name"],
  ['an extension without a dot', { loaders: { sql: Loader.TEXT } }, "'loaders' must have extensions with a dot, got 'sql'; write '.sql'"],
  ['a pattern of files', { loaders: { '*.sql': Loader.TEXT } }, "'loaders' must have extensions with a dot, got '*.sql'; write '.sql'"],
])('fails for %s', (_, options, message) => {
  expect(() => new BundledFunction(NodejsCode.fromEntry(new TestProject({ 'pay.ts': 'export const handler = async () => 1;' }).path('pay.ts'), options))).toThrow(message);
});
