import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** What differs on each machine, and what no function needs. `bin` contains the path of Python on this machine. */
const NO_FILE = /(^|\/)__pycache__\/|\.py[co]$|^(bin|Scripts)\/|^\.lock$|\.dist-info\/(INSTALLER|REQUESTED|direct_url\.json|uv_cache\.json|uv_build\.json)$/;
const RECORD = /^[^/]+\.dist-info\/RECORD$/;
/** The files of tests in packages, and an import of them in another module of the package. */
const TESTS = /(^|\/)tests\//;
const IMPORTS_TESTS = /\b(?:from|import)\s+[\w.]*\btests\b|\bimport\s+\(?[\w\s,]*\btests\b/;

/** A file of an installed package. */
export interface InstalledFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly mode: number;
}

/**
 * Removes from a folder of installed packages what differs on each machine and what no function needs, so that every tool and
 * every machine installs the same files.
 */
export function tidyPackages(folder: string): { readonly files: InstalledFile[]; readonly distributions: string[] } {
  const all = filesIn(folder);
  const testsOf = new Set(all.filter(name => TESTS.test(name)).map(packageOf));
  const needsTests = new Set([...testsOf].filter(owner => all.some(name =>
    packageOf(name) === owner && name.endsWith('.py') && !TESTS.test(name) && IMPORTS_TESTS.test(fs.readFileSync(path.join(folder, name), 'utf8')))));
  const isLeftOut = (name: string) => NO_FILE.test(name) || (TESTS.test(name) && !needsTests.has(packageOf(name)));
  const names = all.filter(name => !isLeftOut(name));
  for (const name of all.filter(isLeftOut)) fs.rmSync(path.join(folder, name), { force: true });
  const kept = new Set(names);
  const files = names.map((name): InstalledFile => {
    const file = path.join(folder, name);
    const content = RECORD.test(name) ? rewriteRecord(file, kept) : fs.readFileSync(file);
    return { name, bytes: content.byteLength, sha256: crypto.hash('sha256', content, 'hex'), mode: permissionsOf(file) };
  });
  const distributions = names.filter(name => /^[^/]+\.dist-info\/METADATA$/.test(name)).map(name => name.split('/')[0].replace(/\.dist-info$/, '').replace('-', '=='));
  return { files, distributions: distributions.sort() };
}

/** The paths of all files below a folder, sorted. */
function filesIn(folder: string): string[] {
  const names: string[] = [];
  const visit = (below: string): void => {
    for (const entry of fs.readdirSync(path.join(folder, below), { withFileTypes: true })) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) visit(name);
      else names.push(name);
    }
  };
  visit('');
  return names.sort();
}

/**
 * The list of the files of a package, without the removed files. uv can have linked the file to its own cache, so that it
 * is replaced and not changed.
 */
function rewriteRecord(file: string, kept: ReadonlySet<string>): Buffer {
  const nameOf = (line: string) => line.startsWith('"') ? line.slice(1, line.indexOf('"', 1)) : line.split(',')[0];
  const lines = fs.readFileSync(file, 'utf8').split(/\r?\n/).filter(line => kept.has(nameOf(line)));
  const content = Buffer.from(`${lines.sort().join('\n')}\n`);
  fs.rmSync(file);
  fs.writeFileSync(file, content);
  return content;
}

/** The permissions in a package: Lambda runs functions as another user, who must be able to read each file. */
export function permissionsOf(file: string): number {
  return Math.floor(fs.statSync(file).mode / 0o100) % 2 === 1 ? 0o755 : 0o644;
}

function packageOf(name: string): string {
  return name.split('/')[0];
}
