import * as path from 'node:path';
import { type CfnResource, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct, IConstruct } from 'constructs';
import { BundleAsset } from './bundle-asset';
import { BundleBuild } from './bundle-build';
import type { Bundle } from './bundle-cache';
import { validateEntryFile } from './bundle-entries';
import { withDiskErrors } from './disk-errors';
import type { NodejsBundlingOptions } from './nodejs-bundling-options';
import { validateFunction, validatePackageSize } from './nodejs-code-validation';
import { warnNodejsCode } from './nodejs-code-warnings';
import { declareInstrumented } from '../private/faults';
import { refuse } from '../private/validation';

/** The state between `bind` and `bindToResource`. */
interface BoundCode {
  readonly asset: BundleAsset;
  /** @default - not built, because the stack is not synthesized */
  readonly bundle?: Bundle;
}

/**
 * A TypeScript or JavaScript handler, bundled with the modules that it imports.
 *
 * Use it as the `code` of any function and set the handler to `index.<export>`, for example `index.handler`. The
 * package contains one file, `index.js`, unless options add others, and `aws-credentials.js` if the bundle contains clients
 * of the AWS SDK: what the SDK loads if the environment variables contain no credentials, which Lambda sets. The asset hash
 * depends on the content of the package only: it is the same on every machine, and a change that does not affect the bundle
 * does not deploy the function. Bundles are cached and built again when the handler, an imported module, the options, the lock file or
 * esbuild changes.
 *
 * Synthesis fails if the bundle does not export the handler, if the handler has a callback on Node.js 24, if the runtime is not Node.js, if the package is larger
 * than 250 MB, if native packages are built for another architecture, or if `layerModules` are set for a function
 * without a layer. Adds a warning if the bundle contains aws-sdk v2, contains a package more than once, or is larger
 * than `maxSize`, and if the code works in the source but not in the bundle: files and native binaries that it looks for
 * beside itself, metadata of decorators, and CommonJS packages that receive an ES module.
 *
 * Use `NodejsBundle` for several handlers: it builds them together.
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
   * @param entry The handler's file, relative to the working directory of the app
   * @param options How the handler is bundled; the defaults load fastest
   */
  public static fromEntry(entry: string, options: NodejsBundlingOptions = {}): NodejsCode {
    validateEntryFile('NodejsCode.fromEntry', 'entry', entry);
    return NodejsCode._of(new BundleBuild([{ name: 'handler', file: path.resolve(entry) }], options), 'handler');
  }

  /** @internal */
  public static _of(build: BundleBuild, name: string): NodejsCode {
    return new NodejsCode(build, name);
  }

  /** False, because the code is an asset. */
  public readonly isInline = false;

  private readonly bound = new Map<IConstruct, BoundCode>();

  private constructor(private readonly build: BundleBuild, private readonly name: string) {
    super();
  }

  public bind(scope: Construct): lambda.CodeConfig {
    const bound = Stack.of(scope).bundlingRequired ? this.stage(scope) : { asset: BundleAsset.unbuilt(scope, this.file) };
    this.bound.set(scope, bound);
    return bound.asset.config;
  }

  public bindToResource(resource: CfnResource, options?: lambda.ResourceBindOptions): void {
    const { asset, bundle } = this.bound.get(resource.node.scope!) ?? refuse(resource.node.path, 'bindToResource() must be called after bind()');
    asset.describe(resource, options?.resourceProperty);
    const { scope } = resource.node;
    if (this.build.options.instrumentation?._publishesFaults && scope instanceof lambda.Function) declareInstrumented(scope);
    if (bundle && lambda.CfnFunction.isCfnFunction(resource)) validateFunction(resource, bundle.handler, this.file, this.build.options);
  }

  private stage(scope: Construct): BoundCode {
    const at = scope.node.path;
    const bundle = withDiskErrors(at, () => this.build.bundle(scope, this.name));
    validatePackageSize(at, bundle.handler);
    warnNodejsCode(scope, bundle.handler, this.build.options.maxSize);
    return { bundle, asset: withDiskErrors(at, () => BundleAsset.stage(scope, bundle)) };
  }

  private get file(): string {
    return this.build.entries.find(entry => entry.name === this.name)!.file;
  }
}
