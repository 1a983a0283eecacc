import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MiniStack, UnavailableError } from '../../../testing/src/cloud/mini-stack';

const PATH = process.env.PATH;
const commands = mkdtempSync(join(tmpdir(), 'payments-commands-'));
let folder: string;

beforeAll(() => {
  for (const name of ['sh', 'cat', 'rm', 'sleep', 'touch']) symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(commands, name));
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'payments-account-'));
  process.env.PATH = commands;
});
afterEach(() => {
  process.env.PATH = PATH;
  rmSync(folder, { recursive: true, force: true });
});
afterAll(() => rmSync(commands, { recursive: true, force: true }));

/** A machine whose python3 is this shell script. */
function python(script: string): void {
  writeFileSync(join(commands, 'python3'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(commands, 'python3'), 0o755);
}

const start = (signal = new AbortController().signal) => MiniStack.start(folder, process.execPath, folder, signal);

test('without python3 it says that it is unavailable, and removes its folder', async () => {
  await expect(start()).rejects.toThrow(UnavailableError);
  expect(existsSync(folder)).toBe(false);
});

test('what can not be installed is told in the words of the installer', async () => {
  python('echo "No matching distribution found"; exit 1');
  await expect(start()).rejects.toThrow(new UnavailableError('No matching distribution found'));
});

test('who stops it while it is installed ends every process and removes every file', async () => {
  python('touch begun; sleep 60 & sleep 60');
  const stop = new AbortController();
  const starting = start(stop.signal);
  for (const end = Date.now() + 20_000; !existsSync(join(folder, 'begun')) && Date.now() < end;) await new Promise(resolve => setTimeout(resolve, 20));
  expect(readdirSync(folder)).toContain('begun');
  stop.abort(new Error('stopped'));
  await expect(starting).rejects.toThrow('stopped');
  expect(existsSync(folder)).toBe(false);
  const running = execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8', env: { PATH } });
  expect(running.split('\n').filter(line => line.includes(folder) || line.includes(commands))).toEqual([]);
});
