import type { Size } from 'aws-cdk-lib';
import type { Architecture } from 'aws-cdk-lib/aws-lambda';

/** Where a function gets the AWS SDK for JavaScript v3 from. */
export enum AwsSdk {
  /** In the bundle: the version that the lock file names, only the parts that are used, and the fastest to load. */
  BUNDLED = 'BUNDLED',
  /** From the Lambda runtime: a smaller bundle, but a version that AWS changes under the function, and slower to load. */
  RUNTIME = 'RUNTIME',
}

/** The kind of JavaScript module that a bundle is. */
export enum ModuleFormat {
  /** `index.js`: the faster to load, and the one that instrumentation by hooks on `require` works with. */
  COMMON_JS = 'COMMON_JS',
  /** `index.mjs`: with top-level `await`. */
  ESM = 'ESM',
}

/** How far a bundle is made smaller. */
export enum Minify {
  /** As written. */
  NONE = 'NONE',
  /** White space and syntax only: names of functions and classes stay as written, so that error names and stack traces do too. */
  KEEP_NAMES = 'KEEP_NAMES',
  /** Names too: about a third smaller, and `error.constructor.name` may become one letter. */
  FULL = 'FULL',
}

/** Whether a bundle carries its source map. */
export enum SourceMaps {
  /** No source map. */
  NONE = 'NONE',
  /** `index.js.map` is in the package: it is read where the function has `NODE_OPTIONS=--enable-source-maps`. */
  SHIPPED = 'SHIPPED',
}

/** How handlers are bundled. */
export interface NodejsBundlingOptions {
  /**
   * Where the function gets the AWS SDK v3 from.
   *
   * @default AwsSdk.BUNDLED
   */
  readonly awsSdk?: AwsSdk;

  /**
   * The kind of module to build.
   *
   * @default ModuleFormat.COMMON_JS
   */
  readonly format?: ModuleFormat;

  /**
   * The fields of a package's `package.json` that name its entry, in order of preference.
   *
   * ES modules come first, for only they are tree-shaken: this is what makes bundles load fast. State `['main', 'module']`
   * where a package's `module` build does not work on Node.js.
   *
   * @default - ['module', 'main']
   */
  readonly mainFields?: string[];

  /**
   * How far the bundle is made smaller.
   *
   * @default Minify.KEEP_NAMES
   */
  readonly minify?: Minify;

  /**
   * Whether the bundle carries its source map.
   *
   * A map costs nothing until it is read; with `--enable-source-maps` the first error of each execution environment waits
   * for it to be read.
   *
   * @default SourceMaps.NONE
   */
  readonly sourceMaps?: SourceMaps;

  /**
   * The JavaScript that the bundle may use, in esbuild's words: newer syntax is rewritten.
   *
   * @default - node22, the oldest Node.js runtime of Lambda that is not deprecated
   */
  readonly target?: string;

  /**
   * Packages that cannot be bundled, such as native ones: they are installed beside the bundle, at the versions of `package-lock.json`, for Linux and `architecture`.
   *
   * A `NodejsBundle` installs beside each handler those that it imports. In a monorepo, a version that the handler's
   * workspace has for itself is the one that is installed. Each with its dependencies counts towards the 250 MB of a package.
   *
   * Refused: a package that the lock file does not have, one that is a folder of the project (leave it to be bundled), a
   * lock file of another tool than npm, and a native package without a binary for Linux on `architecture`.
   *
   * @default - none
   */
  readonly nodeModules?: string[];

  /**
   * The processor that `nodeModules` are installed for; it must be the function's.
   *
   * @default Architecture.ARM_64
   */
  readonly architecture?: Architecture;

  /**
   * Packages that a layer of the function brings: they are left out of the bundle, and the function must have a layer.
   *
   * @default - none
   */
  readonly layerModules?: string[];

  /**
   * Packages that the code does without when they are missing: they are left out of the bundle, and reaching their import fails at run time.
   *
   * @default - none
   */
  readonly optionalModules?: string[];

  /**
   * Warns when the bundle is larger, since each cold start loads all of it.
   *
   * @default Size.mebibytes(5)
   */
  readonly maxSize?: Size;

  /**
   * The folder that holds the lock file and `node_modules`.
   *
   * @default - the nearest folder at or above the handlers with a lock file
   */
  readonly projectRoot?: string;

  /**
   * Where bundles are kept between synths. Any number of synths may use it at once.
   *
   * @default - node_modules/.cache/cdk-production-lambda in `projectRoot`; nothing is kept where there is no node_modules
   */
  readonly cacheDirectory?: string;
}
