import { defaultLacks, findsHandler, hasCallback, hasEsModuleSyntax } from '../../src/private/node-exports';

const ANNOTATED = (names: string) => `var h = {};\n__export(h, {\n  handler: () => handler\n});\nmodule.exports = __toCommonJS(h);\nvar handler = 1;\n0 && (module.exports = {\n  ${names}\n});\n`;

describe('an ES module', () => {
  test.each([
    ['a variable', 'export const handler = async () => 1;', true],
    ['a function', 'export async function handler() {}', true],
    ['an entry of a list', 'const h = 1;export{h as handler};', true],
    ['a name in quotation marks', "const h = 1; export { h as 'handler' };", true],
    ['a namespace', "export * as handler from './handler.mjs';", true],
    ['a re-export', "export { handler } from './handler.mjs';", true],
    ['another name of the list', 'const handler = 1; export { handler as main };', false],
    ['no export', 'const handler = async () => 1;', false],
    ['exports of CommonJS', 'exports.handler = async () => 1;', false],
    ['a default export that is a function', 'export default async function handler() {}', false],
    ['a default export that is an arrow function', 'export default async event => event.handler', false],
    ['a default export that is a class', 'export default class { static handler() {} }', false],
    ['a default export by the name of a function', 'const handler: Handler<string> = async (event) => 1;\nexport default handler;', false],
    ['a default export in a list', 'async function handler() {}\nexport { handler as default };', false],
    ['a default export that is an object without the name', 'export default { fetch() {} }', false],
    ['a default export that is an object', 'export default { handler() {} }', undefined],
    ['a default export that another function makes', "import make from './make.mjs';\nexport default make();", undefined],
    ['all exports of another module', "export * from './handler.mjs';", undefined],
    ['a pattern', 'export const { handler } = make();', undefined],
    ['a second variable', 'export const a = 1, handler = async () => 1;', undefined],
    ['a list with a comment that contains brackets', 'export {\n  a, // {b}\n  handler,\n};', undefined],
  ])('%s', (_, text, expected) => expect(findsHandler({ text, isEsModule: true }, 'handler')).toBe(expected));

  test.each([
    ['index.default', 'export default async function handler() {}', 'default', true],
    ['a property of an object', 'export const api = { handler() {} };', 'api.handler', true],
    ['a property of a class', 'export class Api { static handler() {} }', 'Api.handler', false],
  ])('%s', (_, text, handler, expected) => expect(findsHandler({ text, isEsModule: true }, handler)).toBe(expected));
});

describe('a CommonJS module', () => {
  test.each([
    ['a property', 'exports.handler = async () => 1;', true],
    ['a property of module.exports', 'module.exports.handler = async () => 1;', true],
    ['a property in brackets', "exports['handler'] = async () => 1;", true],
    ['a defined property', 'Object.defineProperty(exports, "handler", { get() {} });', true],
    ['an object', 'const handler = async () => 1;\nmodule.exports = { other: 1, handler };', true],
    ['what TypeScript writes', 'Object.defineProperty(exports, "__esModule", { value: true });\nexports.handler = void 0;\nconst handler = async () => 1;\nexports.handler = handler;', true],
    ['what esbuild writes', ANNOTATED('handler'), true],
    ['other exports of esbuild', ANNOTATED('main'), false],
    ['re-exports of esbuild', ANNOTATED('...require("x")'), undefined],
    ['another name', '// the handler\nexports.main = async () => 1;', false],
    ['another property of an object', 'async function handler() {}\nmodule.exports = { main: async () => 1 };', false],
    ['a function', 'module.exports = async function handler() {};', false],
    ['a function by its name', 'async function handler() {}\nmodule.exports = handler;', false],
    ['no exports', 'const handler = async () => 1;', false],
    ['this', 'this.handler = async () => 1;', undefined],
    ['another name of exports', 'const e = exports; e.handler = async () => 1;', undefined],
    ['another module', "module.exports = require('./handler');", undefined],
    ['a spread object', 'module.exports = { ...handlers };', undefined],
    ['all exports of another module', '__exportStar(require("./handler"), exports);', undefined],
    ['a computed name', 'exports[name] = async () => 1;', undefined],
    ['the wrapper of webpack', 'module.exports = (() => { var e = {}; return e })();', undefined],
  ])('%s', (_, text, expected) => expect(findsHandler({ text, isEsModule: false }, 'handler')).toBe(expected));
});

test('a file of several megabytes is not read', () => {
  expect(findsHandler({ text: ' '.repeat(4_000_001), isEsModule: true }, 'handler')).toBeUndefined();
});

test.each([
  ['export const handler = 1;', true], ["import a from 'a';\na();", true], ['exports.a = 1;\nexport const b = 1;', false], ["const a = require('a');", false],
])('%s is an ES module: %s', (text, expected) => expect(hasEsModuleSyntax(text)).toBe(expected));

test.each([
  ['const app = { handler() {} };\nexport default app;', false], ['export default handler satisfies Handler;\nasync function handler() {}', true], ['export const a = 1;', false],
])('the default export of %s lacks the handler: %s', (text, expected) => expect(defaultLacks(text, 'handler')).toBe(expected));

test.each([
  ['an arrow function', 'export const handler = (event, context, callback) => { callback(null, 1); };', true],
  ['a function', 'export async function handler(event: Map<string, number>, context: Context, callback: Callback<{ a: 1; b: 2 }>) {}', true],
  ['the type of a function', 'export const handler = (event: E, context: C, callback: (error: null) => void): void => callback(null);', true],
  ['a default that is a function', 'export const handler = async (event, context, now = () => 1) => 1;', false],
  ['a typed variable', 'export const handler: Handler = (event, context, callback) => {};', true],
  ['an export of CommonJS', 'exports.handler = function (event, context, callback) {};', true],
  ['an object', 'module.exports = { handler: async (event, context, callback) => 1 };', true],
  ['a listed function', 'function handler(event, context, callback) {}\nmodule.exports = { handler };', true],
  ['another name', 'function run(a, b, c) {}\nexport { run as handler };', true],
  ['what TypeScript writes', 'exports.handler = void 0;\nconst handler = (event, context, callback) => {};\nexports.handler = handler;', true],
  ['what esbuild writes', 'var h = {}; __export(h, {\n  handler: () => handler\n});\nvar handler = /* @__PURE__ */ __name((event, context, callback) => {}, "handler");', true],
  ['two parameters', 'export const handler = async (event, context) => 1;', false],
  ['parameters in objects', 'export const handler = async ({ a, b, c }, { d }) => 1;', false],
  ['a default', 'export const handler = async (event, context, now = 1) => 1;', false],
  ['the rest', 'export const handler = async (event, ...rest) => 1;', false],
  ['this', 'export async function handler(this: App, event: E, context: C) {}', false],
  ['a streamed response', 'export const handler = awslambda.streamifyResponse(async (event, stream, context) => {});', false],
  ['a wrapped function', 'async function handler(event, context, extra) {}\nexports.handler = middy(handler);', false],
  ['a wrapped property', 'async function handler(event, context, extra) {}\nmodule.exports = { handler: middy(handler) };', false],
  ['a function that is wrapped later', 'let handler = (event, context, extra) => 1;\nhandler = middy(handler);\nexports.handler = handler;', false],
  ['another function', 'export const main = (event, context, callback) => {};\nexport const handler = async () => 1;', false],
])('a callback: %s', (_, text, expected) => expect(hasCallback(text, 'handler')).toBe(expected));
