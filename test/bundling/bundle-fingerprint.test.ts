import * as fs from 'node:fs';
import * as fc from 'fast-check';
import { NodejsCode, type NodejsBundlingOptions, SourceMaps } from '../../src/bundling';
import { BundleFingerprint } from '../../src/bundling/bundle-fingerprint';
import { EsbuildProcess } from '../../src/bundling/esbuild-process';
import { BundledFunction, settled, TestProject } from '../support/bundled-project';

const build = jest.spyOn(EsbuildProcess.prototype, 'build');
afterAll(() => TestProject.removeAll());

const text = (value: string) => `export default ${JSON.stringify(value)};`;
const paths = (target: string) => JSON.stringify({ compilerOptions: { baseUrl: '.', paths: { cfg: [target] } } });
const IMPORTS_CFG = 'import cfg from "cfg"; export const handler = async () => cfg;';

/** One kind of file of a project: the project, a change of it, and what the handler returns before and after. */
interface Kind {
  readonly files: Record<string, string>;
  readonly change: (made: TestProject) => void;
  readonly links?: Record<string, string>;
  readonly options?: NodejsBundlingOptions;
  readonly answers: [before: unknown, after: unknown];
}

const writing = (files: Record<string, string>) => (made: TestProject) => made.write(files);
const SAME = { 'one.js': text('one'), 'two.js': text('two') };
const NESTED = 'app/package-lock.json';

