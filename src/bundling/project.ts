import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** Newest first: a project that moved from one to another may have left the old one behind. */
const LOCK_FILES = ['pnpm-lock.yaml', 'bun.lock', 'yarn.lock', 'package-lock.json'];

/** The folder that handlers are bundled in: paths in bundles and in the cache are relative to it, so that they are the same everywhere. */
export class Project {
  /** The stated root, else the nearest folder at or above `from` with a lock file. */
  public static of(from: string, stated?: string): Project | undefined {
    if (stated !== undefined) return new Project(stated);
    for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
      if (LOCK_FILES.some(name => fs.existsSync(path.join(folder, name)))) return new Project(folder);
      if (folder === path.dirname(folder)) return undefined;
    }
  }

  public readonly root: string;
  /** Absolute path of the lock file, where there is one. */
  public readonly lockFile?: string;

  private constructor(root: string) {
    this.root = fs.realpathSync(root);
    this.lockFile = LOCK_FILES.map(name => path.join(this.root, name)).find(file => fs.existsSync(file));
  }

  /** The path of a file from the root, with forward slashes on every system. */
  public relative(file: string): string {
    return path.relative(this.root, fs.realpathSync(file)).split(path.sep).join('/');
  }

  public lockHash(): string {
    return this.lockFile === undefined ? 'none' : crypto.hash('sha256', fs.readFileSync(this.lockFile), 'hex');
  }

  /** Where bundles are kept between synths: beside the packages they were built from, so that a clean install clears both. */
  public cacheDirectory(): string | undefined {
    const modules = path.join(this.root, 'node_modules');
    return fs.existsSync(modules) ? path.join(modules, '.cache', 'cdk-production-lambda') : undefined;
  }
}
