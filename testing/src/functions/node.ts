import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './cache';

/** The releases that npm has of the runtimes of Lambda. */
const RELEASES: Record<number, string> = { 22: '22.23.5', 24: '24.21.0' };
const LATEST = 24;

export interface Node {
  readonly path: string;
  /** The version, and what differs from Lambda. */
  readonly remark: string;
}

/**
 * Node.js as the functions have it on Lambda: the executable of this process if it has the version, otherwise one from npm, which is
 * installed once into node_modules/.cache, otherwise (no network, no executable for this machine) the executable of this process.
 */
export async function nodeOfRuntime({ major = LATEST, canInstall = true } = {}): Promise<Node> {
  if (process.versions.node.startsWith(`${major}.`)) return { path: process.execPath, remark: `Node.js ${process.version}` };
  const release = RELEASES[major];
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(cacheFolder(), `node-${release}`);
  const path = join(folder, 'node_modules', name, 'bin', 'node');
  if (release && !existsSync(path) && canInstall) await install(`${name}@${release}`, folder);
  if (existsSync(path)) return { path, remark: `Node.js v${release}` };
  return { path: process.execPath, remark: `Node.js ${process.version}; on Lambda it is ${major}, which could not be installed from npm (${name})` };
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
    // No network, no such executable, no permission, or another process was faster: only what exists counts.
  } finally {
    if (half) rmSync(half, { recursive: true, force: true });
  }
}
