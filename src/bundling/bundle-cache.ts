import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { BundleFinding } from './entry-metafile';

const RETENTION_DAYS = 30;
/** The modification time of cached files, so that a later modification is detected. */
const UNMODIFIED = new Date('1980-01-01T00:00:00Z');
const FOLDERS = ['handlers', 'modules', 'requests', 'building'];

/** One file of a built handler. */
export interface BuiltFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The bundle of a handler: the contents of its package, and the findings about it. */
export interface BuiltHandler {
  /** A hash of the content alone, the same on every machine. */
  readonly hash: string;
  readonly files: BuiltFile[];
  /** The packages that are installed beside the bundle, as name@version. */
  readonly modules: string[];
  readonly modulesBytes: number;
  /** @default - not known, as for a CommonJS module */
  readonly exports?: string[];
  readonly findings: BundleFinding[];
}

/** The result of a build, and the inputs from which it was built. */
export interface BuildRecord {
  readonly inputs: string[];
  readonly fingerprint: string;
  readonly handlers: Record<string, BuiltHandler>;
}

let processFolder: string | undefined;

/**
 * Bundles by the hash of their content, and the results of builds by the hash of their request. Files are written under
 * another name and then moved, so that several processes can share a cache and none reads an incomplete file.
 */
export class BundleCache {
  public static readonly MODULES = 'node_modules';

  /** The cache in a folder. If the folder cannot be written, a temporary cache of this process. */
  public static in(folder: string | undefined): BundleCache {
    try {
      if (folder !== undefined) return new BundleCache(folder);
    } catch {
      // a read-only disk does not prevent bundling
    }
    return new BundleCache(processFolder ??= temporaryFolder());
  }

  private constructor(private readonly folder: string) {
    for (const name of FOLDERS) fs.mkdirSync(path.join(folder, name), { recursive: true });
    fs.accessSync(path.join(folder, 'building'), fs.constants.W_OK);
  }

  /** The folder of a bundle, to be staged. */
  public directory(handler: BuiltHandler): string {
    return path.join(this.folder, 'handlers', handler.hash);
  }

  public record(request: string): BuildRecord | undefined {
    try {
      touch(this.recordFile(request));
      const record = JSON.parse(fs.readFileSync(this.recordFile(request), 'utf8'));
      return Array.isArray(record.inputs) && record.handlers ? record : undefined;
    } catch {
      return undefined; // absent or damaged
    }
  }

  public storeRecord(request: string, record: BuildRecord): void {
    const temporary = this.temporary();
    fs.writeFileSync(temporary, JSON.stringify(record));
    fs.renameSync(temporary, this.recordFile(request));
    this.removeUnused();
  }

  /** Whether the cache contains the unmodified bundle and its packages. */
  public has(handler: BuiltHandler): boolean {
    const folder = this.directory(handler);
    try {
      touch(folder);
      return handler.files.every(file => this.isIntact(path.join(folder, file.name), file))
        && (handler.modules.length === 0 || fs.existsSync(path.join(folder, BundleCache.MODULES)));
    } catch {
      return false;
    }
  }

  /** Creates an empty folder to build in. */
  public workspace(): string {
    const folder = this.temporary();
    fs.mkdirSync(folder);
    return folder;
  }

  /**
   * Moves a finished workspace into the cache. An existing folder with the same content is retained, because another
   * process can be reading it.
   */
  public store(handler: BuiltHandler, workspace: string): void {
    for (const file of handler.files) fs.utimesSync(path.join(workspace, file.name), UNMODIFIED, UNMODIFIED);
    const target = this.directory(handler);
    if (!this.move(workspace, target) && !this.has(handler)) {
      const damaged = this.temporary();
      fs.renameSync(target, damaged);
      this.move(workspace, target);
      fs.rmSync(damaged, { recursive: true, force: true });
    }
    if (fs.existsSync(workspace)) fs.rmSync(workspace, { recursive: true });
  }

  /** The folder of installed packages, after `storeModules`. */
  public modulesDirectory(key: string): string {
    return path.join(this.folder, 'modules', key);
  }

  public storeModules(key: string, workspace: string): void {
    if (!this.move(workspace, this.modulesDirectory(key))) fs.rmSync(workspace, { recursive: true, force: true });
  }

  /** Returns false if the target already exists. */
  private move(workspace: string, target: string): boolean {
    try {
      fs.renameSync(workspace, target);
      return true;
    } catch (error) {
      if (fs.existsSync(target)) return false;
      throw error;
    }
  }

  private isIntact(file: string, built: BuiltFile): boolean {
    const { size, mtimeMs } = fs.statSync(file);
    return size === built.bytes && (mtimeMs === UNMODIFIED.getTime() || crypto.hash('sha256', fs.readFileSync(file), 'hex') === built.sha256);
  }

  private recordFile(request: string): string {
    return path.join(this.folder, 'requests', `${request}.json`);
  }

  private temporary(): string {
    return path.join(this.folder, 'building', `${process.pid}-${crypto.randomUUID()}`);
  }

  /** Removes files that were not used for a month, and incomplete builds. */
  private removeUnused(): void {
    const oldest = Date.now() - RETENTION_DAYS * 86_400_000;
    for (const name of FOLDERS) {
      for (const entry of fs.readdirSync(path.join(this.folder, name))) {
        const file = path.join(this.folder, name, entry);
        if ((fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? oldest) < oldest) fs.rmSync(file, { recursive: true, force: true });
      }
    }
  }
}

/** Marks a file as used. */
function touch(file: string): void {
  const now = new Date();
  fs.utimesSync(file, now, now);
}

function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-production-lambda-'));
  process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}
