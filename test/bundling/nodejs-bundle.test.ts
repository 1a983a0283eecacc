import os from 'node:os';
import * as path from 'node:path';
import { BundledFunction, settled, TestProject } from './test-project';
import { NodejsBundle, NodejsCode, SourceMaps } from '../../src/bundling';
import { Esbuild } from '../../src/bundling/esbuild';

afterAll(() => TestProject.removeAll());

const handler = (n: number): string => `import { add } from "../shared"; export const handler = async (e: { n: number }) => add(e.n, ${n});`;
const SHARED = { 'shared.ts': 'export const add = (a: number, b: number) => a + b; export const unused = "nobody wants this";' };

describe('fromDirectory', () => {
  test('handlers are the files and the folders with an index, and nothing else', () => {
    const project = new TestProject({
      ...SHARED,
      'handlers/pay.ts': handler(1),
      'handlers/refund.mjs': 'export const handler = async () => "refunded";',
      'handlers/ship/index.ts': 'export const handler = async () => "shipped";',
      'handlers/pay.test.ts': '',
      'handlers/pay.spec.ts': '',
      'handlers/types.d.ts': '',
      'handlers/_shared.ts': '',
      'handlers/.hidden.ts': '',
      'handlers/readme.md': '',
      'handlers/lib/other.ts': '',
      'handlers/node_modules/index.js': '',
    });
    const handlers = NodejsBundle.fromDirectory(project.path('handlers'));
    expect(handlers.names).toEqual(['pay', 'refund', 'ship']);
    expect(handlers.names.map(name => new BundledFunction(handlers.code(name)).run({ n: 1 }))).toEqual([2, 'refunded', 'shipped']);
  });

  test('fails when there is no such folder, or no handler in it', () => {
    const project = new TestProject({ 'handlers/readme.md': '' });
    expect(() => NodejsBundle.fromDirectory('nowhere')).toThrow('\'directory\' must be a folder that exists, got "nowhere"; paths are from the folder that the app runs in');
    const folder = project.path('handlers');
    expect(() => NodejsBundle.fromDirectory(folder)).toThrow(`'directory' must hold at least one handler, got none in "${folder}"; a handler is a .ts or .js file, or a folder with an index.ts`);
  });
});

describe('fromEntries', () => {
  test('names handlers after their files, and an index after its folder', () => {
    const project = new TestProject({ 'b/pay.ts': '', 'a/index.ts': '' });
    const entries = [project.path('b/pay.ts'), project.path('a/index.ts')];
    expect(NodejsBundle.fromEntries(entries).names).toEqual(['a', 'pay']);
    expect(entries).toEqual([project.path('b/pay.ts'), project.path('a/index.ts')]);
  });

  test('fails when two have one name, none is given, or one does not exist', () => {
    const project = new TestProject({ 'a/pay.ts': '', 'b/pay.ts': '' });
    const [a, b] = [project.path('a/pay.ts'), project.path('b/pay.ts')];
    expect(() => NodejsBundle.fromEntries([a, b]))
      .toThrow(`'entries' must have names of their own, got "pay" from both "${path.relative('', a)}" and "${b}"; rename one, or use two bundles`);
    expect(() => NodejsBundle.fromEntries([])).toThrow('\'entries\' must name at least one handler, got none');
    expect(() => NodejsBundle.fromEntries(['nowhere.ts'])).toThrow('\'entries\' must be files that exist, got "nowhere.ts"; paths are from the folder that the app runs in');
  });
});

describe('code', () => {
  test('fails when there is no such handler', () => {
    const project = new TestProject({ ...SHARED, 'handlers/pay.ts': handler(1), 'handlers/ship.ts': handler(2) });
    expect(() => NodejsBundle.fromDirectory(project.path('handlers')).code('refund')).toThrow('\'name\' must be a handler of the bundle, got "refund"; it has "pay", "ship"');
  });

  test('each is what NodejsCode makes of it, source map and all', () => {
    const project = new TestProject({ ...SHARED, 'handlers/pay.ts': handler(1), 'handlers/ship.ts': handler(2) });
    const options = { sourceMaps: SourceMaps.SHIPPED };
    const bundle = NodejsBundle.fromDirectory(project.path('handlers'), options);
    for (const name of bundle.names) {
      const together = new BundledFunction(bundle.code(name));
      const alone = new BundledFunction(NodejsCode.fromEntry(project.path(`handlers/${name}.ts`), options));
      expect(together.files()).toEqual(['index.js', 'index.js.map']);
      expect(together.text()).toBe(alone.text());
      expect(together.assetKey).toBe(alone.assetKey);
      expect(together.text()).not.toContain('nobody wants this');
    }
  });

  test('all are built at once, and more than a batch too', async () => {
    const build = jest.spyOn(Esbuild.prototype, 'build');
    const machine = jest.spyOn(os, 'totalmem').mockReturnValue(64 * 1024 ** 3);
    const project = new TestProject(SHARED);
    for (let i = 0; i < 70; i++) project.write({ [`handlers/h${i}.ts`]: handler(i) });
    await settled();
    const bundle = NodejsBundle.fromDirectory(project.path('handlers'));
    const keys = bundle.names.map(name => new BundledFunction(bundle.code(name)).assetKey);
    expect(new Set(keys).size).toBe(70);
    expect(build).toHaveBeenCalledTimes(2); // 64 and 6
    expect(new BundledFunction(bundle.code('h69')).run({ n: 1 })).toBe(70);
    build.mockClear();
    machine.mockReturnValue(2 * 1024 ** 3);
    const small = NodejsBundle.fromDirectory(project.path('handlers'), { target: 'node24' });
    new BundledFunction(small.code('h69'));
    expect(build).toHaveBeenCalledTimes(3); // 32, 32 and 6
    machine.mockRestore();
  });

  test('a change to one handler is a change to that one', async () => {
    const project = new TestProject({ ...SHARED, 'handlers/pay.ts': handler(1), 'handlers/ship.ts': handler(2) });
    const keys = (): string[] => {
      const bundle = NodejsBundle.fromDirectory(project.path('handlers'));
      return ['pay', 'ship'].map(name => new BundledFunction(bundle.code(name)).assetKey);
    };
    const before = keys();
    await settled();
    project.write({ 'handlers/pay.ts': handler(3), 'handlers/refund.ts': handler(4) });
    const after = keys();
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).toBe(before[1]);
  });
});
