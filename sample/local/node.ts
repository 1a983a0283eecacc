import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

async function install(what: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const npm = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', what];
  await promisify(execFile)('npm', npm, { cwd: folder, timeout: 120_000 }).catch(() => undefined);
}
