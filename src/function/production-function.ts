import { Fn, Validations } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { AsyncConfig } from './async-config';
import { CheckedProps } from './checked-props';
import { DefinitionProps } from './definition-props';
import { FunctionEnvironment } from './function-environment';
import { FunctionLog } from './function-log';
import { FunctionRole } from './function-role';
import type { IIdempotencyStore } from '../idempotency';
import { LAMBDA } from '../limits';
import { FunctionAlarms, type FunctionAlarmsOptions } from '../observability';
import { sortedEntries } from '../private/sorted-keys';
import { requireRange } from '../private/validation';
import { CanaryAlias, type CanaryAliasOptions, type ColdStart, type WarmCapacity } from '../release';

/**
 * Properties of a ProductionFunction: those of `lambda.Function`, whose defaults change, and a few of its own.
 *
 * The defaults that differ stand at ProductionFunction; what is said here beside a prop of `lambda.Function` is that class's.
 *
 * `logRetention` and `logRemovalPolicy` apply to the function's own log group; no custom resource is made for them.
 */
export interface ProductionFunctionProps extends lambda.FunctionProps {
  /**
   * Secrets that the function reads at run time, by the name of the environment variable that carries the secret's ARN.
   * The function is granted to read each; the value never appears in the template.
   *
   * @default - none
   */
  readonly secrets?: { [environmentVariable: string]: secretsmanager.ISecret };

  /**
   * How new versions take over the traffic.
   *
   * @default - 10 % for 5 minutes, then all, back on failure, stop or either release alarm
   */
  readonly release?: CanaryAliasOptions;

  /**
   * How the first request of an environment is met: on demand, from a snapshot, or by environments kept warm. In place
   * of `snapStart`, which must not be given beside it.
   *
   * @default ColdStart.onDemand()
   */
  readonly coldStart?: ColdStart;

  /**
   * The alarms of the function beside those of its releases: errors, duration, capacity and lost work.
   *
   * @default - none; `{}` for all four with their defaults
   */
  readonly alarms?: FunctionAlarmsOptions;

  /**
   * Where the function remembers what it has done, so that a repeated event is not worked on again. The function gets
   * the use of its own records there, and `IDEMPOTENCY_TABLE`, `IDEMPOTENCY_KEY_PREFIX` and
   * `IDEMPOTENCY_EXPIRES_AFTER_SECONDS` in its environment.
   *
   * @default - nothing is remembered: the function itself must bear repetition
   */
  readonly idempotency?: IIdempotencyStore;

  /**
   * A key of your own for the log group. Its policy is extended so that CloudWatch Logs can use it in this account and
   * region; an imported key's policy can't be changed from here and must allow it already.
   *
   * @default - encrypted by CloudWatch Logs with a key of its own
   */
  readonly logEncryptionKey?: kms.IKey;
}

/**
 * A function as production needs it, which *is* its live alias: whatever invokes it, meets the version that a canary
 * has proved.
 *
 * Event sources, permissions, URLs, async configuration, grants, metrics and every integration that takes an
 * `IFunction` refer to the alias `live` and never to `$LATEST`. The function underneath is `definition`.
 *
 * In the account appear nine resources: the function, its role (statements inline, no managed policy), its log group
 * (made before the function, kept for a month), the published version (retained), the alias, a CodeDeploy deployment
 * group, two release alarms and the async configuration. The stack shares one FailureQueue and one ReleaseGroup.
 *
 * Its defaults are not those that `lambda.Function` names beside its props: arm64; 512 MB (1,024 MB for Java and .NET); 10
 * seconds; JSON logs at INFO; X-Ray active; recursion terminated; two retries of asynchronous events that are at most one
 * hour old, then the stack's FailureQueue; versions retained; in a VPC no egress but what is opened by a connection.
 * `docs/DEFAULTS.md` lists each with its reason and source. A prop that is given always wins.
 *
 * Put it in place of `new lambda.Function` with the same id and props, also in a stack already deployed: the function
 * and its role keep their logical ids and are updated in place.
 *
 * Refused at once: a secret's value in the environment, a VPC selection within one availability zone, and props that
 * contradict each other; the message names the prop, the value and the fix.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html
 * @example
 * declare const api: apigwv2.HttpApi;
 * const pay = new ProductionFunction(this, 'Pay', {
 *   runtime: lambda.Runtime.NODEJS_24_X,
 *   handler: 'index.handler',
 *   code: lambda.Code.fromAsset('handlers/pay'),
 * });
 * api.addRoutes({ path: '/payments', integration: new apigwv2_integrations.HttpLambdaIntegration('Pay', pay) });
 */
export class ProductionFunction extends lambda.QualifiedFunctionBase implements lambda.IAlias {
  /**
   * The function behind the alias. What this class does not offer is done here; what is invoked here is `$LATEST`.
   */
  public readonly definition: lambda.Function;

  /**
   * The alias that serves the traffic, with its deployment group and release alarms.
   */
  public readonly live: CanaryAlias;

  /**
   * Where the function writes its log.
   */
  public readonly logGroup: logs.ILogGroup;

  /**
   * The alarms of the function, if it was given `alarms`.
   */
  public readonly alarms?: FunctionAlarms;

  /**
   * What keeps environments warm, if `coldStart` is `ColdStart.provisioned(…)`.
   */
  public readonly warmCapacity?: WarmCapacity;

  public readonly lambda: lambda.IFunction;
  public readonly version: lambda.IVersion;

