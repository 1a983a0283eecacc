import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { readTsconfig } from './tsconfig-reader';

/** Files that a path alias can resolve to. Their names decide the resolution; the contents of the resolved files are inputs. */
const RESOLVED = /\.([cm]?[jt]sx?|json|css)$/;
/** Files that esbuild reads in the folders of inputs and in all their parent folders. */
const SETTINGS = ['package.json', 'tsconfig.json', 'jsconfig.json', '.pnp.cjs', '.pnp.js', '.pnp.data.json'];
const TSCONFIG = /^[tj]sconfig\.json$/;
const MODULES = 'node_modules';
/** The clock of file systems is coarse. */
const CLOCK_SLACK_MS = 30;

/**
 * A hash of everything that decides the inputs of a build: the contents of the files, and the names and settings that
 * its imports were resolved with. A new file that the next build would read changes the hash too.
 */
export class BundleFingerprint {
  private readonly hash = crypto.createHash('sha256');
  private readonly files = new Set<string>();
  /** The names in each folder through which imports are resolved, without extensions. */
  private readonly stems = new Map<string, Set<string>>();
  /** Whether a `tsconfig.json` maps imports to other folders. */
  private aliased = false;
  private readonly aliasFolders = new Set<string>();
  private readonly listed: [folder: string, names: string[]][] = [];

  /**
   * @param inputs paths of files from `root`, with forward slashes
   * @param readsSourceMaps whether the build reads the source maps of its inputs
   */
  constructor(private readonly root: string, inputs: readonly string[], private readonly readsSourceMaps = false) {
    for (const input of [...inputs].sort()) {
      const file = path.resolve(root, input);
      this.addInput(file);
      this.collectFolders(file);
    }
    for (const folder of [...this.stems.keys()].sort()) {
      const entries = entriesOf(folder);
      this.addNames(folder, entries);
      this.addSettings(folder, entries);
      this.addPackages(folder, entries);
    }
    this.addParents();
    if (this.aliased) this.addTree(root);
  }

  public digest(): string {
    return this.hash.copy().digest('hex');
  }

  /** Whether a file can have changed after a build started, so that the build did not read the change. */
  public changedSince(start: number): boolean {
    const since = start - CLOCK_SLACK_MS;
    const changed = (file: string): boolean => {
      try {
        return fs.statSync(file).ctimeMs >= since;
      } catch {
        return false; // still absent
      }
    };
    return [...this.files].some(changed)
      || this.listed.some(([folder, names]) => changed(folder) && names.some(name => changed(path.join(folder, name))));
  }

  private add(...words: string[]): void {
    this.hash.update(`${JSON.stringify(words)}\n`);
  }

