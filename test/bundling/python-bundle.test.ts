import { PythonBundle } from '../../src/bundling';
import { TestProject } from '../support/bundled-project';
import { PythonFunction, PythonProject } from '../support/python-project';

let project: PythonProject | undefined;

afterEach(() => project?.restore());
afterAll(() => TestProject.removeAll());

const HANDLER = 'def handler(event, context):\n    return event\n';

function given(files: Record<string, string>): PythonProject {
  return project = new PythonProject(files);
}

test('modules and folders with modules are handlers', () => {
  given({
    'handlers/pay.py': HANDLER,
    'handlers/refund/app.py': HANDLER,
    'handlers/_shared/money.py': '',
    'handlers/_util.py': '',
    'handlers/__init__.py': '',
    'handlers/test_pay.py': '',
    'handlers/tests/test_refund.py': '',
    'handlers/data/x.json': '',
    'handlers/.venv/x.py': '',
    'handlers/readme.md': '',
  });
  expect(PythonBundle.fromDirectory('handlers').names).toEqual(['pay', 'refund']);
});

test('each package has its handler and the shared code, and the requirements are installed once', () => {
  given({
    'handlers/pay.py': HANDLER, 'handlers/refund/app.py': HANDLER, 'handlers/_shared/money.py': '', 'handlers/_util.py': '', 'handlers/requirements.txt': 'alpha==1.0',
  });
  const handlers = PythonBundle.fromDirectory('handlers', { cacheDirectory: 'cache' });
  const [pay, refund] = [new PythonFunction(handlers.code('pay'), { handler: 'pay.handler' }), new PythonFunction(handlers.code('refund'))];
  const own = (fn: PythonFunction) => fn.files().filter(file => !file.startsWith('alpha'));
  expect([own(pay), own(refund)]).toEqual([['_shared/money.py', '_util.py', 'pay.py'], ['_shared/money.py', '_util.py', 'app.py']]);
  expect(project!.calls()).toHaveLength(1);
});

test('a folder can have requirements of its own', () => {
  given({ 'handlers/pay.py': HANDLER, 'handlers/refund/app.py': HANDLER, 'handlers/requirements.txt': 'alpha==1.0', 'handlers/refund/requirements.txt': 'beta==1.0' });
  const handlers = PythonBundle.fromDirectory('handlers', { cacheDirectory: 'cache' });
  expect(new PythonFunction(handlers.code('refund')).files()).toContain('beta/__init__.py');
});

test('a change of one handler changes no other package', () => {
  const keys = (source: string) => {
    given({ 'handlers/pay.py': HANDLER, 'handlers/refund.py': source });
    const handlers = PythonBundle.fromDirectory('handlers');
    const found = handlers.names.map(name => new PythonFunction(handlers.code(name), { handler: `${name}.handler` }).assetKey);
    project!.restore();
    return found;
  };
  const [[pay, refund], [pay2, refund2]] = [keys(HANDLER), keys(`${HANDLER}\nx = 1\n`)];
  expect([pay === pay2, refund === refund2]).toEqual([true, false]);
});

test('fails for an unknown name', () => {
  given({ 'handlers/pay.py': HANDLER, 'handlers/refund.py': HANDLER });
  expect(() => PythonBundle.fromDirectory('handlers').code('paid'))
    .toThrow("'name' must be a handler of the bundle, got 'paid'; use 'pay' or 'refund' (at PythonBundle.code)");
});

test('fails for a folder without handlers', () => {
  given({ 'handlers/data.json': '' });
  expect(() => PythonBundle.fromDirectory('handlers'))
    .toThrow("'directory' must contain at least one handler, got none in 'handlers'; add a .py file, or a folder with one (at PythonBundle.fromDirectory)");
});

test('fails for a module and a folder of the same name', () => {
  given({ 'handlers/pay.py': HANDLER, 'handlers/pay/app.py': HANDLER });
  expect(() => PythonBundle.fromDirectory('handlers')).toThrow("'directory' must have unique names of handlers, got 'pay' and 'pay.py' in 'handlers'; rename one");
});

test('fails for a folder that does not exist', () => {
  expect(() => PythonBundle.fromDirectory('none')).toThrow("'directory' must be an existing folder, got 'none'");
});
