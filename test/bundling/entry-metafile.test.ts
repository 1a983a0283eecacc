import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Minify, ModuleFormat, NodejsCode, type NodejsBundlingOptions } from '../../src/bundling';
import { BundledFunction, TestProject } from '../support/bundled-project';

afterAll(() => TestProject.removeAll());

const bundle = (files: Record<string, string>, options: NodejsBundlingOptions = {}, handler = 'index.handler'): BundledFunction =>
  new BundledFunction(NodejsCode.fromEntry(new TestProject(files).path('pay.ts'), options), { handler });

test.each([[ModuleFormat.COMMON_JS], [ModuleFormat.ESM]])('a file that exports nothing is rejected, as %s', format => {
  expect(() => bundle({ 'pay.ts': 'import * as os from "node:os"; const handler = async () => os.arch(); void handler;' }, { format }))
    .toThrow(/^'handler' must be an export of '.*pay.ts', which exports nothing, got 'index.handler'; export the function \(at Stack\/Fn\/Resource\)$/);
});

test.each([['export const x = 1;'], ['']])('a file that re-exports a CommonJS file is accepted, also with "%s"', more => {
  const files = { 'pay.ts': `export * from "./own"; ${more}`, 'own.js': 'exports.handler = async () => 1;' };
  expect(bundle(files).run()).toBe(1);
});

test.each([[Minify.NONE], [Minify.FULL]])('exports are known with minify %s', minify => {
  const files = { 'pay.ts': 'export const handler = async () => 1;' };
  expect(bundle(files, { minify }).run()).toBe(1);
  expect(() => bundle(files, { minify }, 'index.main')).toThrow("'handler' must be 'index.handler'");
});

test.each([
  ['export default async function handler() { return 1; }'],
  ['const handler = async () => 1;\nexport { handler as default };'],
  ['export default { fetch: async () => 1 };'],
])('a default export without the handler is rejected in an ES module: %s', source => {
  expect(() => bundle({ 'pay.ts': source }, { format: ModuleFormat.ESM })).toThrow(/^'handler' must be 'index.default' or a named export of '.*pay.ts', because Lambda finds no 'handler' in its default export, got 'index.handler'; use that name, or export the function by its name \(at Stack\/Fn\/Resource\)$/);
});

test('a default export can be the handler of an ES module, or an object with it', () => {
  expect(bundle({ 'pay.ts': 'export default async () => 1;' }, { format: ModuleFormat.ESM }, 'index.default').warnings()).toEqual([]);
  expect(bundle({ 'pay.ts': 'export default { handler: async () => 1 };' }, { format: ModuleFormat.ESM }).warnings()).toEqual([]);
});

test('properties of a class are rejected, because Lambda reads those of objects only', () => {
  expect(() => bundle({ 'pay.ts': 'export class App { static async handler() {} }' }, {}, 'index.App.handler'))
    .toThrow(/^'handler' must be an export or a property of an exported object, because Lambda reads no properties of functions and classes, got 'index.App.handler'; export the function itself from '.*pay.ts'/);
  expect(bundle({ 'pay.ts': 'export const app = { handler: async () => 1 };' }, {}, 'index.app.handler').warnings()).toEqual([]);
});

