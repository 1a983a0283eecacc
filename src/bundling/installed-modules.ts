import { spawnSync } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Architecture } from 'aws-cdk-lib/aws-lambda';
import { BundleCache, hashOfTree } from './bundle-cache';
import { foldersInOverrides, installationManifests, installationSettings } from './installation-manifests';
import { npmEnvironment } from './npm-environment';
import type { Project } from './project';
import { elfMachine } from '../private/elf-header';
import { refuse } from '../private/validation';

/** The names of Lambda's architectures in npm. */
const PROCESSORS: Record<string, string> = { arm64: 'arm64', x86_64: 'x64' };

const INSTALLATION = 'installation.json';

/** The contents of an installed `node_modules` folder. */
export interface Installation {
  /** Each as path@version. */
  readonly packages: string[];
  readonly bytes: number;
  /** A hash of the contents. */
  readonly hash: string;
}

/**
 * Packages that cannot be bundled. They are installed beside a bundle, with the versions of the lock file, for Lambda's
 * architecture.
 */
export class InstalledModules {
  constructor(
    private readonly project: Project,
    private readonly cache: BundleCache,
    private readonly names: readonly string[],
    private readonly architecture: Architecture,
    /** The handler's file, relative to the root of the project: a workspace can have other versions than the root. */
    private readonly entry: string,
  ) { }

  /** Copies `node_modules` into the workspace. The same packages are installed once and then read from the cache. */
  public install(at: string, workspace: string): Installation {
    const manifests = installationManifests(at, this.project, this.names, this.entry);
    const request = [manifests, installationSettings(this.project), this.architecture.name, process.platform, process.arch];
    const key = crypto.hash('sha256', JSON.stringify(request), 'hex');
    const found = this.copy(key, workspace);
    if (found) return found;

    const folder = this.cache.workspace();
    const installation = this.runNpm(at, folder, manifests);
    fs.writeFileSync(path.join(folder, INSTALLATION), JSON.stringify(installation));
    this.cache.storeModules(key, folder);
    return this.copy(key, workspace) ?? refuse(at, `'nodeModules' must not change while they are installed, got ${list(this.names)}; synthesize again`);
  }

  /** Copies the packages from the cache, unless they were modified there. */
  private copy(key: string, workspace: string): Installation | undefined {
    const cached = this.cache.modulesDirectory(key);
    if (!fs.existsSync(cached)) return undefined;
    const target = path.join(workspace, BundleCache.MODULES);
    try {
      const now = new Date();
      fs.utimesSync(cached, now, now);
      const installation = JSON.parse(fs.readFileSync(path.join(cached, INSTALLATION), 'utf8'));
      fs.cpSync(path.join(cached, BundleCache.MODULES), target, { recursive: true, verbatimSymlinks: true });
      if (Array.isArray(installation.packages) && hashOfTree(target) === installation.hash) return installation;
    } catch {
      // damaged
    }
    fs.rmSync(target, { recursive: true, force: true });
    this.cache.removeModules(key);
    return undefined;
  }

  private runNpm(at: string, folder: string, manifests: Record<string, string>): Installation {
    const processor = PROCESSORS[this.architecture.name];
    for (const [name, content] of Object.entries(manifests)) fs.writeFileSync(path.join(folder, name), content);
    const settings = path.join(this.project.root, '.npmrc');
    if (fs.existsSync(settings)) fs.copyFileSync(settings, path.join(folder, '.npmrc'));
    const npm = spawnSync('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund', '--os=linux', '--libc=glibc', `--cpu=${processor}`], {
      cwd: folder,
      encoding: 'utf8',
      shell: process.platform === 'win32',
      // install scripts of native packages read these variables to download a prebuilt binary
      env: {
        ...npmEnvironment(this.project), npm_config_platform: 'linux', npm_config_arch: processor, npm_config_target_arch: processor, NODE_ENV: 'production',
      },
    });
    if (npm.status !== 0) {
      const error = npm.error === undefined ? withoutUsage(npm.stderr) : String(npm.error);
      const overridden = /\bMissing: /.test(error) ? foldersInOverrides(this.project) : [];
      if (overridden.length > 0) {
        refuse(at, `'nodeModules' must not require packages that 'overrides' of package.json replace by a folder, got ${list(overridden)}; `
          + 'pack the folder with npm pack, and name the archive in the override');
      }
      refuse(at, `'nodeModules' must be installable, got ${list(this.names)}; fix the error of npm ci:\n${error}`);
    }
    const missing = this.names.filter(name => !fs.existsSync(path.join(folder, BundleCache.MODULES, name)));
    if (missing.length > 0) {
      refuse(at, `'nodeModules' must be packages for Linux on ${this.architecture.name}, got ${list(missing)}, which npm did not install; `
        + "remove them, or set the 'architecture' that they support");
    }
    for (const name of ['package.json', 'package-lock.json', '.npmrc', 'node_modules/.package-lock.json']) {
      fs.rmSync(path.join(folder, name), { force: true });
    }
    return this.inspect(at, folder);
  }

  private inspect(at: string, folder: string): Installation {
    const modules = path.join(folder, 'node_modules');
    const packages: string[] = [];
    const binaries = new Map<string, boolean>();
    let bytes = 0;
    for (const entry of fs.readdirSync(modules, { withFileTypes: true, recursive: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (entry.name === '.bin') fs.rmSync(file, { recursive: true });
      if (!entry.isFile() || !fs.existsSync(file)) continue;
      bytes += fs.statSync(file).size;
      if (entry.name.endsWith('.node')) {
        const owner = /^((?:.*\/)?node_modules\/)?((?:@[^/]+\/)?[^/]+)/.exec(path.relative(modules, file).split(path.sep).join('/'))![0];
        binaries.set(owner, this.fits(file) || binaries.get(owner) === true); // some packages contain a binary for every platform
      }
      if (entry.name === 'package.json') {
        const { name, version } = JSON.parse(fs.readFileSync(file, 'utf8'));
        const folderName = path.relative(modules, path.dirname(file)).split(path.sep).join('/');
        if (name !== undefined && version !== undefined) packages.push(`${folderName}@${version}`);
      }
    }
    for (const [owner, fits] of binaries) {
      if (!fits) {
        refuse(at, `'nodeModules' must have binaries for Linux on ${this.architecture.name}, `
          + `got '${owner}' without one; `
          + "build on such a machine, or add the package to a layer and to 'layerModules'");
      }
    }
    // a dependency of a named package can work without its binary
    const unbuilt = this.names.filter(name => !binaries.has(name) && fs.existsSync(path.join(modules, name, 'binding.gyp')));
    if (unbuilt.length > 0) {
      refuse(at, "'nodeModules' must have the binaries that their install scripts build or download, "
        + `got ${list(unbuilt)} without; `
        + "allow the scripts in the .npmrc of the project, or add the packages to a layer and to 'layerModules'");
    }
    return { packages: packages.sort(), bytes, hash: hashOfTree(modules) };
  }

  /** Whether a native module is an ELF file for the architecture. Other files cannot be loaded. */
  private fits(file: string): boolean {
    return elfMachine(fs.readFileSync(file)) === this.architecture.name;
  }
}

/** What npm says, without the description of its command, and without the variables that install scripts read. */
function withoutUsage(output: string): string {
  return output.replace(/^npm warn Unknown env config .*\n/gm, '').replace(/^npm error (?:Clean install a project|Usage:)[^]*?(?=^npm error A complete log|(?![^]))/m, '').trim();
}

function list(names: readonly string[]): string {
  return names.map(name => `'${name}'`).join(', ');
}
