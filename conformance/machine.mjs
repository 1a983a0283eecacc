// Shared by the languages: a working folder, and commands whose output is in the error when they fail.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

export const ROOT = path.join(import.meta.dirname, '..');
export const WORK = fs.mkdtempSync(path.join(os.tmpdir(), 'conformance-'));
export const MANIFEST = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
/** The lowest versions that the library supports. */
export const FLOOR = Object.fromEntries(Object.entries(MANIFEST.peerDependencies).map(([name, range]) => [name, range.replace(/^\^/, '')]));

process.on('exit', () => fs.rmSync(WORK, { recursive: true, force: true }));

const execute = promisify(execFile);
const environment = { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1', JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION: '1' };

/** Runs a command and returns what it printed; `fails: true` expects it to fail, `warnings: false` omits the standard error. */
export async function run(command, args, { cwd = ROOT, env = {}, fails = false, warnings = true } = {}) {
  const told = await execute(command, args, { cwd, env: { ...environment, ...env }, maxBuffer: 256 * 1024 ** 2 })
    .catch(error => error.code === 'ENOENT' ? Promise.reject(error) : { ...error, failed: true });
  if (Boolean(told.failed) === fails) return told.stdout + (warnings ? told.stderr : '');
  const text = `${told.stdout}${told.stderr}`.split('\n').filter(line => !line.includes('!!  ')).join('\n');
  throw new Error(`${command} ${args.join(' ')} ${fails ? 'succeeded' : 'failed'} in ${cwd}:\n${text.slice(0, 2000)}\n…\n${text.slice(-6000)}`);
}

export async function works(command, args) {
  return run(command, args).then(() => true, () => false);
}

let sources;
/** The sources of the library in a compiled language. The first call generates the sources of all languages. */
export async function generated(language) {
  const folder = path.join(WORK, 'library');
  const targets = ['java', 'go', 'dotnet'].flatMap(name => ['--target', name]);
  sources ??= run('npx', ['--no-install', 'jsii-pacmak', '--code-only', ...targets, '--outdir', folder]);
  await sources;
  return path.join(folder, language);
}

/** All versions that npm has of a package in a range, the lowest first. */
export async function published(range) {
  const versions = [JSON.parse(await run('npm', ['view', range, 'version', '--json', '--loglevel=error']))].flat();
  return versions.sort(byVersion);
}

export function byVersion(a, b) {
  const place = version => version.replace(/^v/, '').split('.').map(part => part.padStart(6, '0')).join('.');
  return place(a) < place(b) ? -1 : 1;
}

/** The only file of a folder whose name matches. */
export function only(folder, pattern) {
  const found = fs.readdirSync(folder).filter(name => pattern.test(name));
  if (found.length !== 1) throw new Error(`${folder} must hold one file like ${pattern}, got ${found.join(', ') || 'none'}`);
  return path.join(folder, found[0]);
}

/** The first example of the README in one language, by the language of its block. */
export function readmeExample(block) {
  const found = new RegExp(`^\`\`\`${block}\\n([^]*?)^\`\`\``, 'm').exec(fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8'));
  if (found === null) throw new Error(`the README must have an example in ${block}, got none`);
  return found[1];
}

/** A copy of the app in one language, beside the handlers and the API document that all of them use. */
export function appFolder(language, name = language) {
  const folder = path.join(WORK, name, language);
  for (const part of ['handlers', 'api', language]) fs.cpSync(path.join(ROOT, 'conformance', part), path.join(WORK, name, part), { recursive: true });
  fs.cpSync(path.join(ROOT, 'conformance', 'handlers', 'take'), path.join(folder, 'handlers', 'pay'), { recursive: true }); // the asset of the README's example
  return folder;
}
