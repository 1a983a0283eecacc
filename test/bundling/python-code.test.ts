import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AwsSdk, PythonCode, type PythonBundlingOptions } from '../../src/bundling';
import { validatePythonPackage } from '../../src/bundling/python-code-validation';
import type { PythonPackage } from '../../src/bundling/python-package';
import type { PythonPlatform } from '../../src/bundling/python-platform';
import { ProductionFunction } from '../../src/function';
import { TestProject } from '../support/bundled-project';
import { elf } from '../support/elf';
import { PythonFunction, PythonProject } from '../support/python-project';
import { warningsOf } from '../support/warnings';

let project: PythonProject | undefined;

afterEach(() => project?.restore());
afterAll(() => TestProject.removeAll());

const HANDLER = 'def handler(event, context):\n    return event\n';
const CACHE = { cacheDirectory: 'cache' };

/** A project with the handler in `pay/app.py`. */
function given(files: Record<string, string | Buffer> = {}): PythonProject {
  project?.restore();
  return project = new PythonProject({ 'pay/app.py': HANDLER, ...files });
}

function bundle(
  files: Record<string, string | Buffer> = {}, options: PythonBundlingOptions = {}, props: Partial<lambda.FunctionProps> = {},
): PythonFunction {
  given(files);
  return new PythonFunction(PythonCode.fromDirectory('pay', { ...CACHE, ...options }), props);
}

const PINNED = { 'pay/requirements.txt': 'alpha==1.0\n' };

describe('defaults', () => {
  test('the package has the modules of the folder and the installed packages, and nothing that differs on each machine', () => {
    const fn = bundle({ ...PINNED, 'pay/lib/money.py': '', 'pay/__pycache__/app.pyc': 'x', 'pay/tests/test_app.py': '', 'pay/test_app.py': '', 'pay/.env': 'SECRET' });
    expect(fn.files()).toEqual(['alpha-1.0.dist-info/METADATA', 'alpha-1.0.dist-info/RECORD', 'alpha/__init__.py', 'app.py', 'lib/money.py']);
    expect(fn.text('alpha-1.0.dist-info/RECORD')).toBe('alpha-1.0.dist-info/RECORD,,\nalpha/__init__.py,sha256=a,1\n');
    expect(warningsOf(fn.function)).toEqual([]);
  });

  test('the hash depends on the content, not on the machine', () => {
    const files = { ...PINNED, 'pay/lib/money.py': '' };
    expect(bundle(files).assetKey).toBe(bundle(files).assetKey);
    expect(bundle({ ...files, 'pay/lib/money.py': 'x = 1' }).assetKey).not.toBe(bundle(files).assetKey);
    expect(bundle({ ...files, 'pay/requirements.txt': 'alpha==1.1' }).assetKey).not.toBe(bundle(files).assetKey);
  });

  test('every user can read every file', () => {
    const fn = bundle(PINNED);
    expect(fn.files().map(file => fs.statSync(path.join(fn.folder, file)).mode % 0o1000)).toEqual(fn.files().map(() => 0o644));
  });

  test('a handler without requirements needs no installer', () => {
    given();
    process.env.PATH = project!.path('empty');
    expect(new PythonFunction(PythonCode.fromDirectory('pay', CACHE)).files()).toEqual(['app.py']);
  });

  test('the packages are for the runtime and the architecture of the function, from wheels only', () => {
    bundle(PINNED);
    expect(project!.calls()[0].join(' ')).toMatch(/--python-platform aarch64-manylinux_2_34 --python-version 3\.14 .*--only-binary :all:/);
    bundle(PINNED, {}, { runtime: lambda.Runtime.PYTHON_3_11, architecture: lambda.Architecture.X86_64 });
    expect(project!.calls()[0].join(' ')).toContain('--python-platform x86_64-manylinux_2_17 --python-version 3.11');
  });

  test('a plain function without an architecture gets packages for x86_64', () => {
    bundle(PINNED, {}, { architecture: undefined });
    expect(project!.calls()[0].join(' ')).toContain('x86_64-manylinux');
  });

  test('the code of a ProductionFunction is arm64, and a change of it publishes a version', () => {
    const idOf = (source: string) => {
      given({ 'pay/app.py': source });
      const stack = new Stack(new App(), 'Stack');
      new ProductionFunction(stack, 'Pay', { runtime: lambda.Runtime.PYTHON_3_14, handler: 'app.handler', code: PythonCode.fromDirectory('pay', CACHE) });
      return Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::Version'))[0];
    };
    expect(idOf(HANDLER)).toBe(idOf(HANDLER));
    expect(idOf(`${HANDLER}\nx = 1`)).not.toBe(idOf(HANDLER));
  });

  test('one code serves functions of several architectures, and a layer', () => {
    given(PINNED);
    const code = PythonCode.fromDirectory('pay', CACHE);
    const stack = new Stack(new App(), 'Stack');
    const props = { runtime: lambda.Runtime.PYTHON_3_14, handler: 'app.handler', code };
    new lambda.Function(stack, 'Arm', { ...props, architecture: lambda.Architecture.ARM_64 });
    new lambda.Function(stack, 'X86', { ...props, architecture: lambda.Architecture.X86_64 });
    new lambda.LayerVersion(stack, 'Layer', { code });
    const template = Template.fromStack(stack);
    const [layer] = Object.values(template.findResources('AWS::Lambda::LayerVersion'));
    const folder = path.join((stack.node.root as App).outdir, `asset.${layer.Properties.Content.S3Key.replace('.zip', '')}`);
    expect(fs.readdirSync(path.join(folder, 'python')).sort()).toEqual(['alpha', 'alpha-1.0.dist-info', 'app.py']);
    expect(project!.calls()).toHaveLength(2);
  });

  test('a stack that the CLI did not select is not built', () => {
    given({ 'pay/requirements.txt': 'nowheel==1.0' });
    const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Stack');
    new lambda.Function(stack, 'Fn', { runtime: lambda.Runtime.PYTHON_3_14, handler: 'app.handler', code: PythonCode.fromDirectory('pay', CACHE) });
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 1);
  });

  test('SAM and hotswap deployments find the package by its metadata', () => {
    const fn = bundle();
    const metadata = (fn.function.node.defaultChild as lambda.CfnFunction).getMetadata('aws:asset:path');
    expect(metadata).toBe(path.basename(fn.folder));
  });
});

