import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { HERE, WORK } from './measure.mjs';

const npm = (args, cwd) => execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Installs the peers at their locked versions, unless they are installed. Only esbuild's install script runs: it makes the esbuild command fast. */
export function installPeers() {
  const installed = path.join(HERE, 'node_modules', '.package-lock.json');
  const changed = file => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (changed(installed) >= changed(path.join(HERE, 'package-lock.json'))) return;
  npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], HERE);
  npm(['rebuild', 'esbuild'], HERE);
}

/** Installs the packed library, as users do, so that one aws-cdk-lib is in the process. */
export function installLibrary() {
  const root = path.dirname(HERE);
  if (!fs.existsSync(path.join(root, 'lib', 'index.js'))) throw new Error('the library is not compiled: run npx projen compile');
  fs.mkdirSync(WORK, { recursive: true });
  const [{ filename, size, unpackedSize, entryCount }] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', WORK], root));
  const target = path.join(HERE, 'node_modules', 'cdk-production-lambda');
  fs.rmSync(target, { recursive: true, force: true });
  fs.mkdirSync(target, { recursive: true });
  const archive = path.join(WORK, filename);
  execFileSync('tar', ['-xzf', archive, '-C', target, '--strip-components=1']);
  fs.rmSync(archive);
  return { size, unpackedSize, entryCount, folder: target };
}

/** The size of the files in a folder. */
export function bytesOf(folder) {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .reduce((sum, entry) => sum + (entry.isFile() ? fs.statSync(path.join(entry.parentPath, entry.name)).size : 0), 0);
}
