import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'fs';
import { basename, isAbsolute, join, resolve } from 'path';
import { ZipFiles } from './zip-files';
import type { PackageFiles } from '../../private/package-files';
import { isJson } from '../graph';
import type { AssetSource, Json } from '../graph';

/** The number of files after which the rest of a folder is not read. */
const FILES_MAX = 20_000;

/** The assets of a cloud assembly, each read once. */
class AssemblyAssets implements AssetSource {
  private readonly read = new Map<string, DirectoryFiles | ZipFiles | undefined>();
  private manifest?: Map<string, Json>;

  constructor(private readonly directory: string) { }

  /** The files of a staged asset. For stacks that are not built, CDK refers to the folder of the source. */
  public files(path: string): PackageFiles | undefined {
    if (isAbsolute(path) || !basename(path).startsWith('asset.')) return undefined;
    const files = this.open(path);
    return files?.isComplete ? files : undefined;
  }

  public bytes(path: string): number | undefined {
    const file = resolve(this.directory, path);
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats?.isFile() ? stats.size : this.open(path)?.bytes;
  }

  public path(hash: string): string | undefined {
    const path = this.source(hash).path;
    return typeof path === 'string' ? path : undefined;
  }

  public imagePlatform(hash: string): string | undefined {
    const platform = this.source(hash).platform;
    return typeof platform === 'string' ? platform : undefined;
  }

  private open(path: string): DirectoryFiles | ZipFiles | undefined {
    const file = resolve(this.directory, path);
    if (!this.read.has(file)) this.read.set(file, readAsset(file));
    return this.read.get(file);
  }

  private source(hash: string): Json {
    this.manifest ??= new Map(manifestsIn(this.directory).flatMap(manifest => ['files', 'dockerImages']
      .flatMap(kind => Object.entries(isJson(manifest[kind]) ? manifest[kind] : {}))
      .map(([id, asset]) => [id, isJson(asset) && isJson(asset.source) ? asset.source : {}])));
    return this.manifest.get(hash) ?? {};
  }
}

/** The files of a folder. */
class DirectoryFiles implements PackageFiles {
  public readonly names: readonly string[];
  public readonly bytes: number;
  /** Whether all files are read: there are not too many, and none are in a linked folder. */
  public readonly isComplete: boolean;
  private readonly known: ReadonlySet<string>;

  constructor(private readonly folder: string) {
    const names: string[] = [];
    let bytes = 0;
    let hasLinkedFolder = false;
    const visit = (below: string): void => {
      for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
        const name = below === '' ? entry.name : `${below}/${entry.name}`;
        if (entry.isDirectory()) visit(name);
        else if (entry.isFile()) bytes += lstatSync(join(folder, name)).size;
        const target = entry.isSymbolicLink() ? statSync(join(folder, name), { throwIfNoEntry: false }) : entry;
        if (target?.isFile()) names.push(name);
        hasLinkedFolder ||= entry.isSymbolicLink() && target?.isDirectory() === true;
        if (names.length >= FILES_MAX) return;
      }
    };
    visit('');
    this.names = names;
    this.known = new Set(names);
    this.bytes = bytes;
    this.isComplete = names.length < FILES_MAX && !hasLinkedFolder;
  }

  public has(name: string): boolean {
    return this.known.has(name);
  }

  public read(name: string, bytes?: number): Buffer {
    const file = join(this.folder, name);
    if (bytes === undefined) return readFileSync(file);
    const open = openSync(file, 'r');
    try {
      const buffer = Buffer.alloc(bytes);
      return buffer.subarray(0, readSync(open, buffer, 0, bytes, 0));
    } finally {
      closeSync(open);
    }
  }

  public isExecutable(name: string): boolean | undefined {
    if (process.platform === 'win32') return undefined;
    return Math.floor(statSync(join(this.folder, name)).mode / 0o100) % 2 === 1;
  }
}

/** A function that reads the assets of each folder once. */
export function assetsOfFolders(): (directory: string) => AssetSource {
  const known = new Map<string, AssemblyAssets>();
  return directory => {
    const assets = known.get(directory) ?? new AssemblyAssets(directory);
    known.set(directory, assets);
    return assets;
  };
}

/** Undefined if the asset does not exist or is not an archive. */
function readAsset(file: string): DirectoryFiles | ZipFiles | undefined {
  try {
    return statSync(file).isDirectory() ? new DirectoryFiles(file) : ZipFiles.of(file);
  } catch {
    return undefined;
  }
}

function manifestsIn(directory: string): Json[] {
  try {
    return readdirSync(directory).filter(name => name.endsWith('.assets.json'))
      .map(name => JSON.parse(readFileSync(join(directory, name), 'utf8'))).filter(isJson);
  } catch {
    return [];
  }
}
