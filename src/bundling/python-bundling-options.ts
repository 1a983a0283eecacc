import type { AwsSdk } from './nodejs-bundling-options';

/** What the package of a Python handler contains. */
export interface PythonBundlingOptions {
  /**
   * The file that names the packages to install: `uv.lock`, `requirements.txt` (any name that ends in `.txt`), `poetry.lock` or
   * `pyproject.toml`, relative to the working directory of the app.
   *
   * By default the folder of the handler is searched, then each parent folder up to the working directory of the app, and in
   * each folder the names in the order above. A file of the CDK app itself, which names `aws-cdk-lib`, is skipped. Set it for a
   * file elsewhere.
   *
   * @default - the nearest file, beginning at the folder of the handler; no packages are installed without one
   */
  readonly requirements?: string;

  /**
   * The source of the AWS SDK for Python: `boto3`, `botocore` and `s3transfer`.
   *
   * With `AwsSdk.BUNDLED` the package contains the versions that the requirements name or need, which AWS recommends, because
   * the runtime's version changes. With `AwsSdk.RUNTIME` the package does not contain them and is about 25 MB smaller.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
   * @default AwsSdk.BUNDLED
   */
  readonly awsSdk?: AwsSdk;

  /**
   * Files and folders that the package contains beside the folder of the handler, by their path in the package: modules that
   * several functions share, templates, certificates. The sources are relative to the working directory of the app.
   *
   * @default - none
   */
  readonly files?: { [path: string]: string };

  /**
   * A function that receives the handler and returns the handler that Lambda invokes, as `module.function`, for example
   * `datadog_lambda.wrapper.datadog_lambda_wrapper`. It instruments a handler without a change of its code. The package must
   * contain the module.
   *
   * With `cdk_production_lambda_runtime.instrumented`, the alarms of CanaryAlias and FunctionAlarms count the `Faults` that the handler
   * then publishes, in the namespace of the environment variable `POWERTOOLS_METRICS_NAMESPACE`, which ProductionFunction sets. Synthesis
   * fails without it.
   *
   * The package then contains a generated module `_wrapped`, and the handler of the function becomes `_wrapped.<handler>`. The
   * function is called once in each execution environment, after the module of the handler is imported.
   *
   * @default - the handler is not wrapped
   */
  readonly wrapper?: string;

  /**
   * The folder in which installed packages are cached. Several processes can use it at the same time.
   *
   * @default - cdk-production-lambda in the user's folder for caches: $XDG_CACHE_HOME or ~/.cache, ~/Library/Caches on macOS,
   * %LOCALAPPDATA% on Windows
   */
  readonly cacheDirectory?: string;
}
