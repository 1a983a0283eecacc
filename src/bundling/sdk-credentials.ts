import * as path from 'node:path';
import type * as esbuild from 'esbuild';
import type { Metafile } from './entry-metafile';
import { COMMON_JS_BANNER } from './esbuild-options';
import { AwsSdk, ModuleFormat, type NodejsBundlingOptions } from './nodejs-bundling-options';

/** The file in the package with the providers of credentials. */
export const CREDENTIALS_FILE = 'aws-credentials.js';

/** What the SDK imports if the environment variables contain no credentials, with the clients of STS and IAM Identity Center. */
const PROVIDERS = [
  ...['http', 'ini', 'process', 'sso', 'web-identity'].map(name => `@aws-sdk/credential-provider-${name}`), '@smithy/credential-provider-imds',
];
/** As long as `import`, so that a source map stays right. */
const IMPORT = '__aws_';
const DYNAMIC_IMPORT = new RegExp(String.raw`\bimport\((?=\s*["'](?:${PROVIDERS.join('|')})["']\s*\))`, 'g');

/** The imports of providers in the sources of a bundle. */
export interface ProviderImports {
  /** False if a module needs a provider when it is loaded, or if there are several versions of the SDK: the bundle then contains them. */
  readonly isSeparable: boolean;
  readonly names: readonly string[];
  /** The folder of the modules that import them, from the root of the project. */
  readonly folder?: string;
}

/**
 * Keeps the SDK's providers of credentials out of a bundle, in a file of their own. Lambda passes credentials in environment variables, so that
 * a function loads none of them; in the bundle, esbuild wraps every module that they share with the clients, which Node.js then parses twice.
 */
export class SdkCredentials {
  /** Undefined if the bundles contain no SDK, are ES modules, or get a provider otherwise. */
  public static for(options: NodejsBundlingOptions): SdkCredentials | undefined {
    const { awsSdk, format, nodeModules = [], layerModules = [], optionalModules = [] } = options;
    const isOwn = [...nodeModules, ...layerModules, ...optionalModules].some(name => PROVIDERS.includes(name));
    const isBundled = awsSdk !== AwsSdk.RUNTIME && format !== ModuleFormat.ESM && !isOwn;
    return isBundled ? new SdkCredentials() : undefined;
  }

  private readonly files = new Map<string, string>();

  private constructor() { }

  /** The options of a build without the providers. */
  public without(options: esbuild.BuildOptions): esbuild.BuildOptions {
    return { ...options, external: [...options.external ?? [], ...PROVIDERS] };
  }

  /** How a bundle without the providers imports them. */
  public importsOf(sources: readonly string[], metafile: Pick<Metafile, 'inputs'>): ProviderImports {
    const found = sources.flatMap(source => (metafile.inputs[source]?.imports ?? [])
      .filter(({ path: name, external }) => external && PROVIDERS.includes(name))
      .map(({ path: name, kind }) => ({ name, kind, folder: path.posix.dirname(source) })));
    const folders = [...new Set(found.map(({ folder }) => folder))];
    const isSeparable = folders.length <= 1 && found.every(({ kind }) => kind === 'dynamic-import');
    return { isSeparable, folder: folders[0], names: [...new Set(found.map(({ name }) => name))].sort() };
  }

  /** The file with providers, built once for all bundles that import the same. */
  public file({ folder, names }: ProviderImports, root: string, build: (stdin: esbuild.StdinOptions) => string): string {
    const key = JSON.stringify([folder, names]);
    const getters = names.map(name => JSON.stringify(name)).map(name => `get ${name}(){return require(${name})}`);
    const contents = `module.exports={${getters.join(',')}};`;
    const file = this.files.get(key) ?? build({ contents, resolveDir: path.join(root, folder!) });
    this.files.set(key, file);
    return file;
  }
}

/** The options that differ in a build of that file, into a folder. It contains no handler to be instrumented, and its source map is of no use. */
export function credentialsOptions(folder: string): esbuild.BuildOptions {
  return { entryNames: `${folder}/index`, banner: { js: COMMON_JS_BANNER }, footer: {}, sourcemap: false };
}

/** A bundle that imports the providers from their file. */
export function withSeparateCredentials(bundle: string): string {
  return `var ${IMPORT}=async name=>require("./${CREDENTIALS_FILE}")[name];${bundle.replace(DYNAMIC_IMPORT, `${IMPORT}(`)}`;
}
