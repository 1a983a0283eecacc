import { missingNodeHandler } from './node-handler';
import type { PackageFiles } from '../../../private/package-files';
import { missingPythonHandler, WRAPPED } from '../../../private/python-handler';
import type { MissingHandler } from '../../../private/python-handler';

const ADD_FILE = 'add the file, or correct the handler';

type Missing = MissingHandler | undefined;

/** Code that decides at run time which methods there are. */
const DYNAMIC_RUBY = /\b(?:require_relative|load|\w*eval|define_\w*method|extend|include|method_missing)\b/;
/** Ways to define a method of a class beside `def self.`. */
const CLASS_METHODS = /\bclass\s*<<|\bmodule_function\b|\bsingleton_class\b|\b(?:instance_)?delegat\w*|\bdef_delegator/;

/**
 * Why a package does not contain the handler of a function. Undefined if it does, or if that cannot be decided: the
 * runtime is another, or the code decides at run time what it exports.
 *
 * @param detectsEsModules Whether Node.js detects ES modules in files that package.json does not declare as such
 */
export function missingHandler(
  files: PackageFiles, runtime: string, handler: string, detectsEsModules: boolean,
): Missing {
  if (runtime.startsWith('python')) return missingPythonHandlerOf(files, handler);
  if (runtime.startsWith('nodejs')) return missingNodeHandler(files, handler, detectsEsModules);
  if (runtime.startsWith('ruby')) return missingRubyHandler(files, handler);
  if (runtime.startsWith('dotnet')) return missingDotnetHandler(files, handler);
  return runtime.startsWith('java') ? missingJavaHandler(files, handler) : undefined;
}

/** The handler itself, if PythonCode wraps it. */
function missingPythonHandlerOf(files: PackageFiles, handler: string): Missing {
  const generated = `${WRAPPED}/__init__.py`;
  if (!handler.startsWith(`${WRAPPED}.`) || !files.has(generated)) return missingPythonHandler(files, handler);
  const awaits = !files.read(generated).toString('utf8').includes('cdk_production_lambda_runtime');
  return missingPythonHandler(files, handler.slice(WRAPPED.length + 1), awaits);
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
  const text = files.read(file).toString('utf8').replace(/^=begin\b[^]*?^=end\b|(?:^|\s)#(?!\{).*$/gm, '');
  const isOfClass = handler.slice(module.length + 1).includes('.');
  return definesRubyMethod(text, name, isOfClass) || DYNAMIC_RUBY.test(text) ? undefined : {
    must: `must be a ${isOfClass ? 'class method' : 'method'} of '${file}'`,
    got: handler,
    fix: `define '${isOfClass ? 'self.' : ''}${name}' in '${file}', or correct the handler`,
  };
}

/** Lambda calls a method of the class itself, not of an instance. */
function definesRubyMethod(text: string, name: string, isOfClass: boolean): boolean {
  const pattern = [
    String.raw`\bdef\s+([\w:]+\.)?NAME\b(?![?!=])`, String.raw`\balias(?:_method)?\s+:?NAME\b`,
    String.raw`:NAME\b`, String.raw`\bNAME\s*=`,
  ].join('|').replaceAll('NAME', name);
  const found = [...text.matchAll(new RegExp(pattern, 'g'))];
  if (!isOfClass || CLASS_METHODS.test(text)) return found.length > 0;
  return found.some(([definition, receiver]) => receiver !== undefined || !definition.startsWith('def'));
}

/** `package.Class::method` or `package.Class`. The archives in `lib` are not opened. */
function missingJavaHandler(files: PackageFiles, handler: string): Missing {
  const [, name] = /^([\w$./]+)(?:::\w+)?$/.exec(handler) ?? [];
  if (name === undefined) return undefined;
  if (name.includes('/')) {
    const fix = `write it as '${handler.replaceAll('/', '.')}'`;
    return { must: 'must be the full name of a class, with dots', got: handler, fix };
  }
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

/**
 * `Assembly::Namespace.Class::Method`, or the name of an executable assembly.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html
 */
function missingDotnetHandler(files: PackageFiles, handler: string): Missing {
  const [assembly] = handler.split(':');
  const library = assembly.endsWith('.dll') ? assembly : `${assembly}.dll`;
  const isExecutable = assembly === handler;
  if (!files.has(library) && !(isExecutable && files.has(assembly))) {
    return {
      must: `must be in an assembly of the package (${library})`,
      got: handler,
      fix: 'correct the handler, or use the output folder of dotnet publish as the code',
    };
  }
  if (isExecutable || files.names.some(each => /^[^/]+\.runtimeconfig\.json$/.test(each))) return undefined;
  return {
    must: 'must be in a package with a file .runtimeconfig.json',
    got: handler,
    fix: 'set GenerateRuntimeConfigurationFiles to true in the project, and publish it again',
  };
}
