import { execFileSync } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { NodejsBundle, NodejsCode, type NodejsBundlingOptions } from '../../src/bundling';
import { BundledFunction, settled, TestProject } from '../support/bundled-project';

afterAll(() => TestProject.removeAll());

function bundle(files: Record<string, string>, options: NodejsBundlingOptions): BundledFunction {
  return new BundledFunction(NodejsCode.fromEntry(new TestProject(files).path('pay.ts'), options));
}

describe('nodeModules', () => {
  /** An app whose lock file contains one package as a tarball, so that npm calls no registry. */
  function appWith(name: string, files: Record<string, string | Buffer>): TestProject {
    const project = new TestProject({ 'pay.ts': `import { kind } from "${name}"; export const handler = async () => kind;` });
    project.write({ 'pack/package/package.json': JSON.stringify({ name, version: '1.2.3', main: 'index.js' }), 'pack/package/index.js': 'exports.kind = "installed";' });
    for (const [file, content] of Object.entries(files)) project.write({ [`pack/package/${file}`]: content });
    execFileSync('tar', ['-czf', project.path(`${name}.tgz`), '-C', project.path('pack'), 'package']);
    const integrity = `sha512-${crypto.hash('sha512', fs.readFileSync(project.path(`${name}.tgz`)), 'base64')}`;
    const locked = { version: '1.2.3', resolved: `file:${name}.tgz`, integrity };
    project.write({ 'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages: { '': {}, [`node_modules/${name}`]: locked } }) });
    return project;
  }
  const elf = (machine: number): Buffer => Buffer.concat([Buffer.from('7f454c46020101000000000000000000', 'hex'), Buffer.from([3, 0, machine, 0])]);

  test('are installed beside the bundle with the locked versions', () => {
    const project = appWith('native', { 'build/binding.node': elf(0xb7) });
    const code = NodejsCode.fromEntry(project.path('pay.ts'), { nodeModules: ['native'] });
    const fn = new BundledFunction(code);
    expect(fn.files()).toEqual(expect.arrayContaining(['index.js', 'node_modules/native/index.js', 'node_modules/native/build/binding.node']));
    expect(fn.files()).not.toContain('package.json');
    expect(fn.run()).toBe('installed');
    expect(() => new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { nodeModules: ['native'] }), { architecture: lambda.Architecture.X86_64 }))
      .toThrow("'architecture' of the function must be the one of 'nodeModules' (arm64), got x86_64; set the same 'architecture' in both (at Stack/Fn/Resource)");
  });

  test('are installed once, and beside the handlers of a bundle that import them', async () => {
    const project = appWith('native', {});
    project.write({ 'handlers/with.ts': 'import { kind } from "native"; export const handler = async () => kind;', 'handlers/without.ts': 'export const handler = async () => 1;' });
    await settled();
    const keys = ['one', 'two'].map(run => {
      if (run === 'two') project.write({ 'handlers/without.ts': 'export const handler = async () => 2;' });
      const handlers = NodejsBundle.fromDirectory(project.path('handlers'), { nodeModules: ['native'] });
      const [having, lacking] = ['with', 'without'].map(name => new BundledFunction(handlers.code(name)));
      expect(having.run()).toBe('installed');
      expect(lacking.files()).toEqual(['index.js']);
      return having.assetKey;
    });
    expect(keys[0]).toBe(keys[1]);
    expect(fs.readdirSync(project.path('node_modules/.cache/cdk-production-lambda/modules'))).toHaveLength(1);
  });

  test('are the packages of the handler\'s workspace if it has its own', () => {
    const project = appWith('native', {});
    const { packages } = JSON.parse(fs.readFileSync(project.path('package-lock.json'), 'utf8'));
    const absent = { version: '9.9.9', resolved: 'file:absent.tgz', integrity: 'sha512-AA==' };
    project.write({
      'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages: { ...packages, 'node_modules/native': absent, 'services/pay/node_modules/native': packages['node_modules/native'] } }),
      'services/pay/src/pay.ts': fs.readFileSync(project.path('pay.ts')),
    });
    expect(new BundledFunction(NodejsCode.fromEntry(project.path('services/pay/src/pay.ts'), { nodeModules: ['native'] })).run()).toBe('installed');
    expect(() => new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { nodeModules: ['native'] }))).toThrow("'nodeModules' must be installable, got 'native'");
  });

  test('fails when one is a folder of the project', () => {
    const project = appWith('native', {});
    project.write({ 'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages: { 'node_modules/native': { resolved: 'packages/native', link: true } } }) });
    expect(() => new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { nodeModules: ['native'] })))
      .toThrow("'nodeModules' must be packages of a registry, got 'native', which is a folder of this project; leave it out to bundle it (at Stack/Fn)");
  });

  test('fails when a binary is for another architecture', () => {
    const project = appWith('native', { 'build/binding.node': elf(0x3e) });
    expect(() => new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { nodeModules: ['native'] })))
      .toThrow("'nodeModules' must have binaries for Linux on arm64, got 'native' without one; "
        + "build on such a machine, or add the package to a layer and to 'layerModules' (at Stack/Fn)");
    const fits = NodejsCode.fromEntry(project.path('pay.ts'), { nodeModules: ['native'], architecture: lambda.Architecture.X86_64 });
    expect(new BundledFunction(fits, { architecture: lambda.Architecture.X86_64 }).run()).toBe('installed');
  });

  test.each<[string, Record<string, string | Buffer>, boolean]>([
    ['has none', {}, true],
    ['contains a prebuilt one', { 'prebuilds/linux-arm64/native.node': elf(0xb7) }, false],
  ])('without install scripts, a package that requires a binary and %s', (_, files, rejected) => {
    const project = appWith('native', { 'binding.gyp': '{}', ...files });
    project.write({ '.npmrc': 'ignore-scripts=true\n' });
    const bundled = () => new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { nodeModules: ['native'] })).run();
    if (rejected) {
      expect(bundled).toThrow("'nodeModules' must have the binaries that their install scripts build or download, got 'native' without; "
        + "allow the scripts in the .npmrc of the project, or add the packages to a layer and to 'layerModules' (at Stack/Fn)");
    } else {
      expect(bundled()).toBe('installed');
    }
  });

  test('fails when npm cannot install them', () => {
    const project = appWith('native', {});
    fs.appendFileSync(project.path('native.tgz'), 'damaged');
    expect(() => new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { nodeModules: ['native'] }))).toThrow(/'nodeModules' must be installable, got 'native'; fix the error of npm ci:\n[^]*npm error/);
  });

  test('fails when one is not in the lock file', () => {
    const project = appWith('native', {});
    expect(() => new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { nodeModules: ['native', 'sharp'] })))
      .toThrow("'nodeModules' must be in package-lock.json, got 'sharp', which is not; install it with npm install sharp (at Stack/Fn)");
  });

  test.each([['yarn.lock', 'yarn.lock'], [undefined, 'no lock file']])('fails when the lock file is %s', (lock, got) => {
    const project = new TestProject({ 'pay.ts': 'import "native"; export const handler = async () => 1;' });
    fs.rmSync(project.path('package-lock.json'));
    if (lock) project.write({ [lock]: '' });
    expect(() => new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { nodeModules: ['native'], projectRoot: project.root })))
      .toThrow(`'nodeModules' must be locked by a package-lock.json in '${project.root}', got ${got}; `
        + "use npm, or add the packages to a layer and to 'layerModules' (at Stack/Fn)");
  });
});

