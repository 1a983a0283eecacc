import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { Construct, IConstruct } from 'constructs';
import type { BuildOptions as EsbuildOptions, StdinOptions } from 'esbuild';
import { BundleAsset } from './bundle-asset';
import { type Bundle, BUNDLE_FILE, BundleCache, type BuildRecord, type BuiltFile, type BuiltHandler } from './bundle-cache';
import { BundleFingerprint } from './bundle-fingerprint';
import { EntryMetafile, type Metafile } from './entry-metafile';
import { esbuildOptions } from './esbuild-options';
import { EsbuildProcess } from './esbuild-process';
import { esbuildFindings, type EsbuildWarning } from './esbuild-warnings';
import { installationSettings, unappliedPatches } from './installation-manifests';
import { InstalledModules } from './installed-modules';
import { INSTRUMENTATION_FILE } from './instrumentation';
import { type NodejsBundlingOptions, SourceMaps } from './nodejs-bundling-options';
import { validateBundlingOptions } from './nodejs-code-validation';
import { otherVersions } from './other-versions';
import { OwnFiles } from './own-files';
import { Project } from './project';
import { runtimeFindings, SourceTexts } from './runtime-needs';
import { CREDENTIALS_FILE, credentialsOptions, SdkCredentials, withSeparateCredentials } from './sdk-credentials';
import { strictModeDirective } from './strict-mode';
import { refuse } from '../private/validation';

/** Part of every request. Raise it when the contents of the cache change, or what is built from the same options. */
const LAYOUT = 11;

/** A handler file and the name of its bundle. */
export interface BundleEntry {
  readonly name: string;
  readonly file: string;
}

/** What esbuild reports about one of the handlers that it has built together. */
interface BuildOutput {
  readonly entry: EntryMetafile;
  readonly metafile: Metafile;
  readonly warnings: readonly EsbuildWarning[];
}

interface BuildResult {
  readonly record: BuildRecord;
  readonly cache: BundleCache;
}

/**
 * One build of one or more handlers. It runs when the first handler is needed, unless the cache contains its result.
 */
export class BundleBuild {
  /** Per app, so that a second synthesis in the same process detects changes. */
  private readonly results = new WeakMap<IConstruct, BuildResult>();

  constructor(public readonly entries: readonly BundleEntry[], public readonly options: NodejsBundlingOptions) { }

  public bundle(scope: Construct, name: string): Bundle {
    const app = scope.node.root;
    const { record, cache } = this.results.get(app) ?? this.run(scope);
    this.results.set(app, { record, cache });
    const handler = record.handlers[name];
    return { handler, directory: cache.directory(handler) };
  }

  /** Reads the result from the cache, or builds it. */
  private run(scope: Construct): BuildResult {
    const at = scope.node.path;
    validateBundlingOptions(at, this.options);
    const project = this.project(at);
    const esbuild = EsbuildProcess.load(at, project.root);
    const cache = BundleCache.in(this.options.cacheDirectory ?? project.cacheDirectory());
    const request = this.request(at, project, esbuild);
    const cached = cache.record(request);
    if (cached && this.isCurrent(cached, cache, project, handler => BundleAsset.isStaged(scope, handler))) return { record: cached, cache };

    const start = Date.now();
    const { handlers, inputs } = this.build(at, project, esbuild, cache);
    const fingerprint = this.fingerprint(project, inputs);
    const record = { inputs, fingerprint: fingerprint.digest(), handlers };
    if (!fingerprint.changedSince(start) && this.request(at, project, esbuild) === request) cache.storeRecord(request, record);
    return { record, cache };
  }

  private isCurrent(record: BuildRecord, cache: BundleCache, project: Project, isStaged: (handler: BuiltHandler) => boolean): boolean {
    return this.fingerprint(project, record.inputs).digest() === record.fingerprint
      && Object.values(record.handlers).every(handler => cache.has(handler, isStaged(handler)));
  }

  private fingerprint({ root }: Project, inputs: readonly string[]): BundleFingerprint {
    return new BundleFingerprint(root, inputs, this.options.sourceMaps === SourceMaps.SHIPPED);
  }

  private project(at: string): Project {
    const { projectRoot } = this.options;
    if (projectRoot !== undefined && !fs.statSync(projectRoot, { throwIfNoEntry: false })?.isDirectory()) {
      refuse(at, `'projectRoot' must be an existing folder, got '${projectRoot}'; `
        + 'set the folder that contains the lock file');
    }
    const folder = path.dirname(this.entries[0].file);
    return Project.of(folder, projectRoot)
      ?? refuse(at, `the project must have a lock file, got none in '${folder}' and its parent folders; `
        + "commit one, or set 'projectRoot'");
  }

  /** A hash of everything that decides the result, except the contents of the files. */
  private request(at: string, project: Project, { version }: EsbuildProcess): string {
    const { nodeModules, instrumentation } = this.options;
    const modules = [nodeModules, this.architecture.name, process.platform, process.arch, nodeModules && installationSettings(project)];
    const files = [this.ownFiles(at).digest(), instrumentation?._publishesFaults ? instrumentation._file : ''];
    return digest([LAYOUT, version, project.lockHash(), esbuildOptions(this.options), this.entriesIn(project), modules, ...files]);
  }

