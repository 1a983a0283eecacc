import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { textOf } from './python-requirement-files';
import { sourceFiles } from './python-sources';
import { projectDependencies, requirementLines } from '../private/required-packages';
import { refuse } from '../private/validation';

/** The files that name packages, in order of preference. */
const NAMES = ['uv.lock', 'requirements.txt', 'poetry.lock', 'pyproject.toml'];
const KINDS = { 'uv.lock': 'uv', 'poetry.lock': 'poetry', 'pyproject.toml': 'pyproject' } as const;
/** The files of Pipenv, which are not read. */
const NOT_READ = ['Pipfile.lock', 'Pipfile'];
/** The file is of the CDK app and not of a handler. */
const CDK = /^aws-cdk-lib\b/i;
/** Lines of a requirements file that name another one. */
const INCLUDED = /^\s*(?:-r|--requirement|-c|--constraint)[\s=]*(\S+)/;
/** Lines that name a package in a folder, an archive, or a folder with archives. */
const LOCAL_OPTION = /^\s*(?:(?:-e|--editable|-f|--find-links)[\s=]+|[\w.[\],-]+\s*@\s*)?/;
const LOCAL = /^(?:\.{1,2}(?=$|[\s;#[])|\.{0,2}\/|file:|[\w.-]+\/[^\s;#[@]*\.(?:whl|zip|tar\.gz))[^\s;#[]*/;

/** The file that names the packages of a handler. */
export class PythonRequirements {
  /** The configured file, otherwise the nearest, beginning at a folder and up to the working directory of the app. */
  public static of(at: string, from: string, configured?: string): PythonRequirements | undefined {
    if (configured !== undefined) {
      if (fs.statSync(configured, { throwIfNoEntry: false })?.isFile() && (NAMES.includes(path.basename(configured)) || configured.endsWith('.txt'))) {
        return new PythonRequirements(path.resolve(configured));
      }
      refuse(at, `'requirements' must be an existing uv.lock, requirements.txt, poetry.lock or pyproject.toml, got '${configured}'; `
        + 'set a path that is absolute or relative to the working directory of the app');
    }
    for (const folder of searched(from)) {
      const found = NAMES.map(name => path.join(folder, name)).find(file => fs.existsSync(file) && !isOfApp(folder) && namesPackages(file));
      if (found !== undefined) return new PythonRequirements(workspaceLock(found) ?? found, folder);
    }
    return undefined;
  }

  /** The nearest file that names packages and is not read. */
  public static notRead(from: string): string | undefined {
    const found = searched(from).flatMap(folder => NOT_READ.map(name => path.join(folder, name))).find(file => fs.existsSync(file));
    return found === undefined ? undefined : path.relative('', found);
  }

  public readonly kind: 'uv' | 'requirements' | 'poetry' | 'pyproject';
  /** The name of the file, for messages. */
  public readonly name: string;

  /** @param folder The folder of the project, which can be a member of the workspace that the lock file belongs to */
  private constructor(public readonly file: string, public readonly folder = path.dirname(file)) {
    this.name = path.relative('', file);
    this.kind = KINDS[path.basename(file) as keyof typeof KINDS] ?? 'requirements';
  }

  public get text(): string {
    return textOf(this.file);
  }

  /** A hash of all that decides which packages are installed, with the content of packages in folders. */
  public digest(): string {
    const { files, locals } = this.read();
    const contents = files.map(file => crypto.hash('sha256', fs.readFileSync(file), 'hex'));
    const folders = locals.filter(each => fs.existsSync(each)).map(each => sourceFiles(each).map(({ name, sha256 }) => [name, sha256]));
    return crypto.hash('sha256', JSON.stringify([contents, folders]), 'hex');
  }

  /** The files that name packages. No package of a function contains them: the address of an index can contain a password. */
  public files(): string[] {
    return this.read().files;
  }

  /** The dependencies of a `pyproject.toml`. */
  public dependencies(): string[] {
    return dependenciesOf(this.file);
  }

  /**
   * The indexes of a `uv.lock` that the project names. The export of a lock file does not name them, and uv searches an index that is
   * `explicit` only for packages with a source.
   */
  public indexes(): string[] {
    const configured = ['pyproject.toml', 'uv.toml'].map(name => path.join(path.dirname(this.file), name)).filter(file => fs.existsSync(file)).map(textOf).join('\n');
    const named = new Set([...this.text.matchAll(/^source = \{ registry = "([^"]+)" \}/gm)].map(([, index]) => index));
    // the project can have written a name and a password before the host
    return [...named].filter(index => configured.includes(index.replace(/^\w+:\/\//, '')));
  }

  /** The existing files that name packages, and the packages and archives of this machine that they name. */
  private read(): { files: string[]; locals: string[] } {
    const files = new Set([this.file, ...['pyproject.toml', 'uv.toml'].map(name => path.join(this.folder, name))]);
    const locals: string[] = [];
    for (const file of files) {
      if (!fs.existsSync(file)) continue;
      const content = textOf(file);
      const at = (found: string) => {
        const named = found.replace(/^file:(\/\/)?/, '');
        return [path.dirname(file), this.folder].map(folder => path.resolve(folder, named)).find(each => fs.existsSync(each)) ?? named;
      };
      for (const line of content.split(/\r?\n/)) {
        const included = INCLUDED.exec(line)?.[1];
        if (included !== undefined) files.add(at(included));
        const local = LOCAL.exec(line.replace(LOCAL_OPTION, ''))?.[0] ?? / @ (file:[^\s;#"']+)/.exec(line)?.[1];
        if (local !== undefined) locals.push(at(local));
      }
      if (path.basename(file) !== 'uv.lock') continue;
      for (const [, local] of content.matchAll(/\bsource = \{ (?:editable|directory|path) = "([^"]+)"/g)) if (local !== '.') locals.push(at(local));
    }
    return { files: [...files].filter(file => fs.existsSync(file)), locals };
  }
}

/** A folder, and the folders above it up to the working directory of the app. */
function searched(from: string): string[] {
  const app = path.resolve('.');
  const folders = [path.resolve(from)];
  while (folders[0] !== app && folders[0].startsWith(app + path.sep)) folders.unshift(path.dirname(folders[0]));
  return folders.reverse();
}

/** Whether a requirement has one version only. */
export function isPinned(line: string): boolean {
  return /===?\s*[^\s*;]+(?=\s|;|$)/.test(line);
}

/** A `pyproject.toml` can also contain settings of tools only. */
function namesPackages(file: string): boolean {
  return path.basename(file) !== 'pyproject.toml' || dependenciesOf(file).length > 0;
}

/** Whether the files of a folder name the packages of the CDK app: those must not be installed into functions. */
function isOfApp(folder: string): boolean {
  const [requirements, project] = ['requirements.txt', 'pyproject.toml'].map(name => path.join(folder, name));
  if (fs.existsSync(project)) return dependenciesOf(project).some(each => CDK.test(each));
  return fs.existsSync(requirements) && requirementLines(textOf(requirements)).some(each => CDK.test(each));
}

function dependenciesOf(file: string): string[] {
  return projectDependencies(fs.readFileSync(file, 'utf8'));
}

/** The `uv.lock` of the workspace around a member, which has only a `pyproject.toml` of its own. */
function workspaceLock(file: string): string | undefined {
  if (path.basename(file) !== 'pyproject.toml') return undefined;
  for (let folder = path.dirname(path.dirname(file)); ; folder = path.dirname(folder)) {
    const [lock, project] = ['uv.lock', 'pyproject.toml'].map(name => path.join(folder, name));
    if (fs.existsSync(lock) && fs.existsSync(project)) return /^\[tool\.uv\.workspace\]/m.test(fs.readFileSync(project, 'utf8')) ? lock : undefined;
    if (folder === path.dirname(folder)) return undefined;
  }
}