  /** An input, and the source map to which it refers. */
  private addInput(file: string): void {
    const content = this.addFile(file);
    if (content === undefined || !this.readsSourceMaps) return;
    for (const [, map] of content.toString().matchAll(/[#@]\s*sourceMappingURL=([^\s'"*]+)/g)) {
      if (!map.startsWith('data:')) this.addFile(path.resolve(path.dirname(file), decoded(map)));
    }
  }

  /** Adds the content of a file, or that it is absent. Returns the content the first time. */
  private addFile(file: string): Buffer | undefined {
    if (this.files.has(file)) return undefined;
    this.files.add(file);
    let content: Buffer | undefined;
    try {
      content = fs.readFileSync(file);
    } catch {
      // absent, or a folder, which can become a file
    }
    this.add('file', this.name(file), content === undefined ? 'absent' : crypto.hash('sha256', content, 'hex'));
    return content;
  }

  /** The folder of a file and its parents, in which relative imports, settings and packages are resolved. */
  private collectFolders(file: string): void {
    const inside = contains(this.root, file);
    for (let child = file, at = path.dirname(file); ; child = at, at = path.dirname(at)) {
      const known = this.stems.get(at);
      const stems = known ?? new Set<string>();
      stems.add(stem(path.basename(child)));
      this.stems.set(at, stems);
      if (known || at === this.root || at === path.dirname(at)) return;
      if (!inside && fs.existsSync(path.join(at, 'package.json'))) return; // the root of a linked package
    }
  }

  /** The entries of a folder that an import of an input can resolve to, with any extension. */
  private addNames(folder: string, entries: readonly fs.Dirent[]): void {
    const stems = this.stems.get(folder)!;
    const relevant = entries.filter(({ name }) => stems.has(stem(name)) || SETTINGS.includes(name));
    this.listed.push([folder, relevant.map(({ name }) => name)]);
    this.add('names', this.name(folder), ...relevant.map(entry => described(folder, entry)));
  }

  private addSettings(folder: string, entries: readonly fs.Dirent[]): void {
    for (const { name } of entries.filter(entry => SETTINGS.includes(entry.name))) this.addSetting(path.join(folder, name));
  }

  private addSetting(file: string): void {
    if (TSCONFIG.test(path.basename(file))) this.addTsconfig(file);
    else this.addFile(file);
  }

  /** A `tsconfig.json`, and the files that it extends. */
  private addTsconfig(file: string): void {
    const text = this.addFile(file)?.toString();
    if (text === undefined) return;
    const { manifests, parents, hasAliases, aliasFolders } = readTsconfig(file, text);
    for (const manifest of manifests) this.addFile(manifest);
    for (const parent of parents) this.addTsconfig(parent);
    this.aliased ||= hasAliases;
    for (const folder of aliasFolders) {
      this.aliasFolders.add(folder);
      if (!contains(this.root, folder)) this.addTree(folder, !contains(folder, this.root));
    }
  }

  private addPackages(folder: string, entries: readonly fs.Dirent[]): void {
    const isPackage = folder.split(path.sep).includes(MODULES);
    if (!isPackage || entries.some(({ name }) => name === MODULES)) this.addPackageNames(path.join(folder, MODULES));
  }

  private addPackageNames(modules: string): void {
    const inScope = (scope: string) => packages(path.join(modules, scope)).map(name => `${scope}/${name}`);
    const names = packages(modules).flatMap(name => name.startsWith('@') ? inScope(name) : [name]);
    this.add('packages', this.name(modules), ...names);
  }

  /** The folders above the root: their settings and packages apply too, if the lock file is in a folder of a repository. */
  private addParents(): void {
    for (let at = path.dirname(this.root); ; at = path.dirname(at)) {
      for (const name of SETTINGS) this.addSetting(path.join(at, name));
      this.addPackageNames(path.join(at, MODULES));
      if (at === path.dirname(at)) return;
    }
  }

  /** Every file that an alias can resolve to. */
  private addTree(folder: string, recursive = true): void {
    const entries = entriesOf(folder);
    if (entries.some(entry => entry.name === 'cdk.out' && entry.isFile())) return; // a cloud assembly
    const stems = this.stems.get(folder);
    const resolvable = entries.filter(entry => !entry.isDirectory() && (RESOLVED.test(entry.name) || stems?.has(stem(entry.name))));
    this.listed.push([folder, resolvable.map(({ name }) => name)]);
    this.add('tree', this.name(folder), ...resolvable.map(entry => described(folder, entry)));
    if (!recursive) return;
    const below = entries.filter(entry => entry.isDirectory() && entry.name !== MODULES).map(({ name }) => path.join(folder, name));
    for (const one of below) if (!path.basename(one).startsWith('.') || this.isAliasFolder(one)) this.addTree(one);
  }

  /** Folders of tools begin with a dot and can be large: only those are read that a configuration or an input names. */
  private isAliasFolder(folder: string): boolean {
    return this.stems.has(folder) || [...this.aliasFolders].some(alias => contains(folder, alias));
  }

  private name(file: string): string {
    const prefix = this.root + path.sep;
    const relative = file.startsWith(prefix) ? file.slice(prefix.length) : path.relative(this.root, file);
    return path.sep === '/' ? relative : relative.split(path.sep).join('/');
  }
}

/**
 * The names of packages with the targets of links (of pnpm, workspaces and `npm link`), because esbuild reports inputs by
 * their real path.
 */
function packages(folder: string): string[] {
  return entriesOf(folder).filter(({ name }) => !name.startsWith('.')).map(entry => entry.isSymbolicLink() ? described(folder, entry) : entry.name);
}

/** The name of an entry, with the target of a link, and with a slash after a folder. */
function described(folder: string, entry: fs.Dirent): string {
  if (!entry.isSymbolicLink()) return entry.isDirectory() ? `${entry.name}/` : entry.name;
  try {
    return `${entry.name} ${fs.readlinkSync(path.join(folder, entry.name))}`;
  } catch {
    return entry.name; // removed in the meantime
  }
}

function entriesOf(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => a.name < b.name ? -1 : 1);
  } catch {
    return [];
  }
}

/** A file name up to its first dot: esbuild resolves `./a` and `./a.js` to files with the same stem. The dot of `.env` is part of it. */
function stem(name: string): string {
  const dot = name.indexOf('.', 1);
  return dot === -1 ? name : name.slice(0, dot);
}

/** Whether a path is a folder or in it. */
function contains(folder: string, file: string): boolean {
  return file.startsWith(folder + path.sep) || path.relative(folder, file).split(path.sep)[0] !== '..';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
