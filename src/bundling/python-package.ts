import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { IConstruct } from 'constructs';
import { AwsSdk } from './nodejs-bundling-options';
import type { PythonBundlingOptions } from './python-bundling-options';
import { PythonPackages } from './python-packages';
import type { PythonPlatform } from './python-platform';
import { PythonRequirements } from './python-requirements';
import { type SourceFile, sourceFiles } from './python-sources';
import { permissionsOf } from './python-tidying';
import { wrapperSource } from './python-wrapper';
import type { PackageFiles } from '../private/package-files';
import { WRAPPED } from '../private/python-handler';
import { refuse } from '../private/validation';

/** Parts of boto3 that nothing else needs. */
const AWS_SDK = /^(boto3|botocore|s3transfer)(-[^/]*\.dist-info)?\//;
const GENERATED = `${WRAPPED}/__init__.py`;

/** The sources of one handler: the root of its package, and files that it shares with others. */
export interface PythonEntry {
  /** Where the search for requirements begins. */
  readonly folder: string;
  /** The files and folders that the package contains, by their path in the package; '' is its root. */
  readonly sources: readonly (readonly [target: string, source: string])[];
}

/** The package of a handler for one platform: its sources on top of the installed packages. */
export class PythonPackage implements PackageFiles {
  public static of(scope: IConstruct, entry: PythonEntry, options: PythonBundlingOptions, platform: PythonPlatform): PythonPackage {
    const at = scope.node.path;
    const requirements = PythonRequirements.of(at, entry.folder, options.requirements);
    const packages = requirements && installed(scope, requirements, platform, options.cacheDirectory);
    const shared = Object.entries(options.files ?? {});
    const naming = new Set(requirements?.files());
    const files = [...entry.sources, ...shared]
      .flatMap(([target, source]) => sourceFiles(source, target))
      .filter(({ file }) => !naming.has(path.resolve(file)));
    const generated = options.wrapper === undefined ? undefined : Buffer.from(wrapperSource(options.wrapper));
    return new PythonPackage(files, packages, requirements, options.awsSdk !== AwsSdk.RUNTIME, generated, requirements ? undefined : entry.folder);
  }

  public readonly bytes: number;
  /** A hash of the content alone, the same on every machine. */
  public readonly hash: string;
  /** The packages of which the requirements do not name one version. */
  public readonly unpinned: readonly string[];

  /** A file that names packages of which none is installed. */
  public readonly notRead?: string;

  private readonly sources: Map<string, SourceFile>;
  private readonly installed: Map<string, PythonPackages['installation']['files'][number]>;

  private constructor(
    sources: readonly SourceFile[],
    private readonly packages: PythonPackages | undefined,
    public readonly requirements: PythonRequirements | undefined,
    hasAwsSdk: boolean,
    private readonly generated: Buffer | undefined,
    folder: string | undefined,
  ) {
    this.notRead = folder === undefined ? undefined : PythonRequirements.notRead(folder);
    this.sources = new Map(sources.map(file => [file.name, file]));
    const files = (packages?.installation.files ?? []).filter(({ name }) => !this.sources.has(name) && (hasAwsSdk || !AWS_SDK.test(name)));
    this.installed = new Map(files.map(file => [file.name, file]));
    this.unpinned = packages?.installation.unpinned ?? [];
    const all = [...this.sources.values(), ...this.installed.values()];
    this.bytes = all.reduce((sum, { bytes }) => sum + bytes, 0);
    const contents = all.map(({ name, sha256 }) => `${name} ${sha256}`).sort();
    this.hash = crypto.hash('sha256', JSON.stringify([contents, generated?.toString()]), 'hex');
  }

  public get names(): string[] {
    return [...this.sources.keys(), ...this.installed.keys(), ...this.generated ? [GENERATED] : []];
  }

  public has(name: string): boolean {
    return this.sources.has(name) || this.installed.has(name);
  }

  public read(name: string): Buffer {
    return fs.readFileSync(this.sources.get(name)?.file ?? this.packages!.path(name));
  }

  public isExecutable(): undefined {
    return undefined;
  }

  /** Writes the package into a folder. */
  public writeTo(at: string, folder: string): void {
    this.packages?.copy(at, [...this.installed.values()], folder);
    for (const [name, { file, sha256 }] of this.sources) {
      const content = fs.readFileSync(file);
      if (crypto.hash('sha256', content, 'hex') !== sha256) {
        refuse(at, `the sources must not change during the synthesis, got another '${name}'; synthesize again`);
      }
      write(path.join(folder, name), content, permissionsOf(file));
    }
    if (this.generated) write(path.join(folder, GENERATED), this.generated, 0o644);
  }
}

/** Per app, so that a second synthesis in the same process detects changes. */
const installations = new WeakMap<IConstruct, Map<string, PythonPackages>>();

/** The installed packages; many handlers of an app have the same. */
function installed(scope: IConstruct, requirements: PythonRequirements, platform: PythonPlatform, cacheDirectory?: string): PythonPackages {
  const known = installations.get(scope.node.root) ?? new Map<string, PythonPackages>();
  installations.set(scope.node.root, known);
  const key = JSON.stringify([requirements.file, requirements.folder, platform.text, cacheDirectory]);
  const packages = known.get(key) ?? PythonPackages.of(scope.node.path, requirements, platform, cacheDirectory);
  known.set(key, packages);
  return packages;
}

function write(file: string, content: Buffer, mode: number): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content, { mode });
}
