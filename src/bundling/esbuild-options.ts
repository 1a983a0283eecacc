import type * as esbuild from 'esbuild';
import { Instrumentation } from './instrumentation';
import { AwsSdk, type Loader, Minify, ModuleFormat, type NodejsBundlingOptions, SourceMaps } from './nodejs-bundling-options';

const SDK = ['@aws-sdk/*', '@smithy/*'];
/** The address of the module, which `import.meta.url` is in a CommonJS bundle. */
export const COMMON_JS_BANNER = 'var import_meta_url=require("node:url").pathToFileURL(__filename).href;';
/** Bundled CommonJS packages expect these variables; as globals they cannot collide with names of the handler. */
const ESM_BANNER = 'globalThis.require??=process.getBuiltinModule("node:module").createRequire(import.meta.url);'
  + 'globalThis.__filename??=import.meta.filename;globalThis.__dirname??=import.meta.dirname;';

const LOADERS: Record<Loader, esbuild.Loader> = { TEXT: 'text', BINARY: 'binary', BASE64: 'base64', DATA_URL: 'dataurl', JSON: 'json' };

/** The options of esbuild that are the same on every machine. */
export function esbuildOptions(options: NodejsBundlingOptions): esbuild.BuildOptions {
  const commonJs = options.format !== ModuleFormat.ESM;
  const instrumentation = options.instrumentation ?? Instrumentation.none();
  const minify = options.minify ?? Minify.KEEP_NAMES;
  const external = [...(options.nodeModules ?? []), ...(options.layerModules ?? []), ...(options.optionalModules ?? [])];
  return {
    bundle: true,
    platform: 'node',
    target: options.target ?? 'node22',
    format: commonJs ? 'cjs' : 'esm',
    mainFields: options.mainFields ?? ['module', 'main'],
    minifySyntax: minify !== Minify.NONE,
    minifyWhitespace: minify !== Minify.NONE,
    minifyIdentifiers: minify === Minify.FULL,
    // esbuild renames one of two classes with one name, and a class that refers to itself
    keepNames: minify !== Minify.FULL,
    loader: Object.fromEntries(Object.entries(options.loaders ?? {}).map(([extension, loader]) => [extension, LOADERS[loader]])),
    sourcemap: options.sourceMaps === SourceMaps.SHIPPED,
    external: [...external, ...(options.awsSdk === AwsSdk.RUNTIME ? SDK : [])],
    define: commonJs ? { 'import.meta.url': 'import_meta_url', 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' } : {},
    banner: { js: (commonJs ? COMMON_JS_BANNER : ESM_BANNER) + instrumentation._banner(commonJs) },
    footer: { js: commonJs ? instrumentation._footer : '' },
    outExtension: { '.js': commonJs ? '.js' : '.mjs' },
    charset: 'utf8',
    nodePaths: [], // otherwise the environment variable NODE_PATH changes the result
  };
}
