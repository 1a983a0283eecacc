import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { BundleCache } from './bundle-cache';
import { PythonInstaller } from './python-installer';
import type { PythonPlatform } from './python-platform';
import { isPinned, type PythonRequirements } from './python-requirements';
import { type InstalledFile, tidyPackages } from './python-tidying';
import { normalizedName, requirementName } from '../private/required-packages';
import { refuse } from '../private/validation';

/** Part of every key. Raise it when the contents of installed packages change. */
const LAYOUT = 2;
const INSTALLATION = 'installation.json';
const PACKAGES = 'packages';

/** The contents of installed packages. */
export interface PythonInstallation {
  readonly files: readonly InstalledFile[];
  /** Each as name==version. */
  readonly distributions: readonly string[];
  /** Packages of which the requirements do not name one version, so that another machine can install another. */
  readonly unpinned: readonly string[];
}

/** The packages of one file of requirements, for one platform. All handlers with the same file share them. */
export class PythonPackages {
  /** The installed packages from the cache, or from uv or pip. */
  public static of(at: string, requirements: PythonRequirements, platform: PythonPlatform, cacheDirectory?: string): PythonPackages {
    const cache = BundleCache.in(path.resolve(cacheDirectory ?? userCache()));
    const request = [LAYOUT, requirements.kind, requirements.digest(), PythonInstaller.identity(), platform.text];
    const key = crypto.hash('sha256', JSON.stringify(request), 'hex');
    const known = read(cache.modulesDirectory(key));
    const installation = known ?? PythonPackages.install(at, requirements, platform, cache, key);
    const folder = path.join(cache.modulesDirectory(key), PACKAGES);
    return new PythonPackages(folder, installation, known === undefined, () => cache.removeModules(key));
  }

  private static install(
    at: string, requirements: PythonRequirements, platform: PythonPlatform, cache: BundleCache, key: string,
  ): PythonInstallation {
    const workspace = cache.workspace();
    const target = path.join(workspace, PACKAGES);
    try {
      fs.mkdirSync(target);
      const lines = PythonInstaller.find(at, requirements).install(requirements, platform, workspace, target);
      const pinned = new Set([...lines.filter(isPinned).map(requirementName), ...namedByAddress(target)]);
      const { files, distributions } = tidyPackages(target);
      const isHashed = lines.some(line => line.includes('--hash='));
      const unpinned = isHashed ? [] : distributions.map(each => normalizedName(each.split('==')[0])).filter(name => !pinned.has(name));
      const isFrozen = requirements.kind === 'uv' || requirements.kind === 'poetry';
      const installation: PythonInstallation = { files, distributions, unpinned: isFrozen ? [] : unpinned };
      fs.writeFileSync(path.join(workspace, INSTALLATION), JSON.stringify(installation));
      cache.storeModules(key, workspace);
      return installation;
    } finally {
      fs.rmSync(workspace, { recursive: true, force: true });
    }
  }

  private constructor(
    private readonly folder: string,
    public readonly installation: PythonInstallation,
    private readonly isNew: boolean,
    private readonly remove: () => void,
  ) { }

  public path(name: string): string {
    return path.join(this.folder, name);
  }

  /**
   * Copies files of the packages. Unless they were installed in this synthesis, their contents are compared with what was installed, because
   * a cache can be modified or be restored incompletely.
   */
  public copy(at: string, files: readonly InstalledFile[], target: string): void {
    const folders = new Set<string>();
    for (const { name, sha256, mode } of files) {
      const to = path.join(target, name);
      const folder = path.dirname(to);
      if (!folders.has(folder)) fs.mkdirSync(folder, { recursive: true });
      folders.add(folder);
      const content = this.read(name);
      if (content === undefined || (!this.isNew && crypto.hash('sha256', content, 'hex') !== sha256)) {
        this.remove();
        refuse(at, `the cached packages must not change, got another '${name}'; they are removed now: synthesize again`);
      }
      fs.writeFileSync(to, content, { mode });
    }
  }

  /** Undefined if the file was removed. */
  private read(name: string): Buffer | undefined {
    try {
      return fs.readFileSync(this.path(name));
    } catch {
      return undefined;
    }
  }
}

/**
 * The packages that were named by a folder, an archive or a revision of a repository, and not by a version. A branch is no revision: it can
 * be another one on another day.
 *
 * @see https://packaging.python.org/en/latest/specifications/direct-url/
 */
function namedByAddress(target: string): string[] {
  return fs.readdirSync(target).filter(name => name.endsWith('.dist-info')).filter(name => {
    const file = path.join(target, name, 'direct_url.json');
    if (!fs.existsSync(file)) return false;
    const { vcs_info: repository } = JSON.parse(fs.readFileSync(file, 'utf8'));
    return repository === undefined || /^(v?\d|[\da-f]{7,40}$)/.test(repository.requested_revision ?? '');
  }).map(name => normalizedName(name.split('-')[0]));
}

/** A cached installation, marked as used. */
function read(folder: string): PythonInstallation | undefined {
  try {
    const now = new Date();
    const installation = JSON.parse(fs.readFileSync(path.join(folder, INSTALLATION), 'utf8'));
    fs.utimesSync(folder, now, now);
    return Array.isArray(installation.files) ? installation : undefined;
  } catch {
    return undefined; // absent or damaged
  }
}

/** The folder for caches of the user, because a Python project has no folder that a clean installation removes. */
function userCache(): string {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = process.env;
  const folders: Partial<Record<NodeJS.Platform, string | undefined>> = { darwin: path.join(os.homedir(), 'Library', 'Caches'), win32: LOCALAPPDATA };
  return path.join(folders[process.platform] ?? XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'cdk-production-lambda');
}
