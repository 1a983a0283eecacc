import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { AwsSdk, Minify, ModuleFormat, NodejsBundle, NodejsCode, type NodejsBundlingOptions, SourceMaps } from '../../src/bundling';
import { EsbuildProcess } from '../../src/bundling/esbuild-process';
import { BundledFunction, settled, TestProject } from '../support/bundled-project';

const realBuild = EsbuildProcess.prototype.build;
const build = jest.spyOn(EsbuildProcess.prototype, 'build');
afterAll(() => TestProject.removeAll());

const FILES = {
  'pay.ts': 'import { a } from "./a"; import { lib } from "lib"; import { c } from "./folder/c"; export const handler = async () => [a, lib, c];',
  'a.js': 'export const a = "a";',
  'folder/c.ts': 'import { deep } from "lib/deep"; export const c = deep;',
  'tsconfig.json': '{"extends":"./base.json"}',
  'base.json': '{"compilerOptions":{}}',
};

function project(files: Record<string, string> = {}): TestProject {
  const made = new TestProject({ ...FILES, 'package.json': '{}', ...files });
  made.writePackage('lib', 'exports.lib = "lib";');
  made.write({ 'node_modules/lib/deep.js': 'exports.deep = "deep";', 'node_modules/lib/other.js': 'exports.lib = "other";' });
  return made;
}

const bundle = (from: TestProject, options: NodejsBundlingOptions = {}): BundledFunction => new BundledFunction(NodejsCode.fromEntry(from.path('pay.ts'), options));

/** Whether the next synthesis runs esbuild. */
function builds(from: TestProject, options: NodejsBundlingOptions = {}): boolean {
  build.mockClear();
  bundle(from, options);
  return build.mock.calls.length > 0;
}

async function cachedProject(options: NodejsBundlingOptions = {}, files: Record<string, string> = {}): Promise<TestProject> {
  const made = project(files);
  await settled();
  expect(builds(made, options)).toBe(true);
  expect(builds(made, options)).toBe(false);
  return made;
}

describe('the cache is used', () => {
  test('with the same package and warnings', async () => {
    const made = await cachedProject();
    made.writePackage('aws-sdk', 'exports.v = 2');
    made.write({ 'pay.ts': 'import "aws-sdk"; export const handler = async () => 1;' });
    await settled();
    const [first, second] = [bundle(made), bundle(made)];
    expect(build.mock.calls.length).toBeGreaterThan(0);
    expect(second.assetKey).toBe(first.assetKey);
    expect(second.warnings()).toEqual(first.warnings());
    expect(second.warnings()).toHaveLength(1);
  });

  test('in another checkout, through one cache', async () => {
    const [one, other] = [project(), project()];
    const cacheDirectory = one.path('shared-cache');
    await settled();
    expect(builds(one, { cacheDirectory })).toBe(true);
    expect(builds(other, { cacheDirectory })).toBe(false);
  });

  test('if files that are not inputs are written', async () => {
    const made = await cachedProject();
    made.write({ 'README.md': 'x', 'folder/notes.md': 'x', 'cdk.out/cdk.out': '{}', 'cdk.out/manifest.json': '{}', 'elsewhere/x.ts': 'export {}' });
    expect(builds(made)).toBe(false);
  });
});

