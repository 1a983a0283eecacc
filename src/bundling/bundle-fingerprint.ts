import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

const RESOLVED = /\.([cm]?[jt]sx?|json|css)$/;
/** The clock of file systems is coarse. */
const CLOCK_SLACK_MS = 30;

/**
 * A hash of everything that decides the inputs of a build: the contents of the files, and the names and settings that
 * its imports were resolved with. A new file that the next build would read changes the hash too.
 */
export class BundleFingerprint {
  private readonly hash = crypto.createHash('sha256');
  private readonly files = new Set<string>();
  /** Whether a `tsconfig.json` maps imports to other folders. */
  private aliased = false;
  private readonly listed: [folder: string, names: string[]][] = [];

  /** @param inputs paths of files from `root`, with forward slashes */
  constructor(private readonly root: string, inputs: readonly string[]) {
    const folders = new Set<string>();
    for (const input of [...inputs].sort()) {
      const file = path.resolve(root, input);
      this.addFile(file);
      this.collectFolders(path.dirname(file), folders);
    }
    for (const folder of [...folders].sort()) {
      const names = this.addNames(folder);
      if (names.includes('package.json')) this.addFile(path.join(folder, 'package.json'));
      if (names.includes('tsconfig.json')) this.addTsconfig(path.join(folder, 'tsconfig.json'));
      if (!/[\\/]node_modules[\\/]/.test(folder)) this.addPackageNames(path.join(folder, 'node_modules'));
    }
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

  /**
   * A folder and its parents, in which relative imports, `package.json`, `tsconfig.json` and `node_modules` are
   * resolved.
   */
  private collectFolders(folder: string, folders: Set<string>): void {
    const inside = !path.relative(this.root, folder).startsWith('..');
    for (let at = folder; !folders.has(at); at = path.dirname(at)) {
      folders.add(at);
      if (at === this.root || at === path.dirname(at)) return;
      if (!inside && fs.existsSync(path.join(at, 'package.json'))) return; // the root of a linked package
    }
  }

  /** A `tsconfig.json` and the files that it extends. */
  private addTsconfig(file: string): void {
    const text = this.addFile(file)?.toString();
    if (text === undefined) return;
    this.aliased ||= /"(paths|baseUrl|rootDirs)"\s*:/.test(text);
    const [, parents = ''] = /"extends"\s*:\s*("[^"]*"|\[[^\]]*\])/.exec(text) ?? [];
    for (const [, parent] of parents.matchAll(/"([^"]*)"/g)) {
      for (const base of this.tsconfigBases(path.dirname(file), parent)) {
        for (const candidate of [base, `${base}.json`, path.join(base, 'tsconfig.json')]) this.addTsconfig(candidate);
      }
    }
  }

  private tsconfigBases(folder: string, parent: string): string[] {
    if (parent.startsWith('.') || path.isAbsolute(parent)) return [path.resolve(folder, parent)];
    const bases = [path.join(folder, 'node_modules', parent)];
    for (let at = folder; at !== path.dirname(at); at = path.dirname(at)) bases.push(path.join(path.dirname(at), 'node_modules', parent));
    return bases;
  }

  private addNames(folder: string): string[] {
    const names = this.names(folder).filter(name => RESOLVED.test(name));
    this.listed.push([folder, names]);
    this.add('names', this.name(folder), ...names);
    return names;
  }

  private addPackageNames(modules: string): void {
    const inScope = (scope: string) => this.packages(path.join(modules, scope)).map(name => `${scope}/${name}`);
    const names = this.packages(modules).flatMap(name => name.startsWith('@') ? inScope(name) : [name]);
    this.add('packages', this.name(modules), ...names);
  }

  /**
   * The names of packages with the targets of links (of pnpm, workspaces and `npm link`), because esbuild reports
   * inputs by their real path.
   */
  private packages(folder: string): string[] {
    try {
      return fs.readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'))
        .map(entry => entry.isSymbolicLink() ? `${entry.name} ${fs.readlinkSync(path.join(folder, entry.name))}` : entry.name).sort();
    } catch {
      return [];
    }
  }

  /** Every file that an alias can resolve to. */
  private addTree(folder: string): void {
    let entries: fs.Dirent[];
    try {
      entries = fs.readdirSync(folder, { withFileTypes: true });
    } catch {
      return;
    }
    if (entries.some(entry => entry.name === 'cdk.out' && entry.isFile())) return; // a cloud assembly
    const names = entries.filter(entry => entry.isFile() && RESOLVED.test(entry.name)).map(entry => entry.name).sort();
    this.listed.push([folder, names]);
    this.add('tree', this.name(folder), ...names);
    const below = entries.filter(entry => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'));
    for (const entry of below.sort((a, b) => a.name < b.name ? -1 : 1)) this.addTree(path.join(folder, entry.name));
  }

  private names(folder: string): string[] {
    try {
      return fs.readdirSync(folder).filter(name => !name.startsWith('.')).sort();
    } catch {
      return [];
    }
  }

  private name(file: string): string {
    return path.relative(this.root, file).split(path.sep).join('/');
  }
}
