import * as fs from 'node:fs';
import * as path from 'node:path';
import { Stack, Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { BuiltHandler } from './bundle-cache';
import { sizeText } from './bundle-size';
import { ModuleFormat, type NodejsBundlingOptions } from './nodejs-bundling-options';
import { LAMBDA } from '../aws/lambda';
import { rejectsCallbacks } from '../aws/runtimes';
import { defaultLacks, hasCallback, isFunction } from '../private/node-exports';
import { packageName } from '../private/package-name';
import { refuse } from '../private/validation';

/** Throws an error if an option cannot be meant. esbuild and npm would say it in their own words, or ignore it. */
export function validateBundlingOptions(at: string, { nodeModules = [], loaders = {} }: NodejsBundlingOptions): void {
  const subpath = nodeModules.find(name => !/^(@[^/\s*]+\/)?[^@/\s*][^/\s*]*$/.test(name));
  if (subpath !== undefined) {
    const name = packageName(subpath);
    refuse(at, `'nodeModules' must be names of packages, got '${subpath}'; ${/[*\s]/.test(name) ? 'write each name' : `write '${name}', which contains all paths of the package`}`);
  }
  const extension = Object.keys(loaders).find(key => !/^\.[^./\\]/.test(key));
  if (extension !== undefined) refuse(at, `'loaders' must have extensions with a dot, got '${extension}'; write '.${extension.replace(/^\W+/, '')}'`);
}

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
  const [file, first, ...properties] = name.split('.');
  const [text, from, isEsModule] = [fs.readFileSync(source, 'utf8'), path.relative('', source), format === ModuleFormat.ESM];
  if (file === 'index' && (exported === undefined || isFound(name, exported, isEsModule, runtime, text))) {
    if (properties.length > 0 && isFunction(text, first)) {
      refuse(node.path, '\'handler\' must be an export or a property of an exported object, because Lambda reads no properties of functions and classes, '
        + `got '${name}'; export the function itself from '${from}'`);
    }
    if (properties.length === 0 && rejectsCallbacks(runtime ?? '') && hasCallback(text, first)) {
      refuse(node.path, `'handler' must be a function without a callback on ${runtime}, got '${name}' with three parameters in '${from}'; `
        + 'make it an async function with the parameters event and context, and return the result');
    }
    return;
  }
  if (exported?.length === 0) {
    refuse(node.path, `'handler' must be an export of '${from}', which exports nothing, got '${name}'; export the function`);
  }
  if (file === 'index' && exported?.includes('default')) {
    const [must, why, fix] = isEsModule
      ? ["'index.default' or a named export", `Lambda finds no '${first}' in its default export`, 'use that name, or export the function by its name']
      : ['a named export', 'the bundle is CommonJS', 'export the function by its name'];
    refuse(node.path, `'handler' must be ${must} of '${from}', because ${why}, got '${name}'; ${fix}`);
  }
  const allowed = exported ? exported.map(one => `'index.${one}'`).join(' or ') : "'index.<export>'";
  refuse(node.path, `'handler' must be ${allowed}, got '${name}'; use a name that the bundle exports`);
}

/**
 * Whether Lambda finds a handler in a bundle. Lambda also looks for it in the default export, which is the object with all exports if the
 * bundle is CommonJS. Up to Node.js 22, it requires such a bundle, and `index.default` is the default export of the source.
 */
function isFound(name: string, exported: readonly string[], isEsModule: boolean, runtime: string | undefined, text: string): boolean {
  const [, first, ...rest] = name.split('.');
  if (isEsModule) return exported.includes(first) || (exported.includes('default') && !defaultLacks(text, first));
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