describe('requirements', () => {
  test.each([
    ['uv.lock', { 'pay/uv.lock': 'version = 1', 'pay/requirements.txt': 'alpha==1.0' }, 'locked'],
    ['requirements.txt', { 'pay/requirements.txt': 'alpha==1.0', 'pay/pyproject.toml': '[project]\ndependencies = ["beta==1"]' }, 'alpha'],
    ['pyproject.toml', { 'pay/pyproject.toml': '[project]\ndependencies = ["beta==1"]' }, 'beta'],
    ['the nearest parent folder', { 'requirements.txt': 'alpha==1.0' }, 'alpha'],
    ['the uv.lock of the workspace', { 'uv.lock': '', 'pyproject.toml': '[tool.uv.workspace]\nmembers = ["pay"]', 'pay/pyproject.toml': '[project]\ndependencies = ["beta"]' }, 'locked'],
  ])('%s', (_, files, name) => {
    expect(bundle(files).files()).toContain(`${name}/__init__.py`);
  });

  test('a lock file is exported without development dependencies, and installed without its resolution', () => {
    bundle({ 'pay/uv.lock': 'version = 1' });
    const [exported, installed] = project!.calls();
    expect(exported.slice(0, 5)).toEqual(['export', '--frozen', '--no-default-groups', '--no-emit-project', '--no-editable']);
    expect(installed).toContain('--no-deps');
  });

  test('a file with hashes is verified', () => {
    bundle({ 'pay/requirements.txt': 'alpha==1.0 \\\n    --hash=sha256:aa\n' });
    expect(project!.calls()[0]).toContain('--require-hashes');
  });

  test('the file can be stated', () => {
    expect(bundle({ 'locks/prod.txt': 'alpha==1.0' }, { requirements: 'locks/prod.txt' }).files()).toContain('alpha/__init__.py');
  });

  test('the requirements of the CDK app are not installed', () => {
    expect(bundle({ 'requirements.txt': 'aws-cdk-lib==2.273.0\nconstructs' }).files()).toEqual(['app.py']);
    expect(bundle({ 'pyproject.toml': '[project]\ndependencies = ["aws-cdk-lib>=2"]', 'uv.lock': '' }).files()).toEqual(['app.py']);
  });

  test('packages in folders of the project are built, and all others are wheels', () => {
    bundle({ 'pay/requirements.txt': 'alpha==1.0\n../shared\n', 'shared/pyproject.toml': '' });
    expect(project!.calls()[0].join(' ')).toContain('--only-binary alpha -r');
  });
});

