import * as path from 'node:path';
import { Stack, Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { BuiltHandler } from './bundle-cache';
import { sizeText } from './bundle-size';
import { ModuleFormat, type NodejsBundlingOptions } from './nodejs-bundling-options';
import { LAMBDA } from '../aws/lambda';
import { refuse } from '../private/validation';

/** Throws an error if the package exceeds Lambda's quota. */
export function validatePackageSize(at: string, handler: BuiltHandler): void {
  const bytes = handler.files.reduce((sum, file) => sum + file.bytes, 0) + handler.modulesBytes;
  if (bytes <= LAMBDA.unzippedPackageMaxBytes) return;
  refuse(at, `the package must be at most ${sizeText(LAMBDA.unzippedPackageMaxBytes)} unzipped, `
    + `got ${sizeText(bytes)}; use fewer 'nodeModules', or a container image`);
}

/** Throws an error if the function could not be deployed or invoked with the bundle. */
export function validateFunction(resource: lambda.CfnFunction, handler: BuiltHandler, file: string, options: NodejsBundlingOptions): void {
  validateRuntime(resource);
  validateHandlerName(resource, file, handler.exports, options);
  if (options.instrumentation?._publishesFaults) validateInstrumentedHandler(resource, file, handler.exports, options);
  validateArchitecture(resource, handler, options.architecture ?? lambda.Architecture.ARM_64);
  const layerModules = options.layerModules ?? [];
  if (layerModules.length > 0) resource.node.addValidation({ validate: () => findMissingLayer(resource, layerModules) });
}

function validateRuntime({ node, runtime }: lambda.CfnFunction): void {
  if (runtime === undefined || Token.isUnresolved(runtime) || runtime.startsWith('nodejs')) return;
  refuse(node.path, `'runtime' must be a Node.js runtime, because the code is JavaScript, got '${runtime}'; `
    + 'use Runtime.NODEJS_24_X');
}

function validateHandlerName(
  { node, handler: name, runtime }: lambda.CfnFunction, source: string, exported: readonly string[] | undefined, { format }: NodejsBundlingOptions,
): void {
  if (name === undefined || Token.isUnresolved(name) || name.includes('/')) return; // the handler of a wrapper is in a package or a layer
  const [file] = name.split('.');
  if (file === 'index' && (exported === undefined || isFound(name, exported, format === ModuleFormat.ESM, runtime))) return;
  if (exported?.length === 0) {
    refuse(node.path, `'handler' must be an export of '${path.relative('', source)}', which exports nothing, `
      + `got '${name}'; export the function`);
  }
  if (file === 'index' && exported?.includes('default')) {
    refuse(node.path, `'handler' must be a named export of '${path.relative('', source)}', because the bundle is CommonJS, `
      + `got '${name}'; export the function by its name`);
  }
  const allowed = exported ? exported.map(one => `'index.${one}'`).join(' or ') : "'index.<export>'";
  refuse(node.path, `'handler' must be ${allowed}, got '${name}'; use a name that the bundle exports`);
}

/**
 * Whether Lambda finds a handler in a bundle. Lambda also looks for it in the default export, which is the object with all exports if the
 * bundle is CommonJS. Up to Node.js 22, it requires such a bundle, and `index.default` is the default export of the source.
 */
function isFound(name: string, exported: readonly string[], isEsModule: boolean, runtime: string | undefined): boolean {
  const [, first, ...rest] = name.split('.');
  if (isEsModule) return exported.includes('default') || exported.includes(first);
  if (first !== 'default') return exported.includes(first);
  return rest.length > 0 || (exported.includes('default') && /^nodejs(1\d|2[0-2])\.x$/.test(runtime ?? ''));
}

/** The instrumentation wraps the exports and the properties of the default export, not functions in others. */
function validateInstrumentedHandler(
  { node, handler: name }: lambda.CfnFunction, source: string, exported: readonly string[] | undefined, { format }: NodejsBundlingOptions,
): void {
  if (exported === undefined && format === ModuleFormat.ESM) {
    refuse(node.path, `the handler must be exported by its name with 'instrumentation', got 'export *' of a package outside the bundle in '${path.relative('', source)}'; `
      + "write: export { handler } from '<package>'");
  }
  if (name === undefined || Token.isUnresolved(name) || !/^index\.(?!default\.[^.]+$)[^.]+\./.test(name)) return;
  refuse(node.path, `'handler' must be 'index.<export>' with 'instrumentation', got '${name}'; export the function itself`);
}

function validateArchitecture({ node, architectures }: lambda.CfnFunction, { modules }: BuiltHandler, installed: lambda.Architecture): void {
  const [architecture = lambda.Architecture.X86_64.name] = architectures ?? [];
  if (modules.length === 0 || Token.isUnresolved(architecture) || architecture === installed.name) return;
  refuse(node.path, `'architecture' of the function must be the one of 'nodeModules' (${installed.name}), `
    + `got ${architecture}; set the same 'architecture' in both`);
}

function findMissingLayer(resource: lambda.CfnFunction, layerModules: readonly string[]): string[] {
  if ((Stack.of(resource).resolve(resource.layers) ?? []).length > 0) return [];
  return [`the function must have a layer with the 'layerModules' ${layerModules.map(name => `'${name}'`).join(', ')}, `
    + 'got none; '
    + `add the layer, or use 'nodeModules' (at ${resource.node.path})`];
}
