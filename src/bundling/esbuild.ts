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

const MEBIBYTE = 1024 * 1024;
/** Where esbuild begins to collect garbage: a quarter of the machine, but no less and no more than this. */
const COLLECT_FROM = { least: 1024, most: 2048 };

/** The app's own esbuild, loaded into this process: starting one per function is where others spend their time. */
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
      return new Esbuild(at, found(file) as typeof esbuild);
    }
    return refuse(at, `esbuild is not installed in ${folders.map(folder => `"${folder}"`).join(' or ')}; ${INSTALL}`);
  }

  public readonly version: string;

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
      const { outputFiles, metafile } = collectingLate(() => this.library.buildSync({
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
      if (errors === undefined) throw error;
      const told = this.library.formatMessagesSync(errors, { kind: 'error' }).join('').trim();
      return refuse(at, `the handlers cannot be bundled:\n${told}\n${HINTS.find(([words]) => words.test(told))?.[1] ?? ''}`);
    }
  }
}

/**
 * esbuild's process starts with the first build and is a Go program: Go collects whenever its memory has doubled, which takes
 * a third of a build with the SDK. With a limit instead, it takes less time and less memory (docs/adr/0066-what-bundling-adds.md).
 */
function collectingLate<T>(build: () => T): T {
  if (process.env.GOGC !== undefined || process.env.GOMEMLIMIT !== undefined) return build(); // somebody knows better
  const memory = Math.min(os.totalmem(), process.constrainedMemory?.() || Infinity) / MEBIBYTE;
  const limit = Math.round(Math.min(COLLECT_FROM.most, Math.max(COLLECT_FROM.least, memory / 4)));
  Object.assign(process.env, { GOGC: 'off', GOMEMLIMIT: `${limit}MiB` });
  try {
    return build();
  } finally {
    delete process.env.GOGC;
    delete process.env.GOMEMLIMIT;
  }
}
