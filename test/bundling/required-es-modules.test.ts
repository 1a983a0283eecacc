import { receivesOther } from '../../src/bundling/required-es-modules';

const MAIN = 'module.exports = function dual() {};';
const MODULE = 'export default function dual() {}';

function isTold(caller: string, main = MAIN, module = MODULE, more: Record<string, string> = {}): boolean {
  const files: Record<string, string> = { 'dual/package.json': '{"main":"main.js"}', 'dual/main.js': main, ...more };
  return receivesOther('dual', 'dual', module, caller, { of: input => files[input] ?? '' });
}

test.each<[string, string]>([
  ['calls the value', 'const dual = require("dual");\nexports.go = () => dual();'],
  ['calls it directly', 'exports.go = () => require("dual")();'],
  ['exports it', 'module.exports = require("dual");'],
  ['has it in a property', 'exports.dual = require("dual");'],
  ['passes it', 'run(require("dual"));'],
  ['reads the value as default, as esbuild writes it for Node.js', 'var dual = __toESM(require("dual"), 1);\ndual.default();'],
  ['reads a property that only the value has', 'const { dual } = require("dual");'],
])('code that %s receives something else', (_, caller) => {
  expect(isTold(caller)).toBe(true);
});

test.each<[string, string, string, string]>([
  ['a property of an object', 'require("dual").one;', 'module.exports = { one: 1 };', 'export default { one: 1 };'],
  ['a name that the ES module does not export', 'const { one, two } = require("dual");', 'module.exports = { one: 1, two: 2 };', 'export const one = 1;'],
  ['a default that is exported from another module', 'require("dual")();', MAIN, 'export { default } from "./other.mjs";'],
  ['exports in brackets', 'require("dual")();', 'module["exports"] = () => 1;', MODULE],
])('%s is missing', (_, caller, main, module) => {
  expect(isTold(caller, main, module)).toBe(true);
});

test('the module that the main module only requires is read', () => {
  expect(isTold('require("dual")();', "module.exports = require('./lib/core');", MODULE, { 'dual/lib/core.js': MAIN })).toBe(true);
});

test.each<{ why: string; caller: string; main?: string; module?: string }>([
  { why: 'the caller reads properties that both have', caller: 'const dual = require("dual");\nexports.go = () => dual.one;', main: 'module.exports = { one: 1 };', module: 'export const one = 1; export default { one };' },
  { why: 'a helper reads the default', caller: 'const dual = __importDefault(require("dual"));\ndual.default();' },
  { why: 'the CommonJS build has the mark of ES modules', caller: 'require("dual")();', main: 'exports.__esModule = true; module.exports = exports;' },
  { why: 'the names of the ES module are not known', caller: 'require("dual").one;', main: 'module.exports = { one: 1 };', module: 'export * from "./other.mjs";' },
  { why: 'the package does not assign its exports', caller: 'require("dual").one;', main: 'exports.one = 1;', module: 'export const two = 1;' },
  { why: 'a comment mentions it', caller: '// require("dual")()' },
])('nothing is told if $why', ({ caller, main, module }) => {
  expect(isTold(caller, main, module)).toBe(false);
});