describe('the cache is not used when', () => {
  test.each<[string, (made: TestProject) => void]>([
    ['the handler changes', made => made.write({ 'pay.ts': `${FILES['pay.ts']}//` })],
    ['a file that it imports changes', made => made.write({ 'folder/c.ts': 'export const c = 1;' })],
    ['a package changes under its version', made => made.write({ 'node_modules/lib/deep.js': 'exports.deep = 1;' })],
    ['a package has another entry', made => made.writePackage('lib', 'exports.lib = "lib";', { main: 'other.js' })],
    ['the lock file changes', made => made.write({ 'package-lock.json': '{"lockfileVersion":3,"packages":{"node_modules/lib":{}}}' })],
    ['another lock file is added', made => made.write({ 'yarn.lock': '' })],
    ['a file is added that takes precedence', made => made.write({ 'a.ts': 'export const a = "from a.ts";' })],
    ['a nearer package is added', made => made.write({ 'folder/node_modules/lib/deep.js': 'exports.deep = "nearer";' })],
    ['the tsconfig.json changes', made => made.write({ 'tsconfig.json': '{}' })],
    ['the file that the tsconfig.json extends changes', made => made.write({ 'base.json': '{"compilerOptions":{"experimentalDecorators":true}}' })],
    ['a nearer tsconfig.json is added', made => made.write({ 'folder/tsconfig.json': '{}' })],
    ['the package.json declares that files have no side effects', made => made.write({ 'package.json': '{"sideEffects":false}' })],
    ['a file is removed', made => { fs.renameSync(made.path('a.js'), made.path('a.jsx')); }],
    ['a cached file was modified', made => {
      const handlers = made.path('node_modules/.cache/cdk-production-lambda/handlers');
      fs.appendFileSync(path.join(handlers, fs.readdirSync(handlers)[0], 'index.js'), '//');
    }],
    ['a cached file was modified without changing its length', made => {
      const handlers = made.path('node_modules/.cache/cdk-production-lambda/handlers');
      const file = path.join(handlers, fs.readdirSync(handlers)[0], 'index.js');
      fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('deep', 'peed'));
    }],
    ['a cached file was modified without changing its length and time', made => {
      const handlers = made.path('node_modules/.cache/cdk-production-lambda/handlers');
      const file = path.join(handlers, fs.readdirSync(handlers)[0], 'index.js');
      const { atime, mtime } = fs.statSync(file);
      fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('deep', 'peed'));
      fs.utimesSync(file, atime, mtime);
    }],
    ['a cached folder was removed', made => fs.rmSync(made.path('node_modules/.cache/cdk-production-lambda/handlers'), { recursive: true })],
    ['the cached result is damaged', made => {
      const requests = made.path('node_modules/.cache/cdk-production-lambda/requests');
      fs.writeFileSync(path.join(requests, fs.readdirSync(requests)[0]), '{');
    }],
  ])('%s', async (_, change) => {
    const made = await cachedProject();
    change(made);
    expect(builds(made)).toBe(true);
    expect(bundle(made).assetKey).toBe(bundle(made, { cacheDirectory: made.path(`fresh-${_}`) }).assetKey);
  });

  test('an alias resolves to another file', async () => {
    const files = {
      'pay.ts': 'import { x } from "@app/x"; export const handler = async () => x;',
      'tsconfig.json': '{"compilerOptions":{"paths":{"@app/*":["./generated/*","./source/*"]}}}',
      'source/x.ts': 'export const x = "source";',
      'generated/y.ts': '',
    };
    const made = await cachedProject({}, files);
    expect(bundle(made).run()).toBe('source');
    made.write({ 'generated/x.ts': 'export const x = "generated";' });
    expect(bundle(made).run()).toBe('generated');
  });

  test('a package that the tsconfig.json extends changes', async () => {
    const made = await cachedProject({}, { 'tsconfig.json': '{"extends":["./base.json","settings/tsconfig"]}', 'node_modules/settings/tsconfig.json': '{}' });
    made.write({ 'node_modules/settings/tsconfig.json': '{"compilerOptions":{"experimentalDecorators":true}}' });
    expect(builds(made)).toBe(true);
  });

  test('a linked package outside of the project changes', async () => {
    const linked = new TestProject({ 'package.json': '{"name":"linked"}', 'source/index.ts': 'export { x } from "./x";', 'source/x.js': 'export const x = "x.js";' });
    const made = project({ 'pay.ts': 'import { x } from "linked/source"; export const handler = async () => x;' });
    fs.symlinkSync(linked.root, made.path('node_modules/linked'));
    await settled();
    expect([builds(made), builds(made), bundle(made).run()]).toEqual([true, false, 'x.js']);
    linked.write({ 'source/x.ts': 'export const x = "x.ts";' });
    expect([builds(made), bundle(made).run()]).toEqual([true, 'x.ts']);
    await settled();
    builds(made);
    expect(builds(made)).toBe(false);
    linked.write({ 'package.json': '{"name":"linked","sideEffects":false}' });
    expect(builds(made)).toBe(true);
  });

  test('a package is linked to another folder', async () => {
    const stored = (version: string) => ({ [`store/${version}/package.json`]: '{"name":"linked"}', [`store/${version}/index.js`]: `exports.x = "${version}";` });
    const made = project({ 'pay.ts': 'import { x } from "@my/linked"; export const handler = async () => x;', ...stored('one'), ...stored('two'), 'node_modules/@my/.keep': '' });
    const link = made.path('node_modules/@my/linked');
    fs.symlinkSync('../../store/one', link);
    await settled();
    expect([builds(made), builds(made), bundle(made).run()]).toEqual([true, false, 'one']);
    fs.rmSync(link);
    fs.symlinkSync('../../store/two', link);
    expect([builds(made), bundle(made).run()]).toEqual([true, 'two']);
  });

  test.each([['{'], ['null'], ['{}'], ['"x"']])('the cached result is %s', async text => {
    const made = await cachedProject();
    const requests = 'node_modules/.cache/cdk-production-lambda/requests';
    for (const name of fs.readdirSync(made.path(requests))) made.write({ [`${requests}/${name}`]: text });
    expect(builds(made)).toBe(true);
  });

  test.each<[string, (handler: any) => void]>([
    ['a file outside of the cache', handler => { handler.files[0].name = '../../../../../../secret.txt'; }],
    ['a file in a folder', handler => { handler.files[0].name = 'node_modules/index.js'; }],
    ['a folder outside of the cache', handler => { handler.hash = '../../../..'; }],
    ['no file', handler => { handler.files = []; }],
    ['packages without a hash', handler => { handler.modules = ['lib@1.0.0']; }],
  ])('the cached result names %s', async (_, change) => {
    const made = await cachedProject();
    made.write({ 'secret.txt': 'secret' });
    const requests = made.path('node_modules/.cache/cdk-production-lambda/requests');
    for (const name of fs.readdirSync(requests)) {
      const record = JSON.parse(fs.readFileSync(path.join(requests, name), 'utf8'));
      Object.values(record.handlers).forEach(change);
      const { digest, ...content } = record;
      expect(digest).toMatch(/^[\da-f]{64}$/);
      fs.writeFileSync(path.join(requests, name), JSON.stringify({ ...content, digest: crypto.hash('sha256', JSON.stringify(content), 'hex') }));
    }
    expect(builds(made)).toBe(true);
    expect(bundle(made).files()).toEqual(['index.js']);
  });

  test.each<[string, (record: any) => void]>([
    ['has no handler', record => { record.handlers = {}; }],
    ['has findings without a message', record => { Object.values<any>(record.handlers)[0].findings = [null]; }],
    ['has other exports', record => { Object.values<any>(record.handlers)[0].exports = ['other']; }],
    ['has the hash of another content', record => { Object.values<any>(record.handlers)[0].files[0].sha256 = '0'.repeat(64); }],
  ])('the cached result is damaged: it %s', async (_, change) => {
    const made = await cachedProject();
    const requests = made.path('node_modules/.cache/cdk-production-lambda/requests');
    for (const name of fs.readdirSync(requests)) {
      const record = JSON.parse(fs.readFileSync(path.join(requests, name), 'utf8'));
      change(record);
      fs.writeFileSync(path.join(requests, name), JSON.stringify(record));
    }
    expect(builds(made)).toBe(true);
    expect(bundle(made).files()).toEqual(['index.js']);
  });

  test('a file is added that an import did not find', async () => {
    const made = await cachedProject({}, {
      'pay.ts': 'let x = "without"; try { x = require("./plugins/extra"); } catch { } export const handler = async () => x;',
      'plugins/readme.md': '',
    });
    made.write({ 'plugins/extra.js': 'module.exports = "with";' });
    expect(bundle(made).run()).toBe('with');
  });

  test.each<[string, NodejsBundlingOptions]>([
    ['awsSdk', { awsSdk: AwsSdk.RUNTIME }],
    ['format', { format: ModuleFormat.ESM }],
    ['mainFields', { mainFields: ['main'] }],
    ['minify', { minify: Minify.FULL }],
    ['sourceMaps', { sourceMaps: SourceMaps.SHIPPED }],
    ['target', { target: 'node24' }],
    ['layerModules', { layerModules: ['x'] }],
    ['optionalModules', { optionalModules: ['x'] }],
  ])('the option %s changes', async (_, options) => {
    const made = await cachedProject();
    expect(builds(made, options)).toBe(true);
  });

  test('the version of esbuild changes', async () => {
    const made = await cachedProject();
    made.writeEsbuild('module.exports = real;', '0.27.9');
    expect(builds(made)).toBe(true);
  });

  test('a file changed during the build', async () => {
    const made = project();
    await settled();
    build.mockImplementationOnce(function (this: EsbuildProcess, ...args) {
      const result = realBuild.apply(this, args);
      made.write({ 'a.js': 'export const a = "late";' });
      return result;
    });
    bundle(made);
    await settled();
    expect(bundle(made).run()).toEqual(['late', 'lib', 'deep']);
  });
});

