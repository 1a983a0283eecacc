import * as fs from 'node:fs';
import { PythonCode } from '../../src/bundling';
import { TestProject } from '../support/bundled-project';
import { PythonFunction, PythonProject } from '../support/python-project';
import { warningsOf } from '../support/warnings';

let project: PythonProject | undefined;

afterEach(() => project?.restore());
afterAll(() => TestProject.removeAll());

/** A function with the handler in `pay/app.py`. */
function bundle(files: Record<string, string>): PythonFunction {
  project?.restore();
  project = new PythonProject({ 'pay/app.py': 'def handler(event, context): ...\n', ...files });
  return new PythonFunction(PythonCode.fromDirectory('pay', { cacheDirectory: 'cache' }));
}

test('included files and constraints name versions', () => {
  const files = { 'pay/requirements.txt': '-r base.txt\n-c limits.txt\nalpha\n', 'pay/base.txt': 'beta==1.0\n', 'pay/limits.txt': 'alpha==1.0\n' };
  const fn = bundle(files);
  expect(fn.files()).toEqual(expect.arrayContaining(['alpha/__init__.py', 'beta/__init__.py']));
  expect(warningsOf(fn.function)).toEqual([]);
  expect(warningsOf(bundle({ ...files, 'pay/limits.txt': '' }).function)).toEqual([expect.stringContaining('does not name the versions of alpha,')]);
});

test('an editable package is installed as an ordinary one', () => {
  expect(bundle({ 'pay/requirements.txt': '-e ../shared\nalpha==1.0\n', 'shared/pyproject.toml': '' }).files()).toContain('alpha/__init__.py');
});

test('other members of a workspace are found from its root', () => {
  const fn = bundle({
    'uv.lock': '',
    'pyproject.toml': '[tool.uv.workspace]\nmembers = ["pay", "lib"]',
    'lib/pyproject.toml': '',
    'pay/pyproject.toml': '[project]\ndependencies = ["lib"]',
  });
  expect(fn.files()).toContain('locked/__init__.py');
});

test('indexes of a uv.lock that the project names are searched for every package, because each has hashes', () => {
  const lock = ['https://packages.example/simple', 'https://other.example/simple', '../index'].map(url => `[[package]]\nsource = { registry = "${url}" }\n`).join('\n');
  bundle({
    'pay/uv.lock': lock,
    'pay/pyproject.toml': '[project]\ndependencies = ["locked"]\n[[tool.uv.index]]\nurl = "https://me:secret@packages.example/simple/"\n[[tool.uv.index]]\nurl = "../index"\n',
  });
  const [, install] = project!.calls().map(call => call.join(' '));
  expect(install).toContain('--index-strategy unsafe-best-match --index https://packages.example/simple --index ../index --target');
});

test('a package of a repository is built, and all others are wheels', () => {
  bundle({ 'pay/requirements.txt': 'alpha==1.0\nbeta @ git+https://example.com/beta@v1\n' });
  expect(project!.calls()[0].join(' ')).toContain('--only-binary alpha -r');
});

test.each(['-e ../shared', '../shared', 'beta @ git+https://example.com/beta@v1'])('fails for %s without uv', line => {
  bundle({});
  project!.write({ 'pay/requirements.txt': `${line}\n`, 'shared/pyproject.toml': '', 'tools/python3': '#!/bin/sh\n[ "$2" = pip ]\n' });
  fs.chmodSync(project!.path('tools/python3'), 0o755);
  fs.rmSync(project!.path('tools/uv'));
  expect(() => new PythonFunction(PythonCode.fromDirectory('pay', { cacheDirectory: 'cache' })))
    .toThrow(/^uv must be installed to build the packages of 'pay\/requirements.txt' that are in folders or repositories, got pip; install it with: pip install uv \(at/);
});

test.each(['Pipfile', 'Pipfile.lock'])('warns of a %s, which is not read', name => {
  expect(warningsOf(bundle({ [`pay/${name}`]: '' }).function)).toEqual([expect.stringContaining(`'pay/${name}' is not read, so that the package contains none of its packages; write a requirements.txt with: pipenv requirements`)]);
  expect(warningsOf(bundle({ [`pay/${name}`]: '', 'pay/requirements.txt': 'alpha==1.0' }).function)).toEqual([]);
});
