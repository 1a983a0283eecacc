import { Minify, ModuleFormat, NodejsCode, type NodejsBundlingOptions } from '../../src/bundling';
import { BundledFunction, TestProject } from '../support/bundled-project';

afterAll(() => TestProject.removeAll());

const DONE = 'export const handler = async () => 1;';

type PackageFiles = [source: string, manifest?: object, files?: Record<string, string>];

function project(files: Record<string, string>, packages: Record<string, PackageFiles> = {}): TestProject {
  const made = new TestProject({ 'package.json': '{}', ...files });
  for (const [name, [source, manifest, more = {}]] of Object.entries(packages)) {
    made.writePackage(name, source, manifest as Record<string, unknown>);
    for (const [file, text] of Object.entries(more)) made.write({ [`node_modules/${name}/${file}`]: text });
  }
  return made;
}

function bundle(made: TestProject, options: NodejsBundlingOptions = {}): BundledFunction {
  return new BundledFunction(NodejsCode.fromEntry(made.path('pay.ts'), options));
}

/** The ids of the warnings of a bundle. */
const ids = (made: TestProject, options: NodejsBundlingOptions = {}): string[] =>
  bundle(made, options).warnings().map(text => /cdk-production-lambda:NodejsCode\.(\w+)/.exec(text)![1]);

describe('a package that looks for a file beside its code', () => {
  const HANDLER = { 'pay.ts': 'import { read } from "fonts"; export const handler = async () => read();' };
  const FONT = { 'data/a.afm': 'font' };

  test.each<[string, string]>([
    ['adds it to __dirname', 'const fs = require("fs"); exports.read = () => fs.readFileSync(__dirname + "/data/a.afm", "utf8");'],
    ['joins it', 'const fs = require("fs"), path = require("path"); exports.read = () => fs.readFileSync(path.join(__dirname, "data", \'a.afm\'), "utf8");'],
    ['resolves it', 'const { resolve } = require("path"); exports.read = () => require("fs").readFileSync(resolve(__dirname, "./data/a.afm"), "utf8");'],
    ['has it in a template', 'exports.read = () => require("fs").readFileSync(`${__dirname}/data/a.afm`, "utf8");'],
    ['takes the folder of __filename', 'const path = require("path"); exports.read = () => require("fs").readFileSync(path.join(path.dirname(__filename), "data/a.afm"), "utf8");'],
    ['computes the name', 'const path = require("path"); exports.read = (name = "a") => require("fs").readFileSync(path.join(__dirname, "data", name + ".afm"), "utf8");'],
    ['adds a variable', 'exports.read = (name = "/data/a.afm") => require("fs").readFileSync(__dirname + name, "utf8");'],
    ['has its folder in a variable', 'const fs = require("fs"), path = require("path"); const root = path.join(__dirname, "data"); exports.read = () => fs.readFileSync(root + "/a.afm", "utf8");'],
    ['joins it as TypeScript writes it', 'const path_1 = require("path"); exports.read = () => require("fs").readFileSync((0, path_1.join)(__dirname, "data", "a.afm"), "utf8");'],
    ['resolves it by require', 'exports.read = () => require("fs").readFileSync(require.resolve("./data/a.afm"), "utf8");'],
    ['lists its folder', 'exports.read = () => require("fs").readdirSync(__dirname);'],
    ['starts a worker', 'const { Worker } = require("worker_threads"); exports.read = () => new Worker(require("path").join(__dirname, "data/a.afm"));'],
  ])('is warned of: it %s', (_, source) => {
    const [warning] = bundle(project(HANDLER, { fonts: [source, {}, FONT] })).warnings();
    expect(warning).toContain("look for files beside their code or by a computed name, which are not in the package of the function: 'fonts' (");
    expect(warning).toContain("install them beside the bundle with 'nodeModules' ('fonts')");
    expect(warning).toContain('cdk-production-lambda:NodejsCode.filesOfPackages');
  });

  test.each<[string, string]>([
    ['new URL', 'import { readFileSync } from "fs"; export const read = () => readFileSync(new URL("./data/a.afm", import.meta.url), "utf8");'],
    ['a variable with its folder', 'import { readFileSync } from "fs"; import path from "path"; import { fileURLToPath } from "url"; const here = path.dirname(fileURLToPath(import.meta.url)); export const read = () => readFileSync(path.join(here, "data/a.afm"), "utf8");'],
    ['import.meta.dirname', 'import { readFileSync } from "fs"; import { join } from "path"; export const read = () => readFileSync(join(import.meta.dirname, "data/a.afm"), "utf8");'],
    ['fileURLToPath', 'import { readFileSync } from "fs"; import path from "path"; import { fileURLToPath } from "url"; const here = path.join(path.dirname(fileURLToPath(import.meta.url)), "data/a.afm"); export const read = () => readFileSync(here, "utf8");'],
  ])('is warned of as an ES module, by %s', (_, source) => {
    const made = project(HANDLER, { fonts: ['', { module: 'index.mjs', main: 'index.mjs' }, { ...FONT, 'index.mjs': source }] });
    for (const format of [ModuleFormat.COMMON_JS, ModuleFormat.ESM]) expect(ids(made, { format })).toEqual(['filesOfPackages']);
  });

  test.each<[string, string]>([
    ['the file does not exist', 'exports.read = () => __dirname + "/absent.txt";'],
    ['only a comment mentions it', '/* join(__dirname, "data/a.afm") */ // __dirname + "/data/a.afm"\nexports.read = () => 1;'],
    ['it only asks whether there is a folder', 'exports.read = () => typeof __dirname;'],
    ['another module of it mentions the file', 'exports.read = () => 1;'],
  ])('is not warned of if %s', (_, source) => {
    expect(ids(project(HANDLER, { fonts: [source, {}, { ...FONT, 'unused.js': 'exports.x = __dirname + "/data/a.afm";' }] }))).toEqual([]);
  });

  test('is not warned of if it is installed beside the bundle', () => {
    const made = project({ 'pay.ts': `import "fonts"; ${DONE}` }, { fonts: ['exports.read = () => __dirname + "/data/a.afm";', {}, FONT] });
    expect(ids(made, { layerModules: ['fonts'] })).toEqual([]);
  });
});

