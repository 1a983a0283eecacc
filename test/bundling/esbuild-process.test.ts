import os from 'node:os';
import { Size } from 'aws-cdk-lib';
import { NodejsCode, SourceMaps } from '../../src/bundling';
import { BundledFunction, TestProject } from '../support/bundled-project';

afterAll(() => TestProject.removeAll());

const project = (): TestProject => new TestProject({ 'package.json': '{}', 'pay.ts': 'export const handler = async () => 1;' });
const bundle = (from: TestProject): BundledFunction => new BundledFunction(NodejsCode.fromEntry(from.path('pay.ts')));

test('uses the esbuild of the app', () => {
  const made = project();
  made.writeEsbuild('module.exports = { ...real, buildSync: () => { throw new Error("the esbuild of the app was called"); } };');
  expect(() => bundle(made)).toThrow('the esbuild of the app was called');
});

test.each<[string, string]>([['es1999', 'Invalid target "es1999" in "--target=es1999"']])('rejects an invalid target: %s', (target, message) => {
  expect(() => new BundledFunction(NodejsCode.fromEntry(project().path('pay.ts'), { target })))
    .toThrow(new RegExp(`^esbuild [\\d.]+ failed: ${message}; check 'target' and the free memory and disk space, or install it in the app with: .* \\(at Stack/Fn\\)$`));
});

test('fails when it is not installed', () => {
  const made = project();
  const cwd = jest.spyOn(process, 'cwd').mockReturnValue(made.root);
  try {
    expect(() => bundle(made)).toThrow(`esbuild must be installed, got none in '${made.root}'; install it in the app with: npm install --save-dev esbuild (at Stack/Fn)`);
  } finally {
    cwd.mockRestore();
  }
});

test('names the packages whose installation creates a file that is missing', () => {
  const made = project();
  made.writePackage('addon', 'module.exports = require("./build/Release/addon.node");');
  made.writePackage('@acme/probe', 'for (const kind of ["Release"]) require("./src/build/" + kind + "/probe");');
  made.write({ 'pay.ts': 'import "addon"; import "@acme/probe"; export const handler = async () => 1;' });
  const names = "'@acme/probe', 'addon'";
  expect(() => bundle(made)).toThrow(`files that the installation of ${names} creates are missing: add ${names} to 'nodeModules', or to 'optionalModules' if the code works without it`);
  made.write({ 'pay.ts': 'import "./absent"; export const handler = async () => 1;' });
  expect(() => bundle(made)).toThrow('fix the errors above');
});

describe('sets a memory limit', () => {
  const SETTINGS = ['GOGC', 'GOMEMLIMIT'];
  const settings = () => [...SETTINGS, 'ESBUILD_MAX_BUFFER', 'ESBUILD_WORKER_THREADS'].map(name => process.env[name]).filter(value => value !== undefined);
  const machine = jest.spyOn(os, 'totalmem');
  const container = jest.spyOn(process, 'constrainedMemory');
  const gigabytes = (n: number) => n * 1024 ** 3;
  afterEach(() => {
    for (const name of SETTINGS) delete process.env[name];
  });
  afterAll(() => [machine, container].forEach(spy => spy.mockRestore()));

  /** The settings of a running build, which writes them into the bundle. */
  function during(): unknown {
    const made = project();
    made.writeEsbuild(`const settings = () => ${JSON.stringify(SETTINGS)}.map(name => process.env[name]).join();
      module.exports = { ...real, buildSync: options => real.buildSync({ ...options, footer: { js: "//" + settings() } }) };`);
    return /\/\/(.*)/.exec(bundle(made).text())![1];
  }

  test.each([[2, 1024], [6, 1536], [64, 2048]])('on a machine with %i GB of %i MiB', (memory, limit) => {
    machine.mockReturnValue(gigabytes(memory));
    container.mockReturnValue(0);
    expect(during()).toBe(`off,${limit}MiB`);
    expect(settings()).toEqual([]);
  });

  test('in a container by the memory of the container', () => {
    machine.mockReturnValue(gigabytes(64));
    container.mockReturnValue(gigabytes(6));
    expect(during()).toBe('off,1536MiB');
  });

  test.each([[['GOGC', '50'], '50,'], [['GOMEMLIMIT', '1GiB'], ',1GiB']])('unless the user sets %p', ([name, value], expected) => {
    process.env[name] = value;
    expect(during()).toBe(expected);
    expect(process.env[name]).toBe(value);
  });

  test('and removes it when the build fails', () => {
    const made = project();
    made.write({ 'pay.ts': 'import "nowhere";' });
    expect(() => bundle(made)).toThrow('Could not resolve "nowhere"');
    expect(settings()).toEqual([]);
  });
});

test.each([['0.24.9', true], ['0.25.0', false], ['0.99.0', false], ['1.0.0', true]])('version %s is rejected: %s', (version, rejected) => {
  const made = project();
  made.writeEsbuild('module.exports = real;', version);
  const message = `esbuild must be at least 0.25.0 and below 1.0.0, got ${version}; install it in the app with: npm install --save-dev esbuild@^0.28.0 (at Stack/Fn)`;
  if (rejected) expect(() => bundle(made)).toThrow(message);
  else expect(() => bundle(made)).not.toThrow();
});

test('esbuild starts in its own folder, because the working directory can be removed later', () => {
  const made = project();
  made.writeEsbuild('const folder = process.cwd(); module.exports = { ...real, buildSync: () => { throw new Error(`loaded in ${folder}`); } };');
  const cwd = process.cwd();
  expect(() => bundle(made)).toThrow(`loaded in ${made.path('node_modules/esbuild')}`);
  expect(process.cwd()).toBe(cwd);
});

test('the size of a bundle is not limited', () => {
  const made = project();
  const text = 'x'.repeat(9 * 1024 * 1024);
  made.write({ 'text.js': `export default "${text}";`, 'pay.ts': 'import text from "./text"; export const handler = async () => text.length;' });
  const large = NodejsCode.fromEntry(made.path('pay.ts'), { sourceMaps: SourceMaps.SHIPPED, maxSize: Size.mebibytes(20) });
  expect(new BundledFunction(large).run()).toBe(text.length); // with its source map larger than the default buffer of Node.js for the output of a process
});