const KINDS: Record<string, Kind> = {
  'the handler': { files: { 'pay.ts': 'export const handler = async () => "one";' }, change: writing({ 'pay.ts': 'export const handler = async () => "two";' }), answers: ['one', 'two'] },
  'a text file': {
    files: { 'pay.ts': 'import x from "./x.txt"; export const handler = async () => x;', 'x.txt': 'one' }, change: writing({ 'x.txt': 'two' }), answers: ['one', 'two'],
  },
  'a JSON file': {
    files: { 'pay.ts': 'import x from "./x.json"; export const handler = async () => x;', 'x.json': '"one"' }, change: writing({ 'x.json': '"two"' }), answers: ['one', 'two'],
  },
  'a dot file that is imported': {
    files: { 'pay.ts': 'import x from "./.secret"; export const handler = async () => x;', '.secret.js': text('one') },
    change: writing({ '.secret.ts': text('two') }),
    answers: ['one', 'two'],
  },
  'a file in a dot folder that is added before another': {
    files: { 'pay.ts': 'import x from "./.generated/x"; export const handler = async () => x;', '.generated/x.js': text('one') },
    change: writing({ '.generated/x.ts': text('two') }),
    answers: ['one', 'two'],
  },
  'a file without extension': {
    files: { 'pay.ts': 'import x from "./settings"; export const handler = async () => x;', 'settings.js': text('one') }, change: writing({ settings: text('two') }), answers: ['one', 'two'],
  },
  'a file with an extension that needs none': {
    files: { 'pay.ts': 'import x from "./settings.txt"; export const handler = async () => x;', 'settings.txt.js': text('one') },
    change: writing({ 'settings.txt': 'two' }),
    answers: ['one', 'two'],
  },
  'tsconfig.json': { files: { 'pay.ts': IMPORTS_CFG, ...SAME, 'tsconfig.json': paths('./one.js') }, change: writing({ 'tsconfig.json': paths('./two.js') }), answers: ['one', 'two'] },
  'jsconfig.json': { files: { 'pay.js': IMPORTS_CFG, ...SAME, 'jsconfig.json': paths('./one.js') }, change: writing({ 'jsconfig.json': paths('./two.js') }), answers: ['one', 'two'] },
  'a tsconfig.json beside the jsconfig.json': {
    files: { 'pay.js': IMPORTS_CFG, ...SAME, 'jsconfig.json': paths('./one.js') }, change: writing({ 'tsconfig.json': paths('./two.js') }), answers: ['one', 'two'],
  },
  'a configuration that a jsconfig.json extends, after a comment': {
    files: { 'pay.js': IMPORTS_CFG, ...SAME, 'jsconfig.json': '{ "extends": /* ours */ "./.base.json" }', '.base.json': paths('./one.js') },
    change: writing({ '.base.json': paths('./two.js') }),
    answers: ['one', 'two'],
  },
  'a configuration that a package exports': {
    files: {
      'pay.ts': IMPORTS_CFG,
      'node_modules/settings/one.js': text('one'),
      'node_modules/settings/two.js': text('two'),
      'tsconfig.json': '{"extends":"settings/strict"}',
      'node_modules/settings/package.json': '{"name":"settings","exports":{"./strict":"./lib/strict.json"}}',
      'node_modules/settings/lib/strict.json': '{"compilerOptions":{"paths":{"cfg":["../one.js"]}}}',
    },
    change: writing({ 'node_modules/settings/lib/strict.json': '{"compilerOptions":{"paths":{"cfg":["../two.js"]}}}' }),
    answers: ['one', 'two'],
  },
  'the package.json of a package with configurations': {
    files: {
      'pay.ts': IMPORTS_CFG,
      ...SAME,
      'tsconfig.json': '{"extends":"settings/strict"}',
      'node_modules/settings/package.json': '{"name":"settings","exports":{"./strict":"./a.json"}}',
      'node_modules/settings/a.json': '{"compilerOptions":{"paths":{"cfg":["../../one.js"]}}}',
      'node_modules/settings/b.json': '{"compilerOptions":{"paths":{"cfg":["../../two.js"]}}}',
    },
    change: writing({ 'node_modules/settings/package.json': '{"name":"settings","exports":{"./strict":"./b.json"}}' }),
    answers: ['one', 'two'],
  },
  'an alias to a dot folder that does not exist yet': {
    files: { 'pay.ts': IMPORTS_CFG, ...SAME, 'tsconfig.json': '{"compilerOptions":{"paths":{"cfg":["./.generated/cfg","./one.js"]}}}' },
    change: writing({ '.generated/cfg.ts': text('two') }),
    answers: ['one', 'two'],
  },
  'the tsconfig.json of the repository, above the lock file': {
    files: { [NESTED]: '{"lockfileVersion":3,"packages":{}}', 'app/pay.ts': IMPORTS_CFG, ...SAME, 'tsconfig.json': paths('./one.js') },
    change: writing({ 'tsconfig.json': paths('./two.js') }),
    options: { projectRoot: 'app' },
    answers: ['one', 'two'],
  },
  'a file beside the repository\'s alias, above the lock file': {
    files: {
      [NESTED]: '{"lockfileVersion":3,"packages":{}}',
      'app/pay.ts': IMPORTS_CFG,
      ...SAME,
      'tsconfig.json': '{"compilerOptions":{"paths":{"c*":["./shared/c*","./one.js"]}}}',
      'shared/readme.md': '',
    },
    change: writing({ 'shared/cfg.ts': text('two') }),
    options: { projectRoot: 'app' },
    answers: ['one', 'two'],
  },
  'imports of the package.json': {
    files: { 'pay.ts': 'import cfg from "#cfg"; export const handler = async () => cfg;', ...SAME, 'package.json': '{"imports":{"#cfg":"./one.js"}}' },
    change: writing({ 'package.json': '{"imports":{"#cfg":"./two.js"}}' }),
    answers: ['one', 'two'],
  },
  'a package that is complete only later': {
    files: {
      'sub/pay.ts': 'import cfg from "lib/deep"; export const handler = async () => cfg;',
      'sub/node_modules/lib/readme.md': '',
      'node_modules/lib/deep.js': text('one'),
    },
    change: writing({ 'sub/node_modules/lib/deep.js': text('two') }),
    answers: ['one', 'two'],
  },
  'a link to a folder': {
    files: { 'pay.ts': 'import x from "./current/deep/x"; export const handler = async () => x;', 'v1/deep/x.ts': text('one'), 'v2/deep/x.ts': text('two') },
    links: { current: 'v1' },
    change: made => { fs.rmSync(made.path('current')); fs.symlinkSync('v2', made.path('current')); },
    answers: ['one', 'two'],
  },
  'a link to a file': {
    files: { 'pay.ts': 'import x from "./current"; export const handler = async () => x;', 'v1.ts': text('one'), 'v2.ts': text('two') },
    links: { 'current.ts': 'v1.ts' },
    change: made => { fs.rmSync(made.path('current.ts')); fs.symlinkSync('v2.ts', made.path('current.ts')); },
    answers: ['one', 'two'],
  },
  'the source map of a file that is bundled': {
    files: {
      'pay.ts': 'import x from "./x.js"; export const handler = async () => x;',
      'x.js': `${text('one')}\n//# sourceMappingURL=x.js.map`,
      'x.js.map': '{"version":3,"sources":["old.ts"],"names":[],"mappings":"AAAA"}',
    },
    change: writing({ 'x.js.map': '{"version":3,"sources":["new.ts"],"names":[],"mappings":"AAAA"}' }),
    options: { sourceMaps: SourceMaps.SHIPPED },
    answers: ['one', 'one'],
  },
};

