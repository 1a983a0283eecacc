import { spawnSync } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { BundleCache } from './bundle-cache';
import type { Project } from './project';
import { refuse } from '../private/validation';

/** The names of Lambda's architectures in npm, and their numbers in ELF headers. */
const PROCESSORS: Record<string, { npm: string; elf: number }> = {
  arm64: { npm: 'arm64', elf: 0xb7 },
  x86_64: { npm: 'x64', elf: 0x3e },
};

const INSTALLATION = 'installation.json';

/** The contents of an installed `node_modules` folder. */
export interface Installation {
  /** Each as path@version. */
  readonly packages: string[];
  readonly bytes: number;
}

interface LockedPackage {
  readonly version: string;
  /** @default - not set, if the lock file omits URLs */
  readonly resolved?: string;
  /** @default false */
  readonly link?: boolean;
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
    const manifests = this.manifests(at);
    const request = [manifests, this.architecture.name, process.platform, process.arch];
    const key = crypto.hash('sha256', JSON.stringify(request), 'hex');
    const cached = this.cache.modulesDirectory(key);
    if (!fs.existsSync(cached)) {
      const folder = this.cache.workspace();
      const installation = this.runNpm(at, folder, manifests);
      fs.writeFileSync(path.join(folder, INSTALLATION), JSON.stringify(installation));
      this.cache.storeModules(key, folder);
    }
    const now = new Date();
    fs.utimesSync(cached, now, now);
    fs.cpSync(path.join(cached, 'node_modules'), path.join(workspace, 'node_modules'), { recursive: true, verbatimSymlinks: true });
    return JSON.parse(fs.readFileSync(path.join(cached, INSTALLATION), 'utf8'));
  }

  private runNpm(at: string, folder: string, manifests: Record<string, string>): Installation {
    const processor = PROCESSORS[this.architecture.name].npm;
    for (const [name, content] of Object.entries(manifests)) fs.writeFileSync(path.join(folder, name), content);
    const settings = path.join(this.project.root, '.npmrc');
    if (fs.existsSync(settings)) fs.copyFileSync(settings, path.join(folder, '.npmrc'));
    const npm = spawnSync('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund', '--os=linux', '--libc=glibc', `--cpu=${processor}`], {
      cwd: folder,
      encoding: 'utf8',
      shell: process.platform === 'win32',
      // install scripts of native packages read these variables to download a prebuilt binary
      env: { ...process.env, npm_config_platform: 'linux', npm_config_arch: processor, npm_config_target_arch: processor, NODE_ENV: 'production' },
    });
    if (npm.status !== 0) {
      refuse(at, `'nodeModules' must be installable, got ${list(this.names)}; `
        + `fix the error of npm ci:\n${(npm.stderr ?? String(npm.error)).trim()}`);
    }
    for (const name of ['package.json', 'package-lock.json', '.npmrc', 'node_modules/.package-lock.json']) {
      fs.rmSync(path.join(folder, name), { force: true });
    }
    return this.inspect(at, folder);
  }

  /**
   * A `package.json` with only the named packages at their locked versions, and the project's lock file with it as its
   * root.
   */
  private manifests(at: string): Record<string, string> {
    const { lockFile, root } = this.project;
    if (lockFile === undefined || path.basename(lockFile) !== 'package-lock.json') {
      refuse(at, `'nodeModules' must be locked by a package-lock.json in '${root}', `
        + `got ${lockFile ? path.basename(lockFile) : 'no lock file'}; `
        + "use npm, or add the packages to a layer and to 'layerModules'");
    }
    const lock = JSON.parse(fs.readFileSync(lockFile, 'utf8'));
    const packages = this.visible(lock.packages ?? {}, root);
    const dependencies: Record<string, string> = {};
    for (const name of this.names) {
      const locked = packages[`node_modules/${name}`];
      if (locked === undefined) {
        refuse(at, `'nodeModules' must be in package-lock.json, got '${name}', which is not; `
          + `install it with npm install ${name}`);
      }
      if (locked.link) {
        refuse(at, `'nodeModules' must be packages of a registry, got '${name}', which is a folder of this project; `
          + 'leave it out to bundle it');
      }
      dependencies[name] = /^(file|git)/.test(locked.resolved ?? '') ? locked.resolved! : locked.version;
    }
    for (const [place, locked] of Object.entries(packages)) if (locked.link) delete packages[place];
    const manifest = { name: 'node-modules', version: '0.0.0', dependencies };
    const { lockfileVersion } = lock;
    return {
      'package.json': JSON.stringify(manifest),
      'package-lock.json': JSON.stringify({ lockfileVersion, ...manifest, packages: { ...packages, '': manifest } }),
    };
  }

  /**
   * The packages that the handler can import from `node_modules` of its folder and the parent folders, in one folder.
   * The nearest takes precedence.
   */
  private visible(lock: Record<string, LockedPackage>, root: string): Record<string, LockedPackage> {
    const packages: Record<string, LockedPackage> = {};
    const folders = path.posix.dirname(this.entry).split('/');
    for (let depth = 0; depth <= folders.length; depth++) {
      const modules = [...folders.slice(0, depth), 'node_modules/'].join('/');
      for (const [place, locked] of Object.entries(lock)) {
        if (!place.startsWith(modules)) continue; // the app, its workspaces, and packages that only they can import
        const { resolved } = locked;
        const absolute = resolved?.startsWith('file:') && { resolved: `file:${path.resolve(root, resolved.slice(5))}` };
        packages[`node_modules/${place.slice(modules.length)}`] = { ...locked, ...absolute };
      }
    }
    return packages;
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
    return { packages: packages.sort(), bytes };
  }

  /** Whether a native module is an ELF file for the architecture. Other files cannot be loaded. */
  private fits(file: string): boolean {
    const header = fs.readFileSync(file).subarray(0, 20);
    return header.length === 20 && header.readUInt32BE(0) === 0x7f454c46 && header.readUInt16LE(18) === PROCESSORS[this.architecture.name].elf;
  }
}

function list(names: readonly string[]): string {
  return names.map(name => `'${name}'`).join(', ');
}
