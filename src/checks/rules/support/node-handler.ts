import { perPackage } from './per-package';
import { defaultLacks, findsHandler, hasCallback, hasEsModuleSyntax } from '../../../private/node-exports';
import type { NodeModule } from '../../../private/node-exports';
import type { PackageFiles } from '../../../private/package-files';
import type { MissingHandler } from '../../../private/python-handler';

/** Code that decides at run time what a module exports. */
const DYNAMIC = new RegExp([
  /\bexport\s*\*/, /\bmodule\.exports\s*=\s*(?:\w+\s*[(;\n]|\.\.\.)/, /__exportStar|__reExport|\bexports\[/,
  /Object\.assign\(\s*(?:module\.)?exports/,
].map(({ source }) => source).join('|'));
const EXTENSION = /^[cm]?[jt]s$/;

/** The module of a Node.js handler, as a runtime loads it. */
export interface NodeHandlerModule extends NodeModule {
  readonly file: string;
  /** The export, or a property of it: `handler`, `api.handler`. */
  readonly name: string;
  /** An ES module in a file that Node.js loads as CommonJS, unless it detects the format. */
  readonly isDetected: boolean;
}

/** The module of a handler; undefined if the package does not contain it. */
export const nodeHandlerModule = perPackage((files, handler: string): NodeHandlerModule | undefined => {
  const { path, name } = partsOf(handler);
  const file = ['', '.js', '.mjs', '.cjs'].map(end => path + end).find(each => files.has(each));
  if (file === undefined || path === undefined || name === undefined) return undefined;
  const text = files.read(file).toString('utf8');
  const isEsModule = file.endsWith('.mjs') || (!file.endsWith('.cjs') && isInEsPackage(files, file));
  const isDetected = !isEsModule && hasEsModuleSyntax(text);
  return { file, name, text, isEsModule: isEsModule || isDetected, isDetected };
});

/**
 * Why a package does not contain a Node.js handler.
 *
 * @param detectsEsModules Whether the runtime detects ES modules in files that package.json does not declare as such
 */
export const missingNodeHandler = perPackage((
  files, handler: string, detectsEsModules: boolean,
): MissingHandler | undefined => {
  const { path, name } = partsOf(handler);
  if (!handler.slice(handler.lastIndexOf('/') + 1).includes('.')) {
    const fix = "write it as 'module.function', for example 'index.handler'";
    return { must: 'must be a module and a function', got: handler, fix, mayBeInLayer: true };
  }
  if (path === undefined || name === undefined || handler.startsWith('/')) return undefined;
  const module = nodeHandlerModule(files, handler);
  if (module === undefined) return missingFile(files, path, handler);
  if (module.isDetected && (!detectsEsModules || module.file.endsWith('.cjs'))) {
    return {
      must: `must be in a CommonJS module, as which Node.js loads '${module.file}'`,
      got: `${handler} in an ES module`,
      fix: `rename the file to ${path}.mjs, or add a package.json with "type": "module"`,
    };
  }
  const isFound = findsHandler(module, name);
  if (isFound === true || (isFound === undefined && (module.isEsModule || isMentioned(module)))) return undefined;
  return { must: `must be a function of '${module.file}'`, got: handler, fix: fixOf(module) };
});

/** Whether the handler of a package is a function with a callback. */
export const isCallbackHandler = perPackage((files, handler: string): boolean => {
  const module = nodeHandlerModule(files, handler);
  return module !== undefined && !module.name.includes('.') && hasCallback(module.text, module.name);
});

/** The module is a path up to the first dot of its last part. */
function partsOf(handler: string): { readonly path?: string; readonly name?: string } {
  const [, module, name] = /^((?:.*\/)?[^./]+)\.(.+)$/.exec(handler) ?? [];
  return { path: module?.replace(/^\.\//, ''), name };
}

/** Whether the nearest package.json in the package declares ES modules. */
function isInEsPackage(files: PackageFiles, file: string): boolean {
  for (let folder = file; folder !== '';) {
    folder = folder.slice(0, Math.max(0, folder.slice(0, -1).lastIndexOf('/') + 1));
    const manifest = `${folder}package.json`;
    if (files.has(manifest)) return /"type"\s*:\s*"module"/.test(files.read(manifest).toString('utf8'));
  }
  return false;
}

function missingFile(files: PackageFiles, path: string, handler: string): MissingHandler | undefined {
  const folders = [`${path}/`, `node_modules/${path}/`];
  const isFolder = files.names.some(each => folders.some(folder => each.startsWith(folder)));
  const isSource = files.has(`${path}.ts`) || files.has(`${path}.mts`);
  const compile = 'compile the TypeScript source, for example with NodejsCode';
  return isFolder ? undefined : {
    must: `must be in a module of the package (${path}.js, ${path}.mjs or ${path}.cjs)`,
    got: handler,
    fix: isSource ? compile : 'add the file, or correct the handler',
    mayBeInLayer: true,
  };
}

/** CommonJS code can decide at run time what it exports. A handler is only missing if its name does not occur. */
function isMentioned({ text, name }: NodeHandlerModule): boolean {
  return text.includes(name.split('.')[0]) || DYNAMIC.test(text);
}

function fixOf({ file, name, text, isEsModule }: NodeHandlerModule): string {
  const [first] = name.split('.');
  const path = file.replace(/\.[cm]?js$/, '');
  if (EXTENSION.test(first)) return `leave out the extension of the file: '${path}.handler'`;
  if (isEsModule && defaultLacks(text, first)) {
    return `use '${path}.default', because the function is the default export, or export '${first}'`;
  }
  return `export '${first}' in '${file}', or correct the handler`;
}
