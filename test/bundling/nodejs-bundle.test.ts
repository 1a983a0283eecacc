import os from 'node:os';
import * as path from 'node:path';
import { NodejsBundle, NodejsCode, SourceMaps } from '../../src/bundling';
import { EsbuildProcess } from '../../src/bundling/esbuild-process';
import { BundledFunction, settled, TestProject } from '../support/bundled-project';

afterAll(() => TestProject.removeAll());

const handler = (n: number): string => `import { add } from "../shared"; export const handler = async (e: { n: number }) => add(e.n, ${n});`;
const SHARED = { 'shared.ts': 'export const add = (a: number, b: number) => a + b; export const unused = "not imported";' };

describe('fromDirectory', () => {
  test('handlers are files, and folders with an index', () => {
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

  test('fails when the folder does not exist or contains no handler', () => {
    const project = new TestProject({ 'handlers/readme.md': '' });
    expect(() => NodejsBundle.fromDirectory('nowhere')).toThrow("'directory' must be an existing folder, got 'nowhere'; set a path that is absolute or relative to the working directory of the app (at NodejsBundle.fromDirectory)");
    const folder = project.path('handlers');
    expect(() => NodejsBundle.fromDirectory(folder)).toThrow(`'directory' must contain at least one handler, got none in '${folder}'; add a .ts or .js file, or a folder with an index.ts (at NodejsBundle.fromDirectory)`);
  });
});

describe('fromEntries', () => {
  test('a handler has the name of its file, and an index the name of its folder', () => {
    const project = new TestProject({ 'b/pay.ts': '', 'a/index.ts': '' });
    const entries = [project.path('b/pay.ts'), project.path('a/index.ts')];
    expect(NodejsBundle.fromEntries(entries).names).toEqual(['a', 'pay']);
    expect(entries).toEqual([project.path('b/pay.ts'), project.path('a/index.ts')]);
  });

  test('fails when two have the same name, there are none, or one does not exist', () => {
    const project = new TestProject({ 'a/pay.ts': '', 'b/pay.ts': '' });
    const [a, b] = [project.path('a/pay.ts'), project.path('b/pay.ts')];
    expect(() => NodejsBundle.fromEntries([a, b]))
      .toThrow(`'entries' must have unique names, got 'pay' from '${path.relative('', a)}' and '${b}'; rename one, or use two bundles (at NodejsBundle.fromEntries)`);
    expect(() => NodejsBundle.fromEntries([])).toThrow("'entries' must contain at least one handler, got none; add the file of a handler (at NodejsBundle.fromEntries)");
    expect(() => NodejsBundle.fromEntries(['nowhere.ts'])).toThrow("'entries' must be an existing file, got 'nowhere.ts'; set a path that is absolute or relative to the working directory of the app (at NodejsBundle.fromEntries)");
  });
});

describe('code', () => {
  test('fails when the handler does not exist', () => {
    const project = new TestProject({ ...SHARED, 'handlers/pay.ts': handler(1), 'handlers/ship.ts': handler(2) });
    expect(() => NodejsBundle.fromDirectory(project.path('handlers')).code('refund')).toThrow("'name' must be a handler of the bundle, got 'refund'; use 'pay' or 'ship' (at NodejsBundle.code)");
  });

  test('each package is identical to the package of NodejsCode, with its source map', () => {
    const project = new TestProject({ ...SHARED, 'handlers/pay.ts': handler(1), 'handlers/ship.ts': handler(2) });
    const options = { sourceMaps: SourceMaps.SHIPPED };
    const bundle = NodejsBundle.fromDirectory(project.path('handlers'), options);
    for (const name of bundle.names) {
      const together = new BundledFunction(bundle.code(name));
      const alone = new BundledFunction(NodejsCode.fromEntry(project.path(`handlers/${name}.ts`), options));
      expect(together.files()).toEqual(['index.js', 'index.js.map']);
      expect(together.text()).toBe(alone.text());
      expect(together.assetKey).toBe(alone.assetKey);
      expect(together.text()).not.toContain('not imported');
    }
  });

  test('all handlers are built in one or a few batches', async () => {
    const build = jest.spyOn(EsbuildProcess.prototype, 'build');
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

  test('a change of one handler changes only its package', async () => {
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
