import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { PythonPlatform } from './python-platform';
import { readRequirements, type RequirementTexts } from './python-requirement-files';
import type { PythonRequirements } from './python-requirements';
import { requirementLines, requirementName } from '../private/required-packages';
import { refuse } from '../private/validation';

const INSTALL_UV = 'install it with: pip install uv';
const EXPORT_UV = ['export', '--frozen', '--no-default-groups', '--no-emit-project', '--no-editable', '--no-header', '--no-annotate', '--quiet', '--output-file'];
const EXPORT_POETRY = ['export', '--only', 'main', '--format', 'requirements.txt', '--output'];
/** How uv and pip name the packages that have no wheel. */
const NO_WHEEL = [
  /Wheels are required for `([^`]+)`/g, /Because (\S+) has no (?:usable )?wheels/g, /No matching distribution found for (\S+)/g,
  /Building source distributions for `([^`]+)` is disabled/g, /Building source distributions is disabled, but attempted to build `([^`]+)`/g,
];

/** Requirements as uv and pip read them. */
interface PreparedRequirements extends RequirementTexts {
  readonly file: string;
  /** Whether it names every package, also the packages that other packages need. */
  readonly isComplete: boolean;
  /** Options of uv for the indexes. */
  readonly indexes: readonly string[];
}

/**
 * The program that installs the packages: uv, or pip if there is no uv. uv installs in a tenth of the time of pip, and reads
 * `uv.lock`. It is searched on the PATH, and then as a module of the Python on the PATH.
 */
export class PythonInstaller {
  /** The version and kind of the program, for the key of the cache. Starts no Python, which takes longer than a synthesis without changes. */
  public static identity(): string {
    const uv = onPath('uv');
    if (uv !== undefined) return run(uv, ['--version'], '.').stdout?.trim() ?? uv;
    const python = onPath('python3') ?? onPath('python');
    if (python === undefined) return 'none';
    const { mtimeMs, size } = fs.statSync(python);
    return `python ${fs.realpathSync(python)} ${mtimeMs} ${size}`;
  }

  public static find(at: string, requirements: PythonRequirements): PythonInstaller {
    const uv = onPath('uv');
    if (uv !== undefined) return new PythonInstaller(at, [uv], true);
    const python = onPath('python3') ?? onPath('python');
    if (python !== undefined && run(python, ['-m', 'uv', '--version'], '.').status === 0) return new PythonInstaller(at, [python, '-m', 'uv'], true);
    if (python !== undefined && run(python, ['-m', 'pip', '--version'], '.').status === 0) return new PythonInstaller(at, [python, '-m', 'pip'], false);
    return refuse(at, `uv must be installed to install the packages of '${requirements.name}', got neither uv nor Python with pip on the PATH; ${INSTALL_UV}`);
  }

  private constructor(private readonly at: string, private readonly command: readonly string[], private readonly isUv: boolean) { }

  /** Installs the packages into a folder, from wheels only. Returns the lines that name them or their versions. */
  public install(requirements: PythonRequirements, platform: PythonPlatform, workspace: string, target: string): string[] {
    const { file, isComplete, indexes, lines, constraints } = this.prepared(requirements, workspace);
    if (!this.isUv && lines.some(isSource)) {
      refuse(this.at, `uv must be installed to build the packages of '${requirements.name}' that are in folders or repositories, got pip; ${INSTALL_UV}`);
    }
    const options = [
      '--target', target, ...isComplete ? ['--no-deps'] : [], ...onlyWheels(lines), '-r', file,
      ...lines.some(line => line.includes('--hash')) && !isComplete ? ['--require-hashes'] : [],
    ];
    const all = this.isUv
      ? ['pip', 'install', '--quiet', '--no-compile-bytecode', '--python-platform', platform.uvName, '--python-version', platform.version, ...indexes, ...options]
      : ['install', '--quiet', '--disable-pip-version-check', '--no-compile', '--no-warn-conflicts', ...platform.pipOptions, ...options];
    // uv exports the paths of other members from the root of their workspace, which contains the lock file
    const done = this.run(all, requirements.kind === 'uv' ? path.dirname(requirements.file) : requirements.folder);
    if (done.status !== 0) this.refuseFailure(requirements, platform, outputOf(done));
    return [...lines, ...constraints];
  }

  /** The requirements as a file that uv and pip read. */
  private prepared(requirements: PythonRequirements, workspace: string): PreparedRequirements {
    const exported = path.join(workspace, 'requirements.txt');
    const { kind, name, folder, file } = requirements;
    if (kind === 'uv') {
      if (!this.isUv) refuse(this.at, `uv must be installed to read '${name}', got pip; ${INSTALL_UV}, or write a requirements.txt with: uv export`);
      this.export(this.run([...EXPORT_UV, exported], folder), name, 'run uv lock');
      return complete(exported, requirements.indexes().flatMap(index => ['--index', index]));
    }
    if (kind === 'poetry') {
      const poetry = onPath('poetry') ?? refuse(this.at, `poetry must be installed to read '${name}', got none on the PATH; `
        + 'install it with: pip install poetry poetry-plugin-export, or write a requirements.txt');
      this.export(run(poetry, [...EXPORT_POETRY, exported], folder), name, 'install the plugin poetry-plugin-export, or run poetry lock');
      return complete(exported);
    }
    const { lines, constraints, text } = kind === 'requirements' ? readRequirements(file, folder)
      : { lines: requirements.dependencies(), constraints: [], text: this.isUv ? undefined : requirements.dependencies().join('\n') };
    if (text !== undefined) fs.writeFileSync(exported, text);
    return { file: text === undefined ? file : exported, isComplete: false, indexes: [], lines, constraints };
  }

  private export(done: SpawnSyncReturns<string>, name: string, fix: string): void {
    if (done.status !== 0) refuse(this.at, `'${name}' must be readable, got an error of its tool; ${fix}:\n${outputOf(done)}`);
  }

  private refuseFailure({ name }: PythonRequirements, platform: PythonPlatform, output: string): never {
    const missing = [...new Set(NO_WHEEL.flatMap(pattern => [...output.matchAll(pattern)].map(([, found]) => found)).filter(Boolean))];
    const [first, ...others] = missing.filter(each => !missing.some(other => other !== each && other.startsWith(`${each}==`)));
    if (first !== undefined && !/not found in the package registry|from versions: \)/.test(output)) {
      refuse(this.at, `'${name}' must name packages with a wheel for ${platform.text}, got ${[first, ...others].map(each => `'${each}'`).join(', ')} without one; `
        + 'use a version or a package that has one (for example psycopg[binary] for psycopg2), set the runtime and architecture that it supports, '
        + `or use a container image:\n${output}`);
    }
    return refuse(this.at, `the packages of '${name}' must be installable for ${platform.text}, got an error of ${this.isUv ? 'uv' : 'pip'}; fix it:\n${output}`);
  }

  private run(options: readonly string[], folder: string): SpawnSyncReturns<string> {
    const [program, ...first] = this.command;
    return run(program, [...first, ...options], folder);
  }
}

/** Whether a line names a package in a folder of the project or in a repository, which has no wheel. */
function isSource(line: string): boolean {
  return /^(?:[\w.[\],-]+\s*@\s*)?(?:\.|\/|file:|(?:git|hg|svn|bzr)\+)/.test(line) && !/\.whl(?:$|[\s;#])/.test(line);
}

/** Packages in folders of the project and in repositories are built; all others must have a wheel. */
function onlyWheels(lines: readonly string[]): string[] {
  if (!lines.some(isSource)) return ['--only-binary', ':all:'];
  return lines.filter(line => !isSource(line)).flatMap(line => ['--only-binary', requirementName(line) ?? ':none:']);
}

/**
 * An export of a lock file, which names every package with its hashes: no index can replace one, so all indexes are searched.
 */
function complete(file: string, indexes: readonly string[] = []): PreparedRequirements {
  const options = ['--index-strategy', 'unsafe-best-match', ...indexes];
  return { file, isComplete: true, indexes: options, lines: requirementLines(fs.readFileSync(file, 'utf8')), constraints: [] };
}

/** Without the passwords in addresses of indexes and repositories. */
function outputOf({ stderr, stdout, error }: SpawnSyncReturns<string>): string {
  return (stderr?.trim() || stdout?.trim() || String(error)).trim().replace(/(\w:\/\/)(?!git@)[^\s/@'"`]+@/g, '$1****@');
}

function run(program: string, options: readonly string[], cwd: string): SpawnSyncReturns<string> {
  const shell = process.platform === 'win32' && /\.(cmd|bat)$/i.test(program);
  // a variable of the user must not compile modules, which would differ on each machine
  return spawnSync(program, [...options], { cwd, encoding: 'utf8', shell, env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } });
}

/** The file of a program on the PATH. */
function onPath(name: string): string | undefined {
  const extensions = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(folder => folder !== '');
  return folders.flatMap(folder => extensions.map(extension => path.join(folder, name + extension))).find(file => isProgram(file));
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
