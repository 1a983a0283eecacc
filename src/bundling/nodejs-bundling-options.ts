import type { Size } from 'aws-cdk-lib';
import type { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { Instrumentation } from './instrumentation';

/** The source of the AWS SDK for JavaScript v3. */
export enum AwsSdk {
  /** In the bundle: the version of the lock file, only the imported parts, and the fastest to load. */
  BUNDLED = 'BUNDLED',
  /** In the Lambda runtime: a smaller bundle, but AWS updates the version, and it is slower to load. */
  RUNTIME = 'RUNTIME',
}

/** The module format of a bundle. */
export enum ModuleFormat {
  /** `index.js`: faster to load, and supported by instrumentation that hooks into `require`. */
  COMMON_JS = 'COMMON_JS',
  /** `index.mjs`: supports top-level `await`. */
  ESM = 'ESM',
}

/** How a bundle is minified. */
export enum Minify {
  /** Not minified. */
  NONE = 'NONE',
  /** White space and syntax only: the names of functions and classes do not change in error names and stack traces. */
  KEEP_NAMES = 'KEEP_NAMES',
  /**
   * Names too: about a third smaller, but `error.constructor.name` can be a single letter. Functions that run elsewhere as
   * text, such as in `page.evaluate` of Puppeteer, require it.
   */
  FULL = 'FULL',
}

/** What an import of a file that is not JavaScript or JSON contains. */
export enum Loader {
  /** A string with the text of the file, for example of SQL or HTML. */
  TEXT = 'TEXT',
  /** A `Uint8Array` with the bytes of the file. */
  BINARY = 'BINARY',
  /** A string with the bytes of the file in base64. */
  BASE64 = 'BASE64',
  /** A data URL with the bytes of the file. */
  DATA_URL = 'DATA_URL',
  /** The value of a JSON file. */
  JSON = 'JSON',
}

/** Whether a package contains a source map. */
export enum SourceMaps {
  /** No source map. */
  NONE = 'NONE',
  /** The package contains `index.js.map`. Node.js reads it if the function sets `NODE_OPTIONS=--enable-source-maps`. */
  SHIPPED = 'SHIPPED',
}

/** How handlers are bundled. */
export interface NodejsBundlingOptions {
  /**
   * What the bundle adds to the handlers, whose code does not change: metrics, a trace segment and the request id in log lines.
   *
   * @default Instrumentation.none()
   */
  readonly instrumentation?: Instrumentation;

  /**
   * The source of the AWS SDK for JavaScript v3.
   *
   * @default AwsSdk.BUNDLED
   */
  readonly awsSdk?: AwsSdk;

  /**
   * The module format of the bundle.
   *
   * @default ModuleFormat.COMMON_JS
   */
  readonly format?: ModuleFormat;

  /**
   * The fields of a package's `package.json` that name its entry point, in order of preference.
   *
   * ES modules are preferred, because only ES modules are tree-shaken, which makes bundles load fast. Set
   * `['main', 'module']` if the `module` build of a package does not work on Node.js.
   *
   * @default - ['module', 'main']
   */
  readonly mainFields?: string[];

  /**
   * How the bundle is minified.
   *
   * @default Minify.KEEP_NAMES
   */
  readonly minify?: Minify;

  /**
   * Whether the package contains a source map.
   *
   * A source map costs no time until it is read. With `--enable-source-maps`, the first error of each execution
   * environment waits until it is read.
   *
   * @default SourceMaps.NONE
   */
  readonly sourceMaps?: SourceMaps;

  /**
   * The JavaScript version of the bundle, as an esbuild target. Newer syntax is transformed.
   *
   * @default - node22, the oldest Node.js runtime of Lambda that is not deprecated
   */
  readonly target?: string;

  /**
   * Packages that cannot be bundled, such as native packages. They are installed beside the bundle, with the versions
   * of `package-lock.json`, for Linux and `architecture`.
   *
   * A `NodejsBundle` installs beside each handler the packages that it imports. In a monorepo, the version of the
   * handler's workspace is installed. The packages and their dependencies count towards the 250 MB quota of a
   * package.
   *
   * Beside a bundle, there is one version of each package. Code that expects another one adds a warning.
   *
   * Synthesis fails if a package is not in the lock file, if it is a folder of the project (leave it out to bundle
   * it), if the lock file belongs to another tool than npm, or if a native package has no binary for Linux on
   * `architecture`.
   *
   * @default - none
   */
  readonly nodeModules?: string[];

  /**
   * Files and folders of the project that the package contains beside the bundle, by their path in the package: templates,
   * fonts, certificates, scripts of workers. The sources are relative to the working directory of the app.
   *
   * In the bundle, `__dirname` and `import.meta.dirname` are the root of the package. A module below the root of its
   * project must not use the path of its source: read `join(process.env.LAMBDA_TASK_ROOT ?? …, 'templates')`.
   *
   * @default - none
   */
  readonly files?: { [path: string]: string };

  /**
   * What imports of files with other extensions contain, by extension with its dot, for example
   * `{ '.sql': Loader.TEXT }`. An import of such a file without a loader fails.
   *
   * @default - only JavaScript, TypeScript, JSON, CSS and text files can be imported
   */
  readonly loaders?: { [extension: string]: Loader };

  /**
   * The architecture that `nodeModules` are installed for. It must be the architecture of the function.
   *
   * @default Architecture.ARM_64
   */
  readonly architecture?: Architecture;

  /**
   * Packages that a layer of the function contains. They are excluded from the bundle, and the function must have a
   * layer.
   *
   * @default - none
   */
  readonly layerModules?: string[];

  /**
   * Packages that the code does not require. They are excluded from the bundle, and importing them fails at run time.
   *
   * @default - none
   */
  readonly optionalModules?: string[];

  /**
   * The size above which a bundle adds a warning, because each cold start loads the whole bundle.
   *
   * @default Size.mebibytes(5)
   */
  readonly maxSize?: Size;

  /**
   * The folder that contains the lock file and `node_modules`.
   *
   * @default - the nearest folder with a lock file, beginning at the folder of the handlers
   */
  readonly projectRoot?: string;

  /**
   * The folder in which bundles are cached. Several processes can use it at the same time.
   *
   * @default - node_modules/.cache/cdk-production-lambda in `projectRoot`; bundles are not cached without node_modules
   */
  readonly cacheDirectory?: string;
}
