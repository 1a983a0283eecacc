import { ELF_HEADER_BYTES, elfMachine } from './elf-header';
import type { PackageFiles } from './package-files';

/** A file that a program loads as native code: shared libraries, and the modules of Node.js and of Python on Windows. */
const NATIVE = /\.(so(\.\d+)*|node|pyd)$/;
/** The tag of CPython in the name of a module, for example `_core.cpython-314-aarch64-linux-gnu.so`. */
const PYTHON_TAG = /\.(cpython|pypy|graalpy)-?(\d+)[\w-]*\.so$/;

/** The end of the name of an npm package with the build for one platform, such as `@img/sharp-linux-x64`. */
const PLATFORM_PACKAGE = /-(linux|linuxmusl|darwin|win32|android|freebsd)[\w-]*$/;

/** A library or module that the function cannot load. */
export interface ForeignModule {
  /** The package that contains it, or the file itself. */
  readonly owner: string;
  readonly file: string;
  /** What it is built for, for messages: `x86_64`, `macOS or Windows`, `Python 3.11`. */
  readonly builtFor: string;
}

/** The platform of a function. */
export interface Platform {
  /** `arm64` or `x86_64`. */
  readonly architecture: string;
  /** For example `3.14`; undefined for other runtimes. */
  readonly python?: string;
}

/**
 * Finds native modules of which a package contains no build for the platform. Packages with a build for each platform are
 * common, so that a foreign file beside one that fits is no fault.
 */
export function foreignModules(files: PackageFiles, platform: Platform): ForeignModule[] {
  const found = new Map<string, ForeignModule | undefined>();
  for (const file of files.names) {
    if (!NATIVE.test(file)) continue;
    const owner = ownerOf(file);
    if (found.has(owner) && found.get(owner) === undefined) continue;
    const builtFor = otherPlatform(file, files.read(file, ELF_HEADER_BYTES), platform);
    if (builtFor === undefined) found.set(owner, undefined);
    else if (!found.has(owner)) found.set(owner, { owner: packageOf(file), file, builtFor });
  }
  return [...found.values()].filter(each => each !== undefined);
}

/** What a file is built for, if it is not the platform. */
function otherPlatform(file: string, header: Buffer, { architecture, python }: Platform): string | undefined {
  const machine = elfMachine(header);
  if (machine === undefined) return isScript(header) ? undefined : 'macOS or Windows';
  if (machine !== architecture) return machine;
  if (/-linux-musl\.so$/.test(file)) return 'musl (Alpine Linux)';
  const [, implementation, digits] = PYTHON_TAG.exec(file) ?? [];
  if (python === undefined || digits === undefined) return undefined;
  return implementation === 'cpython' && digits === python.replace('.', '') ? undefined : pythonName(implementation, digits);
}

function pythonName(implementation: string, digits: string): string {
  return implementation === 'cpython' ? `Python ${digits[0]}.${digits.slice(1)}` : implementation;
}

/** A text file for the linker, or an empty file: nothing that is loaded. */
function isScript(header: Buffer): boolean {
  return header.every(byte => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127));
}

/**
 * What the builds for several platforms have in common: the package of an npm module, and the name of a Python module
 * without the tags of its platform.
 */
function ownerOf(file: string): string {
  if (file.endsWith('.node')) return packageOf(file).replace(PLATFORM_PACKAGE, '');
  const [folder, name] = [file.slice(0, file.lastIndexOf('/') + 1), file.slice(file.lastIndexOf('/') + 1)];
  return folder + name.split('.')[0];
}

/** The npm package or the Python package that contains a file. */
function packageOf(file: string): string {
  const inModules = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1];
  const [first] = file.split('/');
  return inModules ?? (first === file ? file : first);
}
