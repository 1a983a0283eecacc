import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as os from 'node:os';
import * as path from 'node:path';
import type * as esbuild from 'esbuild';
import type { EsbuildWarning } from './esbuild-warnings';
import { packageOf } from '../private/package-name';
import { refuse } from '../private/validation';

/**
 * Each minor version of esbuild 0.x can contain breaking changes. Older versions have known vulnerabilities and lack
 * options that are used here.
 */
const OLDEST_MINOR = 25;
const INSTALL = 'install it in the app with: npm install --save-dev esbuild';

/** Fixes for errors of esbuild whose messages do not contain one. */
const FIXES: [RegExp, string][] = [
  [/Could not resolve "[^./]/, 'add a native package, or one that is deliberately not installed, '
    + "to 'nodeModules', 'layerModules' or 'optionalModules'"],
  [/No loader is configured for "\.node"/, "add a native package to 'nodeModules' or 'layerModules'"],
  [/No loader is configured for "/, "set what the import contains in 'loaders', for example { '.sql': Loader.TEXT }, "
    + "or put the file into the package with 'files' and read it at run time"],
  [/no space left on device|disk quota exceeded/i, "free disk space, or set 'cacheDirectory' to a folder on another disk"],
  [/Top-level await/, "top-level await requires the 'format' ModuleFormat.ESM"],
];

/**
 * The output folder of bundles with source maps, which contain relative paths from it to the sources. It is never
 * written.
 */
const SOURCE_MAP_OUTDIR = '.bundles';

/** A process per build starts faster than a worker thread with a process, and releases its memory. */
const LOAD_SETTINGS = { ESBUILD_WORKER_THREADS: '0' };

/** The memory limit of esbuild in MiB: a quarter of the machine's memory, within these bounds. */
const MEMORY = { least: 1024, most: 2048 };
/**
 * The memory in MiB of a handler with three clients of the SDK. All handlers of a build are in memory at the same time.
 */
const MEMORY_PER_HANDLER = 32;

/**
 * The app's own version of esbuild. One process builds many handlers, because most of the time of a small build is the
 * start of the process.
 */
export class EsbuildProcess {
  public static load(at: string, root: string): EsbuildProcess {
    const folders = [...new Set([root, process.cwd()])];
    for (const folder of folders) {
      const found = createRequire(path.join(folder, 'package.json'));
      let file: string;
      try {
        file = found.resolve('esbuild');
      } catch {
        continue;
      }
      const load = () => withEnvironment(LOAD_SETTINGS, () => withWorkingDirectory(path.dirname(file), () => found(file) as typeof esbuild));
      return new EsbuildProcess(at, versionOf(file) ?? load().version, load);
    }
    return refuse(at, `esbuild must be installed, got none in ${folders.map(folder => `'${folder}'`).join(' or ')}; `
      + `${INSTALL}`);
  }

  /** The number of handlers that fit into the memory of one build. */
  public readonly batchSize = Math.floor(memory() / MEMORY_PER_HANDLER);

  private constructor(at: string, public readonly version: string, private readonly load: () => typeof esbuild) {
    const [major, minor] = version.split('.').map(Number);
    if (major !== 0 || minor < OLDEST_MINOR) {
      refuse(at, `esbuild must be at least 0.${OLDEST_MINOR}.0 and below 1.0.0, got ${version}; `
        + `${INSTALL}@^0.28.0`);
    }
  }