describe('layerModules', () => {
  const files = { 'pay.ts': 'import "from-layer"; export const handler = async () => 1;' };

  test('are excluded from the bundle', () => {
    const fn = bundle(files, { layerModules: ['from-layer'] });
    fn.function.addLayers(lambda.LayerVersion.fromLayerVersionArn(fn.stack, 'Layer', 'arn:aws:lambda:eu-central-1:123456789012:layer:l:1'));
    expect(fn.text()).toContain('require("from-layer")');
    expect(() => Template.fromStack(fn.stack)).not.toThrow();
  });

  test('fails when the function has no layer', () => {
    const fn = bundle(files, { layerModules: ['from-layer'] });
    expect(() => Template.fromStack(fn.stack)).toThrow("the function must have a layer with the 'layerModules' 'from-layer', got none; "
      + "add the layer, or use 'nodeModules' (at Stack/Fn/Resource)");
  });
});

describe('optionalModules', () => {
  test('are excluded from the bundle, and the code handles their absence', () => {
    const fn = bundle({
      'pay.ts': 'import { load } from "./load"; export const handler = async () => { try { return load(); } catch { return "without"; } };',
      'load.ts': 'export const load = () => require("optional");',
    }, { optionalModules: ['optional'] });
    expect(fn.run()).toBe('without');
  });
});