test('a callback is rejected from Node.js 24 on', () => {
  const files = { 'pay.ts': 'export const handler = (event: unknown, context: unknown, callback: (error: null) => void): void => callback(null);' };
  const code = () => NodejsCode.fromEntry(new TestProject(files).path('pay.ts'));
  expect(() => new BundledFunction(code()))
    .toThrow(/^'handler' must be a function without a callback on nodejs24.x, got 'index.handler' with three parameters in '.*pay.ts'; make it an async function with the parameters event and context, and return the result \(at/);
  expect(new BundledFunction(code(), { runtime: lambda.Runtime.NODEJS_22_X }).warnings()).toEqual([]);
});

test('the name of an export can be a text', () => {
  const files = { 'pay.ts': "const handler = async () => 1; export { handler as 'my-handler', handler as class };" };
  expect(() => bundle(files, {}, 'index.main')).toThrow("'handler' must be 'index.class' or 'index.my-handler', got 'index.main'");
  expect(() => bundle(files, {}, 'index.my-handler')).not.toThrow();
});

const QUOTED = "exports['handler'] = async () => 1;";

test.each([
  ['a name in quotation marks', QUOTED],
  ['an object with a name in quotation marks', "module['exports'] = { 'handler': async () => 1 };"],
  ['a property that is defined', "Object.defineProperty(exports, 'handler', { enumerable: true, value: async () => 1 });"],
  ['a chain of assignments', 'module.exports.handler = exports.other = async () => 1;'],
  ['what TypeScript emits', '"use strict"; Object.defineProperty(exports, "__esModule", { value: true }); exports.handler = void 0; const handler = async () => 1; exports.handler = handler;'],
  ['what TypeScript emits for export *', 'var __exportStar = (m, e) => { for (const p in m) e[p] = m[p]; }; Object.defineProperty(exports, "__esModule", { value: true }); __exportStar({ handler: async () => 1 }, exports);'],
  ['what SWC emits', 'const _export = (t, all) => { for (var n in all) Object.defineProperty(t, n, { enumerable: true, get: all[n] }); }; _export(exports, { handler: () => handler }); const handler = async () => 1;'],
])('a CommonJS file with %s is accepted', (_, text) => {
  for (const format of [ModuleFormat.COMMON_JS, ModuleFormat.ESM]) expect(bundle({ 'pay.ts': text }, { format }).run()).toBe(1);
});

test('the annotation of a package that esbuild has bundled names none of the exports', () => {
  const project = new TestProject({ 'pay.ts': `declare const exports: any, require: any; require('used'); ${QUOTED}` });
  project.writePackage('used', 'module.exports = {}; 0 && (module.exports = { other });');
  expect(new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { minify: Minify.NONE })).run()).toBe(1);
});

test.each([[Minify.NONE], [Minify.FULL]])('a file that re-exports a CommonJS file through another one is accepted, with minify %s', minify => {
  expect(bundle({ 'pay.ts': 'export * from "./a"; export const x = 1;', 'a.ts': 'export * from "./b";', 'b.js': QUOTED }, { minify }).run()).toBe(1);
});

describe('the default export', () => {
  const files = { 'pay.ts': 'export const other = 1; export default { handler: async () => 1 };' };
  const source = { 'pay.ts': 'export default async () => 1;' };

  test.each<[string, string, NodejsBundlingOptions, lambda.Runtime]>([
    ['index.default.handler', 'export default { handler: async () => 1 };', {}, lambda.Runtime.NODEJS_24_X],
    ['index.handler', 'export default { handler: async () => 1 };', { format: ModuleFormat.ESM }, lambda.Runtime.NODEJS_24_X],
    ['index.default', source['pay.ts'], { format: ModuleFormat.ESM }, lambda.Runtime.NODEJS_24_X],
    ['index.default', source['pay.ts'], {}, lambda.Runtime.NODEJS_22_X],
  ])('%s of %s is accepted', (handler, text, options, runtime) => {
    expect(() => new BundledFunction(NodejsCode.fromEntry(new TestProject({ 'pay.ts': text }).path('pay.ts'), options), { handler, runtime })).not.toThrow();
  });

  test.each([['index.handler', files], ['index.default', source], ['index.handler', source]])('%s is rejected in a CommonJS bundle, where Lambda does not find it', (handler, made) => {
    expect(() => bundle(made, {}, handler))
      .toThrow(/^'handler' must be a named export of '.*pay.ts', because the bundle is CommonJS, got 'index.\w+'; export the function by its name \(at Stack\/Fn\/Resource\)$/);
  });

  test('index.default is rejected in a bundle without one', () => {
    expect(() => bundle({ 'pay.ts': 'export const handler = async () => 1;' }, {}, 'index.default')).toThrow("'handler' must be 'index.handler', got 'index.default'");
  });
});
