import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** Newest first: a project that changed its package manager can still contain the old lock file. */
const LOCK_FILES = ['pnpm-lock.yaml', 'bun.lock', 'bun.lockb', 'deno.lock', 'yarn.lock', 'npm-shrinkwrap.json', 'package-lock.json'];
/** The lock files that npm reads. */
const NPM_LOCK_FILES = ['npm-shrinkwrap.json', 'package-lock.json'];

/**
 * The root folder of a project. Paths in bundles and in the cache are relative to it, so that they are the same on
 * every machine.
 */
export class Project {
  /** The configured root, otherwise the nearest folder with a lock file, beginning at `from`. */
  public static of(from: string, configuredRoot?: string): Project | undefined {
    if (configuredRoot !== undefined) return new Project(configuredRoot);
    for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
      if (LOCK_FILES.some(name => fs.existsSync(path.join(folder, name)))) return new Project(folder);
      if (folder === path.dirname(folder)) return undefined;
    }
  }

  public readonly root: string;
  /** The absolute path of the lock file, if there is one. */
  public readonly lockFile?: string;

  private constructor(root: string) {
    this.root = fs.realpathSync(root);
    this.lockFile = LOCK_FILES.map(name => path.join(this.root, name)).find(file => fs.existsSync(file));
  }

  /** The absolute path of the lock file of npm, if there is one. */
  public get npmLockFile(): string | undefined {
    return NPM_LOCK_FILES.map(name => path.join(this.root, name)).find(file => fs.existsSync(file));
  }

  /** The path of a file relative to the root, with forward slashes on every operating system. */
  public relative(file: string): string {
    return path.relative(this.root, fs.realpathSync(file)).split(path.sep).join('/');
  }

  public lockHash(): string {
    return this.lockFile === undefined ? 'none' : crypto.hash('sha256', fs.readFileSync(this.lockFile), 'hex');
  }

  /**
   * The default folder of the cache. It is in `node_modules`, so that a clean install removes it together with the
   * packages.
   */
  public cacheDirectory(): string | undefined {
    const modules = path.join(this.root, 'node_modules');
    return fs.existsSync(modules) ? path.join(modules, '.cache', 'cdk-production-lambda') : undefined;
  }
}
