import * as crypto from 'node:crypto';
import * as path from 'node:path';
import { type CfnResource, Lazy, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct, IConstruct } from 'constructs';
import { BundleAsset } from './bundle-asset';
import { withDiskErrors } from './disk-errors';
import type { PythonBundlingOptions } from './python-bundling-options';
import { validateHandlerFolder, validatePythonFunction, validatePythonOptions, validatePythonPackage } from './python-code-validation';
import { warnPythonCode } from './python-code-warnings';
import { type PythonEntry, PythonPackage } from './python-package';
import { PythonPlatform } from './python-platform';
import { OBSERVING_WRAPPER } from './python-wrapper';
import { declareInstrumented } from '../private/faults';
import { WRAPPED } from '../private/python-handler';
import { refuse } from '../private/validation';

/**
 * A Python handler with the packages that it requires, installed without Docker.
 *
 * The folder of the handler is the root of the package: `handler` in `handlers/pay/app.py` is the handler `app.handler` of
 * `PythonCode.fromDirectory('handlers/pay')`. The packages of the nearest `uv.lock`, `requirements.txt`, `poetry.lock` or
 * `pyproject.toml` are installed beside it, from wheels for the runtime and the architecture of the function. `uv` must be on the
 * PATH, or Python with pip, which is slower and cannot read `uv.lock`. `poetry.lock` requires poetry with its export plugin. Packages in
 * folders of the project and in repositories are built, which requires uv.
 *
 * The asset hash depends on the content of the package only: it is the same on every machine if the requirements name exact
 * versions. Installed packages are cached and shared by all handlers with the same requirements. Tests, compiled modules
 * (`__pycache__`), scripts (`bin`), hidden files and virtual environments are left out. In a layer, the package is in `python/`.
 *
 * Synthesis fails if a package has no wheel for the function, if the handler is not in the package (the module is parsed, not
 * imported), if a native module is built for another processor or Python version, if the runtime is not Python, or if the
 * package is larger than 250 MB. Adds a warning if the requirements do not name exact versions, and if only files of Pipenv name packages.
 *
 * Use `PythonBundle` for several handlers.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
 *
 * @example
 * new lambda.Function(this, 'Pay', {
 *   runtime: lambda.Runtime.PYTHON_3_14,
 *   architecture: lambda.Architecture.ARM_64,
 *   handler: 'app.handler',
 *   code: PythonCode.fromDirectory('handlers/pay'),
 * });
 */
export class PythonCode extends lambda.Code {
  /**
   * The package of one handler.
   *
   * @param directory The folder with the handler's modules, relative to the working directory of the app
   * @param options What the package contains beside them
   */
  public static fromDirectory(directory: string, options: PythonBundlingOptions = {}): PythonCode {
    validateHandlerFolder('PythonCode.fromDirectory', directory);
    validatePythonOptions('PythonCode.fromDirectory', options);
    const folder = path.resolve(directory);
    return PythonCode._of({ folder, sources: [['', folder]] }, options);
  }

  /** @internal */
  public static _of(entry: PythonEntry, options: PythonBundlingOptions): PythonCode {
    return new PythonCode(entry, options);
  }

  /** False, because the code is an asset. */
  public readonly isInline = false;

  private readonly bound = new Map<IConstruct, BundleAsset | undefined>();

  private constructor(private readonly entry: PythonEntry, private readonly options: PythonBundlingOptions) {
    super();
  }

  /** The location is known after `bindToResource`, because the packages depend on the runtime and architecture of the function. */
  public bind(scope: Construct): lambda.CodeConfig {
    this.bound.set(scope, undefined);
    const location = () => (this.bound.get(scope) ?? this.notBound(scope)).config.s3Location!;
    return {
      s3Location: {
        bucketName: Lazy.string({ produce: () => location().bucketName }),
        objectKey: Lazy.string({ produce: () => location().objectKey }),
      },
    };
  }

  public bindToResource(resource: CfnResource, options?: lambda.ResourceBindOptions): void {
    const scope = resource.node.scope as Construct;
    if (!this.bound.has(scope)) this.notBound(scope);
    const asset = Stack.of(scope).bundlingRequired ? this.stage(scope, resource) : BundleAsset.unbuilt(scope, path.join(this.entry.folder, 'source'));
    this.bound.set(scope, asset);
    asset.describe(resource, options?.resourceProperty);
    if (this.options.wrapper === OBSERVING_WRAPPER && scope instanceof lambda.Function) declareInstrumented(scope);
    if (lambda.CfnFunction.isCfnFunction(resource) && this.options.wrapper !== undefined) resource.handler = `${WRAPPED}.${resource.handler}`;
  }

  private stage(scope: Construct, resource: CfnResource): BundleAsset {
    const at = scope.node.path;
    const platform = PythonPlatform.of(resource as lambda.CfnFunction | lambda.CfnLayerVersion);
    const isFunction = lambda.CfnFunction.isCfnFunction(resource);
    const content = withDiskErrors(at, () => PythonPackage.of(scope, this.entry, this.options, platform));
    validatePythonPackage(at, content, platform);
    if (isFunction) validatePythonFunction(resource, content, this.options.wrapper);
    warnPythonCode(scope, content);
    const [root, hash] = isFunction ? ['', content.hash] : ['python', crypto.hash('sha256', `layer ${content.hash}`, 'hex')];
    return withDiskErrors(at, () => BundleAsset.write(scope, hash, folder => content.writeTo(at, path.join(folder, root))));
  }

  private notBound(scope: IConstruct): never {
    return refuse(scope.node.path, 'bindToResource() must be called after bind()');
  }
}
