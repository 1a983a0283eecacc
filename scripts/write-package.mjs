import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const ROOT = path.join(import.meta.dirname, '..');
const { version, license, repository, author, engines } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));

/** What the manifests of all packages have in common. */
export const COMMON = { version, license, repository, author };
export { engines, version };

/**
 * Makes dist/js/<name>@<version>.tgz of the files that `write` puts into a folder. With a folder as the argument of the script, the files
 * are written there and not packed. `readme` is the folder of README.md.
 */
export async function writePackage(name, readme, write) {
  const [target] = process.argv.slice(2);
  const folder = target ?? fs.mkdtempSync(path.join(os.tmpdir(), `${name}-`));
  fs.mkdirSync(folder, { recursive: true });
  const manifest = await write(folder);
  fs.copyFileSync(path.join(ROOT, 'LICENSE'), path.join(folder, 'LICENSE'));
  fs.copyFileSync(path.join(ROOT, readme, 'README.md'), path.join(folder, 'README.md'));
  fs.writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  if (target !== undefined) return;
  const packages = path.join(ROOT, 'dist', 'js');
  fs.mkdirSync(packages, { recursive: true });
  const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', packages], { cwd: folder, encoding: 'utf8' }));
  fs.renameSync(path.join(packages, filename), path.join(packages, `${name}@${version}.tgz`));
  fs.rmSync(folder, { recursive: true });
}
