import type { PackageFiles } from '../../../private/package-files';
import { missingPythonHandler } from '../../../private/python-handler';
import type { MissingHandler } from '../../../private/python-handler';

const ADD_FILE = 'add the file, or correct the handler';

type Missing = MissingHandler | undefined;

/** Code that decides at run time what a module exports. */
const DYNAMIC_NODE = new RegExp([
  /\bexport\s*\*/, /\bmodule\.exports\s*=\s*(?:\w+\s*[(;\n]|\.\.\.)/, /__exportStar|__reExport|\bexports\[/,
  /Object\.assign\(\s*(?:module\.)?exports/,
].map(({ source }) => source).join('|'));
const DYNAMIC_RUBY = /\b(?:require_relative|load|eval|define_method|extend|include|method_missing)\b/;

/**
 * Why a package does not contain the handler of a function. Undefined if it does, or if that cannot be decided: the
 * runtime is another, or the code decides at run time what it exports.
 */
export function missingHandler(files: PackageFiles, runtime: string, handler: string): Missing {
  if (runtime.startsWith('python')) return missingPythonHandler(files, handler);
  if (runtime.startsWith('nodejs')) return missingNodeHandler(files, handler);
  if (runtime.startsWith('ruby')) return missingRubyHandler(files, handler);
  return runtime.startsWith('java') ? missingJavaHandler(files, handler) : undefined;
}

/** The module is a path up to the first dot of its last part. */
function missingNodeHandler(files: PackageFiles, handler: string): Missing {
  const [, module, name] = /^((?:.*\/)?[^./]+)\.([^.]+)/.exec(handler) ?? [];
  if (!handler.slice(handler.lastIndexOf('/') + 1).includes('.')) {
    const fix = "write it as 'module.function', for example 'index.handler'";
    return { must: 'must be a module and a function', got: handler, fix, mayBeInLayer: true };
  }
  if (module === undefined || handler.startsWith('/')) return undefined;
  const path = module.replace(/^\.\//, '');
  const file = ['', '.js', '.mjs', '.cjs'].map(end => path + end).find(each => files.has(each));
  if (file === undefined) {
    const folders = [`${path}/`, `node_modules/${path}/`];
    const isFolder = files.names.some(each => folders.some(folder => each.startsWith(folder)));
    const isSource = files.has(`${path}.ts`) || files.has(`${path}.mts`);
    return isFolder ? undefined : {
      must: `must be in a module of the package (${path}.js, ${path}.mjs or ${path}.cjs)`,
      got: handler,
      fix: isSource ? 'compile the TypeScript source, for example with NodejsCode' : ADD_FILE,
      mayBeInLayer: true,
    };
  }
  const text = files.read(file).toString('utf8');
  if (text.includes(name) || DYNAMIC_NODE.test(text)) return undefined;
  return notDefined(file, handler, name, 'export');
}

/** `file.method`, or `file.Module::Class.method`. */
function missingRubyHandler(files: PackageFiles, handler: string): Missing {
  const [, module, name] = /^((?:.*\/)?[^./]+)\.(?:.*\.)?([^.]+)$/.exec(handler) ?? [];
  if (module === undefined || handler.startsWith('/')) return undefined;
  const file = `${module}.rb`;
  if (!files.has(file)) {
    return {
      must: `must be in a file of the package (${file})`,
      got: handler,
      fix: ADD_FILE,
      mayBeInLayer: true,
    };
  }
  const text = files.read(file).toString('utf8');
  return text.includes(name) || DYNAMIC_RUBY.test(text) ? undefined : notDefined(file, handler, name, 'define');
}

/** `package.Class::method` or `package.Class`. The archives in `lib` are not opened. */
function missingJavaHandler(files: PackageFiles, handler: string): Missing {
  const [, name] = /^([\w$.]+)(?:::\w+)?$/.exec(handler) ?? [];
  if (name === undefined) return undefined;
  const file = `${name.replaceAll('.', '/')}.class`;
  if (files.has(file) || files.names.some(each => /^lib\/.*\.jar$/.test(each))) return undefined;
  const archive = files.names.find(each => each.endsWith('.jar'));
  return {
    must: `must be a class of the package (${file})`,
    got: handler,
    fix: archive === undefined
      ? 'correct the handler, or package the compiled classes with their dependencies'
      : `use '${archive}' itself as the code, or put it into the folder lib`,
    mayBeInLayer: true,
  };
}

function notDefined(file: string, handler: string, name: string, verb: string): MissingHandler {
  const fix = `${verb} '${name}' in '${file}', or correct the handler`;
  return { must: `must be a function of '${file}'`, got: handler, fix };
}
