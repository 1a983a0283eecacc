import { AwsSdk, Minify, ModuleFormat, NodejsBundle, NodejsCode, SourceMaps, type NodejsBundlingOptions } from '../../src/bundling';
import { EsbuildProcess } from '../../src/bundling/esbuild-process';
import { BundledFunction, settled, TestProject } from '../support/bundled-project';

const HANDLER = 'import { defaultProvider } from "@aws-sdk/credential-provider-node";\nexport const handler = async (event: { sso?: boolean }) => defaultProvider(event.sso);';
const FILES = ['aws-credentials.js', 'index.js'];
const SSO = '@aws-sdk/credential-provider-sso';
afterAll(() => TestProject.removeAll());

/** A project with packages as those of the SDK: the provider is imported when it is needed, and shares a module with the rest. */
function project(handler = HANDLER): TestProject {
  const made = new TestProject({ 'pay.ts': handler });
  const isModule = { main: 'index.mjs', module: 'index.mjs' };
  made.writePackage('@smithy/core', '', isModule);
  made.writePackage('@aws-sdk/credential-provider-node', '', isModule);
  made.writePackage(SSO, '', isModule);
  made.write({
    'node_modules/@smithy/core/index.mjs': 'export class Shared { static made = "shared"; }',
    'node_modules/@aws-sdk/credential-provider-node/index.mjs': `import { Shared } from "@smithy/core";
      export const defaultProvider = async (needed) => {
        if (!needed) return Shared.made;
        const { fromSSO } = await import("${SSO}"); const { Error: Other = Error } = {}; throw new Other(fromSSO());
      };`,
    [`node_modules/${SSO}/index.mjs`]: 'import { Shared } from "@smithy/core"; export const fromSSO = () => `provider of ${Shared.made} ${(function () { return this; })()}`;',
  });
  return made;
}

const bundle = (made: TestProject, options: NodejsBundlingOptions = {}) => new BundledFunction(NodejsCode.fromEntry(made.path('pay.ts'), options));
function thrownBy(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

const CAUGHT = HANDLER.replace('defaultProvider(event.sso)', 'defaultProvider(event.sso).catch((error: Error) => error.message)');

test.each([[Minify.KEEP_NAMES], [Minify.FULL], [Minify.NONE]])('providers of credentials are in a file of their own, with %s', minify => {
  const made = bundle(project(CAUGHT), { minify });
  expect(made.files()).toEqual(FILES);
  expect(made.text()).not.toContain('provider of');
  expect(made.text()).not.toMatch(/\bimport\(/);
  expect(made.run()).toBe('shared');
  expect(made.run({ sso: true })).toBe('provider of shared undefined'); // in strict mode
  expect(made.text('aws-credentials.js')).toMatch(/^"use strict";/);
});

test('a source map describes the bundle', () => {
  const made = project();
  const trace = (options: NodejsBundlingOptions) => {
    const fn = bundle(made, { sourceMaps: SourceMaps.SHIPPED, ...options });
    const { message } = thrownBy(() => fn.run({ sso: true }, '--enable-source-maps'));
    return [fn.files(), /at defaultProvider .*(credential-provider-node.*)\)/.exec(message)![1]];
  };
  const [whole, place] = trace({ optionalModules: ['@aws-sdk/credential-provider-ini'] });
  expect(whole).toEqual(['index.js', 'index.js.map']);
  expect(trace({})).toEqual([['aws-credentials.js', ...whole], place]);
});

test('the file is built once for several handlers, and others have none', async () => {
  const build = jest.spyOn(EsbuildProcess.prototype, 'build');
  const made = project();
  made.write({ 'handlers/a.ts': HANDLER, 'handlers/b.ts': HANDLER, 'handlers/c.ts': 'export const handler = async () => 1;' });
  await settled();
  const bundled = NodejsBundle.fromDirectory(made.path('handlers'));
  expect(['a', 'b', 'c'].map(name => new BundledFunction(bundled.code(name)).files())).toEqual([FILES, FILES, ['index.js']]);
  expect(build).toHaveBeenCalledTimes(2);
  build.mockRestore();
});

test('a change of a provider builds again', async () => {
  const made = project(CAUGHT);
  expect(bundle(made).run({ sso: true })).toContain('provider of');
  made.write({ [`node_modules/${SSO}/index.mjs`]: 'export const fromSSO = () => "changed";' });
  expect(bundle(made).run({ sso: true })).toBe('changed');
});

test.each<[string, (made: TestProject) => NodejsBundlingOptions | void]>([
  ['a module needs one when it is loaded', made => made.write({ 'pay.ts': `import { fromSSO } from "${SSO}";\nexport const other = fromSSO;\n${CAUGHT}` })],
  ['CommonJS requires one', made => made.write({ 'pay.ts': `export const other = () => require("${SSO}");\n${CAUGHT}` })],
  ['there are several versions of the SDK', made => {
    made.write({ 'node_modules/old/index.mjs': `export const old = () => import("${SSO}");`, 'pay.ts': `export { old } from "old";\n${CAUGHT}` });
    made.writePackage('old', '', { main: 'index.mjs' });
  }],
  ['a provider is installed', () => ({ optionalModules: ['@aws-sdk/credential-provider-ini'] })],
  ['the bundle is an ES module', () => ({ format: ModuleFormat.ESM })],
])('the bundle contains the providers if %s', (_, prepare) => {
  const made = project(CAUGHT);
  const fn = bundle(made, prepare(made) ?? {});
  expect(fn.files()).toEqual([expect.stringMatching(/^index\.m?js$/)]);
  expect(fn.run({ sso: true })).toContain('provider of shared');
});

test('the SDK of the runtime has no such file', () => {
  expect(bundle(project(), { awsSdk: AwsSdk.RUNTIME }).files()).toEqual(['index.js']);
});

test('the file cannot be one of the project', () => {
  const made = project();
  expect(() => bundle(made, { files: { 'aws-credentials.js': made.path('pay.ts') } })).toThrow("'files' must have paths in the package beside index.js and node_modules, got 'aws-credentials.js'");
});