test('after any changes of a project, the cached bundle is identical to a new one', async () => {
  const words = fc.constantFrom('"1"', '"2"', '"3"');
  const file = fc.constantFrom('a.js', 'a.ts', 'a.tsx', 'a/index.ts', 'folder/c.ts', 'folder/c.tsx', 'node_modules/lib/index.js', 'node_modules/lib/deep.js',
    'folder/node_modules/lib/deep.js', 'node_modules/lib/deep/index.js');
  const exported: Record<string, string> = { a: 'a', c: 'c', index: 'lib', deep: 'deep' };
  const step = fc.oneof(
    fc.record({ kind: fc.constant('write' as const), file, word: words }),
    fc.record({ kind: fc.constant('remove' as const), file: fc.constantFrom('a.ts', 'a.tsx', 'folder/c.tsx', 'folder/node_modules/lib/deep.js') }),
    fc.record({ kind: fc.constant('manifest' as const), main: fc.constantFrom('index.js', 'other.js') }),
    fc.record({ kind: fc.constant('nothing' as const) }),
  );
  let [used, built] = [0, 0];
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 4 }), fc.boolean(), async (steps, esm) => {
    const made = project();
    const options = { format: esm ? ModuleFormat.ESM : ModuleFormat.COMMON_JS };
    for (const [i, doing] of [...steps, { kind: 'nothing' as const }].entries()) {
      if (doing.kind === 'write') {
        const stem = doing.file === 'a/index.ts' ? 'a' : doing.file === 'node_modules/lib/deep/index.js' ? 'deep' : path.basename(doing.file).replace(/\..*/, '');
        const text = doing.file.includes('node_modules') ? `exports.${exported[stem]} = ${doing.word};` : `export const ${exported[stem]} = ${doing.word};`;
        made.write({ [doing.file]: text });
      }
      if (doing.kind === 'remove') fs.rmSync(made.path(doing.file), { force: true });
      if (doing.kind === 'manifest') made.writePackage('lib', 'exports.lib = "lib";', { main: doing.main });
      await settled();
      if (builds(made, options)) built++; else used++;
      const fresh = bundle(made, { ...options, cacheDirectory: made.path(`node_modules/.fresh${i}`) });
      expect(bundle(made, options).assetKey).toBe(fresh.assetKey);
    }
  }), { numRuns: 10, seed: 7 });
  expect(used).toBeGreaterThan(10); // otherwise the property is not tested
  expect(built).toBeGreaterThan(10);
}, 60_000);

test('a bundle of several handlers is cached too', async () => {
  const made = new TestProject({ 'handlers/a.ts': 'export const handler = async () => 1;', 'handlers/b.ts': 'export const handler = async () => 2;' });
  await settled();
  const synth = (): string[] => {
    const all = NodejsBundle.fromDirectory(made.path('handlers'));
    return all.names.map(name => new BundledFunction(all.code(name)).assetKey);
  };
  build.mockClear();
  const first = synth();
  expect(synth()).toEqual(first);
  expect(build).toHaveBeenCalledTimes(1);
});
