import * as fs from 'node:fs';
import * as path from 'node:path';
import { Build, type Entry } from './build';
import type { NodejsBundlingOptions } from './nodejs-bundling-options';
import { NodejsCode } from './nodejs-code';

const HANDLER = /^(?!.*\.(d|test|spec)\.)[^._].*\.[cm]?[jt]sx?$/;
const EXTENSION = /\.[cm]?[jt]sx?$/;

/**
 * Many handlers, bundled in one build.
 *
 * The build runs once, when the first handler is needed, and shares the reading of everything that they have in common;
 * still each function gets a package of its own with nothing but what it imports, the same byte for byte as `NodejsCode`
 * makes of it, so that a change to one handler deploys that one.
 *
 * @example
 * const handlers = NodejsBundle.fromDirectory('handlers');
 * new lambda.Function(this, 'Pay', {
 *   runtime: lambda.Runtime.NODEJS_24_X,
 *   handler: 'index.handler',
 *   code: handlers.code('pay'), // handlers/pay.ts
 * });
 */
export class NodejsBundle {
  /**
   * Every handler of a folder: `pay` from `pay.ts`, or from `pay/index.ts`.
   *
   * Tests (`pay.test.ts`, `pay.spec.ts`), declarations and files that begin with `_` or `.` are no handlers.
   *
   * @param directory the folder, from the folder that the app runs in
   * @param options how they are bundled; the defaults load fastest
   */
  public static fromDirectory(directory: string, options: NodejsBundlingOptions = {}): NodejsBundle {
    if (!fs.statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
      throw new Error(`'directory' must be a folder that exists, got "${directory}"; paths are from the folder that the app runs in`);
    }
    const files = fs.readdirSync(directory, { withFileTypes: true }).sort((a, b) => a.name < b.name ? -1 : 1).flatMap(entry => {
      const file = path.join(directory, entry.name);
      if (!entry.isDirectory()) return HANDLER.test(entry.name) ? [file] : [];
      const index = fs.readdirSync(file).find(name => /^index\.[cm]?[jt]sx?$/.test(name));
      return index !== undefined && /^[^._]/.test(entry.name) && entry.name !== 'node_modules' ? [path.join(file, index)] : [];
    });
    if (files.length === 0) {
      throw new Error(`'directory' must hold at least one handler, got none in "${directory}"; a handler is a .ts or .js file, or a folder with an index.ts`);
    }
    return NodejsBundle.fromEntries(files, options);
  }

  /**
   * These handlers: each is named by its file without the extension, and an `index` file by its folder.
   *
   * @param entries the handlers' files, from the folder that the app runs in
   * @param options how they are bundled; the defaults load fastest
   */
  public static fromEntries(entries: string[], options: NodejsBundlingOptions = {}): NodejsBundle {
    if (entries.length === 0) throw new Error('\'entries\' must name at least one handler, got none');
    const byName = new Map<string, string>();
    for (const entry of entries) {
      const file = path.resolve(entry);
      if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) {
        throw new Error(`'entries' must be files that exist, got "${entry}"; paths are from the folder that the app runs in`);
      }
      const stem = path.basename(file).replace(EXTENSION, '');
      const name = stem === 'index' ? path.basename(path.dirname(file)) : stem;
      if (byName.has(name)) {
        throw new Error(`'entries' must have names of their own, got "${name}" from both "${path.relative('', byName.get(name)!)}" and "${entry}"; rename one, or use two bundles`);
      }
      byName.set(name, file);
    }
    return new NodejsBundle([...byName].map(([name, file]) => ({ name, file })), options);
  }

  /** The names of all handlers, in alphabetical order. */
  public readonly names: string[];

  private readonly build: Build;

  private constructor(entries: Entry[], options: NodejsBundlingOptions) {
    this.build = new Build(entries.sort((a, b) => a.name < b.name ? -1 : 1), options);
    this.names = entries.map(entry => entry.name);
  }

  /**
   * The code of one handler, for as many functions as you like.
   *
   * @param name the handler's file without its extension
   */
  public code(name: string): NodejsCode {
    if (!this.names.includes(name)) {
      throw new Error(`'name' must be a handler of the bundle, got "${name}"; it has ${this.names.map(known => `"${known}"`).join(', ')}`);
    }
    return NodejsCode._of(this.build, name);
  }
}
