import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Size, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LAMBDA } from '../../src/aws';
import { AwsSdk, Minify, ModuleFormat, NodejsCode, SourceMaps, type NodejsBundlingOptions } from '../../src/bundling';
import { BundledFunction, TestProject } from '../support/bundled-project';

afterAll(() => TestProject.removeAll());

function bundle(files: Record<string, string>, options: NodejsBundlingOptions = {}, props: Partial<lambda.FunctionProps> = {}): BundledFunction {
  const project = new TestProject(files);
  return new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), options), props);
}

const HANDLER = 'export const handler = async (event: { n: number }): Promise<number> => event.n + 1;';

describe('defaults', () => {
  test('the package is one index.js that runs', () => {
    const fn = bundle({ 'pay.ts': HANDLER });
    expect(fn.files()).toEqual(['index.js']);
    expect(fn.run({ n: 41 })).toBe(42);
    expect(fn.warnings()).toEqual([]);
  });

  test('the package contains imported modules only, as ES modules if a package has them', () => {
    const project = new TestProject({ 'pay.ts': 'import { used } from "both"; import { add } from "./add"; export const handler = async () => add(used, 1);' });
    project.write({ 'add.ts': 'export const add = (a: number, b: number) => a + b;' });
    project.writePackage('both', 'exports.used = "from CommonJS"', { module: 'index.mjs', sideEffects: false });
    project.write({ 'node_modules/both/index.mjs': 'export const used = 41; export const unused = "not wanted";' });
    const fn = new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts')));
    expect(fn.run()).toBe(42);
    expect(fn.text()).not.toContain('not wanted');
  });

  test('white space is removed and names do not change, so that error names do not change', () => {
    const fn = bundle({ 'pay.ts': 'class CardDeclined extends Error { }\n\n\nexport const handler = async () => new CardDeclined().constructor.name;' });
    expect(fn.run()).toBe('CardDeclined');
    expect(fn.text()).not.toContain('\n\n');
  });

  test('import.meta and __filename are defined', () => {
    const fn = bundle({
      'pay.ts': 'import * as path from "node:path";\n'
        + 'export const handler = async () => [new URL("x", import.meta.url).protocol, import.meta.filename === __filename, path.basename(__filename)];',
    });
    expect(fn.run()).toEqual(['file:', true, 'index.js']);
  });

  test('the hash depends on the content, not on the folder', () => {
    const files = { 'pay.ts': HANDLER };
    const [one, other] = [bundle(files, { sourceMaps: SourceMaps.SHIPPED }), bundle(files, { sourceMaps: SourceMaps.SHIPPED })];
    expect(one.assetKey).toBe(other.assetKey);
    expect(one.text('index.js.map')).toBe(other.text('index.js.map'));
    expect(bundle({ 'pay.ts': HANDLER.replace('1', '2') }).assetKey).not.toBe(bundle(files).assetKey);
  });

  test('a comment does not change the hash', () => {
    expect(bundle({ 'pay.ts': `// why\n${HANDLER}` }).assetKey).toBe(bundle({ 'pay.ts': HANDLER }).assetKey);
  });

  test('one code serves several functions, in several stacks', () => {
    const project = new TestProject({ 'pay.ts': HANDLER });
    const code = NodejsCode.fromEntry(project.path('pay.ts'));
    const app = new App();
    const stacks = ['One', 'Two'].map(id => new Stack(app, id));
    const props = { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code };
    for (const stack of stacks) for (const id of ['A', 'B']) new lambda.Function(stack, id, props);
    const keys = stacks.flatMap(stack => Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties.Code.S3Key));
    expect(keys).toHaveLength(4);
    expect(new Set(keys).size).toBe(1);
  });

  test('a stack that the CLI did not select is not built', () => {
    const project = new TestProject({ 'pay.ts': 'this does not compile' });
    const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Stack');
    new lambda.Function(stack, 'Fn', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: NodejsCode.fromEntry(project.path('pay.ts')) });
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 1);
  });

  test('the template contains the metadata with which tools find the package', () => {
    const fn = bundle({ 'pay.ts': HANDLER });
    const resource = Object.values(Template.fromStack(fn.stack).findResources('AWS::Lambda::Function'))[0];
    expect(resource.Metadata).toMatchObject({ 'aws:asset:path': path.basename(fn.folder), 'aws:asset:property': 'Code', 'aws:asset:is-bundled': true });
  });

  test('the template contains no metadata if the app disables it', () => {
    const stack = new Stack(new App(), 'Stack');
    const project = new TestProject({ 'pay.ts': HANDLER });
    new lambda.Function(stack, 'Fn', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: NodejsCode.fromEntry(project.path('pay.ts')) });
    expect(Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'))[0].Metadata).toBeUndefined();
  });
});

