import { readFileSync } from 'fs';
import { constants, inflateRawSync } from 'zlib';
import type { PackageFiles } from '../../private/package-files';

/** The signatures of the records of an archive. */
const END = 0x06054b50;
const ENTRY = 0x02014b50;
/** The end record and the longest comment after it. */
const END_BYTES_MAX = 22 + 65_535;

interface Entry {
  readonly offset: number;
  readonly method: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  /** The Unix permissions; 0 if the archive was made on Windows. */
  readonly mode: number;
}

/**
 * The files of a ZIP or JAR archive. Archives larger than 4 GB are not read, because Lambda does not accept them.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export class ZipFiles implements PackageFiles {
  /** Undefined if the file is not an archive. */
  public static of(file: string): ZipFiles | undefined {
    if (!/\.(zip|jar|war)$/i.test(file)) return undefined;
    const archive = readFileSync(file);
    for (let at = archive.length - 22; at >= Math.max(0, archive.length - END_BYTES_MAX); at--) {
      if (archive.readUInt32LE(at) === END) return new ZipFiles(archive, at);
    }
    return undefined;
  }

  public readonly bytes: number;
  public readonly isComplete = true;
  private readonly entries = new Map<string, Entry>();

  private constructor(private readonly archive: Buffer, end: number) {
    const count = archive.readUInt16LE(end + 10);
    let at = archive.readUInt32LE(end + 16);
    for (let index = 0; index < count && archive.readUInt32LE(at) === ENTRY; index++) {
      const [name, extra, comment] = [28, 30, 32].map(field => archive.readUInt16LE(at + field));
      const path = archive.toString('utf8', at + 46, at + 46 + name);
      if (!path.endsWith('/')) {
        this.entries.set(path, {
          offset: archive.readUInt32LE(at + 42),
          method: archive.readUInt16LE(at + 10),
          compressedBytes: archive.readUInt32LE(at + 20),
          bytes: archive.readUInt32LE(at + 24),
          mode: archive.readUInt16LE(at + 40),
        });
      }
      at += 46 + name + extra + comment;
    }
    this.bytes = [...this.entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  public get names(): string[] {
    return [...this.entries.keys()];
  }

  public has(name: string): boolean {
    return this.entries.has(name);
  }

  public read(name: string): Buffer {
    const { offset, method, compressedBytes } = this.entries.get(name)!;
    const start = offset + 30 + this.archive.readUInt16LE(offset + 26) + this.archive.readUInt16LE(offset + 28);
    const data = this.archive.subarray(start, start + compressedBytes);
    return method === 0 ? data : inflateRawSync(data, { finishFlush: constants.Z_SYNC_FLUSH });
  }

  public isExecutable(name: string): boolean | undefined {
    const { mode } = this.entries.get(name)!;
    return mode === 0 ? undefined : Math.floor(mode / 0o100) % 2 === 1;
  }
}
