import { Fn } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { watchAliasNames } from './alias-name-uses';
import { AsyncConfig } from './async-config';
import { definitionProps } from './definition-props';
import { watchDefinition } from './definition-uses';
import { acknowledgeFailures } from './failure-acknowledgements';
import { exemptFromRule, findEnvironmentProblems, requireNoSecret, requireVariableName } from './function-environment';
import { createLogGroup } from './function-log';
import { FunctionRole } from './function-role';
import { LateDefaults } from './late-defaults';
import type { ProductionFunctionProps } from './production-function-props';
import { requireArchitecture, validateProductionFunctionProps } from './production-function-validation';
import { LAMBDA } from '../aws';
import { FunctionAlarms } from '../observability';
import { LeastPrivilegeRole } from '../permission';
import { durationText } from '../private/duration-text';
import { grantSecretRead } from '../private/grant-secret-read';
import { requireSameRegion } from '../private/region-of-arn';
import { sortedEntries } from '../private/template-json';
import { refuse } from '../private/validation';
import { CanaryAlias, type ProvisionedConcurrency } from '../release';

/**
 * A Lambda function that is released through a canary alias.
 *
 * Creates nine resources: the function, its role (inline statements, no managed policy), its log group (retention 30
 * days), the published version (retained), the alias `live`, a CodeDeploy deployment group, two release alarms, and the
 * configuration of asynchronous invocation. All functions of a stack share one FailureQueue, one CodeDeploy application and
 * its role.
 *
 * The construct is the alias `live`, whose version has passed its canary. Event sources, permissions, URLs, grants, metrics
 * and every integration that accepts an `IFunction` refer to the alias and never to `$LATEST`. The function behind the
 * alias is `definition`.
 *
 * Its defaults differ from the defaults of `lambda.Function`: arm64; 512 MB of memory (1,024 MB for Java and .NET); a timeout
 * of 10 seconds; JSON logs at level INFO; active X-Ray tracing; recursive loop detection; two retries of asynchronous events,
 * a maximum event age of one hour and the stack's FailureQueue as the on-failure destination; versions are retained; in a VPC
 * outbound traffic is denied unless a connection allows it. `docs/DEFAULTS.md` lists each default with its reason and
 * source. A prop that is set takes precedence over a default.
 *
 * Replace `new lambda.Function` with this construct, with the same id and props, also in a deployed stack: the function and
 * its role retain their logical ids and are updated in place.
 *
 * Throws an error if the environment contains the value of a secret, as a reference or as a literal, if a VPC selection has only one Availability Zone,
 * or if props contradict each other.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html
 * @example
 * const pay = new ProductionFunction(this, 'Pay', {
 *   runtime: lambda.Runtime.NODEJS_24_X,
 *   handler: 'index.handler',
 *   code: lambda.Code.fromAsset('handlers/pay'),
 * });
 * new events.Rule(this, 'Captured', { eventPattern: { source: ['shop'] }, targets: [FunctionTarget.forRule(pay)] });
 */
export class ProductionFunction extends lambda.QualifiedFunctionBase implements lambda.IAlias {
  /**
   * The function behind the alias, for members of `lambda.Function` that this class does not have. Its ARN and name
   * without a qualifier invoke `$LATEST`.
   */
  public readonly definition: lambda.Function;

  /**
   * The alias that serves the traffic, with its deployment group and release alarms.
   */
  public readonly live: CanaryAlias;

  /**
   * The log group of the function.
   */
  public readonly logGroup: logs.ILogGroup;

  /**
   * The alarms of the function, if the prop `alarms` is set.
   */
  public readonly alarms?: FunctionAlarms;

  /**
   * The provisioned concurrency of the alias, if `coldStart` is `ColdStart.provisioned(…)`.
   */
  public readonly provisionedConcurrency?: ProvisionedConcurrency;

  /**
   * The function behind the alias, the same as `definition`.
   */
  public readonly lambda: lambda.IFunction;

  /**
   * The version that the alias serves.
   */
  public readonly version: lambda.IVersion;

