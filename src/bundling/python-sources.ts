import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** Folders that no function needs: caches, virtual environments, tests. Folders with a dot belong to tools. */
const NO_FOLDER = /^(\..*|__pycache__|tests?|node_modules|.*\.egg-info)$/;
/** Files that no function needs: compiled modules, tests, and what names the packages and their index, which can contain a password. */
const NO_FILE = /^(\..*|.*\.py[co]|test_.*\.py|.*_test\.py|conftest\.py|([\w.-]*[-_.])?requirements.*\.(txt|in)|(uv|poetry|pdm)\.lock|(uv|poetry|pyproject)\.toml|pylock(\..+)?\.toml|pip\.(conf|ini)|Pipfile(\.lock)?|tox\.ini)$/;

/** One file of a handler's folder. */
export interface SourceFile {
  /** The path in the package. */
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The files of a folder that belong into a package, sorted by name. A single file is the package's file of that name. */
export function sourceFiles(source: string, prefix = ''): SourceFile[] {
  if (fs.statSync(source).isFile()) return [sourceFile(prefix === '' ? path.basename(source) : prefix, source)];
  const found: SourceFile[] = [];
  collect(source, prefix === '' ? '' : `${prefix}/`, [fs.realpathSync(source)], found);
  return found.sort((a, b) => a.name < b.name ? -1 : 1);
}

/** Whether a name in a folder of handlers is one that a package never contains. */
export function isLeftOut(name: string, isDirectory: boolean): boolean {
  return (isDirectory ? NO_FOLDER : NO_FILE).test(name);
}

/** @param open the real paths of the folders around this one, because links can form a circle */
function collect(folder: string, prefix: string, open: readonly string[], found: SourceFile[]): void {
  const names = fs.readdirSync(folder);
  if (names.includes('pyvenv.cfg') || names.includes('cdk.out')) return; // a virtual environment, a cloud assembly
  for (const name of names) {
    const file = path.join(folder, name);
    const stats = fs.statSync(file, { throwIfNoEntry: false }); // follows links: a package must not contain links to elsewhere
    if (stats === undefined || isLeftOut(name, stats.isDirectory())) continue;
    if (stats.isFile()) found.push(sourceFile(prefix + name, file));
    if (!stats.isDirectory()) continue;
    const real = fs.realpathSync(file);
    if (!open.includes(real)) collect(file, `${prefix}${name}/`, [...open, real], found);
  }
}

function sourceFile(name: string, file: string): SourceFile {
  const content = fs.readFileSync(file);
  return { name, file, bytes: content.byteLength, sha256: crypto.hash('sha256', content, 'hex') };
}
