import { NodejsCode, type NodejsBundlingOptions } from '../../src/bundling';
import { BundledFunction, TestProject } from '../support/bundled-project';

afterAll(() => TestProject.removeAll());

const HANDLER = 'import * as used from "used"; export const handler = async () => (used as any).run();';

interface Package {
  readonly source: string;
  readonly manifest?: Record<string, unknown>;
  readonly files?: Record<string, string>;
}

function project(packages: Record<string, Package>, handler = HANDLER): TestProject {
  const made = new TestProject({ 'package.json': '{}', 'pay.ts': handler });
  for (const [name, { source, manifest, files = {} }] of Object.entries(packages)) {
    made.writePackage(name, source, manifest);
    for (const [file, text] of Object.entries(files)) made.write({ [`node_modules/${name}/${file}`]: text });
  }
  return made;
}

const warningsOf = (made: TestProject, options: NodejsBundlingOptions = {}) => new BundledFunction(NodejsCode.fromEntry(made.path('pay.ts'), options)).warnings();

describe('a package that loads others by a computed name', () => {
  const orm: Package = {
    source: 'exports.run = (name = "driver") => require(name).kind;',
    manifest: { peerDependencies: { driver: '*', other: '*' }, peerDependenciesMeta: { driver: { optional: true }, other: { optional: true } } },
  };

  test('is warned of if an optional peer of it is installed', () => {
    expect(warningsOf(project({ used: orm, driver: { source: 'exports.kind = 1;' } }))).toEqual([expect.stringContaining(
      "packages that load others by a computed name, which the bundle does not contain: 'used' (driver); add the package, and the others that the code uses, to 'nodeModules'",
    )]);
  });

  test.each<[string, Record<string, Package>, string]>([
    ['none is installed', { used: orm }, HANDLER],
    ['the bundle contains it', { used: orm, driver: { source: 'exports.kind = 1;' } }, `import { kind } from "driver"; ${HANDLER} void kind;`],
    ['it names the package', { used: { ...orm, source: 'exports.run = () => require("driver").kind;' }, driver: { source: 'exports.kind = 1;' } }, HANDLER],
    ['only a comment computes a name', { used: { ...orm, source: '// require(name)\nexports.run = () => 1;' }, driver: { source: 'exports.kind = 1;' } }, HANDLER],
    ['it has no optional peers', { used: { source: orm.source }, driver: { source: 'exports.kind = 1;' } }, HANDLER],
  ])('is not warned of if %s', (_, packages, handler) => {
    expect(warningsOf(project(packages, handler))).toEqual([]);
  });
});

describe('a package whose ES modules are made for browsers', () => {
  const sheets = (main: string, module: string): Package => ({ source: main, manifest: { module: 'index.mjs' }, files: { 'index.mjs': module } });

  test('is warned of if its CommonJS build has access to files, and works with the fix', () => {
    const made = project({ used: sheets('const fs = require("fs"); exports.run = () => typeof fs.readFileSync;', 'export const run = () => "none";') });
    expect(warningsOf(made)).toEqual([expect.stringContaining("the ES modules of 'used', which have no access to files, unlike its CommonJS build; set 'mainFields' to ['main', 'module']")]);
    const fixed = new BundledFunction(NodejsCode.fromEntry(made.path('pay.ts'), { mainFields: ['main', 'module'] }));
    expect([fixed.run(), fixed.warnings()]).toEqual(['function', []]);
  });

  test.each<[string, Package]>([
    ['its ES modules have access, too', sheets('const fs = require("fs"); exports.run = () => fs;', 'import fs from "node:fs"; export const run = () => typeof fs;')],
    ['neither has', sheets('exports.run = () => 1;', 'export const run = () => 1;')],
    ['it has no ES modules', { source: 'const fs = require("fs"); exports.run = () => typeof fs;' }],
  ])('is not warned of if %s', (_, used) => {
    expect(warningsOf(project({ used }))).toEqual([]);
  });
});

describe('a package that looks for files in another way', () => {
  const DATA = { 'data/de.js': 'module.exports = 1;' };

  test.each<[string, Package, string]>([
    ['by an alias of require', { source: 'var load = require, aliasedRequire = load; exports.run = (name = "de") => { try { return aliasedRequire("./data/" + name); } catch { return 0; } };', files: DATA }, './data/'],
    ['by the URL that rollup writes for CommonJS', {
      source: 'const file = new URL("./data/de.js", (typeof document === "undefined" ? require("u" + "rl").pathToFileURL(__filename).href : document.baseURI)).href; exports.run = () => file;',
      files: DATA,
    }, './data/de.js'],
    ['by a require that it creates', {
      source: '',
      manifest: { module: 'index.mjs' },
      files: { 'index.mjs': 'import { createRequire } from "node:module"; const load = createRequire(import.meta.url); export const run = () => load("other");', 'node_modules/other/index.js': '' },
    }, "load('other')"],
  ])('is warned of: %s', (_, used, what) => {
    expect(warningsOf(project({ used }))).toEqual([expect.stringContaining(`look for files beside their code or by a computed name, which are not in the package of the function: 'used' (${what})`)]);
  });

  test('is not warned of if the folder does not exist, or the required module is of Node.js or not installed', () => {
    expect(warningsOf(project({ used: { source: 'var aliasedRequire = require; exports.run = name => aliasedRequire("./absent/" + name);' } }))).toEqual([]);
    const created = 'import { createRequire } from "node:module"; const load = createRequire(import.meta.url); export const run = () => [load("fs"), load("absent")];';
    expect(warningsOf(project({ used: { source: '', manifest: { module: 'index.mjs' }, files: { 'index.mjs': created } } }))).toEqual([]);
  });

  test('the locales of moment are warned of only if the code uses one', () => {
    const moment: Package = { source: 'var aliasedRequire = require; exports.run = name => aliasedRequire("./locale/" + name);', files: { 'locale/de.js': '' } };
    const using = (call: string) => warningsOf(project({ moment }, `import * as moment from "moment"; export const handler = async () => (moment as any).${call};`));
    expect(using('run("de")')).toEqual([]);
    expect(using('locale("de")')).toEqual([expect.stringContaining("'moment' (./locale/)")]);
  });
});