describe('awsSdk', () => {
  const files = { 'pay.ts': 'import { x } from "@aws-sdk/client-x"; export const handler = async () => x;' };
  const project = (): TestProject => {
    const made = new TestProject(files);
    made.writePackage('@aws-sdk/client-x', 'exports.x = "in the bundle"');
    return made;
  };

  test('is bundled by default', () => {
    const fn = new BundledFunction(NodejsCode.fromEntry(project().path('pay.ts')));
    expect(fn.run()).toBe('in the bundle');
  });

  test('can be the SDK of the runtime', () => {
    const fn = new BundledFunction(NodejsCode.fromEntry(project().path('pay.ts'), { awsSdk: AwsSdk.RUNTIME }));
    expect(fn.text()).not.toContain('in the bundle');
    expect(fn.text()).toContain('require("@aws-sdk/client-x")');
  });
});

describe('format', () => {
  test('ESM supports top-level await, CommonJS packages and import.meta', () => {
    const project = new TestProject({
      'pay.ts': 'import { platform } from "old"; const __dirname = "own"; const late = await Promise.resolve(41);\n'
        + 'export const handler = async () => [late, platform, __dirname, import.meta.url.startsWith("file:")];',
    });
    project.writePackage('old', 'exports.platform = typeof require("os").platform() + typeof __dirname + typeof __filename');
    const fn = new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { format: ModuleFormat.ESM }));
    expect(fn.files()).toEqual(['index.mjs']);
    expect(fn.run()).toEqual([41, 'stringstringstring', 'own', true]);
  });
});

describe('mainFields', () => {
  test('can put CommonJS first', () => {
    const project = new TestProject({ 'pay.ts': 'import { kind } from "both"; export const handler = async () => kind;' });
    project.writePackage('both', 'exports.kind = "main"', { module: 'index.mjs' });
    project.write({ 'node_modules/both/index.mjs': 'export const kind = "module";' });
    const run = (options: NodejsBundlingOptions): unknown => new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), options)).run();
    expect([run({}), run({ mainFields: ['main', 'module'] })]).toEqual(['module', 'main']);
  });
});

describe('sourceMaps', () => {
  const files = { 'pay.ts': '\n\n\nexport const handler = async () => {\n  return new Error("x").stack;\n};' };

  test('SHIPPED maps stack traces to the source', () => {
    const fn = bundle(files, { sourceMaps: SourceMaps.SHIPPED });
    expect(fn.files()).toEqual(['index.js', 'index.js.map']);
    expect(fn.run({}, '--enable-source-maps')).toMatch(/pay\.ts:5:/);
  });

  test('there are none by default', () => {
    expect(bundle(files).run({}, '--enable-source-maps')).not.toMatch(/pay\.ts/);
  });
});

describe('target', () => {
  test('newer syntax is transformed', () => {
    const files = { 'pay.ts': 'export const handler = async (e: any) => e?.n ?? "none";' };
    expect(bundle(files).text()).toContain('??');
    expect(bundle(files, { target: 'node12' }).text()).not.toContain('??');
  });
});

describe('maxSize', () => {
  const files = { 'pay.ts': `const text = "${'x'.repeat(2048)}"; export const handler = async () => text.length;` };

  test('adds a warning for a larger bundle, with an id to acknowledge it', () => {
    const fn = bundle(files, { maxSize: Size.kibibytes(2) });
    expect(fn.warnings()).toEqual([expect.stringContaining('the bundle is 3 KiB, larger than its \'maxSize\' of 2 KiB, and each cold start loads all of it')]);
    expect(fn.warnings()[0]).toContain('[ack: Annotation::cdk-production-lambda:NodejsCode.bundleSize]');
  });

  test('can be acknowledged', () => {
    const project = new TestProject(files);
    const stack = new Stack(new App(), 'Stack');
    Validations.of(stack).acknowledge({ id: 'annotation::cdk-production-lambda:NodejsCode.bundleSize', reason: 'a test' });
    const code = NodejsCode.fromEntry(project.path('pay.ts'), { maxSize: Size.kibibytes(2) });
    const fn = new lambda.Function(stack, 'Fn', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code });
    expect(fn.node.metadata.filter(({ type }) => type === 'aws:cdk:warning')).toEqual([]);
  });

  test('adds no warning for a smaller bundle', () => {
    expect(bundle(files, { maxSize: Size.kibibytes(4) }).warnings()).toEqual([]);
    expect(bundle(files).warnings()).toEqual([]);
  });
});

