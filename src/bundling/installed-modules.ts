import { spawnSync } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { BundleCache } from './bundle-cache';
import type { Project } from './project';
import { refuse } from '../private/validation';

/** How npm, and ELF headers, call the processors of Lambda. */
const PROCESSORS: Record<string, { npm: string; elf: number }> = {
  arm64: { npm: 'arm64', elf: 0xb7 },
  x86_64: { npm: 'x64', elf: 0x3e },
};

const INSTALLATION = 'installation.json';

/** What is in an installed `node_modules`. */
export interface Installation {
  /** Each as path@version. */
  readonly packages: string[];
  readonly bytes: number;
}

interface LockedPackage {
  readonly version: string;
  /** @default - not written, where the lock omits addresses */
  readonly resolved?: string;
  /** @default false */
  readonly link?: boolean;
}

/** Packages that cannot be bundled, installed beside a bundle at the versions of the lock file and for Lambda's processor. */
export class InstalledModules {
  constructor(
    private readonly project: Project,
    private readonly cache: BundleCache,
    private readonly names: readonly string[],
    private readonly architecture: Architecture,
    /** The handler, from the root of the project: in a workspace it may have versions of its own. */
    private readonly entry: string,
  ) { }

  /** Puts `node_modules` into the workspace, from the cache where the same was installed before. */
  public install(at: string, workspace: string): Installation {
    const manifests = this.manifests(at);
    const request = [manifests, this.architecture.name, process.platform, process.arch];
    const key = crypto.hash('sha256', JSON.stringify(request), 'hex');
    const kept = this.cache.modulesDirectory(key);
    if (!fs.existsSync(kept)) {
      const folder = this.cache.workspace();
      const installation = this.runNpm(at, folder, manifests);
      fs.writeFileSync(path.join(folder, INSTALLATION), JSON.stringify(installation));
      this.cache.keepModules(key, folder);
    }
    const now = new Date();
    fs.utimesSync(kept, now, now);
    fs.cpSync(path.join(kept, 'node_modules'), path.join(workspace, 'node_modules'), { recursive: true, verbatimSymlinks: true });
    return JSON.parse(fs.readFileSync(path.join(kept, INSTALLATION), 'utf8'));
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
      // what the install scripts of native packages read to fetch a prebuilt binary
      env: { ...process.env, npm_config_platform: 'linux', npm_config_arch: processor, npm_config_target_arch: processor, NODE_ENV: 'production' },
    });
    if (npm.status !== 0) {
      refuse(at, `'nodeModules' ${list(this.names)} cannot be installed; npm ci said:\n${(npm.stderr ?? String(npm.error)).trim()}`);
    }
    for (const name of ['package.json', 'package-lock.json', '.npmrc', 'node_modules/.package-lock.json']) fs.rmSync(path.join(folder, name), { force: true });
    return this.inspect(at, folder);
  }

  /** A manifest of the named packages alone, at their locked versions, and the app's lock file with that as its root. */
  private manifests(at: string): Record<string, string> {
    const { lockFile, root } = this.project;
    if (lockFile === undefined || path.basename(lockFile) !== 'package-lock.json') {
      refuse(at, `'nodeModules' needs a package-lock.json in "${root}", got ${lockFile ? path.basename(lockFile) : 'no lock file'}; `
        + 'lock with npm, or bring the packages in a layer and name them in \'layerModules\'');
    }
    const lock = JSON.parse(fs.readFileSync(lockFile, 'utf8'));
    const packages = this.visible(lock.packages ?? {}, root);
    const dependencies: Record<string, string> = {};
    for (const name of this.names) {
      const locked = packages[`node_modules/${name}`];
      if (locked === undefined) refuse(at, `'nodeModules' names "${name}", which package-lock.json does not have; install it with: npm install ${name}`);
      if (locked.link) refuse(at, `'nodeModules' names "${name}", which is a folder of this project and not a package to install; leave it to be bundled`);
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

  /** What the handler finds in `node_modules` of its own folder and of those above, as if all of it were in one: the nearest wins. */
  private visible(lock: Record<string, LockedPackage>, root: string): Record<string, LockedPackage> {
    const packages: Record<string, LockedPackage> = {};
    const folders = path.posix.dirname(this.entry).split('/');
    for (let depth = 0; depth <= folders.length; depth++) {
      const modules = [...folders.slice(0, depth), 'node_modules/'].join('/');
      for (const [place, locked] of Object.entries(lock)) {
        if (!place.startsWith(modules)) continue; // the app, its workspaces, and what is theirs alone
        const { resolved } = locked;
        packages[`node_modules/${place.slice(modules.length)}`] = resolved?.startsWith('file:') ? { ...locked, resolved: `file:${path.resolve(root, resolved.slice(5))}` } : locked;
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
        binaries.set(owner, this.fits(file) || binaries.get(owner) === true); // some packages carry one for every system
      }
      if (entry.name === 'package.json') {
        const { name, version } = JSON.parse(fs.readFileSync(file, 'utf8'));
        if (name !== undefined && version !== undefined) packages.push(`${path.relative(modules, path.dirname(file)).split(path.sep).join('/')}@${version}`);
      }
    }
    for (const [owner, fits] of binaries) {
      if (!fits) {
        refuse(at, `'nodeModules' installed "${owner}", which has no binary for Linux on ${this.architecture.name}; `
          + 'build on such a machine, or bring the package in a layer and name it in \'layerModules\'');
      }
    }
    // a package below one that is named may do without its own
    const unbuilt = this.names.filter(name => !binaries.has(name) && fs.existsSync(path.join(modules, name, 'binding.gyp')));
    if (unbuilt.length > 0) {
      refuse(at, `'nodeModules' installed ${list(unbuilt)} without the binary that its install script makes or fetches; `
        + 'allow that script in the .npmrc of the project, or bring the package in a layer and name it in \'layerModules\'');
    }
    return { packages: packages.sort(), bytes };
  }

  /** Whether a native module is an ELF file for the processor; any other fails when it is loaded. */
  private fits(file: string): boolean {
    const header = fs.readFileSync(file).subarray(0, 20);
    return header.length === 20 && header.readUInt32BE(0) === 0x7f454c46 && header.readUInt16LE(18) === PROCESSORS[this.architecture.name].elf;
  }
}

function list(names: readonly string[]): string {
  return names.map(name => `"${name}"`).join(', ');
}