test.each([
  ['bindings', 'module.exports = require("bindings")("addon");'], ['node-gyp-build', 'module.exports = require("node-gyp-build")(__dirname);'],
])('a package that loads its native binary by %s is warned of', (loader, source) => {
  const made = project({ 'pay.ts': `import "addon"; ${DONE}` }, { addon: [source], [loader]: ['module.exports = () => ({});'] });
  expect(bundle(made).warnings()).toEqual([expect.stringContaining(`packages that load a native binary, which is not in the package of the function: 'addon' (${loader}); add 'addon' to 'nodeModules'`)]);
});

test('a package with a computed name that is no binary is not warned of', () => {
  expect(ids(project({ 'pay.ts': `import "addon"; ${DONE}` }, { addon: ['const end = ""; try { module.exports = require(`cardinal${end}`); } catch { }'] }))).toEqual([]);
});

test.each(['require(`@img/addon-${process.platform}`)', 'require("@img/addon-" + process.platform)'])('a package with a binary for each platform is warned of: %s', expression => {
  const made = project({ 'pay.ts': `import "addon"; ${DONE}` }, { addon: [`try { module.exports = ${expression}; } catch { }`] });
  expect(ids(made)).toEqual(['filesOfPackages']);
});

test('transports of pino are warned of only if the code uses one', () => {
  const packages: Parameters<typeof project>[1] = {
    'pino': ['const stream = require("thread-stream"); module.exports = () => stream;'],
    'thread-stream': ['const { join } = require("path"); module.exports = () => join(__dirname, "lib", "worker.js");', {}, { 'lib/worker.js': '' }],
  };
  expect(ids(project({ 'pay.ts': `import pino from "pino"; pino(); ${DONE}` }, packages))).toEqual([]);
  const uses = [
    'pino({ transport: { target: "x" } })', 'pino({ "transport": { target: "x" } })', 'const transport = {}; pino({ transport })', 'pino.transport<any>({})',
    'const options: any = {}; options.transport = {}; pino(options)',
  ];
  for (const use of uses) {
    expect(ids(project({ 'pay.ts': `import pino from "pino"; ${use}; ${DONE}` }, packages))).toEqual(['filesOfPackages']);
  }
  expect(ids(project({ 'pay.ts': `import pino from "pino"; const transport = pino({}); void transport; ${DONE}` }, packages))).toEqual([]);
});

