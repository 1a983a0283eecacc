import * as fs from 'node:fs';
import { isBuiltin } from 'node:module';
import * as path from 'node:path';

/** Second copies of a package that are smaller than this, together, are not worth a warning. */
const DUPLICATES_BYTES = 10_240;

/** esbuild's note about the exports is at the end of a bundle. */
const ANNOTATION_BYTES = 65_536;

/** The part of esbuild's metafile that is read here: a declaration that named esbuild's own would ask every user to have it installed. */
export interface Metafile {
  readonly inputs: { readonly [file: string]: { readonly imports: readonly Import[]; readonly format?: string } };
  readonly outputs: { readonly [file: string]: Output };
}

interface Import {
  readonly path: string;
  /** @default false */
  readonly external?: boolean;
}

interface Output {
  readonly inputs: { readonly [file: string]: { readonly bytesInOutput: number } };
  readonly imports: readonly Import[];
  readonly exports: readonly string[];
  /** @default - no entry, but shared or an asset */
  readonly entryPoint?: string;
}

/** Something that a user should know about a bundle: `id` is the part after `NodejsCode.`. */
export interface Finding {
  readonly id: string;
  readonly message: string;
}

/** What esbuild tells about one entry of a build. */
export class EntryMetafile {
  /** Every file that a build read, and each place where a relative import was looked for and not found. */
  public static inputs(metafile: Metafile): string[] {
    const inputs = new Set<string>();
    for (const [input, { imports }] of Object.entries(metafile.inputs)) {
      const file = input.replace(/^\([\w-]+\):/, ''); // "(disabled):": left out by the package's "browser" field
      if (file.startsWith('<')) continue; // made by esbuild itself
      inputs.add(file);
      for (const { path: imported, external } of imports) {
        if (external && imported.startsWith('.')) inputs.add(path.posix.join(path.posix.dirname(file), imported));
      }
    }
    return [...inputs].sort();
  }

  private readonly output: Output;

  /** @param name the entry's, which is that of the folder of its bundle */
  constructor(private readonly metafile: Metafile, name: string) {
    this.output = Object.entries(metafile.outputs).find(([file]) => [`/${name}/index.js`, `/${name}/index.mjs`].some(end => file.endsWith(end)))![1];
  }

  /** The names that the bundle exports, where they are known: those of a handler written as CommonJS, or handed on from such a file, are not. */
  public exports(bundle: Buffer, source: string): string[] | undefined {
    const { imports, format } = this.metafile.inputs[this.output.entryPoint!];
    const handsOn = /\bexport\s*\*/.test(source);
    if (handsOn && imports.some(({ external, path: file }) => external || this.metafile.inputs[file]?.format === 'cjs')) return undefined;
    if (this.output.exports.length > 0) return [...this.output.exports].sort();
    const text = bundle.toString('utf8', Math.max(0, bundle.length - ANNOTATION_BYTES));
    const compact = text.replace(/\s/g, '');
    const annotation = compact.slice(compact.lastIndexOf('0&&(module.exports={')); // esbuild's note to Node.js about a CommonJS module
    const [, names] = /^0&&\(module\.exports=\{([\w$,]*)\}/.exec(annotation) ?? [];
    return names?.split(',').filter(name => name !== '').sort() ?? (format === 'cjs' || handsOn || /\bdefault\b/.test(source) ? undefined : []);
  }

  /** Packages that the bundle imports at run time and does not contain, but for those of Node.js. */
  public externals(): string[] {
    const names = this.output.imports.filter(imported => imported.external && !isBuiltin(imported.path)).map(imported => packageName(imported.path));
    return [...new Set(names)].sort();
  }

  public findings(root: string): Finding[] {
    const copies = new Map<string, Map<string, number>>();
    for (const [input, { bytesInOutput }] of Object.entries(this.output.inputs)) {
      const found = /^(.*\bnode_modules\/)((?:@[^/]+\/)?[^/]+)\//.exec(input);
      if (!found) continue;
      const [, parent, name] = found;
      const folders = copies.get(name) ?? copies.set(name, new Map()).get(name)!;
      folders.set(parent + name, (folders.get(parent + name) ?? 0) + bytesInOutput);
    }
    const findings: Finding[] = [];
    if (copies.has('aws-sdk')) {
      findings.push({
        id: 'awsSdkV2',
        message: `the bundle contains aws-sdk v2, which AWS no longer maintains and which loads whole (${kibibytes(total(copies.get('aws-sdk')!))}); `
          + 'use the @aws-sdk/client-* packages',
      });
    }
    const doubled = [...copies].filter(([, folders]) => folders.size > 1);
    const extra = doubled.reduce((sum, [, folders]) => sum + total(folders) - Math.max(...folders.values()), 0);
    if (extra >= DUPLICATES_BYTES) {
      const told = doubled.map(([name, folders]) => `${name} (${[...folders.keys()].map(folder => version(root, folder)).join(', ')})`).sort();
      findings.push({
        id: 'duplicatePackages',
        message: `the bundle contains packages more than once, ${kibibytes(extra)} in all: ${told.join(', ')}; run npm dedupe or agree on one version`,
      });
    }
    return findings;
  }
}

function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function total(folders: Map<string, number>): number {
  return [...folders.values()].reduce((sum, bytes) => sum + bytes, 0);
}

function kibibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} KiB`;
}

function version(root: string, folder: string): string {
  return JSON.parse(fs.readFileSync(path.join(root, folder, 'package.json'), 'utf8')).version ?? 'no version';
}
