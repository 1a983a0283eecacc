import { Instrumentation, Minify, ModuleFormat, NodejsCode, type NodejsBundlingOptions } from '../../src/bundling';
import { strictModeDirective } from '../../src/bundling/strict-mode';
import { BundledFunction, TestProject } from '../support/bundled-project';

afterAll(() => TestProject.removeAll());

/** What happens at an assignment to an object that is frozen. */
const ASSIGN = "(() => { try { Object.freeze(Object.assign({})).a = 1; return 'ignored'; } catch { return 'thrown'; } })()";
const HANDLER = `export const handler = async () => ${ASSIGN.replace('Object.assign({})', '{} as any')};`;

function bundle(files: Record<string, string>, options: NodejsBundlingOptions = {}, props: Record<string, unknown> = {}): BundledFunction {
  const made = new TestProject({ 'package.json': '{}', ...files });
  return new BundledFunction(NodejsCode.fromEntry(made.path(Object.keys(files)[0]), options), props);
}

const packaged = (source: string) => ({ 'node_modules/used/package.json': '{"name":"used","version":"1.0.0","main":"index.js"}', 'node_modules/used/index.js': source });

test.each<[string, NodejsBundlingOptions]>([
  ['CommonJS', {}], ['not minified', { minify: Minify.NONE }], ['an ES module', { format: ModuleFormat.ESM }],
])('an ES module runs in strict mode in a bundle, as in its source: %s', (_, options) => {
  expect(bundle({ 'pay.ts': HANDLER }, options).run()).toBe('thrown');
});

test('the directive is before all other text of a CommonJS bundle, and not in an ES module, which needs none', () => {
  const environment = { POWERTOOLS_METRICS_NAMESPACE: 'Payments' };
  const instrumented = bundle({ 'pay.ts': HANDLER }, { instrumentation: Instrumentation.observed() }, { environment });
  expect(instrumented.text()).toMatch(/^"use strict";var import_meta_url=[^]*instrumentation/);
  expect(bundle({ 'pay.ts': HANDLER }, { format: ModuleFormat.ESM }).text('index.mjs')).not.toContain('use strict');
});

test.each<[string, string, string]>([
  ['strict', '"use strict"; exports.assigned = ASSIGN;', 'thrown'],
  ['not strict', 'exports.assigned = ASSIGN;', 'ignored'],
])('a CommonJS package runs as in its source: %s', (_, source, expected) => {
  const handler = 'import { assigned } from "used"; export const handler = async () => assigned;';
  expect(bundle({ 'pay.ts': handler, ...packaged(source.replace('ASSIGN', ASSIGN)) }).run()).toBe(expected);
});

test.each<[string, string]>([['thrown', "'use strict';"], ['ignored', '']])('a handler in CommonJS is %s as in its source', (expected, directive) => {
  expect(bundle({ 'pay.cjs': `${directive} exports.handler = async () => ${ASSIGN};` }).run()).toBe(expected);
});

test.each<[string, boolean]>([
  ['"use strict";', true],
  ["#!/usr/bin/env node\n/* a licence */ // and more\n'use client'; 'use strict'", true],
  ['exports.a = 1; "use strict";', false],
  ['// "use strict"\nexports.a = 1;', false],
  ['', true], // excluded by the field `browser` of its package
])('the directive of %j is found: %s', (text, isStrict) => {
  const directive = strictModeDirective(['a.js', 'data.json', 'b.ts'], { inputs: { 'a.js': { imports: [], format: 'cjs' }, 'b.ts': { imports: [], format: 'esm' } } }, { of: () => text });
  expect(directive !== '').toBe(isStrict);
});
