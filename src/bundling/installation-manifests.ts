import * as fs from 'node:fs';
import * as path from 'node:path';
import type { BundleFinding } from './entry-metafile';
import { installationVariables } from './npm-environment';
import type { Project } from './project';
import { refuse } from '../private/validation';

/** Fields of package.json that decide what npm installs and runs, beside the dependencies. */
const INSTALL_RULES = ['overrides', 'allowScripts', 'packageExtensions'];

interface LockedPackage {
  readonly version: string;
  /** @default - the name of its folder */
  readonly name?: string;
  /** @default - not set, if the lock file omits URLs */
  readonly resolved?: string;
  /** @default false */
  readonly link?: boolean;
}

interface Overrides {
  [selector: string]: string | Overrides;
}

/**
 * The texts of a `package.json` with only the named packages at their locked versions and the install rules of the
 * project, and of the project's lock file with it as its root.
 *
 * @param entry The handler's file, relative to the root of the project: a workspace can have other versions than the root
 */
export function installationManifests(at: string, project: Project, names: readonly string[], entry: string): Record<string, string> {
  const { root } = project;
  const lock = readLock(at, project);
  const packages = visible(lock.packages, root, entry);
  const dependencies = Object.fromEntries(names.map(name => [name, specOf(at, name, packages[`node_modules/${name}`], lock.packages)]));
  for (const [place, locked] of Object.entries(packages)) if (locked.link) delete packages[place];
  const { lockfileVersion } = lock;
  const manifest = { name: 'node-modules', version: '0.0.0', dependencies };
  return {
    'package.json': JSON.stringify({ ...manifest, ...installRules(root, dependencies) }),
    'package-lock.json': JSON.stringify({ lockfileVersion, ...manifest, packages: { ...packages, '': manifest } }),
  };
}

function readLock(at: string, { lockFile, npmLockFile, root }: Project): Record<string, any> {
  const name = lockFile && path.basename(lockFile);
  if (npmLockFile === undefined || lockFile !== npmLockFile) {
    refuse(at, `'nodeModules' must be locked by a package-lock.json in '${root}', `
      + `got ${name ?? 'no lock file'}${npmLockFile === undefined ? '' : ` beside ${path.basename(npmLockFile)}`}; `
      + (npmLockFile === undefined ? "use npm, or add the packages to a layer and to 'layerModules'"
        : `remove ${name} if the project uses npm, or add the packages to a layer and to 'layerModules'`));
  }
  let lock: Record<string, any>;
  try {
    lock = JSON.parse(fs.readFileSync(npmLockFile, 'utf8'));
  } catch (error) {
    return refuse(at, `'${name}' must be JSON, but could not be read: ${(error as Error).message}; resolve its merge conflicts, or run npm install`);
  }
  if (typeof lock?.packages !== 'object' || lock.packages === null) {
    refuse(at, `'lockfileVersion' of ${name} must be 2 or 3, got ${lock?.lockfileVersion}; run npm install with npm 7 or later`);
  }
  return lock;
}

/** The settings of the project that change what npm installs, beside the lock file. */
export function installationSettings(project: Project): unknown[] {
  const npmrc = path.join(project.root, '.npmrc');
  return [fs.existsSync(npmrc) ? fs.readFileSync(npmrc, 'utf8') : undefined, rulesIn(manifestOf(project.root)), installationVariables(project)];
}

/** Finds installed packages that patch-package changes in the project, because a new installation does not have the changes. */
export function unappliedPatches({ root }: Project, installed: readonly string[]): BundleFinding[] {
  const folder = path.join(root, 'patches');
  const patches = fs.existsSync(folder) ? fs.readdirSync(folder).filter(name => name.endsWith('.patch')) : [];
  const names = new Set(installed.map(each => each.split('node_modules/').pop()!.replace(/(?<=.)@.*/, '')));
  const found = patches.filter(patch => names.has(patch.split('++').pop()!.replace(/\+[^+]*\.patch$/, '').replace('+', '/')));
  if (found.length === 0) return [];
  return [{
    id: 'unappliedPatches',
    message: `'nodeModules' are installed without the patches of the project: ${found.join(', ')}; `
      + "leave the packages out of 'nodeModules' to bundle the patched files, or publish patched versions",
  }];
}