describe('awsSdk', () => {
  const files = { 'pay/requirements.txt': 'boto3==1.0\nbotocore==1.0\nalpha==1.0\n' };

  test('is in the package by default', () => {
    expect(bundle(files).files()).toContain('boto3/__init__.py');
  });

  test('is left to the runtime', () => {
    expect(bundle(files, { awsSdk: AwsSdk.RUNTIME }).files().filter(file => file.endsWith('.py'))).toEqual(['alpha/__init__.py', 'app.py']);
  });
});

describe('files', () => {
  test('are added at their paths', () => {
    const fn = bundle({ 'shared/money.py': '', 'mail.html': 'Hello' }, { files: { 'shared': 'shared', 'templates/mail.html': 'mail.html' } });
    expect(fn.files()).toEqual(['app.py', 'shared/money.py', 'templates/mail.html']);
  });

  test.each(['', '/etc', '../other', 'a//b', 'a/'])('fails for the path %p', target => {
    expect(() => bundle({ 'mail.html': '' }, { files: { [target]: 'mail.html' } }))
      .toThrow(`'files' must have paths in the package, got '${target}'; write it as shared or templates/mail.html (at PythonCode.fromDirectory)`);
  });

  test('fails for a file that does not exist', () => {
    expect(() => bundle({}, { files: { shared: 'none' } })).toThrow("'files' must name existing files or folders, got 'none'");
  });
});

describe('wrapper', () => {
  const files = { 'pay/instrument.py': 'def wrapped(handler):\n    return handler\n' };

  test('the handler of the function is the wrapped one', () => {
    const fn = bundle(files, { wrapper: 'instrument.wrapped' });
    Template.fromStack(fn.stack).hasResourceProperties('AWS::Lambda::Function', { Handler: '_wrapped.app.handler' });
    expect(fn.text('_wrapped/__init__.py')).toContain('from instrument import wrapped as _wrap');
  });

  describe('of the handlers package', () => {
    const observing = { 'pay/cdk_production_lambda_runtime/__init__.py': 'def instrumented(handler):\n    return handler\n' };
    const wrapper = 'cdk_production_lambda_runtime.instrumented';
    const alarms = (stack: Stack) => JSON.stringify(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));

    test('the alarms of a ProductionFunction count Faults', () => {
      given({ ...observing, ...files });
      const [observed, plain] = [wrapper, 'instrument.wrapped'].map(each => {
        const stack = new Stack(new App());
        const code = PythonCode.fromDirectory('pay', { ...CACHE, wrapper: each });
        new ProductionFunction(stack, 'Pay', { handler: 'app.handler', code, runtime: lambda.Runtime.PYTHON_3_14 });
        return stack;
      });
      expect(alarms(observed)).toContain('"Faults"');
      expect(alarms(plain)).not.toContain('"Faults"');
    });

    test('a plain function needs the namespace', () => {
      expect(() => Template.fromStack(bundle(observing, { wrapper }).stack)).toThrow("'faults' must be published in a known namespace, got no variable POWERTOOLS_METRICS_NAMESPACE");
    });
  });

  test('fails if it is not in the package', () => {
    expect(() => bundle(files, { wrapper: 'instrument.other' })).toThrow("'wrapper' must be a function of 'instrument.py', got 'instrument.other'; add its package");
    expect(() => bundle(files, { wrapper: 'wrapped' })).toThrow("'wrapper' must be a module and a function, got 'wrapped'");
  });
});

