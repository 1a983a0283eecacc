import * as path from 'node:path';
import type { BundleFinding, Metafile } from './entry-metafile';
import { withoutComments } from './runtime-references';

/** `require` or `import` of a name that is known at run time only. */
const REQUIRED_BY_NAME = /(?<![.\w$])(?:require|import)\(\s*[A-Za-z_$][\w$.]*\s*\)/;
const FILE_SYSTEM = /\brequire\(\s*['"](?:node:)?fs['"]\s*\)/;
const MENTIONS_FILE_SYSTEM = /['"](?:node:)?fs['"]/;

/** The texts of files by their path from the root of the project; empty if a file does not exist. */
export interface Texts {
  of(input: string): string;
}

interface Manifest {
  readonly main?: unknown;
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly peerDependenciesMeta?: Record<string, { readonly optional?: boolean }>;
}

/** Finds packages that load another package by a computed name, and packages whose ES modules are made for browsers. */
export function packageFindings(inputs: readonly string[], texts: Texts, metafile: Metafile): BundleFinding[] {
  return [computedPackages(inputs, texts), browserBuilds(inputs, texts, metafile)].filter(finding => finding !== undefined);
}

/** Such a package lists what it can load, for example drivers of databases, as optional peers or dependencies. Only installed ones can be meant. */
function computedPackages(inputs: readonly string[], texts: Texts): BundleFinding | undefined {
  const bundled = new Set(inputs.map(input => folderOf(input)?.name));
  const found = new Map<string, string[]>();
  for (const input of inputs) {
    const owner = folderOf(input);
    if (owner === undefined || found.has(owner.name) || !REQUIRED_BY_NAME.test(texts.of(input))) continue;
    const { peerDependenciesMeta = {}, optionalDependencies = {}, dependencies = {} } = manifestIn(owner.folder, texts);
    const peers = Object.keys(peerDependenciesMeta).filter(name => peerDependenciesMeta[name].optional);
    const written = Object.keys(dependencies).filter(name => [`'${name}'`, `"${name}"`].some(literal => texts.of(input).includes(literal)));
    const candidates = [...new Set([...peers, ...Object.keys(optionalDependencies), ...written])].filter(name => !bundled.has(name));
    const loaded = candidates.filter(name => isInstalled(name, owner.folder, texts));
    if (loaded.length > 0 && REQUIRED_BY_NAME.test(withoutComments(texts.of(input)))) found.set(owner.name, loaded.sort());
  }
  if (found.size === 0) return undefined;
  const names = [...found].sort(([a], [b]) => a < b ? -1 : 1);
  return {
    id: 'computedPackages',
    message: 'the bundle contains packages that load others by a computed name, which the bundle does not contain: '
      + `${names.map(([owner, loaded]) => `'${owner}' (${loaded.join(', ')})`).join(', ')}; `
      + "add the package, and the others that the code uses, to 'nodeModules', or acknowledge this if the code uses none of them",
  };
}

/** The CommonJS build reads files, and the ES modules that are bundled in its place do not. */
function browserBuilds(inputs: readonly string[], texts: Texts, metafile: Metafile): BundleFinding | undefined {
  const found = new Set<string>();
  const filesOf = new Map<string | undefined, number>();
  for (const input of inputs) filesOf.set(folderOf(input)?.folder, (filesOf.get(folderOf(input)?.folder) ?? 0) + 1);
  for (const input of inputs) {
    const owner = folderOf(input);
    // Only a build of one file is known to contain all that the package does.
    if (owner === undefined || metafile.inputs[input]?.format !== 'esm' || filesOf.get(owner.folder) !== 1) continue;
    const { main } = manifestIn(owner.folder, texts);
    if (typeof main !== 'string') continue;
    const file = path.posix.join(owner.folder, main);
    const isReplaced = file !== input && path.posix.basename(file).split('.')[0] === path.posix.basename(input).split('.')[0];
    if (isReplaced && FILE_SYSTEM.test(texts.of(file)) && !MENTIONS_FILE_SYSTEM.test(withoutComments(texts.of(input)))) found.add(owner.name);
  }
  if (found.size === 0) return undefined;
  const names = quoted([...found].sort());
  return {
    id: 'browserBuilds',
    message: `the bundle contains the ES modules of ${names}, which have no access to files, unlike its CommonJS build; `
      + `set 'mainFields' to ['main', 'module'], add ${names} to 'nodeModules', or acknowledge this if the code neither reads nor writes files with it`,
  };
}

/** The manifest of a package; empty if it has none. */
export function manifestIn(folder: string, texts: Texts): Manifest {
  try {
    return JSON.parse(texts.of(`${folder}/package.json`));
  } catch {
    return {}; // no package, or not readable
  }
}

/** Whether Node.js finds a package from a folder. */
function isInstalled(name: string, folder: string, texts: Texts): boolean {
  for (let at = folder; ; at = path.posix.dirname(at)) {
    if (texts.of(path.posix.join(at, 'node_modules', name, 'package.json')) !== '') return true;
    if (at === '.' || at.startsWith('..')) return false;
  }
}

function quoted(names: readonly string[]): string {
  return names.map(name => `'${name}'`).join(', ');
}

/** The folder and name of the package that contains a file. */
function folderOf(input: string): { readonly folder: string; readonly name: string } | undefined {
  const [, folder, name] = /^((?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(input) ?? [];
  return folder === undefined ? undefined : { folder, name };
}
