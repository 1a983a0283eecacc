import { Token, Validations } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { CanaryAlias } from './canary-alias';
import { ProvisionedConcurrency } from './provisioned-concurrency';
import type { ProvisionedConcurrencyOptions } from './provisioned-concurrency-props';
import { validateProvisionedConcurrencyOptions } from './provisioned-concurrency-validation';
import { LAMBDA, oldestSnapStartRuntime } from '../aws';
import { SNAP_START_WARNING } from '../private/cdk-internals';
import { refuse, warn } from '../private/validation';

/**
 * How the cold starts of a function are handled: choose exactly one mode.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 * @example
 * new ProductionFunction(this, 'Quote', {
 *   runtime: lambda.Runtime.JAVA_25,
 *   handler: 'shop.Quote::handle',
 *   code: lambda.Code.fromAsset('handlers/quote'),
 *   coldStart: ColdStart.snapStart(),
 * });
 */
export class ColdStart {
  /**
   * Environments start when they are needed. Costs nothing beyond the start.
   */
  public static onDemand(): ColdStart {
    return new ColdStart(false);
  }

  /**
   * Environments of published versions, including the live alias, resume from a snapshot of the initialized function.
   *
   * For Java 11, Python 3.12, .NET 8 and later. Throws an error for other runtimes, with a file system and with more than
   * 512 MB of `/tmp`; the runtime of a container image is not checked. Java has no charge; Python and .NET pay for the
   * snapshot of every retained version and for each resume: delete old versions.
   *
   * All environments share the state that the initialization creates: create ids, seeds, time stamps, credentials, secrets
   * and connections in the handler or in an after-restore hook. A function with `secrets` gets a warning
   * (`cdk-production-lambda:ColdStart.snapStartSecrets`). A Java snapshot that is not resumed for 14 days is deleted, and
   * the next request fails with `SnapStartNotReadyException`.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/snapstart-uniqueness.html
   */
  public static snapStart(): ColdStart {
    return new ColdStart(true);
  }

  /**
   * Environments of the live alias are provisioned. They are billed whether they are used or not.
   *
   * @param options How many environments are provisioned
   */
  public static provisioned(options: ProvisionedConcurrencyOptions): ColdStart {
    return new ColdStart(false, options);
  }

  private constructor(
    /** @internal */
    public readonly _snapStart: boolean,
    /** @internal */
    public readonly _provisioned?: ProvisionedConcurrencyOptions,
  ) { }

  /**
   * Validates the props of the function that contradict this mode.
   *
   * @internal
   */
  public _validate(path: string, props: lambda.FunctionProps): void {
    if (props.snapStart !== undefined) refuse(path, "'snapStart' must not be set with 'coldStart', got both; use ColdStart.snapStart() alone");
    if (this._provisioned && props.tenancyConfig) {
      refuse(path, "'coldStart' must not be provisioned() with 'tenancyConfig', got both, and Lambda provisions no environments for tenants; leave one out");
    }
    if (this._provisioned) validateProvisionedConcurrencyOptions(path, this._provisioned, props.reservedConcurrentExecutions);
    if (this._snapStart) checkSnapStart(path, props);
  }

  /**
   * Applies this mode to the live alias, after the alias is created.
   *
   * @internal
   */
  public _applyTo(owner: Construct, live: CanaryAlias, secrets: string[]): ProvisionedConcurrency | undefined {
    if (this._snapStart) {
      acknowledgePublished(live.lambda);
      warnSecrets(owner, secrets);
    }
    return this._provisioned && new ProvisionedConcurrency(owner, 'Warm', { ...this._provisioned, alias: live });
  }
}

function checkSnapStart(path: string, props: lambda.FunctionProps): void {
  const { runtime, filesystem, ephemeralStorageSize: tmp } = props;
  if (runtime !== lambda.Runtime.FROM_IMAGE && !runtime.supportsSnapStart) {
    const oldest = oldestSnapStartRuntime(runtime.name);
    refuse(path, `'coldStart' must not be snapStart() for ${runtime.name}, which SnapStart does not support; `
      + (oldest === undefined ? 'use ColdStart.provisioned() or a smaller bundle' : `move to ${oldest} or later, or use ColdStart.provisioned()`));
  }
  if (filesystem) {
    refuse(path, "'coldStart' must not be snapStart() with 'filesystem', which SnapStart does not support; use ColdStart.provisioned()");
  }
  const mebibytes = tmp && !tmp.isUnresolved() ? tmp.toMebibytes() : undefined;
  if (mebibytes !== undefined && !Token.isUnresolved(mebibytes) && mebibytes > LAMBDA.ephemeralStorageMinMiB) {
    refuse(path, `'ephemeralStorageSize' must be at most ${LAMBDA.ephemeralStorageMinMiB} MiB with snapStart(), got ${mebibytes}; `
      + 'store less in /tmp or use ColdStart.provisioned()');
  }
}

/** CDK adds this warning to every function with SnapStart, whether a version is published or not. */
function acknowledgePublished(fn: lambda.IFunction): void {
  const reason = 'the live alias publishes a version of each change, and every caller invokes the alias';
  Validations.of(fn).acknowledge({ id: SNAP_START_WARNING, reason });
}

function warnSecrets(owner: Construct, secrets: string[]): void {
  if (secrets.length === 0) return;
  warn(owner, 'ColdStart.snapStartSecrets',
    `${secrets.join(', ')}: a secret that is read during initialization is stored in the snapshot, and the old value is used after a rotation; `
    + 'read it in the handler or in an after-restore hook',
  );
}
