import { Duration, Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { ProductionFunction, ProductionFunctionProps } from './production-function';
import { FailureQueue } from '../failure';
import { DEFAULTS } from '../limits';
import { Profile } from '../profile';

const D = DEFAULTS.ProductionFunction;
/** Levels of Lambda that Powertools calls otherwise: Powertools for Python stops at a name it does not know. */
const POWERTOOLS_LEVELS: Record<string, string> = { TRACE: 'DEBUG', FATAL: 'CRITICAL' };

/** The props of the function underneath: what the user gave, and the defaults for what the user left out. */
export class DefinitionProps {
  public static of(
    owner: ProductionFunction, props: ProductionFunctionProps, role: iam.IRole, logGroup: logs.ILogGroupRef,
  ): lambda.FunctionProps {
    const {
      // What the alias, the log group and this class do instead.
      secrets: _secrets, idempotency: _idempotency, release: _release, events: _events, coldStart, alarms: _alarms,
      logEncryptionKey: _key, logRetention: _retention, logRemovalPolicy: _removal,
      onFailure: _onFailure, onSuccess: _onSuccess, maxEventAge: _maxEventAge, retryAttempts: _retryAttempts,
      ...given
    } = props;
    const isImage = given.runtime === lambda.Runtime.FROM_IMAGE;
    return stated({
      ...given,
      role,
      logGroup,
      memorySize: given.memorySize ?? memoryFor(given.runtime),
      timeout: given.timeout ?? Duration.seconds(D.timeoutSeconds.value),
      architecture: given.architecture ?? lambda.Architecture.ARM_64,
      tracing: given.tracing ?? lambda.Tracing.ACTIVE,
      snapStart: coldStart?._snapStart ? lambda.SnapStartConf.ON_PUBLISHED_VERSIONS : given.snapStart,
      recursiveLoop: given.recursiveLoop ?? lambda.RecursiveLoop.TERMINATE,
      runtimeManagementMode: given.runtimeManagementMode ?? (isImage ? undefined : lambda.RuntimeManagementMode.AUTO),
      allowAllOutbound: given.allowAllOutbound ?? (given.vpc && !given.securityGroups?.length ? D.allowAllOutbound.value : undefined),
      currentVersionOptions: {
        ...given.currentVersionOptions,
        removalPolicy: given.currentVersionOptions?.removalPolicy ?? Profile.of(owner).removalPolicy,
      },
      environment: { ...powertools(owner, given), ...given.environment },
      deadLetterQueue: given.deadLetterQueue ?? durableFailures(owner, given),
      ...logging(given),
    });
  }
}

/** Without the props that are undefined: a property injector on `lambda.Function` may fill those with its own defaults. */
function stated(props: lambda.FunctionProps): lambda.FunctionProps {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)) as unknown as lambda.FunctionProps;
}

function memoryFor(runtime: lambda.Runtime): number {
  const slowStart = runtime.family === lambda.RuntimeFamily.JAVA || runtime.family === lambda.RuntimeFamily.DOTNET_CORE;
  return slowStart ? D.memorySizeJavaDotnet.value : D.memorySize.value;
}

function logging(given: lambda.FunctionProps): Partial<lambda.FunctionProps> {
  const loggingFormat = given.loggingFormat ?? (given.logFormat === undefined ? lambda.LoggingFormat.JSON : undefined);
  if (loggingFormat !== lambda.LoggingFormat.JSON && given.logFormat !== lambda.LoggingFormat.JSON) return { loggingFormat };
  return {
    loggingFormat,
    applicationLogLevelV2: given.applicationLogLevelV2 ?? (given.applicationLogLevel === undefined ? lambda.ApplicationLogLevel.INFO : undefined),
    systemLogLevelV2: given.systemLogLevelV2 ?? (given.systemLogLevel === undefined ? lambda.SystemLogLevel.INFO : undefined),
  };
}

/** What Powertools for AWS Lambda reads in every language. */
function powertools(owner: ProductionFunction, given: lambda.FunctionProps): Record<string, string> {
  const service = Stack.of(owner).node.id;
  const level = given.applicationLogLevelV2 ?? given.applicationLogLevel ?? D.applicationLogLevel.value;
  return {
    POWERTOOLS_SERVICE_NAME: service,
    POWERTOOLS_METRICS_NAMESPACE: service,
    POWERTOOLS_LOG_LEVEL: POWERTOOLS_LEVELS[level] ?? level,
  };
}

/** Durable functions know no destinations; their failed events go to a dead-letter queue. */
function durableFailures(owner: ProductionFunction, given: lambda.FunctionProps) {
  const chosen = given.deadLetterTopic ?? given.deadLetterQueueEnabled;
  return given.durableConfig && chosen === undefined ? FailureQueue.of(owner) : undefined;
}
