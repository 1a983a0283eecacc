import type { PackageFiles } from '../../../private/package-files';
import { WRAPPED } from '../../../private/python-handler';
import { logicalLines, statementsAtImport } from '../../../private/python-source';

/** How much of a file is read: no one writes a longer module by hand. */
const BYTES_MAX = 200_000;
const MODULES_MAX = 500;

/** A module of a package, with the full names of what it imports: `pg` is `psycopg2` after `import psycopg2 as pg`. */
export interface PythonModule {
  readonly file: string;
  readonly source: string;
  readonly imported: ReadonlyMap<string, string>;
}

interface Import {
  /** The modules that it runs: the module, and the name in it, which can be a module too. */
  readonly modules: string[];
  /** The name in the importing module, and its full name. */
  readonly name: [as: string, full: string];
}

/**
 * The module of a Python handler and the modules of the same author that it imports, directly or not. Installed
 * packages are left out: they are the files of a `RECORD`. Without any `RECORD`, the author's modules are at the root
 * and in the folder of the handler.
 */
export function ownModules(files: PackageFiles, handler: string): PythonModule[] {
  const wrapped = new RegExp(`^${WRAPPED}\\.`);
  const module = handler.slice(0, handler.lastIndexOf('.')).replace(wrapped, '').replaceAll('/', '.');
  const isOwn = ownFiles(files, module);
  const found = new Map<string, PythonModule>();
  const visit = (name: string): void => {
    for (const file of filesOfModule(files, name)) {
      if (found.has(file) || found.size >= MODULES_MAX || !isOwn(file)) continue;
      const source = files.read(file, BYTES_MAX).toString('utf8', 0, BYTES_MAX);
      const lines = logicalLines(source).map(({ text }) => text);
      const imported = new Map(importsOf(lines, file).map(({ name: pair }) => pair));
      found.set(file, { file, source, imported });
      for (const { modules } of importsOf(statementsAtImport(source), file)) modules.forEach(visit);
    }
  };
  visit(module);
  return [...found.values()];
}

function ownFiles(files: PackageFiles, module: string): (file: string) => boolean {
  const records = files.names.filter(name => /\.dist-info\/RECORD$/.test(name));
  if (records.length === 0) {
    const folder = `${module.split('.')[0]}/`;
    return file => !file.includes('/') || file.startsWith(folder);
  }
  const installed = new Set(records.flatMap(name => {
    const below = name.replace(/[^/]+\/RECORD$/, '');
    return files.read(name).toString('utf8').split(/\r?\n/).map(line => below + line.split(',')[0].replaceAll('"', ''));
  }));
  return file => !installed.has(file);
}

/** The files that an import of a module runs: the packages above it, and the module. */
function filesOfModule(files: PackageFiles, module: string): string[] {
  const parts = module.split('.').filter(part => part !== '');
  const paths = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  return paths.flatMap((path, index) => [`${path}/__init__.py`, ...index === paths.length - 1 ? [`${path}.py`] : []])
    .filter(file => files.has(file));
}

function importsOf(statements: readonly string[], file: string): Import[] {
  return statements.flatMap(text => text.split(';')).flatMap(statement => {
    const [, from, names] = /^\s*(?:try\s*:\s*)?(?:from\s+(\S+)\s+)?import\b(.+)$/.exec(statement) ?? [];
    return (names ?? '').replace(/[()]/g, ' ').split(',')
      .map(item => /^\s*([\w.]+)(?:\s+as\s+(\w+))?\s*$/.exec(item))
      .filter(match => match !== null).map(([, name, as]): Import => {
        if (from === undefined) {
          const first = name.split('.')[0];
          return { modules: [name], name: as === undefined ? [first, first] : [as, name] };
        }
        const module = absoluteName(from, file);
        const full = module === '' ? name : `${module}.${name}`;
        return { modules: [module, full], name: [as ?? name, full] };
      });
  });
}

/** A module of a relative import by its name from the root of the package. */
function absoluteName(module: string, file: string): string {
  const dots = /^\.*/.exec(module)?.[0].length ?? 0;
  if (dots === 0) return module;
  const parts = file.split('/').slice(0, -dots);
  return [...parts, ...module.slice(dots).split('.')].filter(part => part !== '').join('.');
}