describe('projectRoot', () => {
  test('is the folder to which paths in bundles are relative', () => {
    const project = new TestProject({ 'app/pay.ts': HANDLER });
    const text = (options: NodejsBundlingOptions): string => new BundledFunction(NodejsCode.fromEntry(project.path('app/pay.ts'), { minify: Minify.NONE, ...options })).text();
    expect(text({})).toContain('// app/pay.ts');
    expect(text({ projectRoot: project.path('app') })).toContain('// pay.ts');
  });

  test('fails when it does not exist', () => {
    const project = new TestProject({ 'pay.ts': HANDLER });
    expect(() => new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { projectRoot: '/nowhere' })))
      .toThrow("'projectRoot' must be an existing folder, got '/nowhere'; set the folder that contains the lock file (at Stack/Fn)");
  });

  test('fails when it is a file', () => {
    const project = new TestProject({ 'pay.ts': HANDLER });
    const projectRoot = project.path('package-lock.json');
    expect(() => new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { projectRoot })))
      .toThrow(`'projectRoot' must be an existing folder, got '${projectRoot}'; set the folder that contains the lock file (at Stack/Fn)`);
  });

  test('fails when there is no lock file', () => {
    const project = new TestProject({ 'pay.ts': HANDLER });
    fs.rmSync(project.path('package-lock.json'));
    expect(() => new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'))))
      .toThrow(`the project must have a lock file, got none in '${project.root}' and its parent folders; commit one, or set 'projectRoot' (at Stack/Fn)`);
  });
});

describe('cacheDirectory', () => {
  test('is in node_modules by default', () => {
    const project = new TestProject({ 'pay.ts': HANDLER });
    new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts')));
    expect(fs.readdirSync(project.path('node_modules/.cache/cdk-production-lambda/handlers'))).toHaveLength(1);
    new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { cacheDirectory: project.path('kept') }));
    expect(fs.readdirSync(project.path('kept/handlers'))).toHaveLength(1);
  });

  test('bundles are not cached without node_modules, or if the folder cannot be written', () => {
    const project = new TestProject({ 'pay.ts': HANDLER, 'file': 'not a folder' });
    fs.rmSync(project.path('node_modules'), { recursive: true });
    expect(new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'))).run({ n: 1 })).toBe(2);
    expect(fs.readdirSync(project.root).sort()).toEqual(['file', 'package-lock.json', 'pay.ts']);
    expect(new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { cacheDirectory: project.path('file') })).run({ n: 1 })).toBe(2);
  });

  test('if the folder cannot be written, all handlers share a temporary folder', () => {
    const project = new TestProject({ 'pay.ts': HANDLER, 'file': 'not a folder' });
    const synth = () => new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { cacheDirectory: project.path('file') }));
    synth();
    const listeners = process.listenerCount('exit');
    synth();
    expect(process.listenerCount('exit')).toBe(listeners); // Node.js prints a warning for more than ten
  });
});

describe('warnings', () => {
  test('aws-sdk v2', () => {
    const project = new TestProject({ 'pay.ts': 'import { v } from "aws-sdk"; export const handler = async () => v;' });
    project.writePackage('aws-sdk', 'exports.v = 2');
    const fn = new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts')));
    expect(fn.warnings()).toEqual(['the bundle contains aws-sdk v2, which AWS no longer maintains and which is loaded completely (1 KiB); use the @aws-sdk/client-* packages '
      + '[ack: Annotation::cdk-production-lambda:NodejsCode.awsSdkV2]']);
  });

  test.each([[11_000, 1], [9_000, 0]])('a package that is duplicated, with %i bytes', (bytes, warnings) => {
    const project = new TestProject({ 'pay.ts': 'import { big } from "big"; import { other } from "user"; export const handler = async () => [big.length, other.length];' });
    const big = `exports.big = "${'x'.repeat(bytes)}"`;
    project.writePackage('big', big);
    project.writePackage('user', 'exports.other = require("big").big');
    project.writePackage('user/node_modules/big', big, { name: 'big', version: '2.0.0' });
    const fn = new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts')));
    expect(fn.run()).toEqual([bytes, bytes]);
    expect(fn.warnings()).toHaveLength(warnings);
    if (warnings) expect(fn.warnings()[0]).toContain('the bundle contains packages more than once, 11 KiB in all: big (1.0.0, 2.0.0); run npm dedupe or use the same version');
  });
});

