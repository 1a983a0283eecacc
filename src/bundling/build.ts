import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import type * as esbuild from 'esbuild';
import { BundleCache, type BuildRecord, type BuiltFile, type BuiltHandler } from './bundle-cache';
import { Esbuild } from './esbuild';
import { Fingerprint } from './fingerprint';
import { InstalledModules } from './installed-modules';
import { EntryMetafile } from './metafile';
import { AwsSdk, Minify, ModuleFormat, type NodejsBundlingOptions, SourceMaps } from './nodejs-bundling-options';
import { Project } from './project';
import { refuse } from '../private/validation';

/** Part of every request: raised when what is kept in the cache, or made from the same options, changes. */
const LAYOUT = 3;

const SDK = ['@aws-sdk/*', '@smithy/*'];
const COMMON_JS_BANNER = 'var import_meta_url=require("node:url").pathToFileURL(__filename).href;';
/** Bundled CommonJS packages expect these; as globals they cannot collide with the handler's own names. */
const ESM_BANNER = 'globalThis.require??=process.getBuiltinModule("node:module").createRequire(import.meta.url);'
  + 'globalThis.__filename??=import.meta.filename;globalThis.__dirname??=import.meta.dirname;';

/** A handler file and the name of what is built from it. */
export interface Entry {
  readonly name: string;
  readonly file: string;
}

/** A handler that is ready to be staged. */
export interface Built {
  readonly handler: BuiltHandler;
  readonly directory: string;
}

/** One build of any number of handlers, done when the first of them is needed, and not at all when nothing has changed since the last. */
export class Build {
  /** By app: what changed between two synths in one process is seen by the second. */
  private readonly built = new WeakMap<IConstruct, { readonly record: BuildRecord; readonly cache: BundleCache }>();

  constructor(public readonly entries: readonly Entry[], public readonly options: NodejsBundlingOptions) { }

  public handler(scope: IConstruct, name: string): Built {
    const app = scope.node.root;
    const { record, cache } = this.built.get(app) ?? this.run(scope.node.path);
    this.built.set(app, { record, cache });
    const handler = record.handlers[name];
    return { handler, directory: cache.directory(handler) };
  }

  private run(at: string): { record: BuildRecord; cache: BundleCache } {
    const project = this.project(at);
    const builder = Esbuild.load(at, project.root);
    const cache = BundleCache.in(this.options.cacheDirectory ?? project.cacheDirectory());
    const settings = this.settings();
    const entries = this.entries.map(entry => ({ name: entry.name, file: project.relative(entry.file) }));
    const modules = [this.options.nodeModules, this.architecture.name, process.platform, process.arch];
    const request = digest([LAYOUT, builder.version, project.lockHash(), settings, entries, modules]);

    const known = cache.record(request);
    if (known && new Fingerprint(project.root, known.inputs).digest() === known.fingerprint
      && Object.values(known.handlers).every(handler => cache.has(handler))) {
      return { record: known, cache };
    }
    const start = Date.now();
    const handlers: Record<string, BuiltHandler> = {};
    const inputs = new Set<string>();
    for (let first = 0; first < entries.length; first += builder.atOnce) {
      const batch = entries.slice(first, first + builder.atOnce);
      const outdir = cache.workspace();
      try {
        const metafile = builder.build(at, {
          ...settings,
          absWorkingDir: project.root,
          entryPoints: batch.map(({ name, file }) => ({ in: `./${file}`, out: `${name}/index` })),
        }, outdir);
        EntryMetafile.inputs(metafile).forEach(input => inputs.add(input));
        for (const { name, file } of batch) {
          handlers[name] = this.keep(at, project, cache, path.join(outdir, name), file, new EntryMetafile(metafile, name));
        }
      } finally {
        fs.rmSync(outdir, { recursive: true, force: true });
      }
    }
    const sorted = [...inputs].sort();
    const fingerprint = new Fingerprint(project.root, sorted);
    const record = { inputs: sorted, fingerprint: fingerprint.digest(), handlers };
    if (!fingerprint.changedSince(start)) cache.keepRecord(request, record);
    return { record, cache };
  }

  private project(at: string): Project {
    const { projectRoot } = this.options;
    if (projectRoot !== undefined && !fs.statSync(projectRoot, { throwIfNoEntry: false })?.isDirectory()) {
      refuse(at, `'projectRoot' must be a folder that exists, got "${projectRoot}"; name the folder of the lock file`);
    }
    const { file } = this.entries[0];
    return Project.of(path.dirname(file), projectRoot)
      ?? refuse(at, `no lock file was found at or above "${path.dirname(file)}"; commit one, or set 'projectRoot'`);
  }

  private get architecture(): Architecture {
    return this.options.architecture ?? Architecture.ARM_64;
  }

  /** esbuild's options but for what differs from machine to machine. */
  private settings(): esbuild.BuildOptions {
    const { options } = this;
    const commonJs = options.format !== ModuleFormat.ESM;
    const minify = options.minify ?? Minify.KEEP_NAMES;
    const left = [...(options.nodeModules ?? []), ...(options.layerModules ?? []), ...(options.optionalModules ?? [])];
    return {
      bundle: true,
      platform: 'node',
      target: options.target ?? 'node22',
      format: commonJs ? 'cjs' : 'esm',
      mainFields: options.mainFields ?? ['module', 'main'],
      minifySyntax: minify !== Minify.NONE,
      minifyWhitespace: minify !== Minify.NONE,
      minifyIdentifiers: minify === Minify.FULL,
      sourcemap: options.sourceMaps === SourceMaps.SHIPPED,
      external: [...left, ...(options.awsSdk === AwsSdk.RUNTIME ? SDK : [])],
      define: commonJs ? { 'import.meta.url': 'import_meta_url', 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' } : {},
      banner: { js: commonJs ? COMMON_JS_BANNER : ESM_BANNER },
      outExtension: { '.js': commonJs ? '.js' : '.mjs' },
      charset: 'utf8',
      nodePaths: [], // else the environment decides
    };
  }

  /** Moves what was built of one handler into the cache, with the packages that go beside it. */
  private keep(at: string, project: Project, cache: BundleCache, folder: string, source: string, entry: EntryMetafile): BuiltHandler {
    let exported: string[] | undefined;
    const files = fs.readdirSync(folder).sort().map((name): BuiltFile => {
      const contents = fs.readFileSync(path.join(folder, name));
      if (/\.m?js$/.test(name)) exported = entry.exports(contents, fs.readFileSync(path.join(project.root, source), 'utf8'));
      return { name, bytes: contents.byteLength, sha256: crypto.hash('sha256', contents, 'hex') };
    });
    const names = this.modulesBeside(entry);
    const installed = names.length === 0 ? { packages: [], bytes: 0 }
      : new InstalledModules(project, cache, names, this.architecture, source).install(at, folder);
    const handler: BuiltHandler = {
      hash: digest([files.map(file => [file.name, file.sha256]), installed.packages, installed.packages.length > 0 ? this.architecture.name : '']),
      files,
      modules: installed.packages,
      modulesBytes: installed.bytes,
      exports: exported,
      findings: entry.findings(project.root),
    };
    cache.keep(handler, folder);
    return handler;
  }

  /** All that are named where there is one handler; among several, each gets those that it imports. */
  private modulesBeside(entry: EntryMetafile): string[] {
    const named = [...new Set(this.options.nodeModules ?? [])].sort();
    return this.entries.length === 1 ? named : named.filter(name => entry.externals().includes(name));
  }
}

function digest(value: unknown): string {
  return crypto.hash('sha256', JSON.stringify(value), 'hex');
}
