import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { IIdempotencyStore } from '../idempotency';
import type { FunctionAlarmsOptions } from '../observability';
import type { CanaryAliasOptions, ColdStart } from '../release';

/**
 * Properties of a ProductionFunction: the properties of `lambda.Function` with other defaults, and some of its own.
 *
 * The doc comment of ProductionFunction lists the defaults that differ. The `@default` of an inherited prop is the default
 * of `lambda.Function`.
 *
 * `logRetention` and `logRemovalPolicy` apply to the function's own log group; they create no custom resource.
 */
export interface ProductionFunctionProps extends lambda.FunctionProps {
  /**
   * Secrets that the function reads at run time. The key is the name of the environment variable that contains the
   * secret's ARN. The function is granted read access to each secret; the template never contains a secret's value.
   *
   * @default - none
   */
  readonly secrets?: { [environmentVariable: string]: secretsmanager.ISecret };

  /**
   * Environment variables that have the name or the form of a secret and contain none, with the reason. The construct rejects a
   * literal that is a secret by its name (`DB_PASSWORD`) or its form (`sk_live_…`, a password in a URL) in all other variables.
   *
   * @default - no such variable
   */
  readonly notSecrets?: { [environmentVariable: string]: string };

  /**
   * How traffic shifts to new versions, and what rolls a release back.
   *
   * @default - 10 % for 10 minutes, then all traffic; rollback on failure, stop or either release alarm
   */
  readonly release?: CanaryAliasOptions;

  /**
   * How cold starts are handled: on demand, from a snapshot, or with provisioned environments. Replaces `snapStart`, which
   * must not be set beside it.
   *
   * @default ColdStart.onDemand()
   */
  readonly coldStart?: ColdStart;

  /**
   * Alarms of the function beside the alarms of its releases: error rate, duration, capacity and lost events.
   *
   * @default - none; `{}` creates all four with their defaults
   */
  readonly alarms?: FunctionAlarmsOptions;

  /**
   * The store in which the function records the events that it has processed, so that a repeated event is not processed
   * again. The function is allowed to use its own records, and its environment contains `IDEMPOTENCY_TABLE`,
   * `IDEMPOTENCY_KEY_PREFIX` and `IDEMPOTENCY_EXPIRES_AFTER_SECONDS`.
   *
   * @default - no store: the function must tolerate repeated events
   */
  readonly idempotency?: IIdempotencyStore;

  /**
   * A customer managed key for the log group. Its policy is extended so that CloudWatch Logs can use it in this account
   * and Region. The policy of an imported key cannot be changed in this stack and must allow it already.
   *
   * @default - CloudWatch Logs encrypts the log group with an AWS owned key
   */
  readonly logEncryptionKey?: kms.IKey;
}