describe('code that looks for a file beside itself', () => {
  const files = {
    'pay.ts': 'import * as fs from "node:fs"; import * as path from "node:path"; export const handler = async () => fs.readFileSync(path.join(__dirname, "templates/mail.html"), "utf8");',
    'templates/mail.html': '<p>paid</p>',
  };

  test('is warned of, with the option that ships it', () => {
    expect(bundle(project(files)).warnings()).toEqual([expect.stringContaining("the code looks for files beside itself, which are not in the package of the function: 'templates/mail.html' by pay.ts; put them into the package with 'files'")]);
  });

  test.each(['new Worker("./worker.js")', 'new Worker(new URL("./worker.js", import.meta.url))', 'fork("./worker.js")'])('is warned of if it starts a script by %s', call => {
    const made = project({ 'pay.ts': `import { Worker } from "node:worker_threads"; import { fork } from "node:child_process"; void Worker; void fork; export const handler = async () => ${call};`, 'worker.js': '' });
    expect(bundle(made).warnings()).toEqual([expect.stringContaining("'./worker.js' by pay.ts")]);
    expect(ids(made, { files: { 'worker.js': made.path('worker.js') } })).toEqual([]);
  });

  test('works with files, without a warning', () => {
    const made = project(files);
    for (const name of ['templates', 'templates/mail.html']) {
      const fn = bundle(made, { files: { [name]: made.path(name) } });
      expect([fn.run(), fn.warnings()]).toEqual(['<p>paid</p>', []]);
    }
    expect(ids(made, { files: { other: made.path('templates') } })).toEqual(['filesOfProject']);
  });
});

describe('decorator metadata', () => {
  const CLASS = `const Column = (): PropertyDecorator => () => undefined; export class Order { @Column() id!: number; } ${DONE}`;
  const asks = '{"compilerOptions":{"experimentalDecorators":true,"emitDecoratorMetadata":true}}';

  test.each<[string, Record<string, string>]>([
    ['by tsconfig.json', { 'pay.ts': CLASS, 'tsconfig.json': asks }],
    ['by a file that it extends', { 'pay.ts': CLASS, 'tsconfig.json': '{"extends":["./base"], /* ours */ }', 'base.json': asks }],
    ['in a module', { 'pay.ts': `export * from "./lib/order"; ${DONE}`, 'lib/order.ts': 'export const C = (): ClassDecorator => () => undefined;\n@C()\nexport class Order { }', 'tsconfig.json': asks }],
  ])('is warned of if it is asked for %s', (_, files) => {
    expect(bundle(project(files)).warnings()).toEqual([expect.stringMatching(/'emitDecoratorMetadata' of tsconfig.json has no effect: .*; compile with tsc or swc first and bundle the JavaScript/)]);
  });

  test.each<[string, Record<string, string>]>([
    ['not asked for', { 'pay.ts': CLASS, 'tsconfig.json': '{"compilerOptions":{"experimentalDecorators":true}}' }],
    ['overridden', { 'pay.ts': CLASS, 'tsconfig.json': '{"extends":"./base.json","compilerOptions":{"emitDecoratorMetadata":false,"experimentalDecorators":true}}', 'base.json': asks }],
    ['in a comment', { 'pay.ts': CLASS, 'tsconfig.json': '{"compilerOptions":{"experimentalDecorators":true/*,"emitDecoratorMetadata":true*/}}' }],
    ['asked for, without decorators', { 'pay.ts': `/** @deprecated (never) */ const mail = "a @b(c)"; void mail; ${DONE}`, 'tsconfig.json': asks }],
    ['asked for, for code that is compiled already', { 'pay.ts': `import "./order.js"; ${DONE}`, 'order.js': '// @Column()\nexports.x = 1;', 'tsconfig.json': asks }],
  ])('is not warned of if it is %s', (_, files) => {
    expect(ids(project(files))).toEqual([]);
  });
});

