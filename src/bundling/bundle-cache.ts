import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Finding } from './metafile';

const KEPT_DAYS = 30;
/** What kept files say that they were last changed at, so that one which was touched shows. */
const UNTOUCHED = new Date('1980-01-01T00:00:00Z');
const FOLDERS = ['handlers', 'modules', 'requests', 'building'];

/** One file of a built handler. */
export interface BuiltFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A built handler: what is in its package, and what was found in it. */
export interface BuiltHandler {
  /** Of the content alone: the same on every machine. */
  readonly hash: string;
  readonly files: BuiltFile[];
  /** The packages installed beside the bundle, as name@version, with their size. */
  readonly modules: string[];
  readonly modulesBytes: number;
  /** @default - not known, where they are those of a CommonJS module */
  readonly exports?: string[];
  readonly findings: Finding[];
}

/** What a request was answered with, and what the answer was made from. */
export interface BuildRecord {
  readonly inputs: string[];
  readonly fingerprint: string;
  readonly handlers: Record<string, BuiltHandler>;
}

let ofThisProcess: string | undefined;

/**
 * Built handlers by content, and which request was answered with which. Everything is written under another name and then
 * moved into place, so that any number of synths may use one cache at once and none sees half of anything.
 */
export class BundleCache {
  public static readonly MODULES = 'node_modules';

  /** The cache in this folder; one that lasts as long as the process where the folder cannot be written. */
  public static in(folder: string | undefined): BundleCache {
    try {
      if (folder !== undefined) return new BundleCache(folder);
    } catch {
      // falls through: a synth on a read-only disk still bundles
    }
    return new BundleCache(ofThisProcess ??= temporaryFolder());
  }

  private constructor(private readonly folder: string) {
    for (const name of FOLDERS) fs.mkdirSync(path.join(folder, name), { recursive: true });
    fs.accessSync(path.join(folder, 'building'), fs.constants.W_OK);
  }

  /** The folder to stage for a built handler. */
  public directory(handler: BuiltHandler): string {
    return path.join(this.folder, 'handlers', handler.hash);
  }

  public record(request: string): BuildRecord | undefined {
    try {
      touch(this.recordFile(request));
      const record = JSON.parse(fs.readFileSync(this.recordFile(request), 'utf8'));
      return Array.isArray(record.inputs) && record.handlers ? record : undefined;
    } catch {
      return undefined; // none, or not one of ours
    }
  }

  public keepRecord(request: string, record: BuildRecord): void {
    const temporary = this.temporary();
    fs.writeFileSync(temporary, JSON.stringify(record));
    fs.renameSync(temporary, this.recordFile(request));
    this.forget();
  }

  /** Whether the bundle is there, byte for byte as it was built, and its packages with it. */
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

  /** A folder of one's own to build in. */
  public workspace(): string {
    const folder = this.temporary();
    fs.mkdirSync(folder);
    return folder;
  }

  /** Moves a finished workspace to where its content belongs; what is there already stays, for another synth may be reading it. */
  public keep(handler: BuiltHandler, workspace: string): void {
    for (const file of handler.files) fs.utimesSync(path.join(workspace, file.name), UNTOUCHED, UNTOUCHED);
    const target = this.directory(handler);
    if (!this.move(workspace, target) && !this.has(handler)) {
      const damaged = this.temporary();
      fs.renameSync(target, damaged);
      this.move(workspace, target);
      fs.rmSync(damaged, { recursive: true, force: true });
    }
    if (fs.existsSync(workspace)) fs.rmSync(workspace, { recursive: true });
  }

  /** Where the packages of this request are, once `keepModules` has put them there. */
  public modulesDirectory(key: string): string {
    return path.join(this.folder, 'modules', key);
  }

  public keepModules(key: string, workspace: string): void {
    if (!this.move(workspace, this.modulesDirectory(key))) fs.rmSync(workspace, { recursive: true, force: true });
  }

  /** Whether it could be moved: it cannot where there is something already. */
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
    return size === built.bytes && (mtimeMs === UNTOUCHED.getTime() || crypto.hash('sha256', fs.readFileSync(file), 'hex') === built.sha256);
  }

  private recordFile(request: string): string {
    return path.join(this.folder, 'requests', `${request}.json`);
  }

  private temporary(): string {
    return path.join(this.folder, 'building', `${process.pid}-${crypto.randomUUID()}`);
  }

  /** Removes what no synth has used for a month, and what was left half-built. */
  private forget(): void {
    const oldest = Date.now() - KEPT_DAYS * 86_400_000;
    for (const name of FOLDERS) {
      for (const entry of fs.readdirSync(path.join(this.folder, name))) {
        const file = path.join(this.folder, name, entry);
        if ((fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? oldest) < oldest) fs.rmSync(file, { recursive: true, force: true });
      }
    }
  }
}

/** So that it is not taken for something that no synth uses. */
function touch(file: string): void {
  const now = new Date();
  fs.utimesSync(file, now, now);
}

function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-production-lambda-'));
  process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}
