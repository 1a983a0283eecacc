import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { readRequirements, textOf } from '../../src/bundling/python-requirement-files';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'requirements-'));
afterAll(() => fs.rmSync(root, { recursive: true }));

function read(files: Record<string, string>) {
  const folder = fs.mkdtempSync(path.join(root, 'p-'));
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  return { folder, ...readRequirements(path.join(folder, 'pay/requirements.txt'), path.join(folder, 'pay')) };
}

test('a plain file is read by the installer itself', () => {
  expect(read({ 'pay/requirements.txt': '# packages\nalpha==1.0 \\\n  --hash=sha256:a\n--index-url https://example.com\n' })).toMatchObject({ text: undefined, lines: ['alpha==1.0    --hash=sha256:a'] });
});

test('included files are a part of it, each once', () => {
  const { text, lines } = read({ 'pay/requirements.txt': '-r ../base.txt\nbeta==2', 'base.txt': '--requirement=pay/requirements.txt\nalpha==1' });
  expect(lines).toEqual(['alpha==1', 'beta==2']);
  expect(text).toBe('alpha==1\nbeta==2');
});

test('constraints name versions, and not packages', () => {
  const { folder, text, lines, constraints } = read({ 'pay/requirements.txt': '-c limits.txt\nalpha', 'pay/limits.txt': 'alpha==1\nbeta==2' });
  expect({ lines, constraints }).toEqual({ lines: ['alpha'], constraints: ['alpha==1', 'beta==2'] });
  expect(text).toBe(`-c ${path.join(folder, 'pay/limits.txt')}\nalpha`);
});

test('an editable package becomes an ordinary one, with its extras and markers', () => {
  const { folder, text } = read({ 'pay/requirements.txt': '-e ../shared[aws] ; python_version > "3"\n--editable=./own', 'shared/pyproject.toml': '', 'pay/own/pyproject.toml': '' });
  expect(text).toBe(`${path.join(folder, 'shared')}[aws] ; python_version > "3"\n${path.join(folder, 'pay/own')}`);
});

test('paths in an included file are read from its folder, or from that of the project', () => {
  const { folder, lines } = read({ 'pay/requirements.txt': '-r ../base/all.txt', 'base/all.txt': './near\n./far\n../none', 'base/near/x': '', 'pay/far/x': '' });
  expect(lines).toEqual([path.join(folder, 'base/near'), path.join(folder, 'pay/far'), '../none']);
});

test('a file that does not exist and an address are left to the installer', () => {
  expect(read({ 'pay/requirements.txt': '-r https://example.com/base.txt\n-c absent.txt\nalpha' }).text).toBeUndefined();
});

test('UTF-16 of Windows is read', () => {
  const file = path.join(root, 'utf16.txt');
  fs.writeFileSync(file, Buffer.from('\uFEFFalpha==1\r\n', 'utf16le'));
  expect(textOf(file)).toBe('alpha==1\r\n');
  fs.writeFileSync(file, '\uFEFFalpha==1\n');
  expect(textOf(file)).toBe('alpha==1\n');
});