describe('a package that CommonJS code requires', () => {
  const CALLER: [string] = ['exports.call = () => require("dual")();'];
  const files = { 'pay.ts': 'import { call } from "caller"; export const handler = async () => { try { return call(); } catch (error) { return (error as Error).name; } };' };
  const dual = (main: string, module: string): [string, object, Record<string, string>] => [main, { module: 'index.mjs' }, { 'index.mjs': module }];

  test('is warned of if it is a namespace in the bundle, and works with the fix', () => {
    const made = project(files, { caller: CALLER, dual: dual('module.exports = () => "main";', 'export default () => "module";') });
    const fn = bundle(made);
    expect([fn.run(), fn.warnings()]).toEqual(['TypeError', [expect.stringContaining("CommonJS code requires 'dual', which the bundle contains as an ES module, so that it receives a namespace instead of the exported value; set 'mainFields' to ['main', 'module']")]]);
    const fixed = bundle(made, { mainFields: ['main', 'module'] });
    expect([fixed.run(), fixed.warnings()]).toEqual(['main', []]);
  });

  test.each<[string, [string, object, Record<string, string>]]>([
    ['has named exports only', dual('exports.x = 1;', 'export const x = 1;')],
    ['has a default export in both', dual('Object.defineProperty(exports, "__esModule", { value: true }); exports.default = () => 1;', 'export default () => 1;')],
    ['is called by its default export', dual('module.exports = { default: () => "main" };', 'export default () => "module";')],
    ['has no ES module', dual('module.exports = () => 1;', 'module.exports = () => 1;')],
  ])('is not warned of if it %s', (title, installed) => {
    const caller: [string] = title.includes('called') ? ['const { default: call } = require("dual"); exports.call = () => call() + require("dual").default();'] : CALLER;
    expect(ids(project(files, { caller, dual: installed }))).toEqual([]);
  });
});

test('a package that runs functions in a browser is warned of if names are kept', () => {
  const made = project({ 'pay.ts': `import "puppeteer-core"; ${DONE}` }, { 'puppeteer-core': ['exports.launch = () => 1;'] });
  expect(ids(made)).toEqual(['functionsAsText']);
  expect(ids(made, { minify: Minify.FULL })).toEqual([]);
});

test('a computed import of the project is warned of, unless packages or files are shipped', () => {
  const made = project({ 'pay.ts': 'export const handler = async ({ name }: any) => (await import(name)).default;', 'a.txt': 'a' });
  expect(ids(made)).toEqual(['computedImports']);
  expect(ids(made, { files: { 'a.txt': made.path('a.txt') } })).toEqual([]);
});

test('a package that reads a folder of the project is warned of, unless the folder is in the package of the function', () => {
  const read = 'const { join } = require("path"); exports.folder = join(process.cwd(), "config");';
  const made = project({ 'pay.ts': 'import { folder } from "config"; export const handler = async () => folder;', 'config/default.json': '{}' }, { config: [read] });
  expect(bundle(made).warnings()).toEqual([expect.stringContaining("'config' by the package 'config'; put them into the package with 'files'")]);
  expect(ids(made, { files: { config: made.path('config') } })).toEqual([]);
});