  private build(at: string, project: Project, esbuild: EsbuildProcess, cache: BundleCache) {
    const entries = this.entriesIn(project);
    const handlers: Record<string, BuiltHandler> = {};
    const inputs = new Set<string>();
    const texts = new SourceTexts(project.root);
    const options = { ...esbuildOptions(this.options), absWorkingDir: project.root };
    /** Builds handlers into the cache. Returns the handlers that need the SDK's providers of credentials in their bundle. */
    const buildBatch = (batch: readonly BundleEntry[], apart?: SdkCredentials): BundleEntry[] => {
      const outdir = cache.workspace();
      const run = (all: EsbuildOptions) => {
        const built = esbuild.build(at, all, outdir);
        EntryMetafile.inputs(built.metafile, project.root).forEach(input => inputs.add(input));
        return built;
      };
      const buildCredentials = (stdin: StdinOptions): string => {
        const name = '.credentials';
        const { metafile } = run({ ...options, ...credentialsOptions(name), stdin });
        const directive = strictModeDirective(new EntryMetafile(metafile, name).sources(), metafile, texts);
        return directive + fs.readFileSync(path.join(outdir, name, 'index.js'), 'utf8');
      };
      try {
        const entryPoints = batch.map(({ name, file }) => ({ in: `./${file}`, out: `${name}/index` }));
        const all = { ...options, entryPoints };
        const { metafile, warnings } = run(apart?.without(all) ?? all);
        return batch.filter(({ name, file }) => {
          const output = { metafile, warnings, entry: new EntryMetafile(metafile, name) };
          const providers = apart?.importsOf(output.entry.sources(), metafile);
          if (providers?.isSeparable === false) return true;
          const separate = providers && providers.names.length > 0 ? apart!.file(providers, project.root, buildCredentials) : undefined;
          this.finish(path.join(outdir, name), strictModeDirective(output.entry.sources(), metafile, texts), separate);
          handlers[name] = this.store(at, project, cache, path.join(outdir, name), file, output, texts);
          return false;
        });
      } finally {
        fs.rmSync(outdir, { recursive: true, force: true });
      }
    };
    const credentials = SdkCredentials.for(this.options);
    for (let first = 0; first < entries.length; first += esbuild.batchSize) {
      const complete = buildBatch(entries.slice(first, first + esbuild.batchSize), credentials);
      if (complete.length > 0) buildBatch(complete);
    }
    return { handlers, inputs: [...inputs].sort() };
  }

  /** Completes a bundle. A directive must be its first text, before the banner; it moves nothing that a source map describes. */
  private finish(folder: string, directive: string, credentials?: string): void {
    const commonJs = path.join(folder, 'index.js');
    if (credentials !== undefined) fs.writeFileSync(path.join(folder, CREDENTIALS_FILE), credentials);
    if ((directive !== '' || credentials !== undefined) && fs.existsSync(commonJs)) {
      const bundle = fs.readFileSync(commonJs, 'utf8');
      fs.writeFileSync(commonJs, directive + (credentials === undefined ? bundle : withSeparateCredentials(bundle)));
    }
    this.instrument(folder);
  }

  /** Adds the file that observes handlers, and wraps the exports of an ES module. The footer of a CommonJS bundle wraps its exports. */
  private instrument(folder: string): void {
    const { instrumentation } = this.options;
    if (!instrumentation?._publishesFaults) return;
    fs.writeFileSync(path.join(folder, INSTRUMENTATION_FILE), instrumentation._file);
    const esModule = path.join(folder, 'index.mjs');
    if (fs.existsSync(esModule)) fs.writeFileSync(esModule, instrumentation._exports(fs.readFileSync(esModule, 'utf8')));
  }

  private ownFiles(at: string): OwnFiles {
    return OwnFiles.of(at, this.options.files);
  }

  private entriesIn(project: Project): BundleEntry[] {
    return this.entries.map(entry => ({ name: entry.name, file: project.relative(entry.file) }));
  }

  private get architecture(): Architecture {
    return this.options.architecture ?? Architecture.ARM_64;
  }

  /** Moves the bundle of one handler into the cache, with the packages that are installed beside it. */
  private store(
    at: string, project: Project, cache: BundleCache, folder: string, source: string, { metafile, warnings, entry }: BuildOutput, texts: SourceTexts,
  ): BuiltHandler {
    let exported: string[] | undefined;
    const names = [...fs.readdirSync(folder), ...this.ownFiles(at).copyTo(folder)];
    const files = names.sort().map((name): BuiltFile => {
      const contents = fs.readFileSync(path.join(folder, name));
      if (BUNDLE_FILE.test(name)) exported = entry.exports(contents, fs.readFileSync(path.join(project.root, source), 'utf8'));
      return { name, bytes: contents.byteLength, sha256: crypto.hash('sha256', contents, 'hex') };
    });
    const packages = this.installedModules(entry);
    const installed = packages.length === 0 ? undefined
      : new InstalledModules(project, cache, packages, this.architecture, source).install(at, folder);
    const patched = unappliedPatches(project, installed?.packages ?? []);
    const handler: BuiltHandler = {
      hash: digest([files.map(file => [file.name, file.sha256]), installed?.packages ?? [], installed ? [this.architecture.name, installed.hash] : '']),
      files,
      modules: installed?.packages ?? [],
      modulesBytes: installed?.bytes ?? 0,
      modulesHash: installed?.hash,
      exports: exported,
      findings: [
        ...entry.findings(project.root),
        ...esbuildFindings(warnings, entry.sources()),
        ...runtimeFindings(entry.sources(), texts, metafile, this.ownFiles(at), this.options),
        ...patched,
        ...otherVersions(entry.sources(), metafile, installed?.packages ?? [], project.root),
      ],
    };
    cache.store(handler, folder);
    return handler;
  }

  /**
   * A single handler gets all packages of `nodeModules`; each of several handlers gets the packages that it imports.
   */
  private installedModules(entry: EntryMetafile): string[] {
    const names = [...new Set(this.options.nodeModules ?? [])].sort();
    return this.entries.length === 1 ? names : names.filter(name => entry.externals().includes(name));
  }
}

function digest(value: unknown): string {
  return crypto.hash('sha256', JSON.stringify(value), 'hex');
}