/** The version in the manifest, as the lock file has it. */
function specOf(at: string, name: string, locked: LockedPackage | undefined, all: Record<string, { dependencies?: Record<string, string> }>): string {
  if (locked === undefined) {
    refuse(at, `'nodeModules' must be in package-lock.json, got '${name}', which is not; `
      + `install it with npm install ${name}`);
  }
  if (locked.link) {
    refuse(at, `'nodeModules' must be packages of a registry, got '${name}', which is a folder of this project; `
      + 'leave it out to bundle it');
  }
  if (/^(file|git)/.test(locked.resolved ?? '')) return locked.resolved!;
  if (locked.name !== undefined && locked.name !== name) return `npm:${locked.name}@${locked.version}`; // an alias
  const isUrl = locked.resolved !== undefined && Object.values(all).some(({ dependencies }) => dependencies?.[name] === locked.resolved);
  return isUrl ? locked.resolved! : locked.version;
}

/**
 * The packages that the handler can import from `node_modules` of its folder and the parent folders, in one folder.
 * The nearest takes precedence.
 */
function visible(lock: Record<string, LockedPackage>, root: string, entry: string): Record<string, LockedPackage> {
  const packages: Record<string, LockedPackage> = {};
  const folders = path.posix.dirname(entry).split('/');
  for (let depth = 0; depth <= folders.length; depth++) {
    const modules = [...folders.slice(0, depth), 'node_modules/'].join('/');
    for (const [place, locked] of Object.entries(lock)) {
      if (!place.startsWith(modules)) continue; // the app, its workspaces, and packages that only they can import
      const { resolved } = locked;
      const absolute = resolved && { resolved: absoluteSpec(root, resolved) };
      packages[`node_modules/${place.slice(modules.length)}`] = { ...locked, ...absolute };
    }
  }
  return packages;
}

/** The install rules of the project. npm rejects a lock file that they changed, if they are not in the manifest too. */
function installRules(root: string, dependencies: Record<string, string>): Record<string, unknown> {
  const manifest = manifestOf(root);
  const { overrides, ...rules } = rulesIn(manifest);
  if (typeof overrides !== 'object' || overrides === null) return rules;
  const direct = { ...manifest.peerDependencies, ...manifest.devDependencies, ...manifest.optionalDependencies, ...manifest.dependencies };
  return { ...rules, overrides: convertOverrides(overrides as Overrides, root, direct, dependencies) };
}

/**
 * npm resolves `$name` to a dependency of the manifest, which here contains only the named packages, and rejects an
 * override of a named package that differs from its version.
 */
function convertOverrides(
  overrides: Overrides, root: string, direct: Record<string, string>, installed: Record<string, string>, parents: readonly string[] = [],
): Overrides {
  return Object.fromEntries(Object.entries(overrides).map(([selector, value]) => {
    const name = selector === '.' ? parents[parents.length - 1] : selector.replace(/(?<=.)@.*/, '');
    if (typeof value === 'object' && value !== null) return [selector, convertOverrides(value, root, direct, installed, [...parents, name])];
    const ofRoot = parents.length === (selector === '.' ? 1 : 0);
    if (ofRoot && installed[name] !== undefined) return [selector, installed[name]];
    return [selector, absoluteSpec(root, value.startsWith('$') ? direct[value.slice(1)] ?? value : value)];
  }));
}

/** The folders by which the project replaces packages. npm links them, and a link leads nowhere on Lambda. */
export function foldersInOverrides({ root }: Project): string[] {
  const specs = (value: unknown): string[] => typeof value === 'object' && value !== null ? Object.values(value).flatMap(specs) : [String(value)];
  return specs(rulesIn(manifestOf(root)).overrides ?? {}).filter(spec => spec.startsWith('file:'))
    .filter(spec => fs.statSync(absoluteSpec(root, spec).slice('file:'.length), { throwIfNoEntry: false })?.isDirectory());
}

function absoluteSpec(root: string, spec: string): string {
  return spec.startsWith('file:') ? `file:${path.resolve(root, spec.slice('file:'.length))}` : spec;
}

function manifestOf(root: string): Record<string, any> {
  try {
    return JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) ?? {};
  } catch {
    return {}; // npm itself works without
  }
}

function rulesIn(manifest: Record<string, any>): Record<string, unknown> {
  return Object.fromEntries(INSTALL_RULES.filter(rule => manifest[rule] !== undefined).map(rule => [rule, manifest[rule]]));
}