describe('fails when', () => {
  test('the entry does not exist', () => {
    expect(() => NodejsCode.fromEntry('handlers/nowhere.ts')).toThrow("'entry' must be an existing file, got 'handlers/nowhere.ts'; set a path that is absolute or relative to the working directory of the app (at NodejsCode.fromEntry)");
    expect(() => NodejsCode.fromEntry(path.dirname(__filename))).toThrow("'entry' must be an existing file");
  });

  test('the code does not compile, with the message of esbuild', () => {
    expect(() => bundle({ 'pay.ts': 'import { x } from "./nowhere"; export const handler = x;' })).toThrow(/^the handlers must compile, got errors of esbuild:\n[^]*Could not resolve "\.\/nowhere"[^]*pay\.ts:1:18[^]*\(at Stack\/Fn\)$/);
  });

  test('a package is neither installed nor excluded', () => {
    expect(() => bundle({ 'pay.ts': 'import "missing"; export const handler = async () => 1;' }))
      .toThrow(/Could not resolve "missing"[^]*add a native package, or one that is deliberately not installed, to 'nodeModules', 'layerModules' or 'optionalModules'/);
  });

  test('an imported file does not exist', () => {
    const message = (): string => {
      try {
        bundle({ 'pay.ts': 'import "./missing"; export const handler = async () => 1;' });
      } catch (error) {
        return String(error);
      }
      return 'it was bundled';
    };
    expect(message()).toMatch(/Could not resolve "\.\/missing"[^]*pay\.ts:1:7/);
    expect(message()).toContain('fix the errors above (at Stack/Fn)');
  });

  test('CommonJS contains a top-level await', () => {
    expect(() => bundle({ 'pay.ts': 'export const late = await Promise.resolve(1);' })).toThrow(/Top-level await is currently not supported with the "cjs" output format[^]*ModuleFormat.ESM/);
  });

  test.each([
    ['handler', 'index.main', "'handler' must be 'index.handler', got 'index.main'; use a name that the bundle exports (at Stack/Fn/Resource)"],
    ['file', 'pay.handler', "'handler' must be 'index.handler', got 'pay.handler'; use a name that the bundle exports (at Stack/Fn/Resource)"],
  ])('the %s of the handler is not in the bundle', (_, handler, message) => {
    for (const format of [ModuleFormat.COMMON_JS, ModuleFormat.ESM]) {
      expect(() => bundle({ 'pay.ts': HANDLER }, { format }, { handler })).toThrow(message);
    }
  });

  test.each([['index.handler'], ['index.default.handler'], ['node_modules/tracer/dist/wrap.handler']])('but not with the handler %s', handler => {
    expect(() => bundle({ 'pay.ts': `${HANDLER} export default handler;` }, {}, { handler })).not.toThrow();
  });

  test('the handler is CommonJS, whose exports are not known, and has another file', () => {
    const commonJs = { 'pay.ts': 'declare const module: any; module.exports.main = async () => 1;' };
    expect(() => bundle(commonJs, {}, { handler: 'index.main' })).not.toThrow();
    expect(() => bundle(commonJs, {}, { handler: 'pay.main' })).toThrow("'handler' must be 'index.<export>', got 'pay.main'; use a name that the bundle exports");
  });

  test('the package is larger than the quota of Lambda', () => {
    const limit = jest.replaceProperty(LAMBDA as { unzippedPackageMaxBytes: number }, 'unzippedPackageMaxBytes', 100);
    expect(() => bundle({ 'pay.ts': `${HANDLER}${' '.repeat(10)}console.log("${'x'.repeat(2048)}");` }))
      .toThrow('the package must be at most 1 KiB unzipped, got 3 KiB; use fewer \'nodeModules\', or a container image (at Stack/Fn)');
    limit.restore();
  });

  test('the runtime is not Node.js', () => {
    expect(() => bundle({ 'pay.ts': HANDLER }, {}, { runtime: lambda.Runtime.PYTHON_3_14 }))
      .toThrow("'runtime' must be a Node.js runtime, because the code is JavaScript, got 'python3.14'; use Runtime.NODEJS_24_X (at Stack/Fn/Resource)");
  });

  test('it is bound to a resource of another construct', () => {
    const project = new TestProject({ 'pay.ts': HANDLER });
    const fn = new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts')));
    expect(() => NodejsCode.fromEntry(project.path('pay.ts')).bindToResource(fn.function.node.defaultChild as lambda.CfnFunction)).toThrow('bindToResource() must be called after bind() (at Stack/Fn/Resource)');
  });
});
