import { BundleBuild, type BundleEntry } from './bundle-build';
import { entriesByName, entriesInDirectory } from './bundle-entries';
import type { NodejsBundlingOptions } from './nodejs-bundling-options';
import { NodejsCode } from './nodejs-code';
import { refuse } from '../private/validation';

/**
 * Several handlers that are bundled in one build.
 *
 * The build runs once, when the first handler is needed, and reads shared modules once. Each function gets its own
 * package with only the modules that it imports, identical to the package that `NodejsCode` builds, so that a change
 * of one handler deploys only that function.
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
   * Bundles every handler of a folder: `pay` from `pay.ts`, or from `pay/index.ts`.
   *
   * Tests (`pay.test.ts`, `pay.spec.ts`), declarations and files that begin with `_` or `.` are not handlers.
   *
   * @param directory The folder, relative to the working directory of the app
   * @param options How the handlers are bundled; the defaults load fastest
   */
  public static fromDirectory(directory: string, options: NodejsBundlingOptions = {}): NodejsBundle {
    const at = 'NodejsBundle.fromDirectory';
    return new NodejsBundle(entriesByName(at, entriesInDirectory(at, directory)), options);
  }

  /**
   * Bundles a list of handlers. The name of a handler is its file without the extension; the name of an `index` file
   * is its folder.
   *
   * @param entries The handlers' files, relative to the working directory of the app
   * @param options How the handlers are bundled; the defaults load fastest
   */
  public static fromEntries(entries: string[], options: NodejsBundlingOptions = {}): NodejsBundle {
    return new NodejsBundle(entriesByName('NodejsBundle.fromEntries', entries), options);
  }

  /** The names of all handlers, in alphabetical order. */
  public readonly names: string[];

  private readonly build: BundleBuild;

  private constructor(files: Map<string, string>, options: NodejsBundlingOptions) {
    const entries: BundleEntry[] = [...files].map(([name, file]) => ({ name, file })).sort((a, b) => a.name < b.name ? -1 : 1);
    this.build = new BundleBuild(entries, options);
    this.names = entries.map(entry => entry.name);
  }

  /**
   * Returns the code of one handler. Several functions can use it.
   *
   * @param name The name of the handler
   */
  public code(name: string): NodejsCode {
    if (!this.names.includes(name)) {
      refuse('NodejsBundle.code', `'name' must be a handler of the bundle, got '${name}'; `
        + `use ${this.names.map(known => `'${known}'`).join(' or ')}`);
    }
    return NodejsCode._of(this.build, name);
  }
}