  /**
   * Builds into a folder. Errors contain the messages of esbuild.
   *
   * esbuild writes the bundles, because sending them to this process takes a third of the time of a build with the SDK.
   */
  public build(at: string, options: esbuild.BuildOptions, outdir: string): { metafile: esbuild.Metafile; warnings: EsbuildWarning[] } {
    const root = options.absWorkingDir!;
    const library = this.load();
    try {
      const mapped = Boolean(options.sourcemap);
      const { outputFiles, metafile, warnings } = withEnvironment(buildSettings(), () => library.buildSync({
        ...options, outdir: mapped ? SOURCE_MAP_OUTDIR : outdir, write: !mapped, metafile: true, logLevel: 'silent',
      }));
      for (const { path: file, contents } of outputFiles ?? []) {
        const target = path.join(outdir, path.relative(path.join(root, SOURCE_MAP_OUTDIR), file));
        fs.mkdirSync(path.dirname(target), { recursive: true });
        fs.writeFileSync(target, contents);
      }
      return { metafile: metafile!, warnings: warnings.map(({ id, text, location }) => ({ id, text, location: location ?? undefined })) };
    } catch (error) {
      const { errors } = error as esbuild.BuildFailure;
      if (errors === undefined) {
        return refuse(at, `esbuild ${this.version} failed: ${(error as Error).message}; `
          + `check 'target' and the free memory and disk space, or ${INSTALL}`);
      }
      const messages = library.formatMessagesSync(errors, { kind: 'error' }).join('').trim();
      const fixes = [fixOfUnbuilt(errors), FIXES.find(([pattern]) => pattern.test(messages))?.[1]].filter(fix => fix !== undefined);
      return refuse(at, `the handlers must compile, got errors of esbuild:\n${messages}\n${fixes.length > 0 ? fixes.join('; ') : 'fix the errors above'}`);
    }
  }
}

/** The version of an installed package, without loading it: most syntheses need only the version. Undefined if its manifest has none. */
function versionOf(file: string): string | undefined {
  for (let at = path.dirname(file); at !== path.dirname(at); at = path.dirname(at)) {
    const manifest = path.join(at, 'package.json');
    const { version } = fs.existsSync(manifest) ? JSON.parse(fs.readFileSync(manifest, 'utf8')) : {};
    if (version !== undefined) return String(version);
    if (path.basename(path.dirname(at)) === 'node_modules') return undefined;
  }
  return undefined;
}

/** The fix for packages that require a file of their own that does not exist, such as the native binary that their install script builds. */
function fixOfUnbuilt(errors: readonly esbuild.Message[]): string | undefined {
  const files = errors.filter(({ text }) => /^Could not resolve (?:require\()?"\.{1,2}\//.test(text)).map(({ location }) => location?.file ?? '');
  const packages = [...new Set(files.map(packageOf).filter(name => name !== undefined))].sort().map(name => `'${name}'`).join(', ');
  return packages === '' ? undefined : `files that the installation of ${packages} creates are missing: add ${packages} to 'nodeModules', or to 'optionalModules' if the code works without it`;
}

/** In MiB. */
function memory(): number {
  const machine = Math.min(os.totalmem(), process.constrainedMemory?.() || Infinity) / 1024 / 1024;
  return Math.round(Math.min(MEMORY.most, Math.max(MEMORY.least, machine / 4)));
}

/**
 * esbuild is a Go program. Go collects garbage whenever its memory has doubled, which takes a third of the time of a
 * build with the SDK. With a memory limit instead, the build takes less time and less memory. Settings of the user
 * take precedence.
 */
function buildSettings(): Record<string, string> {
  const settings = { ESBUILD_MAX_BUFFER: 'Infinity' };
  const isSetByUser = process.env.GOGC !== undefined || process.env.GOMEMLIMIT !== undefined;
  return isSetByUser ? settings : { ...settings, GOGC: 'off', GOMEMLIMIT: `${memory()}MiB` };
}

/** Sets the environment variables that are not set while a function runs: esbuild has no options for them. */
function withEnvironment<T>(settings: Record<string, string>, run: () => T): T {
  const unset = Object.keys(settings).filter(name => process.env[name] === undefined);
  for (const name of unset) process.env[name] = settings[name];
  try {
    return run();
  } finally {
    for (const name of unset) delete process.env[name];
  }
}

/** esbuild starts its processes in the working directory in which it was loaded. One that a test has made can be removed by then. */
function withWorkingDirectory<T>(folder: string, run: () => T): T {
  const { cwd } = process;
  process.cwd = () => folder;
  try {
    return run();
  } finally {
    process.cwd = cwd;
  }
}
