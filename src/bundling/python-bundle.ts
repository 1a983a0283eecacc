import * as fs from 'node:fs';
import * as path from 'node:path';
import type { PythonBundlingOptions } from './python-bundling-options';
import { PythonCode } from './python-code';
import { validateHandlerFolder, validatePythonOptions } from './python-code-validation';
import type { PythonEntry } from './python-package';
import { isLeftOut } from './python-sources';
import { refuse } from '../private/validation';

/**
 * Several Python handlers that share a folder.
 *
 * Each function gets its own package, so that a change of one handler deploys only that function. Handlers with the same file of
 * requirements share the installed packages, which are installed once.
 *
 * @example
 * const handlers = PythonBundle.fromDirectory('handlers');
 * new lambda.Function(this, 'Pay', {
 *   runtime: lambda.Runtime.PYTHON_3_14,
 *   architecture: lambda.Architecture.ARM_64,
 *   handler: 'pay.handler',
 *   code: handlers.code('pay'), // handlers/pay.py
 * });
 */
export class PythonBundle {
  /**
   * The package of every handler of a folder: `pay` from the module `pay.py`, with the handler `pay.<function>`, or from the
   * folder `pay`, which becomes the root of its package, with the handler `<module>.<function>`.
   *
   * Modules and folders that begin with `_` are shared code: every package contains them. Tests (`test_pay.py`, `pay_test.py`,
   * `tests`) and hidden files are left out. A folder without a Python module is not a handler.
   *
   * @param directory The folder, relative to the working directory of the app
   * @param options What the packages contain beside the handlers
   */
  public static fromDirectory(directory: string, options: PythonBundlingOptions = {}): PythonBundle {
    const at = 'PythonBundle.fromDirectory';
    validateHandlerFolder(at, directory);
    validatePythonOptions(at, options);
    return new PythonBundle(entriesIn(at, directory), options);
  }

  /** The names of all handlers, in alphabetical order. */
  public readonly names: string[];

  private constructor(private readonly entries: Map<string, PythonEntry>, private readonly options: PythonBundlingOptions) {
    this.names = [...entries.keys()].sort();
  }

  /**
   * Returns the code of one handler. Several functions can use it.
   *
   * @param name The name of the handler
   */
  public code(name: string): PythonCode {
    const entry = this.entries.get(name);
    if (entry === undefined) {
      refuse('PythonBundle.code', `'name' must be a handler of the bundle, got '${name}'; use ${this.names.map(known => `'${known}'`).join(' or ')}`);
    }
    return PythonCode._of(entry, this.options);
  }
}

function entriesIn(at: string, directory: string): Map<string, PythonEntry> {
  const folder = path.resolve(directory);
  const all = fs.readdirSync(folder, { withFileTypes: true })
    .map(entry => ({ name: entry.name, file: path.join(folder, entry.name), isFolder: fs.statSync(path.join(folder, entry.name)).isDirectory() }))
    .filter(({ name, isFolder }) => !isLeftOut(name, isFolder));
  const shared = all.filter(({ name }) => /^_(?!_)/.test(name)).map(({ name, file }) => [name, file] as const);
  const entries = new Map<string, PythonEntry>();
  for (const { name, file, isFolder } of all.filter(each => /^[^_]/.test(each.name))) {
    const isHandler = isFolder ? fs.readdirSync(file).some(each => each.endsWith('.py')) : name.endsWith('.py');
    if (!isHandler) continue;
    const handler = isFolder ? name : name.slice(0, -'.py'.length);
    if (entries.has(handler)) {
      refuse(at, `'directory' must have unique names of handlers, got '${handler}' and '${handler}.py' in '${directory}'; rename one`);
    }
    entries.set(handler, { folder: isFolder ? file : folder, sources: [...shared, [isFolder ? '' : name, file]] });
  }
  if (entries.size === 0) refuse(at, `'directory' must contain at least one handler, got none in '${directory}'; add a .py file, or a folder with one`);
  return entries;
}
