import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { BundleFinding } from './entry-metafile';

const RETENTION_DAYS = 30;
const HASH = /^[\da-f]{64}$/;
/** A path in the package, which is not in its packages. */
const FILE_NAME = /^(?!node_modules\/)(?!(.*\/)?\.\.?(\/|$))[^/\\][^\\]*$/;
const FOLDERS = ['handlers', 'modules', 'requests', 'building'];

/** The name of the bundle among the files of a package. */
export const BUNDLE_FILE = /^index\.m?js$/;

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
  /** A hash of the contents of these packages. */
  readonly modulesHash?: string;
  /** @default - not known, as for a CommonJS module */
  readonly exports?: string[];
  readonly findings: BundleFinding[];
}

/** A bundle that is ready to be staged. */
export interface Bundle {
  readonly handler: BuiltHandler;
  readonly directory: string;
}

/** The result of a build, and the inputs from which it was built. */
export interface BuildRecord {
  readonly inputs: string[];
  readonly fingerprint: string;
  readonly handlers: Record<string, BuiltHandler>;
}

/** What a hash reads of a file at a time. */
const PART = Buffer.allocUnsafeSlow(64 * 1024);
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
      const { digest, ...record } = JSON.parse(fs.readFileSync(this.recordFile(request), 'utf8'));
      return digest === digestOf(record) && isRecord(record) ? record : undefined;
    } catch {
      return undefined; // absent or damaged
    }
  }

  /** Stores a result. Without it, the next synthesis builds again: a full disk is no error here. */
  public storeRecord(request: string, record: BuildRecord): void {
    const temporary = this.temporary();
    try {
      fs.writeFileSync(temporary, JSON.stringify({ ...record, digest: digestOf(record) }));
      fs.renameSync(temporary, this.recordFile(request));
      this.removeUnused();
    } catch {
      fs.rmSync(temporary, { force: true });
    }
  }

  /**
   * Whether the cache contains the unmodified bundle and its packages.
   *
   * @param isStaged Whether the cloud assembly contains them, which are then not read a second time
   */
  public has(handler: BuiltHandler, isStaged = false): boolean {
    const folder = this.directory(handler);
    try {
      touch(folder);
    } catch {
      return false;
    }
    return isStaged || isBundle(folder, handler);
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

  /** Removes installed packages that were modified. */
  public removeModules(key: string): void {
    const damaged = this.temporary();
    fs.renameSync(this.modulesDirectory(key), damaged);
    fs.rmSync(damaged, { recursive: true, force: true });
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

/** Whether a folder contains the unmodified bundle and its packages. Contents are compared: sizes and times can be restored. */
export function isBundle(folder: string, { files, modulesHash }: BuiltHandler): boolean {
  try {
    return files.every(file => hashOf(path.join(folder, file.name)) === file.sha256)
      && (modulesHash === undefined || hashOfTree(path.join(folder, BundleCache.MODULES)) === modulesHash);
  } catch {
    return false;
  }
}

/** A hash of the names and contents of all files below a folder, or of the content of a file. */
export function hashOfTree(folder: string): string {
  if (!fs.statSync(folder).isDirectory()) return hashOf(folder);
  const hash = crypto.createHash('sha256');
  const add = (below: string): void => {
    const entries = fs.readdirSync(path.join(folder, below), { withFileTypes: true }).sort((a, b) => a.name < b.name ? -1 : 1);
    for (const entry of entries) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      const file = path.join(folder, name);
      if (entry.isDirectory()) add(name);
      else hash.update(`${JSON.stringify([name, entry.isSymbolicLink() ? `link ${fs.readlinkSync(file)}` : hashOf(file)])}\n`);
    }
  };
  add('');
  return hash.digest('hex');
}

/** A hash of the content of a file. It is read in parts: to allocate memory for whole bundles takes as long as to hash them. */
function hashOf(file: string): string {
  const hash = crypto.createHash('sha256');
  const descriptor = fs.openSync(file, 'r');
  try {
    for (let read = fs.readSync(descriptor, PART); read > 0; read = fs.readSync(descriptor, PART)) hash.update(PART.subarray(0, read));
  } finally {
    fs.closeSync(descriptor);
  }
  return hash.digest('hex');
}

/** A hash of a result, to detect one that is damaged. */
function digestOf(record: Partial<BuildRecord>): string {
  return crypto.hash('sha256', JSON.stringify(record), 'hex');
}

/** Whether a cached result is complete, and names only files in the cache. A cache can be restored from elsewhere. */
function isRecord(record: Partial<BuildRecord> | null): record is BuildRecord {
  return Array.isArray(record?.inputs) && record.inputs.every(input => typeof input === 'string')
    && typeof record.handlers === 'object' && record.handlers !== null && Object.values(record.handlers).every(isBuiltHandler);
}

function isBuiltHandler(handler: Partial<BuiltHandler> | null): boolean {
  return typeof handler?.hash === 'string' && HASH.test(handler.hash) && Array.isArray(handler.modules) && Array.isArray(handler.findings)
    && (handler.modules.length === 0 || typeof handler.modulesHash === 'string') && Array.isArray(handler.files) && handler.files.length > 0
    && handler.files.every(file => typeof file?.name === 'string' && FILE_NAME.test(file.name) && typeof file.sha256 === 'string' && typeof file.bytes === 'number');
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
