import { PythonCode } from '../../src/bundling';
import { TestProject } from '../support/bundled-project';
import { PythonFunction, PythonProject } from '../support/python-project';

let project: PythonProject;

afterEach(() => project.restore());
afterAll(() => TestProject.removeAll());

const HANDLER = { 'pay/app.py': 'def handler(event, context): ...\n' };
const PASSWORD = 's3cret';
const INDEX = `--extra-index-url https://ana:${PASSWORD}@pypi.example.com/simple\n`;
const bundle = (requirements?: string) => new PythonFunction(PythonCode.fromDirectory('pay', { cacheDirectory: 'cache', requirements }));

test.each<[string, Record<string, string>, string | undefined]>([
  ['requirements.txt', { 'pay/requirements.txt': `${INDEX}alpha==1.0\n` }, undefined],
  ['files that it includes', { 'pay/requirements.txt': '-r base.txt\n-climits.txt\n', 'pay/base.txt': `${INDEX}alpha==1.0\n`, 'pay/limits.txt': `${INDEX}alpha==1.0\n` }, undefined],
  ['a file with another name', { 'pay/prod.txt': `${INDEX}alpha==1.0\n` }, 'pay/prod.txt'],
  ['files of tools', { 'pay/requirements.txt': 'alpha==1.0\n', 'pay/dev-requirements.txt': INDEX, 'pay/uv.toml': INDEX, 'pay/pip.conf': INDEX, 'pay/pylock.toml': '' }, undefined],
])('the package contains no password of an index: %s', (_, files, requirements) => {
  project = new PythonProject({ ...HANDLER, ...files, 'pay/data.txt': 'kept' });
  const own = bundle(requirements).files().filter(name => !name.startsWith('alpha'));
  expect(own).toEqual(['app.py', 'data.txt']);
});

test('an error contains no password of an index or a repository', () => {
  const lines = `nowheel==1.0\n${INDEX}beta @ git+https://${PASSWORD}@example.com/beta@v1\n`;
  project = new PythonProject({ ...HANDLER, 'pay/requirements.txt': lines });
  project.write({ 'tools/uv.js': `console.error(${JSON.stringify(`error: ${lines}ssh://git@example.com/`)}); process.exit(1);` });
  expect(() => bundle()).toThrow(/pypi\.example\.com[\s\S]*ssh:\/\/git@example/);
  expect(() => bundle()).not.toThrow(PASSWORD);
});

test.each([
  ['the folder of the handler', '.', 'pay/own/__init__.py'],
  ['the editable folder of the handler', '-e .', 'pay/own/__init__.py'],
  ['the folder of the handler, with extras', '-e .[aws] ; python_version > "3"', 'pay/own/__init__.py'],
  ['a folder with extras', '../shared[aws]', 'shared/own.py'],
  ['a folder by its name', 'shared @ ../shared', 'shared/own.py'],
  ['a folder by its name and scheme', 'shared @ file:../shared', 'shared/own.py'],
  ['an archive', 'wheels/own-1.0-py3-none-any.whl', 'pay/wheels/own-1.0-py3-none-any.whl'],
  ['a folder with archives', '-f ./wheels\nalpha==1.0', 'pay/wheels/own-1.0-py3-none-any.whl'],
])('a package of this machine is installed again after a change: %s', (_, line, changed) => {
  const files = { 'pay/requirements.txt': `${line}\nalpha==1.0\n`, 'shared/pyproject.toml': '', 'pay/pyproject.toml': '', [changed]: 'one' };
  project = new PythonProject({ ...HANDLER, ...files });
  const installations = () => {
    bundle();
    return project.calls().length;
  };
  expect([installations(), installations()]).toEqual([1, 1]);
  project.write({ [changed]: 'two' });
  expect([installations(), installations()]).toEqual([2, 2]);
});
