import * as fs from 'node:fs';
import * as path from 'node:path';
import { hashOfTree } from './bundle-cache';
import { refuse } from '../private/validation';

/** The files of the project that a package contains beside the bundle. */
export class OwnFiles {
  /** Throws an error if a source does not exist, or a path is not a path in the package. */
  public static of(at: string, files: { readonly [path: string]: string } = {}): OwnFiles {
    for (const [target, source] of Object.entries(files)) {
      if (!isTarget(target)) {
        refuse(at, `'files' must have paths in the package beside index.js and node_modules, got '${target}'; write it as templates or templates/mail.html`);
      }
      if (!fs.existsSync(source)) {
        refuse(at, `'files' must name existing files or folders, got '${source}'; set a path that is absolute or relative to the working directory of the app`);
      }
    }
    return new OwnFiles(Object.entries(files).map(([target, source]) => [target, path.resolve(source)] as const));
  }

  private constructor(private readonly entries: readonly (readonly [target: string, source: string])[]) { }

  /** The contents, for the request of a build. */
  public digest(): string[] {
    return this.entries.map(([target, source]) => `${target} ${hashOfTree(source)}`);
  }

  /** Copies the files beside a bundle, and returns their names. */
  public copyTo(folder: string): string[] {
    return this.entries.flatMap(([target, source]) => {
      const to = path.join(folder, target);
      fs.mkdirSync(path.dirname(to), { recursive: true });
      fs.cpSync(source, to, { recursive: true, dereference: true });
      return filesBelow(folder, target);
    });
  }

  /** Whether the package contains a path, or any file if the path is not known. */
  public contains(target: string | undefined): boolean {
    if (target === undefined) return this.entries.length > 0;
    return this.entries.some(([known]) => known === target || target.startsWith(`${known}/`) || known.startsWith(`${target}/`));
  }
}

function isTarget(target: string): boolean {
  const isPlain = target !== '' && !path.posix.isAbsolute(target) && !target.includes('\\') && path.posix.normalize(target) === target;
  return isPlain && !/^(\.\.?(\/|$)|node_modules(\/|$)|index\.m?js(\.map)?$|instrumentation\.cjs$|aws-credentials\.js$)/.test(target) && !target.endsWith('/');
}

function filesBelow(folder: string, name: string): string[] {
  const file = path.join(folder, name);
  if (!fs.statSync(file).isDirectory()) return [name];
  return fs.readdirSync(file).sort().flatMap(entry => filesBelow(folder, `${name}/${entry}`));
}