function bundle(made: TestProject, { options = {}, files }: Kind, cacheDirectory?: string): BundledFunction {
  const entry = Object.keys(files).find(name => /(^|\/)pay\.[jt]s$/.test(name))!;
  const projectRoot = options.projectRoot && made.path(options.projectRoot);
  return new BundledFunction(NodejsCode.fromEntry(made.path(entry), { ...options, ...projectRoot && { projectRoot }, cacheDirectory: cacheDirectory ?? made.path('node_modules/.cache/used') }));
}

function projectOf({ files, links = {} }: Kind): TestProject {
  const made = new TestProject({ 'package.json': '{}', ...files });
  for (const [name, target] of Object.entries(links)) fs.symlinkSync(target, made.path(name));
  return made;
}

describe('a change of one file changes the bundle, although the bundle before it is cached', () => {
  test.each(Object.entries(KINDS))('%s', async (_, kind) => {
    const made = projectOf(kind);
    await settled();
    const before = bundle(made, kind);
    build.mockClear();
    expect(bundle(made, kind).assetKey).toBe(before.assetKey);
    expect(build).not.toHaveBeenCalled(); // otherwise the cache is not used at all
    kind.change(made);
    const after = bundle(made, kind);
    expect([before.run(), after.run()]).toEqual(kind.answers);
    expect(after.assetKey).not.toBe(before.assetKey);
    expect(after.assetKey).toBe(bundle(made, kind, made.path('node_modules/.cache/fresh')).assetKey);
  });
});

test('in a project with files of every kind, any sequence of changes gives the bundle of an empty cache', async () => {
  const file = fc.constantFrom('jsconfig.json', 'tsconfig.json', 'base.json', '.base.json', 'one.js', '.one.ts', '.lib/x.js', '.lib/x.ts', 'package.json', 'sub/jsconfig.json', 'sub/package.json');
  const content: Record<string, (target: string) => string> = {
    'package.json': target => JSON.stringify({ imports: { '#cfg': `./${target}` } }),
    'base.json': paths,
    '.base.json': paths,
  };
  const step = fc.record({ file, target: fc.constantFrom('one.js', '.one.ts', '.lib/x'), extended: fc.constantFrom('./base.json', './.base.json', undefined), remove: fc.boolean() });
  let reused = 0;
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 5 }), async steps => {
    const kind = {
      files: {
        'sub/pay.ts': 'let all: unknown[] = []; try { all.push(require("cfg")); } catch { } try { all.push(require("../.one")); } catch { } export const handler = async () => all.map(String);',
        'one.js': text('one'),
        '.one.ts': text('dot'),
        '.lib/x.js': text('lib'),
      },
      change: () => undefined,
      answers: [0, 0] as [unknown, unknown],
    };
    const made = projectOf(kind);
    for (const [index, { file: name, target, extended, remove }] of steps.entries()) {
      if (remove) fs.rmSync(made.path(name), { force: true });
      else if (/\.[jt]s$/.test(name)) made.write({ [name]: text(`${name} ${target}`) });
      else if (extended && /[jt]sconfig/.test(name)) made.write({ [name]: JSON.stringify({ extends: name.startsWith('sub') ? `.${extended}` : extended }) });
      else made.write({ [name]: (content[name] ?? paths)(target) });
      await settled();
      const bundled = bundle(made, kind);
      expect(bundled.assetKey).toBe(bundle(made, kind, made.path(`node_modules/.cache/fresh${index}`)).assetKey);
      build.mockClear();
      bundle(made, kind);
      if (build.mock.calls.length === 0) reused++;
    }
  }), { numRuns: 8, seed: 17 });
  expect(reused).toBeGreaterThan(20);
}, 60_000);

test.each([['.pnp.cjs'], ['.pnp.data.json'], ['../.pnp.cjs'], ['../package.json'], ['../jsconfig.json']])('the fingerprint depends on %s, which esbuild reads', name => {
  const made = new TestProject({ 'app/pay.ts': '' });
  const digest = () => new BundleFingerprint(made.path('app'), ['pay.ts']).digest();
  const before = digest();
  made.write({ [`app/${name}`]: '{}' });
  const added = digest();
  made.write({ [`app/${name}`]: '{ }' });
  expect(new Set([before, added, digest()]).size).toBe(3);
});

test('changes of files that no import can resolve to do not change the fingerprint', async () => {
  const kind = KINDS['a file without extension'];
  const made = projectOf(kind);
  await settled();
  bundle(made, kind);
  made.write({ 'cdk.context.json': '{}', 'coverage.xml': '', '.env': 'X=1', 'notes/today.md': '', 'jest.config.js': '', '.github/workflows/x.yml': '' });
  build.mockClear();
  bundle(made, kind);
  expect(build).not.toHaveBeenCalled();
});