  /**
   * The name of the alias as a reference to the alias, so that resources that separate function and qualifier (a function
   * URL, the configuration of asynchronous invocation) depend on the alias. `live.aliasName` is the literal name.
   */
  public readonly aliasName: string;

  /**
   * The ARN of the alias.
   */
  public readonly functionArn: string;
  public readonly architecture: lambda.Architecture;
  public readonly grantPrincipal: iam.IPrincipal;
  public readonly role?: iam.IRole;
  protected readonly qualifier: string;
  protected readonly canCreatePermissions = true;
  private readonly asyncConfig: AsyncConfig;
  private readonly notSecrets: { readonly [environmentVariable: string]: string };
  private readonly lateDefaults: LateDefaults;
  /** The execution timeout of a durable function; undefined for other functions and for tokens. */
  private readonly durableSeconds?: number;

  constructor(scope: Construct, id: string, props: ProductionFunctionProps) {
    super(scope, id);
    validateProductionFunctionProps(this, props);
    this.notSecrets = props.notSecrets ?? {};
    const logGroup = props.logGroup ?? createLogGroup(this, props);
    const role = new FunctionRole(this, props);
    this.asyncConfig = new AsyncConfig(this, role, props);
    this.definition = new lambda.Function(this, 'Default', definitionProps(this, props, role.role, logGroup));
    this.node.defaultChild = this.definition.node.defaultChild;
    this.lateDefaults = new LateDefaults(this, this.definition, props, this.asyncConfig);
    this.logGroup = this.definition.logGroup;
    role.grantOwnNeeds(this.definition, this.logGroup);

    this.live = new CanaryAlias(this, 'Live', { ...props.release, function: this.definition });
    this.provisionedConcurrency = props.coldStart?._applyTo(this, this.live, Object.keys(props.secrets ?? {}));
    this.alarms = props.alarms && new FunctionAlarms(this, 'Alarms', { ...props.alarms, function: this.live, maxEventAge: props.maxEventAge });
    this.lambda = this.definition;
    this.version = this.live.version;
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
    props.idempotency?.connect(this);
    this.asyncConfig.apply(options => super.configureAsyncInvoke(options));
    for (const source of props.events ?? []) this.addEventSource(source);
    watchAliasNames(this);
    watchDefinition(this, this.definition, this.live);
    this.node.addValidation({ validate: () => findEnvironmentProblems(this.definition, this.notSecrets) });
    exemptFromRule(this.definition, this.notSecrets);
    acknowledgeFailures(this, this.definition, props.durableConfig !== undefined);
  }

  /**
   * The function's name and the alias, `<name>:live`, which invokes the alias. `definition.functionName` is the name alone.
   */
  public get functionName(): string {
    return this.live.functionName;
  }

  /**
   * The released version, which the alias serves. A change of the function's code or configuration publishes a new one.
   */
  public get currentVersion(): lambda.Version {
    return this.definition.currentVersion;
  }

  /**
   * The dead-letter queue of the function, if it has one. A function that is not durable sends failed asynchronous events to
   * the on-failure destination of the alias instead.
   */
  public get deadLetterQueue(): sqs.IQueue | undefined {
    return this.definition.deadLetterQueue;
  }

  /**
   * The dead-letter topic of the function, if it has one.
   */
  public get deadLetterTopic(): sns.ITopic | undefined {
    return this.definition.deadLetterTopic;
  }

  /**
   * The reference to the alias, for constructs that accept an `IAliasRef`.
   */
  public get aliasRef(): lambda.AliasReference {
    return this.live.aliasRef;
  }

  /**
   * A metric of the requests through the alias, for all versions.
   */
  public metric(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.live.metric(metricName, props);
  }

  /**
   * Replaces the configuration of asynchronous invocation of the alias. An option that is not set has its default. May be
   * called once, and only if none of the props `retryAttempts`, `maxEventAge`, `onSuccess` and `onFailure` is set.
   */
  public configureAsyncInvoke(options: lambda.EventInvokeConfigOptions): void {
    this.asyncConfig.replace(options);
    this.asyncConfig.apply(merged => super.configureAsyncInvoke(merged));
  }

