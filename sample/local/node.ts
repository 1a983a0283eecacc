import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** The major version of the functions' runtime, and the release of it that npm has. */
const MAJOR = 24;
const RELEASE = '24.21.0';

export interface Node {
  readonly path: string;
  /** What a reader should know of it. */
  readonly remark: string;
}

/**
 * Node.js as the functions get it on Lambda: the one that runs this where it is of that version, else from npm, installed once
 * into node_modules/.cache, else (no network, no binary for this machine) the one that runs this.
 */
export async function nodeOfRuntime(canInstall = true): Promise<Node> {
  if (process.versions.node.startsWith(`${MAJOR}.`)) return { path: process.execPath, remark: `Node.js ${process.version}` };
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(__dirname, '..', '..', 'node_modules', '.cache', `node-${RELEASE}`);
  const path = join(folder, 'node_modules', name, 'bin', 'node');
  if (!existsSync(path) && canInstall) await install(`${name}@${RELEASE}`, folder);
  if (existsSync(path)) return { path, remark: `Node.js v${RELEASE}` };
  return { path: process.execPath, remark: `Node.js ${process.version}; on Lambda it will be ${MAJOR}, which could not be had from npm (${name}@${RELEASE})` };
}

/** Into a temporary folder that is renamed when it is complete: an installation may be interrupted, and two may run concurrently. */
async function install(what: string, folder: string): Promise<void> {
  const npm = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', what];
  let half: string | undefined;
  try {
    mkdirSync(dirname(folder), { recursive: true });
    half = mkdtempSync(`${folder}-`);
    writeFileSync(join(half, 'package.json'), '{ "private": true }');
    await promisify(execFile)('npm', npm, { cwd: half, timeout: 120_000 });
    renameSync(half, folder);
  } catch {
    // No network, no such binary, no permission, or another one was faster: what is there, or is not there, decides.
  } finally {
    if (half) rmSync(half, { recursive: true, force: true });
  }
}
