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
