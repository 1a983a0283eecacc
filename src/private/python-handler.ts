import type { PackageFiles } from './package-files';
import { importBeyondRoot, isCoroutine, namesOfModule } from './python-source';

/** The generated package through which Lambda imports a handler that PythonCode wraps. */
export const WRAPPED = '_wrapped';

/** Why Lambda cannot find a handler, in the parts of a message. */
export interface MissingHandler {
  readonly must: string;
  readonly got: string;
  readonly fix: string;
  /** A layer of the function can contain the module. */
  readonly mayBeInLayer?: boolean;
}

/**
 * Why a package does not contain a Python handler, which is `module.function`; the module is a path with dots or slashes. Python prefers the
 * package of a name to the module.
 *
 * @param isWrapped Whether another function receives the handler, which can await a coroutine
 * @see https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
 */
export function missingPythonHandler(files: PackageFiles, handler: string, isWrapped = false): MissingHandler | undefined {
  const dot = handler.lastIndexOf('.');
  if (dot <= 0 || dot === handler.length - 1) {
    return { must: 'must be a module and a function', got: handler, fix: "write it as 'module.function', for example 'app.handler'" };
  }
  const [module, name] = [handler.slice(0, dot).replaceAll('.', '/'), handler.slice(dot + 1)];
  const file = [`${module}/__init__.py`, `${module}.py`].find(each => files.has(each));
  if (file === undefined) {
    if (files.names.some(each => each.startsWith(`${module}.`) && /\.(so|pyc)$/.test(each))) return undefined;
    const modules = files.names.filter(each => /^[^/]+\.py$/.test(each)).map(each => `'${each}'`).slice(0, 5);
    return {
      must: `must be in a module of the package (${module}.py)`,
      got: handler,
      fix: modules.length > 0 ? `use a module that the package contains, such as ${modules.join(' or ')}` : 'the package contains no Python module at its root; check the folder of the code',
      mayBeInLayer: true,
    };
  }
  const source = files.read(file).toString('utf8');
  const beyond = importBeyondRoot(source, file.split('/').length - 1);
  if (beyond !== undefined) {
    return {
      must: 'must be in a module whose relative imports stay in its Python package',
      got: `'${beyond}' in '${file}'`,
      fix: `import by the name from the root of the deployment package, or move the modules into a folder: 'folder.${handler}'`,
    };
  }
  if (!isWrapped && isCoroutine(source, name)) {
    return {
      must: 'must be a function that returns its result, because the Python runtime awaits no coroutine',
      got: `'async def ${name}' in '${file}'`,
      fix: `define '${name}' with def, and run the coroutine with asyncio.run()`,
    };
  }
  const names = namesOfModule(source);
  if (names === undefined || names.has(name)) return undefined;
  return { must: `must be a function of '${file}'`, got: handler, fix: `define '${name}' in '${file}', or use the name of its function` };
}