describe('cache', () => {
  test('the same requirements are installed once', () => {
    given({ ...PINNED, 'refund/app.py': HANDLER, 'refund/requirements.txt': 'alpha==1.0\n' });
    for (const folder of ['pay', 'pay', 'refund']) new PythonFunction(PythonCode.fromDirectory(folder, CACHE));
    expect(project!.calls()).toHaveLength(1);
    project!.write({ 'pay/requirements.txt': 'alpha==1.1\n' });
    expect(new PythonFunction(PythonCode.fromDirectory('pay', CACHE)).text('alpha/__init__.py')).toBe('VERSION = "1.1"\n');
    expect(project!.calls()).toHaveLength(2);
  });

  test('other runtimes have their own packages', () => {
    given(PINNED);
    const code = PythonCode.fromDirectory('pay', CACHE);
    for (const runtime of [lambda.Runtime.PYTHON_3_13, lambda.Runtime.PYTHON_3_14]) new PythonFunction(code, { runtime });
    expect(project!.calls()).toHaveLength(2);
  });

  test('a change of a package in a folder, and of an included file, installs again', () => {
    given({ 'pay/requirements.txt': '-r more.txt\n../shared\n', 'pay/more.txt': 'alpha==1.0', 'shared/pyproject.toml': '', 'shared/a.py': '' });
    const synthesize = () => new PythonFunction(PythonCode.fromDirectory('pay', CACHE));
    synthesize();
    synthesize();
    expect(project!.calls()).toHaveLength(1);
    project!.write({ 'shared/a.py': 'x = 1' });
    synthesize();
    expect(project!.calls()).toHaveLength(2);
    project!.write({ 'pay/more.txt': 'alpha==1.1' });
    synthesize();
    expect(project!.calls()).toHaveLength(3);
  });

  test('a modified package is not deployed', () => {
    given(PINNED);
    const code = PythonCode.fromDirectory('pay', CACHE);
    new PythonFunction(code);
    const [key] = fs.readdirSync(project!.path('cache/modules'));
    project!.write({ [`cache/modules/${key}/packages/alpha/__init__.py`]: 'import evil' });
    expect(() => new PythonFunction(code)).toThrow("the cached packages must not change, got another 'alpha/__init__.py'; they are removed now: synthesize again (at Stack/Fn)");
    expect(new PythonFunction(code).text('alpha/__init__.py')).toBe('VERSION = "1.0"\n');
  });
});

describe('warnings', () => {
  test('of requirements without versions', () => {
    const [warning, ...others] = warningsOf(bundle({ 'pay/requirements.txt': 'alpha\nbeta==1.0\n' }).function);
    expect(warning).toBe("/Stack/Fn: 'pay/requirements.txt' does not name the versions of alpha, so that the package differs by machine and by day; "
      + 'commit a uv.lock, or compile the file with: uv pip compile --universal --generate-hashes [ack: Annotation::cdk-production-lambda:PythonCode.unpinnedRequirements]');
    expect(others).toEqual([]);
  });

  test('not of a lock file', () => {
    expect(warningsOf(bundle({ 'pay/uv.lock': '' }).function)).toEqual([]);
  });
});

