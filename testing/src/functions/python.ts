import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './cache';

/** Lambda's Python runtime client, from PyPI, in the version that was tried. */
const CLIENT = 'awslambdaric==4.2.2';

/**
 * A Python with Lambda's runtime client, in a virtual environment that is created once in node_modules/.cache. `python3.13` uses the
 * command of this name if it is installed, otherwise `python3`.
 */
export async function pythonOfRuntime(runtime: string): Promise<string> {
  const base = await commandOf(runtime);
  const folder = join(cacheFolder(), `python-${createHash('sha256').update(`${base.version} ${CLIENT}`).digest('hex').slice(0, 12)}`);
  const python = join(folder, 'bin', 'python');
  if (!existsSync(join(folder, 'complete'))) await install(base.command, folder);
  return python;
}

async function commandOf(runtime: string): Promise<{ command: string; version: string }> {
  for (const command of [runtime, 'python3']) {
    const found = await promisify(execFile)(command, ['--version']).catch(() => undefined);
    if (found) return { command, version: found.stdout.trim() };
  }
  throw new Error(`'runtime' ${runtime} needs the command ${runtime} or python3, and none is installed; install Python 3`);
}

/** A virtual environment cannot be renamed, so a marker says that it is complete. */
async function install(python: string, folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const run = promisify(execFile);
  try {
    await run(python, ['-m', 'venv', folder]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--retries=1', '--only-binary=:all:', CLIENT];
    await run(join(folder, 'bin', 'python'), pip, { timeout: 120_000 });
    writeFileSync(join(folder, 'complete'), '');
  } catch (error) {
    throw new Error(`${CLIENT} could not be installed from PyPI; install it into the Python of the command ${python}`, { cause: error });
  }
}
