import { AspectPriority, Aspects, CfnDeletionPolicy, RemovalPolicy } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import type { ProductionFunctionProps } from './production-function-props';
import { findLimitProblems } from './production-function-validation';
import { synchronousTimeoutSeconds } from '../aws';
import { removeEnvironmentVariable, unresolvedEnvironmentOf } from '../private/cdk-internals';
import { effectiveProperties } from '../private/effective-properties';
import { cfnFunctionOf } from '../private/function-definition';
import { isStated, LOG_LEVEL_VARIABLES, logLevelOf } from '../private/stated-props';

/**
 * Withdraws defaults that do not fit what the app states after the function is created: a capacity provider, a caller that
 * waits for a shorter time, and a log level in a variable that is added later. Props of the author are not changed.
 */
export class LateDefaults {
  private readonly resource: lambda.CfnFunction;

  constructor(owner: IConstruct, private readonly definition: lambda.Function, private readonly props: ProductionFunctionProps) {
    this.resource = cfnFunctionOf(definition)!;
    Aspects.of(owner).add({ visit: node => node === owner && this.adjust() }, { priority: AspectPriority.MUTATING - 1 });
    owner.node.addValidation({ validate: () => this.findComputeProblems() });
  }

  /** Lowers the default timeout to the time that a service waits for the response. */
  public invokedBy(principal: string | undefined): void {
    const seconds = synchronousTimeoutSeconds(principal);
    if (seconds === undefined || isStated('timeout', this.props)) return;
    this.resource.timeout = Math.min(this.resource.timeout!, seconds);
  }

  /** A log level that is added to the environment applies instead of the default level. */
  public environmentAdded(key: string): void {
    if (!(LOG_LEVEL_VARIABLES as readonly string[]).includes(key)) return;
    const environment = unresolvedEnvironmentOf(this.definition);
    const own = logLevelOf(this.props.environment) !== undefined || key === LOG_LEVEL_VARIABLES[0];
    if (!own) removeEnvironmentVariable(this.definition, LOG_LEVEL_VARIABLES[0]);
    const config = this.resource.loggingConfig as lambda.CfnFunction.LoggingConfigProperty | undefined;
    if (isStated('applicationLogLevel', this.props) || config?.applicationLogLevel === undefined) return;
    const level = logLevelOf(own ? environment : { ...environment, [LOG_LEVEL_VARIABLES[0]]: undefined });
    this.resource.loggingConfig = { ...config, applicationLogLevel: level };
  }

  private adjust(): void {
    if (this.resource.capacityProviderConfig === undefined) return;
    // Lambda Managed Instances need at least 2 GiB for each vCPU, and run every published version on instances of its own.
    if (!isStated('memorySize', this.props)) this.resource.memorySize = undefined;
    const version = this.definition.currentVersion.node.defaultChild as lambda.CfnVersion;
    if (this.props.currentVersionOptions?.removalPolicy === undefined && version.cfnOptions.deletionPolicy === CfnDeletionPolicy.RETAIN) {
      version.applyRemovalPolicy(RemovalPolicy.DESTROY);
    }
  }

  private findComputeProblems(): string[] {
    const { Timeout: timeout, MemorySize: memory } = effectiveProperties(this.resource);
    const hasCapacityProvider = this.resource.capacityProviderConfig !== undefined;
    const limits = findLimitProblems(timeout, memory, hasCapacityProvider);
    if (!hasCapacityProvider) return limits;
    const { coldStart, reservedConcurrentExecutions } = this.props;
    const { SnapStart: snapStart } = effectiveProperties(this.resource);
    const stated: [prop: string, isSet: boolean][] = [
      ["'coldStart'", coldStart?._snapStart === true || coldStart?._provisioned !== undefined || snapStart !== undefined],
      ["'reservedConcurrentExecutions'", reservedConcurrentExecutions !== undefined],
    ];
    return [...limits, ...stated.filter(([, isSet]) => isSet).map(([prop]) =>
      `${prop} must not be set for a function with a capacity provider, got both; `
      + 'Lambda Managed Instances are always initialized and scale by the capacity provider, leave it out')];
  }
}