describe('failures', () => {
  test('fails without an installer', () => {
    given(PINNED);
    process.env.PATH = project!.path('empty');
    expect(() => new PythonFunction(PythonCode.fromDirectory('pay', CACHE))).toThrow(
      "uv must be installed to install the packages of 'pay/requirements.txt', got neither uv nor Python with pip on the PATH; install it with: pip install uv (at Stack/Fn)");
  });

  test('fails for a package without a wheel', () => {
    expect(() => bundle({ 'pay/requirements.txt': 'nowheel==1.0' })).toThrow(
      "'pay/requirements.txt' must name packages with a wheel for Python 3.14 on Linux arm64, got 'nowheel==1.0' without one; use a version or a package that has one");
  });

  test('fails for a package that does not exist', () => {
    expect(() => bundle({ 'pay/requirements.txt': 'unknown==1.0' })).toThrow(
      "the packages of 'pay/requirements.txt' must be installable for Python 3.14 on Linux arm64, got an error of uv; fix it:\nerror: Because unknown was not found");
  });

  test('fails for a lock file that is not current', () => {
    expect(() => bundle({ 'pay/uv.lock': 'broken' })).toThrow("'pay/uv.lock' must be readable, got an error of its tool; run uv lock:\nerror: the lockfile needs");
  });

  test('fails for a poetry.lock without poetry', () => {
    expect(() => bundle({ 'pay/poetry.lock': '' })).toThrow("poetry must be installed to read 'pay/poetry.lock', got none on the PATH");
  });

  test.each([
    ['a native module for another processor', 'vendor/_core.so', 'x86_64', "got 'vendor/_core.so' for x86_64"],
    ['a native module for another Python', 'vendor/_core.cpython-311-aarch64-linux-gnu.so', 'arm64', "got 'vendor/_core.cpython-311-aarch64-linux-gnu.so' for Python 3.11"],
  ] as const)('fails for %s', (_, file, machine, got) => {
    expect(() => bundle({ [`pay/${file}`]: elf(machine) })).toThrow(`native modules must be built for Python 3.14 on Linux arm64, ${got}; name its package`);
  });

  test('accepts native modules of the platform', () => {
    expect(bundle({ 'pay/requirements.txt': 'native==1.0', 'pay/_x.abi3.so': elf('arm64') }).files()).toContain('_x.abi3.so');
  });

  test('fails for a package that is too large', () => {
    const content = { bytes: 251 * 1024 * 1024, names: [] as string[] } as PythonPackage;
    expect(() => validatePythonPackage('Stack/Fn', content, {} as PythonPlatform)).toThrow(
      "the package must be at most 250.0 MiB unzipped, got 251.0 MiB; require fewer packages, set 'awsSdk' to AwsSdk.RUNTIME, or use a container image (at Stack/Fn)");
  });

  test('fails for a function that the module does not define', () => {
    expect(() => bundle({}, {}, { handler: 'app.main' })).toThrow("'handler' must be a function of 'app.py', got 'app.main'; define 'main' in 'app.py', or use the name of its function (at Stack/Fn/Resource)");
  });

  test('fails for a module that is not in the package, unless a layer can contain it', () => {
    const fn = bundle({}, {}, { handler: 'other.handler' });
    expect(() => Template.fromStack(fn.stack)).toThrow("'handler' must be in a module of the package (other.py), got 'other.handler'; use a module that the package contains, such as 'app.py' (at Stack/Fn/Resource)");
    const layered = bundle({}, {}, { handler: 'datadog.handler' });
    layered.function.addLayers(lambda.LayerVersion.fromLayerVersionArn(layered.stack, 'Layer', 'arn:aws:lambda:eu-west-1:1:layer:datadog:1'));
    Template.fromStack(layered.stack).resourceCountIs('AWS::Lambda::Function', 1);
  });

  test('fails for another runtime', () => {
    expect(() => bundle({}, {}, { runtime: lambda.Runtime.NODEJS_24_X })).toThrow(
      "'runtime' must be a Python runtime, because the code is Python, got 'nodejs24.x'; use Runtime.PYTHON_3_14 (at Stack/Fn/Resource)");
  });

  test('fails for a folder that does not exist', () => {
    given();
    expect(() => PythonCode.fromDirectory('none')).toThrow("'directory' must be an existing folder, got 'none'");
  });

  test('fails for a file of requirements that does not exist', () => {
    expect(() => bundle({}, { requirements: 'none.txt' })).toThrow("'requirements' must be an existing uv.lock, requirements.txt, poetry.lock or pyproject.toml, got 'none.txt'");
  });
});
