// Builds the wheel and the source distribution of runtime-python/ with the version of the library into dist/python, or into the folder
// that is the argument. Requires Python 3.11 with venv and PyPI.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '..');
const FILES = ['pyproject.toml', 'README.md', 'LICENSE', 'src'];
const { version } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));

const [target = path.join(ROOT, 'dist', 'python')] = process.argv.slice(2);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'python-runtime-'));
try {
  const source = path.join(folder, 'source');
  for (const file of FILES) {
    fs.cpSync(path.join(ROOT, 'runtime-python', file), path.join(source, file), { recursive: true, filter: name => !name.endsWith('__pycache__') });
  }
  const manifest = path.join(source, 'pyproject.toml');
  fs.writeFileSync(manifest, fs.readFileSync(manifest, 'utf8').replace(/^version = .*$/m, `version = "${version}"`));
  const python = path.join(folder, 'venv', 'bin', 'python');
  execFileSync('python3', ['-m', 'venv', path.join(folder, 'venv')]);
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'build~=1.5.0'], { stdio: 'inherit' });
  execFileSync(python, ['-m', 'build', '--outdir', target, source], { stdio: ['ignore', 'ignore', 'inherit'] });
} finally {
  fs.rmSync(folder, { recursive: true });
}
