import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as os from 'node:os';
import * as path from 'node:path';
import type * as esbuild from 'esbuild';
import { refuse } from '../private/validation';

/** esbuild 0.x may break with each minor version; below this it has known vulnerabilities and lacks what is used here. */
const OLDEST_MINOR = 25;
const INSTALL = 'install it in the app with: npm install --save-dev esbuild';

/** What helps where esbuild's own words do not. */
const HINTS: [RegExp, string][] = [
  [/Could not resolve "[^./]/, 'A package that is native, or missing on purpose, is named in \'nodeModules\', \'layerModules\' or \'optionalModules\'.'],
  [/No loader is configured for "\.node"/, 'A native package is named in \'nodeModules\' or \'layerModules\'.'],
  [/Top-level await/, 'Top-level await needs \'format\' to be ModuleFormat.ESM.'],
];

/** A folder that is never written: what esbuild takes for the place of bundles with source maps, which tell the way from there to the sources. */
const NOWHERE = '.bundles';

/** A process for each build starts sooner than a thread that keeps one, and leaves no memory behind. */
const LOADING = { ESBUILD_WORKER_THREADS: '0' };

/** What esbuild may take, in MiB: a quarter of the machine, but no less and no more than this. */
const MEMORY = { least: 1024, most: 2048 };
/** What it takes of that for each handler with three clients of the SDK, for all that are linked at once are in memory together. */
const MEMORY_PER_HANDLER = 32;

/** The app's own esbuild, for many handlers at once: starting one per function is where others spend their time. */
export class Esbuild {
  public static load(at: string, root: string): Esbuild {
    const folders = [...new Set([root, process.cwd()])];
    for (const folder of folders) {
      const found = createRequire(path.join(folder, 'package.json'));
      let file: string;
      try {
        file = found.resolve('esbuild');
      } catch {
        continue;
      }
      return new Esbuild(at, withEnvironment(LOADING, () => found(file) as typeof esbuild));
    }
    return refuse(at, `esbuild is not installed in ${folders.map(folder => `"${folder}"`).join(' or ')}; ${INSTALL}`);
  }

  public readonly version: string;
  /** How many handlers fit into its memory. */
  public readonly atOnce = Math.floor(memory() / MEMORY_PER_HANDLER);

  private constructor(at: string, private readonly library: typeof esbuild) {
    this.version = library.version;
    const [major, minor] = this.version.split('.').map(Number);
    if (major !== 0 || minor < OLDEST_MINOR) {
      refuse(at, `esbuild must be at least 0.${OLDEST_MINOR}.0 and below 1.0.0, got ${this.version}; ${INSTALL}@^0.28.0`);
    }
  }

  /**
   * Builds into a folder; failures are told in esbuild's words.
   *
   * esbuild writes the bundles itself, for sending them to this process takes a third of the time of a build with the SDK.
   */
  public build(at: string, options: esbuild.BuildOptions, outdir: string): esbuild.Metafile {
    const root = options.absWorkingDir!;
    try {
      const mapped = Boolean(options.sourcemap);
      const { outputFiles, metafile } = withEnvironment(buildSettings(), () => this.library.buildSync({
        ...options, outdir: mapped ? NOWHERE : outdir, write: !mapped, metafile: true, logLevel: 'silent',
      }));
      for (const { path: file, contents } of outputFiles ?? []) {
        const target = path.join(outdir, path.relative(path.join(root, NOWHERE), file));
        fs.mkdirSync(path.dirname(target), { recursive: true });
        fs.writeFileSync(target, contents);
      }
      return metafile!;
    } catch (error) {
      const { errors } = error as esbuild.BuildFailure;
      if (errors === undefined) {
        return refuse(at, `esbuild ${this.version} failed: ${(error as Error).message}; check 'target', and whether memory and disk are left, or ${INSTALL}`);
      }
      const told = this.library.formatMessagesSync(errors, { kind: 'error' }).join('').trim();
      return refuse(at, `the handlers cannot be bundled:\n${told}\n${HINTS.find(([words]) => words.test(told))?.[1] ?? ''}`);
    }
  }
}

/** In MiB. */
function memory(): number {
  const machine = Math.min(os.totalmem(), process.constrainedMemory?.() || Infinity) / 1024 / 1024;
  return Math.round(Math.min(MEMORY.most, Math.max(MEMORY.least, machine / 4)));
}

/**
 * esbuild is a Go program: Go collects whenever its memory has doubled, which takes a third of a build with the SDK. With a
 * limit instead, it takes less time and less memory (docs/adr/0066-what-bundling-adds.md). Whoever has set one knows better.
 */
function buildSettings(): Record<string, string> {
  const settings = { ESBUILD_MAX_BUFFER: 'Infinity' };
  const chosen = process.env.GOGC !== undefined || process.env.GOMEMLIMIT !== undefined;
  return chosen ? settings : { ...settings, GOGC: 'off', GOMEMLIMIT: `${memory()}MiB` };
}

/** Runs with these environment variables, but for those that are set already: esbuild has no other place for them. */
function withEnvironment<T>(settings: Record<string, string>, run: () => T): T {
  const unset = Object.keys(settings).filter(name => process.env[name] === undefined);
  for (const name of unset) process.env[name] = settings[name];
  try {
    return run();
  } finally {
    for (const name of unset) delete process.env[name];
  }
}
