import * as fs from 'node:fs';
import * as path from 'node:path';
import { type CfnResource, Size, Stack, Token, Validations } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct, IConstruct } from 'constructs';
import { Build, type Built } from './build';
import { BundleAsset } from './bundle-asset';
import type { NodejsBundlingOptions } from './nodejs-bundling-options';
import { LAMBDA } from '../limits/lambda';
import { refuse } from '../private/validation';

const MAX_SIZE = Size.mebibytes(5);

/** What is known of a handler's code between `bind` and `bindToResource`. */
interface Bound {
  readonly asset: BundleAsset;
  /** @default - not built, where the stack is left out of the synth */
  readonly built?: Built;
}

/**
 * A TypeScript or JavaScript handler, bundled with what it imports.
 *
 * Use it as the `code` of any function and state the handler as `index.<export>`, for example `index.handler`. The package
 * holds one `index.js` and nothing else, unless options ask for more. Its hash is of that content alone: the same on every
 * machine, and a change that does not reach the bundle deploys nothing. The bundle is kept between synths and built again
 * when anything that it was made from has changed: its inputs, the options, the lock file or esbuild.
 *
 * Refused at synth: a handler that the bundle does not export, a runtime that is not Node.js, a package over 250 MB, native
 * packages for another processor, and packages left to a layer where the function has none. Warned of: aws-sdk v2, packages
 * that are in the bundle more than once, and a bundle over `maxSize`.
 *
 * For several handlers use `NodejsBundle`, which builds them in one go.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/typescript-package.html
 *
 * @example
 * new lambda.Function(this, 'Pay', {
 *   runtime: lambda.Runtime.NODEJS_24_X,
 *   handler: 'index.handler',
 *   code: NodejsCode.fromEntry('handlers/pay.ts'),
 * });
 */
export class NodejsCode extends lambda.Code {
  /**
   * Bundles one handler.
   *
   * @param entry the handler's file, from the folder that the app runs in
   * @param options how it is bundled; the defaults load fastest
   */
  public static fromEntry(entry: string, options: NodejsBundlingOptions = {}): NodejsCode {
    const file = path.resolve(entry);
    if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) {
      throw new Error(`'entry' must be a file that exists, got "${entry}"; paths are from the folder that the app runs in`);
    }
    return NodejsCode._of(new Build([{ name: 'handler', file }], options), 'handler');
  }

  /** @internal */
  public static _of(build: Build, name: string): NodejsCode {
    return new NodejsCode(build, name);
  }

  /** Never inline: the code is an asset. */
  public readonly isInline = false;

  private readonly build: Build;
  private readonly name: string;
  private readonly bound = new Map<IConstruct, Bound>();

  private constructor(build: Build, name: string) {
    super();
    this.build = build;
    this.name = name;
  }

  public bind(scope: Construct): lambda.CodeConfig {
    const bound = Stack.of(scope).bundlingRequired ? this.stage(scope) : { asset: BundleAsset.unbuilt(scope, this.file) };
    this.bound.set(scope, bound);
    return bound.asset.config;
  }

  public bindToResource(resource: CfnResource, options?: lambda.ResourceBindOptions): void {
    const { asset, built } = this.bound.get(resource.node.scope!) ?? refuse(resource.node.path, 'bindToResource() must be called after bind()');
    asset.describe(resource, options?.resourceProperty);
    if (built && lambda.CfnFunction.isCfnFunction(resource)) this.checkFunction(resource, built);
  }

  private stage(scope: Construct): Bound {
    const built = this.build.handler(scope, this.name);
    this.checkSize(scope, built);
    for (const { id, message } of built.handler.findings) warn(scope, id, message);
    return { built, asset: BundleAsset.stage(scope, built) };
  }

  private get file(): string {
    return this.build.entries.find(entry => entry.name === this.name)!.file;
  }

  private checkSize(scope: Construct, { handler }: Built): void {
    const bytes = handler.files.reduce((sum, file) => sum + file.bytes, 0);
    if (bytes + handler.modulesBytes > LAMBDA.unzippedPackageMaxBytes) {
      refuse(scope.node.path, `the package must be at most ${size(LAMBDA.unzippedPackageMaxBytes)} unzipped, got ${size(bytes + handler.modulesBytes)}; use fewer 'nodeModules', or a container image`);
    }
    const max = this.build.options.maxSize ?? MAX_SIZE;
    const loaded = handler.files.find(file => /\.m?js$/.test(file.name))!.bytes;
    if (loaded > max.toBytes()) {
      warn(scope, 'bundleSize', `the bundle is ${size(loaded)}, over its 'maxSize' of ${size(max.toBytes())}, and each cold start loads all of it; `
        + 'see what is in it with esbuild --analyze, or raise \'maxSize\'');
    }
  }

  /** What fails for certain when the function is deployed or first called. */
  private checkFunction(resource: lambda.CfnFunction, { handler }: Built): void {
    const { options } = this.build;
    const runtime = resource.runtime;
    if (runtime !== undefined && !Token.isUnresolved(runtime) && !runtime.startsWith('nodejs')) {
      refuse(resource.node.path, `'runtime' must be one of Node.js, for the code is JavaScript, got "${runtime}"; use Runtime.NODEJS_24_X`);
    }
    this.checkHandlerName(resource, handler.exports);
    const [architecture = lambda.Architecture.X86_64.name] = resource.architectures ?? [];
    const installedFor = (options.architecture ?? lambda.Architecture.ARM_64).name;
    if (handler.modules.length > 0 && !Token.isUnresolved(architecture) && architecture !== installedFor) {
      refuse(resource.node.path, `'architecture' of the function is ${architecture}, but 'nodeModules' are installed for ${installedFor}; state the same 'architecture' in both`);
    }
    if ((options.layerModules ?? []).length > 0) {
      resource.node.addValidation({
        validate: () => (Stack.of(resource).resolve(resource.layers) ?? []).length > 0 ? []
          : [`'layerModules' leaves ${options.layerModules!.map(name => `"${name}"`).join(', ')} out of the bundle, but the function has no layer; `
            + `add the layer that brings them, or name them in 'nodeModules' (at ${resource.node.path})`],
      });
    }
  }

  private checkHandlerName(resource: lambda.CfnFunction, exported?: readonly string[]): void {
    const name = resource.handler;
    if (name === undefined || Token.isUnresolved(name) || name.includes('/')) return; // a wrapper's handler is in a package or a layer
    const [file, first] = name.split('.');
    if (file === 'index' && (exported === undefined || exported.includes('default') || ['default', ...exported].includes(first))) return;
    if (exported?.length === 0) {
      refuse(resource.node.path, `'handler' must be an export of "${path.relative('', this.file)}", which exports nothing, got "${name}"; export the function`);
    }
    const known = exported ? exported.map(one => `"index.${one}"`).join(', ') : '"index.<export>"';
    refuse(resource.node.path, `'handler' must be ${known}, for that is what the bundle exports, got "${name}"`);
  }
}

function warn(scope: Construct, id: string, message: string): void {
  Validations.of(scope).addWarning(`cdk-production-lambda:NodejsCode.${id}`, message);
}

function size(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
