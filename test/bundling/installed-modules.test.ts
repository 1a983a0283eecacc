import { execFileSync } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { NodejsBundle, NodejsCode, type NodejsBundlingOptions } from '../../src/bundling';
import { installationManifests } from '../../src/bundling/installation-manifests';
import { Project } from '../../src/bundling/project';
import { BundledFunction, settled, TestProject } from '../support/bundled-project';

afterAll(() => TestProject.removeAll());

/** The settings of the npm command that runs the tests change what is installed. */
const NPM_VARIABLE = /^npm_config_(?!cache$|registry$|userconfig$|globalconfig$)/i;
const environment = { ...process.env };
beforeEach(() => Object.keys(process.env).filter(name => NPM_VARIABLE.test(name)).forEach(name => delete process.env[name]));
afterEach(() => {
  Object.keys(process.env).forEach(name => delete process.env[name]);
  Object.assign(process.env, environment);
});

function bundle(files: Record<string, string>, options: NodejsBundlingOptions): BundledFunction {
  return new BundledFunction(NodejsCode.fromEntry(new TestProject(files).path('pay.ts'), options));
}

/** A file of the packages in the cache. */
function modulesFile(project: TestProject, place: string, name: string): string {
  const folder = project.path(`node_modules/.cache/cdk-production-lambda/${place}`);
  return `${folder}/${fs.readdirSync(folder)[0]}/node_modules/${name}`;
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

  test.each<[string, (project: TestProject) => void]>([
    ['the content of a file, with its size and time', project => {
      const file = modulesFile(project, 'handlers', 'native/index.js');
      const { atime, mtime } = fs.statSync(file);
      fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('installed', 'INSTALLED'));
      fs.utimesSync(file, atime, mtime);
    }],
    ['a file that is added', project => fs.writeFileSync(modulesFile(project, 'handlers', 'native/more.js'), '')],
    ['a file that is removed', project => fs.rmSync(modulesFile(project, 'handlers', 'native/index.js'))],
    ['both copies', project => ['handlers', 'modules'].forEach(place => fs.writeFileSync(modulesFile(project, place, 'native/index.js'), 'exports.kind = "changed";'))],
  ])('are installed again when the cache has another %s', async (_, change) => {
    const project = appWith('native', {});
    const bundled = () => new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { nodeModules: ['native'] }));
    await settled();
    const before = bundled();
    expect(before.run()).toBe('installed');
    change(project);
    const after = bundled();
    expect([after.run(), after.assetKey]).toEqual(['installed', before.assetKey]);
  });

  /** A package whose install script changes what it exports. */
  function withScript(): TestProject {
    const manifest = { name: 'native', version: '1.2.3', scripts: { install: 'echo \'exports.kind = "built"\' > index.js' } };
    const project = appWith('native', { 'package.json': JSON.stringify(manifest) });
    const lock = JSON.parse(fs.readFileSync(project.path('package-lock.json'), 'utf8'));
    lock.packages['node_modules/native'].hasInstallScript = true;
    project.write({ 'package-lock.json': JSON.stringify(lock) });
    return project;
  }

  test('are built again when the .npmrc changes', async () => {
    const project = withScript();
    project.write({ '.npmrc': 'ignore-scripts=true' });
    const bundled = () => new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { nodeModules: ['native'] }));
    await settled();
    const before = bundled();
    project.write({ '.npmrc': 'ignore-scripts=true\nfund=false' });
    expect([before.run(), bundled().run()]).toEqual(['installed', 'installed']);
    project.write({ '.npmrc': 'ignore-scripts=false\n' });
    const after = bundled();
    expect(after.run()).toBe('built');
    expect(after.assetKey).not.toBe(before.assetKey);
  });

  test.each<[string, string, Record<string, string>, string]>([
    ['without those of the app in another folder', 'ignore-scripts=true', { npm_config_ignore_scripts: 'true' }, 'built'],
    ['without the workspace of the command', '', { npm_config_workspace: 'infra', npm_config_workspaces: 'true' }, 'built'],
    ['with those of the environment', '', { npm_config_ignore_scripts: 'true' }, 'installed'],
    ['with those of the environment in upper case', 'ignore-scripts=true', { NPM_CONFIG_IGNORE_SCRIPTS: 'true' }, 'installed'],
  ])('are installed with the settings of their project, %s', (_, npmrc, variables, expected) => {
    const app = new TestProject({ '.npmrc': npmrc });
    const project = withScript();
    Object.assign(process.env, { npm_config_local_prefix: app.root, ...variables });
    expect(new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { nodeModules: ['native'] })).run()).toBe(expected);
  });

  test('are installed again when a variable changes what is installed', () => {
    const project = withScript();
    const bundled = () => new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { nodeModules: ['native'] }));
    expect(bundled().run()).toBe('built');
    process.env.NPM_CONFIG_IGNORE_SCRIPTS = 'true';
    expect(bundled().run()).toBe('installed');
  });

  describe('with the install rules of package.json', () => {
    /** An app with `native`, which asks for ms 2, and an override with ms 1. */
    function overriding(overrides: object, manifest: object = {}, native: object = {}): TestProject {
      const project = appWith('native', {
        'package.json': JSON.stringify({ name: 'native', version: '1.2.3', dependencies: { ms: '^2.0.0' }, ...native }), 'index.js': 'exports.kind = require("ms").kind;',
      });
      project.write({ 'ms/package/package.json': '{"name":"ms","version":"1.0.0"}', 'ms/package/index.js': 'exports.kind = "overridden";' });
      execFileSync('tar', ['-czf', project.path('ms.tgz'), '-C', project.path('ms'), 'package']);
      const lock = JSON.parse(fs.readFileSync(project.path('package-lock.json'), 'utf8'));
      lock.packages['node_modules/native'].dependencies = { ms: '^2.0.0' };
      lock.packages['node_modules/ms'] = {
        version: '1.0.0', resolved: 'file:ms.tgz', integrity: `sha512-${crypto.hash('sha512', fs.readFileSync(project.path('ms.tgz')), 'base64')}`,
      };
      project.write({ 'package-lock.json': JSON.stringify(lock), 'package.json': JSON.stringify({ dependencies: { native: 'file:native.tgz' }, overrides, ...manifest }) });
      return project;
    }

    test.each<[string, object, object]>([
      ['a package', { ms: 'file:ms.tgz' }, {}],
      ['a package of a package', { native: { ms: 'file:ms.tgz' } }, {}],
      ['a range of a package', { 'ms@^2.0.0': 'file:ms.tgz' }, {}],
      ['a dependency of the project by $', { ms: '$ms' }, { dependencies: { native: 'file:native.tgz', ms: 'file:./ms.tgz' } }],
      ['a named package too', { ms: 'file:ms.tgz', native: 'file:./native.tgz' }, {}],
      ['a named package and its dependency', { native: { '.': 'file:./native.tgz', 'ms': 'file:ms.tgz' } }, {}],
    ])('overrides of %s apply', (_, overrides, manifest) => {
      const project = overriding(overrides, manifest);
      expect(new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { nodeModules: ['native'] })).run()).toBe('overridden');
    });

    test('fails when an override is a folder, which npm would link', () => {
      const project = overriding({ ms: 'file:./ms/package' });
      const lock = JSON.parse(fs.readFileSync(project.path('package-lock.json'), 'utf8'));
      lock.packages['node_modules/ms'] = { resolved: 'ms/package', link: true };
      lock.packages['ms/package'] = { version: '1.0.0' };
      project.write({ 'package-lock.json': JSON.stringify(lock) });
      expect(() => new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { nodeModules: ['native'] }))).toThrow(
        "'nodeModules' must not require packages that 'overrides' of package.json replace by a folder, got 'file:./ms/package'; pack the folder with npm pack, and name the archive in the override");
    });

    test('the error of npm is shown without the description of its command', () => {
      const project = overriding({ ms: 'file:./ms.tgz' });
      const lock = JSON.parse(fs.readFileSync(project.path('package-lock.json'), 'utf8'));
      delete lock.packages['node_modules/ms'];
      project.write({ 'package-lock.json': JSON.stringify(lock) });
      const bundled = () => new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { nodeModules: ['native'] }));
      expect(bundled).toThrow(/fix the error of npm ci:\n[^]*Missing: ms@1.0.0 from lock file/);
      expect(bundled).not.toThrow(/Unknown env config|--install-strategy/);
    });

    test('a changed override is not answered from the cache', async () => {
      const project = overriding({ ms: 'file:ms.tgz' });
      await settled();
      const bundled = () => new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { nodeModules: ['native'] }));
      expect(bundled().run()).toBe('overridden');
      project.write({ 'package.json': '{}' });
      expect(bundled).toThrow(/'nodeModules' must be installable, got 'native'; fix the error of npm ci/);
    });
  });

  test('an alias of another package is installed by its own name', () => {
    const project = appWith('native', {});
    const lock = JSON.parse(fs.readFileSync(project.path('package-lock.json'), 'utf8'));
    lock.packages['node_modules/native'] = { name: 'other', version: '1.2.3', integrity: 'sha512-AA==' };
    project.write({ 'package-lock.json': JSON.stringify(lock) });
    const manifests = installationManifests('Stack', Project.of(project.root)!, ['native'], 'pay.ts');
    expect(JSON.parse(manifests['package.json']).dependencies).toEqual({ native: 'npm:other@1.2.3' });
  });

  test('fails when npm does not install one, because it does not support the platform', () => {
    const project = appWith('native', { 'package.json': JSON.stringify({ name: 'native', version: '1.2.3', os: ['aix'] }) });
    const lock = JSON.parse(fs.readFileSync(project.path('package-lock.json'), 'utf8'));
    Object.assign(lock.packages['node_modules/native'], { optional: true, os: ['aix'] });
    project.write({ 'package-lock.json': JSON.stringify(lock) });
    expect(() => new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { nodeModules: ['native'] }))).toThrow(/'nodeModules' must be (packages for Linux on arm64, got 'native', which npm did not install|installable, got 'native')/);
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

  test.each<[string, Record<string, string>, string]>([
    ['of another tool beside it', { 'pnpm-lock.yaml': '' }, "got pnpm-lock.yaml beside package-lock.json; remove pnpm-lock.yaml if the project uses npm, or add the packages to a layer and to 'layerModules'"],
    ['with merge conflicts', { 'package-lock.json': '<<<<<<< HEAD\n{}' }, "'package-lock.json' must be JSON, but could not be read: "],
    ['of npm 6', { 'package-lock.json': '{"lockfileVersion":1,"dependencies":{}}' }, "'lockfileVersion' of package-lock.json must be 2 or 3, got 1; run npm install with npm 7 or later"],
  ])('fails when the lock file is %s', (_, files, message) => {
    const project = appWith('native', {});
    project.write(files);
    expect(() => new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { nodeModules: ['native'] }))).toThrow(message);
  });

  test('an npm-shrinkwrap.json is read too', () => {
    const project = appWith('native', {});
    fs.renameSync(project.path('package-lock.json'), project.path('npm-shrinkwrap.json'));
    expect(new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { nodeModules: ['native'] })).run()).toBe('installed');
  });

  test.each([['native+1.2.3.patch', 1], ['other+native+1.0.0.patch', 0], ['parent++native+1.2.3.patch', 1]])('adds a warning for the patch %s', (patch, count) => {
    const project = appWith('native', {});
    project.write({ [`patches/${patch}`]: '' });
    const warnings = new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { nodeModules: ['native'] })).warnings();
    expect(warnings).toEqual(Array(count).fill(expect.stringContaining(`'nodeModules' are installed without the patches of the project: ${patch}; leave the packages out of 'nodeModules'`)));
  });

  test.each([['yarn.lock', 'yarn.lock'], ['bun.lockb', 'bun.lockb'], [undefined, 'no lock file']])('fails when the lock file is %s', (lock, got) => {
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
