import { Token, Validations } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { CanaryAlias } from './canary-alias';
import { WarmCapacity, type WarmCapacityOptions } from './warm-capacity';
import { LAMBDA } from '../limits';
import { refuse } from '../private/validation';

/**
 * How a function meets the first request of an environment: one of three ways, never two.
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
   * Environments are started when they are needed. Costs nothing beside the start itself.
   */
  public static onDemand(): ColdStart {
    return new ColdStart(false);
  }

  /**
   * Environments of published versions, and so of the live alias, resume from a snapshot of the started function.
   *
   * For Java 11, Python 3.12, .NET 8 and later. Refused for other runtimes, with a file system and with more than 512 MB
   * of `/tmp`; for container images only AWS knows the runtime. Java has no charge; Python and .NET pay for the snapshot
   * of every version that is kept and for each resume: prune old versions.
   *
   * What is made during the start is the same in every environment: make ids, seeds, time stamps, credentials, secrets
   * and connections in the handler or in an after-restore hook; a function with `secrets` is warned of that
   * (`cdk-production-lambda:ColdStart.snapStartSecrets`). A Java snapshot that nobody resumed for 14 days is
   * deleted, and the next request fails with `SnapStartNotReadyException`.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/snapstart-uniqueness.html
   */
  public static snapStart(): ColdStart {
    return new ColdStart(true);
  }

  /**
   * So many environments of the live alias are kept started. They cost as long as they are kept.
   *
   * @param options How many
   */
  public static provisioned(options: WarmCapacityOptions): ColdStart {
    return new ColdStart(false, options);
  }

  private constructor(
    /** @internal */
    public readonly _snapStart: boolean,
    /** @internal */
    public readonly _warm?: WarmCapacityOptions,
  ) { }

  /**
   * Refuses what the choice does not go with.
   *
   * @internal
   */
  public _check(at: string, props: lambda.FunctionProps): void {
    if (props.snapStart !== undefined) refuse(at, "'snapStart' must not go with 'coldStart', got both; use ColdStart.snapStart() alone");
    if (this._warm) WarmCapacity._check(at, this._warm, props.reservedConcurrentExecutions);
    if (this._snapStart) checkSnapStart(at, props);
  }

  /**
   * Does what can only be done once the alias is there.
   *
   * @internal
   */
  public _applyTo(owner: Construct, live: CanaryAlias, secrets: string[]): WarmCapacity | undefined {
    if (this._snapStart) {
      acknowledgePublished(live.lambda);
      warnOfSecrets(owner, secrets);
    }
    return this._warm && new WarmCapacity(owner, 'Warm', { ...this._warm, alias: live });
  }
}

function checkSnapStart(at: string, props: lambda.FunctionProps): void {
  const { runtime, filesystem, ephemeralStorageSize: tmp } = props;
  if (runtime !== lambda.Runtime.FROM_IMAGE && !runtime.supportsSnapStart) {
    refuse(at, `'coldStart' must not be snapStart() for ${runtime.name}, which SnapStart does not support; use ColdStart.provisioned() or a smaller bundle`);
  }
  if (filesystem) refuse(at, "'coldStart' must not be snapStart() with 'filesystem', which SnapStart does not support; use ColdStart.provisioned()");
  const mebibytes = tmp && !tmp.isUnresolved() ? tmp.toMebibytes() : undefined;
  if (mebibytes !== undefined && !Token.isUnresolved(mebibytes) && mebibytes > LAMBDA.ephemeralStorageMinMiB) {
    refuse(at, `'ephemeralStorageSize' must be at most ${LAMBDA.ephemeralStorageMinMiB} MiB with snapStart(), got ${mebibytes}; keep less in /tmp or use ColdStart.provisioned()`);
  }
}

/** CDK says the same of every function with SnapStart, published or not. */
function acknowledgePublished(fn: lambda.IFunction): void {
  const reason = 'the live alias publishes a version of each change, and everything invokes the alias';
  Validations.of(fn).acknowledge({ id: 'Construct-Annotations::@aws-cdk/aws-lambda:snapStartRequirePublish', reason });
}

function warnOfSecrets(owner: Construct, secrets: string[]): void {
  if (secrets.length === 0) return;
  Validations.of(owner).addWarning(
    'cdk-production-lambda:ColdStart.snapStartSecrets',
    `${secrets.join(', ')}: a secret that is read while the function starts stays in the snapshot, and what it was then is used after its rotation; read it in the handler or in an after-restore hook`,
  );
}