  /**
   * Adds an event source mapping to the alias. Throws an error for a durable function with an execution timeout of more
   * than 15 minutes, which event sources do not support.
   *
   * @param id Id of the mapping within this construct
   * @param options Source and handling of its records
   * @see https://docs.aws.amazon.com/lambda/latest/dg/durable-functions.html
   */
  public addEventSourceMapping(id: string, options: lambda.EventSourceMappingOptions): lambda.EventSourceMapping {
    if (this.durableSeconds !== undefined && this.durableSeconds > LAMBDA.durableWithSourceMaxSeconds) {
      refuse(this.node.path, `'durableConfig.executionTimeout' must be at most ${durationText(LAMBDA.durableWithSourceMaxSeconds)}, `
        + `got ${durationText(this.durableSeconds)}; shorten it, or start the execution asynchronously through another function that has the event source`);
    }
    requireSameRegion(this.node.path, 'eventSourceArn', options.eventSourceArn, this);
    return super.addEventSourceMapping(id, options);
  }

  /**
   * Grants the permission to invoke one version, or `$LATEST`, without the alias.
   *
   * @param grantee The principal
   * @param version A version of `definition`
   */
  public grantInvokeVersion(grantee: iam.IGrantable, version: lambda.IVersion): iam.Grant {
    return this.definition.grantInvokeVersion(grantee, version);
  }

  /**
   * Adds an environment variable, as `lambda.Function.addEnvironment` does. Throws an error if the value is that of a secret.
   *
   * @param key Name of the variable
   * @param value Value of the variable
   * @param options Options of the variable
   */
  public addEnvironment(key: string, value: string, options?: lambda.EnvironmentOptions): void {
    requireVariableName(this.node.path, key);
    requireNoSecret(this, key, value, this.notSecrets);
    this.definition.addEnvironment(key, value, options);
  }

  /**
   * Adds a permission to the resource policy of the alias. A default timeout is lowered to the time that the principal waits
   * for a response, for example 5 seconds for a trigger of a Cognito user pool.
   *
   * @param id The id of the permission
   * @param permission The principal and what it may do
   */
  public addPermission(id: string, permission: lambda.Permission): void {
    super.addPermission(id, permission);
    this.lateDefaults.invokedBy((permission.principal as Partial<iam.ServicePrincipal>).service);
  }

  /**
   * Adds layers, as `lambda.Function.addLayers` does. Throws an error if a layer is built for another architecture.
   *
   * @param layers The layers, after the layers that the function already has
   */
  public addLayers(...layers: lambda.ILayerVersion[]): void {
    requireArchitecture(this.node.path, layers, this.architecture);
    this.definition.addLayers(...layers);
  }

  /**
   * Adds a statement with a wildcard to the function's role, with the reason why the statement cannot be narrower. The
   * reason appears in the report of cdk-nag.
   *
   * Throws an error if the prop `role` is set to a role that is not a LeastPrivilegeRole.
   *
   * @param statement The statement with the wildcard
   * @param reason Why the statement cannot be narrower; must not be empty
   */
  public allowWildcard(statement: iam.PolicyStatement, reason: string): void {
    const { role } = this;
    if (!(role instanceof LeastPrivilegeRole)) {
      refuse(this.node.path, `'role' must be a LeastPrivilegeRole for allowWildcard(), got ${role!.node.path}; `
        + "add the statement by 'addToRolePolicy()', or leave out 'role'");
    }
    role.allowWildcard(statement, reason);
  }

  private addSecrets(secrets: { [environmentVariable: string]: secretsmanager.ISecret }): void {
    for (const [key, secret] of sortedEntries(secrets)) {
      if (secret.encryptionKey) grantSecretRead(this, secret); else secret.grantRead(this);
      this.definition.addEnvironment(key, secret.secretArn);
    }
  }
}
