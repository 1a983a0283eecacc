import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { PythonCode, type PythonBundlingOptions } from '../../src/bundling';
import { TestProject } from '../support/bundled-project';
import { PythonFunction } from '../support/python-project';

/** The folder with uv and the Python that has it (.ci/python). */
const TOOLS = process.env.PYTHON_TOOLS!;
const HANDLER = 'import idna\n\n\ndef handler(event, context):\n    return idna.encode(event["host"]).decode()\n';
const PINNED = 'idna==3.10\n';
const before = { path: process.env.PATH, cwd: process.cwd() };

afterEach(() => {
  process.env.PATH = before.path;
  process.chdir(before.cwd);
});
afterAll(() => TestProject.removeAll());

function given(files: Record<string, string>, tools = TOOLS): TestProject {
  const project = new TestProject({ 'pay/app.py': HANDLER, ...files });
  process.env.PATH = `${tools}${path.delimiter}${before.path}`;
  process.chdir(project.root);
  return project;
}

function bundle(files: Record<string, string>, options: PythonBundlingOptions = {}, props: Partial<lambda.FunctionProps> = {}): PythonFunction {
  given(files);
  return new PythonFunction(PythonCode.fromDirectory('pay', { cacheDirectory: 'cache', ...options }), props);
}

/** A folder with Python and pip, but without uv. */
function onlyPip(): string {
  const folder = fs.mkdtempSync(path.join(new TestProject().root, 'pip-'));
  const python = execFileSync(path.join(TOOLS, 'python'), ['-c', 'import sys; print(sys.base_prefix)'], { encoding: 'utf8' }).trim();
  fs.symlinkSync(path.join(python, 'bin', 'python3'), path.join(folder, 'python3'));
  return folder;
}

test('uv and pip make the same asset, in any folder', () => {
  const files = { 'pay/requirements.txt': 'pydantic==2.11.7\n' };
  const byUv = bundle(files, {}, { runtime: lambda.Runtime.PYTHON_3_13 });
  const again = bundle(files, {}, { runtime: lambda.Runtime.PYTHON_3_13 });
  given(files, onlyPip());
  process.env.PATH = process.env.PATH!.split(path.delimiter)[0];
  const byPip = new PythonFunction(PythonCode.fromDirectory('pay', { cacheDirectory: 'cache' }), { runtime: lambda.Runtime.PYTHON_3_13 });
  expect(again.assetKey).toBe(byUv.assetKey);
  expect(byPip.files()).toEqual(byUv.files());
  expect(byPip.assetKey).toBe(byUv.assetKey);
  const [native] = byUv.files().filter(file => file.endsWith('.so'));
  expect(native).toMatch(/\.cpython-313-aarch64-linux-gnu\.so$/);
});

test('a uv.lock installs its packages without development dependencies', () => {
  const project = given({ 'pay/pyproject.toml': '[project]\nname = "pay"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = ["idna==3.10"]\n[dependency-groups]\ndev = ["iniconfig"]\n' });
  execFileSync(path.join(TOOLS, 'uv'), ['lock', '--quiet'], { cwd: project.path('pay') });
  const fn = new PythonFunction(PythonCode.fromDirectory('pay', { cacheDirectory: 'cache' }));
  const packages = new Set(fn.files().map(file => file.split('/')[0]));
  expect([...packages].sort()).toEqual(['app.py', 'idna', 'idna-3.10.dist-info']);
});

test('a uv.lock installs packages of a private index, which is explicit', () => {
  const wheel = 'alpha-1.0-py3-none-any.whl';
  const project = given({
    'pay/pyproject.toml': '[project]\nname = "pay"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = ["alpha==1.0", "idna==3.10"]\n'
      + '[[tool.uv.index]]\nname = "private"\nurl = "../index"\nexplicit = true\n[tool.uv.sources]\nalpha = { index = "private" }\n',
    'index/alpha/index.html': `<a href="${wheel}">${wheel}</a>`,
  });
  const archive = ['import sys, zipfile', 'z = zipfile.ZipFile(sys.argv[1], "w")', 'z.writestr("alpha/__init__.py", "")', 'i = "alpha-1.0.dist-info/"',
    'z.writestr(i + "METADATA", "Metadata-Version: 2.1\\nName: alpha\\nVersion: 1.0\\n")', 'z.writestr(i + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")',
    'z.writestr(i + "RECORD", "alpha/__init__.py,,\\n" + i + "METADATA,,\\n" + i + "WHEEL,,\\n" + i + "RECORD,,\\n")', 'z.close()'];
  execFileSync(path.join(TOOLS, 'python'), ['-c', archive.join('\n'), project.path(`index/alpha/${wheel}`)]);
  execFileSync(path.join(TOOLS, 'uv'), ['lock', '--quiet'], { cwd: project.path('pay') });
  const fn = new PythonFunction(PythonCode.fromDirectory('pay', { cacheDirectory: 'cache' }));
  expect(fn.files()).toEqual(expect.arrayContaining(['alpha/__init__.py', 'idna/__init__.py']));
});

test('a package in a folder of the project is built', () => {
  const fn = bundle({
    'pay/requirements.txt': `${PINNED}../shared\n`,
    'shared/pyproject.toml': '[project]\nname = "shared"\nversion = "1"\n[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n',
    'shared/shared/__init__.py': 'x = 1\n',
  });
  expect(fn.files()).toContain('shared/__init__.py');
});

test('the wrapped handler runs as Lambda imports it', () => {
  const fn = bundle({
    'pay/requirements.txt': PINNED,
    'pay/instrument.py': 'def wrapped(handler):\n    return lambda event, context: {"wrapped": handler(event, context)}\n',
  }, { wrapper: 'instrument.wrapped' });
  // the import of Lambda's runtime client: aws-lambda-python-runtime-interface-client, bootstrap.py
  const script = 'import importlib, json; m = importlib.import_module("_wrapped.app"); print(json.dumps(getattr(m, "handler")({"host": "b\\u00fccher.example"}, None)))';
  const output = execFileSync(path.join(TOOLS, 'python'), ['-c', script], { cwd: fn.folder, encoding: 'utf8', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } });
  expect(JSON.parse(output)).toEqual({ wrapped: 'xn--bcher-kva.example' });
});

test.each([
  ['uv', () => TOOLS],
  ['pip', onlyPip],
])('a package without a wheel is refused with its name, by %s', (_, tools) => {
  given({ 'pay/requirements.txt': 'psycopg2==2.9.9\n' }, tools());
  if (tools !== undefined && tools() !== TOOLS) process.env.PATH = process.env.PATH!.split(path.delimiter)[0];
  expect(() => new PythonFunction(PythonCode.fromDirectory('pay', { cacheDirectory: 'cache' })))
    .toThrow("'pay/requirements.txt' must name packages with a wheel for Python 3.14 on Linux arm64, got 'psycopg2==2.9.9' without one");
});
