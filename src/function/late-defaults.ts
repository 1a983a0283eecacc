import { AspectPriority, Aspects, CfnDeletionPolicy, Lazy, RemovalPolicy } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import type { AsyncConfig } from './async-config';
import type { ProductionFunctionProps } from './production-function-props';
import { findLimitProblems } from './production-function-validation';
import { synchronousTimeoutSeconds } from '../aws';
import { unresolvedEnvironmentOf } from '../private/cdk-internals';
import { effectiveProperty, effectiveValue } from '../private/effective-properties';
import { cfnFunctionOf, hasCapacityProvider, statedEnvironmentOf } from '../private/function-definition';
import { isStated, logLevelOf, POWERTOOLS_LOG_LEVEL } from '../private/stated-props';

/**
 * Withdraws defaults that do not fit what the app states after the function is created, also by overrides: a capacity provider, a
 * dead-letter queue, a caller that waits for a shorter time, and a log level in a variable. Props of the author are not changed.
 */
export class LateDefaults {
  private readonly resource: lambda.CfnFunction;

  constructor(
    owner: IConstruct, private readonly definition: lambda.Function, private readonly props: ProductionFunctionProps,
    private readonly asyncConfig: AsyncConfig,
  ) {
    this.resource = cfnFunctionOf(definition)!;
    this.followLogLevel();
    Aspects.of(owner).add({ visit: node => node === owner && this.adjust() }, { priority: AspectPriority.MUTATING - 1 });
    owner.node.addValidation({ validate: () => this.findComputeProblems() });
  }

  /** Lowers the default timeout to the time that a service waits for the response. */
  public invokedBy(principal: string | undefined): void {
    const seconds = synchronousTimeoutSeconds(principal);
    if (seconds === undefined || isStated('timeout', this.props)) return;
    this.resource.timeout = Math.min(this.resource.timeout!, seconds);
  }

  /** The log level of the environment at synth, which Aspects and overrides can add to, applies instead of the default level. */
  private followLogLevel(): void {
    const { environment = {} } = this.props;
    const level = () => logLevelOf(statedEnvironmentOf(this.definition, byDefault));
    const fallback = logLevelOf(environment) === undefined ? unresolvedEnvironmentOf(this.definition)[POWERTOOLS_LOG_LEVEL] : undefined;
    const byDefault = Lazy.uncachedString({ produce: () => level() === undefined ? fallback as string : undefined });
    if (fallback !== undefined) this.definition.addEnvironment(POWERTOOLS_LOG_LEVEL, byDefault);
    const config = this.resource.loggingConfig as lambda.CfnFunction.LoggingConfigProperty | undefined;
    if (config?.applicationLogLevel === undefined || isStated('applicationLogLevel', this.props)) return;
    const applicationLogLevel = Lazy.uncachedString({ produce: () => level() ?? lambda.ApplicationLogLevel.INFO });
    this.resource.loggingConfig = { ...config, applicationLogLevel };
  }

  private adjust(): void {
    // Lambda would deliver each failed event twice: to the author's queue or topic and to the default one.
    if (effectiveValue(this.resource, 'DeadLetterConfig', this.resource.deadLetterConfig) !== undefined) this.asyncConfig.withdrawDefault();
    if (!hasCapacityProvider(this.resource)) return;
    // Lambda Managed Instances need at least 2 GiB for each vCPU, and run every published version on instances of its own.
    if (!isStated('memorySize', this.props)) this.resource.memorySize = undefined;
    const version = this.definition.currentVersion.node.defaultChild as lambda.CfnVersion;
    if (this.props.currentVersionOptions?.removalPolicy === undefined && version.cfnOptions.deletionPolicy === CfnDeletionPolicy.RETAIN) {
      version.applyRemovalPolicy(RemovalPolicy.DESTROY);
    }
  }

  private findComputeProblems(): string[] {
    const { resource } = this;
    const isManaged = hasCapacityProvider(resource);
    const [timeout, memory, snapStart] = [
      effectiveProperty(resource, 'Timeout', resource.timeout),
      effectiveProperty(resource, 'MemorySize', resource.memorySize),
      effectiveProperty(resource, 'SnapStart', resource.snapStart),
    ];
    const limits = findLimitProblems(timeout, memory, isManaged);
    if (!isManaged) return limits;
    const { coldStart, reservedConcurrentExecutions } = this.props;
    const stated: [prop: string, isSet: boolean][] = [
      ["'coldStart'", coldStart?._snapStart === true || coldStart?._provisioned !== undefined || snapStart !== undefined],
      ["'reservedConcurrentExecutions'", reservedConcurrentExecutions !== undefined],
    ];
    return [...limits, ...stated.filter(([, isSet]) => isSet).map(([prop]) =>
      `${prop} must not be set for a function with a capacity provider, got both; `
      + 'Lambda Managed Instances are always initialized and scale by the capacity provider, leave it out')];
  }
}