  /**
   * The name of the alias as a reference to it, so that what takes function and qualifier apart (a Function URL, the
   * asynchronous configuration) is made after the alias. `live.aliasName` is the literal name.
   */
  public readonly aliasName: string;
  public readonly functionName: string;
  public readonly functionArn: string;
  public readonly architecture: lambda.Architecture;
  public readonly grantPrincipal: iam.IPrincipal;
  public readonly role?: iam.IRole;
  protected readonly qualifier: string;
  protected readonly canCreatePermissions = true;
  private readonly asyncConfig: AsyncConfig;
  /** How long one durable execution may take in all; undefined for other functions and for tokens. */
  private readonly durableSeconds?: number;

  constructor(scope: Construct, id: string, props: ProductionFunctionProps) {
    super(scope, id);
    CheckedProps.check(this, props);

    const log = new FunctionLog(this, props);
    const role = new FunctionRole(this, props);
    this.asyncConfig = new AsyncConfig(this, role, props);
    this.definition = new lambda.Function(this, 'Default', DefinitionProps.of(this, props, role.role, log.logGroup));
    this.node.defaultChild = this.definition.node.defaultChild;
    this.logGroup = this.definition.logGroup;
    role.grantOwnNeeds(this.logGroup);

    this.live = new CanaryAlias(this, 'Live', { ...props.release, function: this.definition });
    this.warmCapacity = props.coldStart?._applyTo(this, this.live, Object.keys(props.secrets ?? {}));
    this.alarms = props.alarms && new FunctionAlarms(this, 'Alarms', { ...props.alarms, alias: this.live, maxEventAge: props.maxEventAge });
    this.lambda = this.definition;
    this.version = this.live.version;
    this.functionName = this.live.functionName;
    this.functionArn = this.live.functionArn;
    this.aliasName = Fn.select(7, Fn.split(':', this.functionArn));
    this.qualifier = this.aliasName;
    this.architecture = this.definition.architecture;
    this.grantPrincipal = this.definition.grantPrincipal;
    this.role = this.definition.role;
    if (this.definition.isBoundToVpc) this._connections = this.definition.connections;

    const durable = props.durableConfig?.executionTimeout;
    this.durableSeconds = durable?.isUnresolved() ? undefined : durable?.toSeconds();
    this.addSecrets(props.secrets ?? {});
    props.idempotency?.attach(this);
    this.asyncConfig.apply(options => super.configureAsyncInvoke(options));
    for (const source of props.events ?? []) this.addEventSource(source);
    FunctionEnvironment.checkAtSynth(this);
    this.acknowledgeFailures(props.durableConfig !== undefined);
  }

  /**
   * The alias by reference, for constructs that take an `IAliasRef`.
   */
  public get aliasRef(): lambda.AliasReference {
    return this.live.aliasRef;
  }

  /**
   * A metric of what arrives through the alias, whichever version answers.
   */
  public metric(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.live.metric(metricName, props);
  }

  /**
   * Replaces the default handling of asynchronous events on the alias: what is left out here keeps its default. May be
   * called once, and not where `retryAttempts`, `maxEventAge`, `onSuccess` or `onFailure` were given as props.
   */
  public configureAsyncInvoke(options: lambda.EventInvokeConfigOptions): void {
    this.asyncConfig.replace(options);
    this.asyncConfig.apply(merged => super.configureAsyncInvoke(merged));
  }

  /**
   * Adds an event source mapping to the alias. Refused for a durable function that may run longer than 15 minutes,
   * which event sources do not wait for.
   *
   * @param id Id of the mapping within this construct
   * @param options Source and handling of its records
   * @see https://docs.aws.amazon.com/lambda/latest/dg/durable-functions.html
   */
  public addEventSourceMapping(id: string, options: lambda.EventSourceMappingOptions): lambda.EventSourceMapping {
    requireRange(this.node.path, 'durableConfig.executionTimeout', this.durableSeconds, 1, LAMBDA.timeoutMaxSeconds,
      'shorten it, or let the event source start the execution asynchronously through another function');
    return super.addEventSourceMapping(id, options);
  }

  /**
   * Grants the invocation of one version, or of `$LATEST`, past the alias.
   *
   * @param grantee Who may invoke
   * @param version The version, of `definition`
   */
  public grantInvokeVersion(grantee: iam.IGrantable, version: lambda.IVersion): iam.Grant {
    return this.definition.grantInvokeVersion(grantee, version);
  }

  /**
   * Adds an environment variable, as `lambda.Function.addEnvironment` does; a secret's value is refused.
   *
   * @param key Name of the variable
   * @param value Value of the variable
   * @param options Options of the variable
   */
  public addEnvironment(key: string, value: string, options?: lambda.EnvironmentOptions): void {
    FunctionEnvironment.refuseName(this, key);
    FunctionEnvironment.refuseSecret(this, key, value);
    this.definition.addEnvironment(key, value, options);
  }

  private addSecrets(secrets: { [environmentVariable: string]: secretsmanager.ISecret }): void {
    for (const [key, secret] of sortedEntries(secrets)) {
      secret.grantRead(this);
      this.definition.addEnvironment(key, secret.secretArn);
    }
  }

  /** cdk-nag looks for a dead-letter queue and a destination; each kind of function has the one that keeps its events. */
  private acknowledgeFailures(durable: boolean): void {
    const hasDeadLetters = this.definition.deadLetterQueue !== undefined || this.definition.deadLetterTopic !== undefined;
    if (durable && hasDeadLetters) {
      Validations.of(this).acknowledge({
        id: 'Serverless::Serverless-LambdaAsyncFailureDestination',
        reason: 'durable functions do not support destinations; failed events go to the dead-letter queue or topic',
      });
    }
    if (!durable && !hasDeadLetters) {
      Validations.of(this.definition).acknowledge({
        id: 'Serverless::Serverless-LambdaDLQ',
        reason: 'failed events go to the on-failure destination of the live alias, which keeps the error beside the event',
      });
    }
  }
}
