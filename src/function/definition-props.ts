import { Duration, Stack } from 'aws-cdk-lib';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { ProductionFunctionProps } from './production-function-props';
import { DEFAULTS } from '../defaults';
import { FailureQueue } from '../failure';
import { imageAssetOf } from '../private/cdk-internals';
import { isStated, logLevelOf, POWERTOOLS_LOG_LEVEL } from '../private/stated-props';
import { Profile } from '../profile';

const D = DEFAULTS.ProductionFunction;
/** Levels of Lambda that have other names in Powertools. Powertools for Python throws an error for a name that it does not know. */
const POWERTOOLS_LEVELS: Record<string, string> = { TRACE: 'DEBUG', FATAL: 'CRITICAL' };

/** The props of the function behind the alias: the props of the user, and defaults for the props that the user does not set. */
export function definitionProps(
  owner: Construct, props: ProductionFunctionProps, role: iam.IRole, logGroup: logs.ILogGroupRef,
): lambda.FunctionProps {
  const {
    // Props of the alias, the log group and this construct.
    secrets: _secrets, notSecrets: _notSecrets, idempotency: _idempotency, release: _release, events: _events, coldStart, alarms: _alarms,
    logEncryptionKey: _key, logRetention: _retention, logRemovalPolicy: _removal,
    onFailure: _onFailure, onSuccess: _onSuccess, maxEventAge: _maxEventAge, retryAttempts: _retryAttempts,
    ...own
  } = props;
  const isImage = own.runtime === lambda.Runtime.FROM_IMAGE;
  return withoutUndefined({
    ...own,
    role,
    logGroup,
    code: imageFor(own.code, architectureOf(own)),
    memorySize: own.memorySize ?? memoryFor(own.runtime),
    timeout: own.timeout ?? Duration.seconds(D.timeoutSeconds.value),
    architecture: architectureOf(own),
    tracing: own.tracing ?? (isStated('tracing', own) ? lambda.Tracing.PASS_THROUGH : lambda.Tracing.ACTIVE),
    snapStart: coldStart?._snapStart ? lambda.SnapStartConf.ON_PUBLISHED_VERSIONS : own.snapStart,
    recursiveLoop: own.recursiveLoop ?? lambda.RecursiveLoop.TERMINATE,
    runtimeManagementMode: own.runtimeManagementMode ?? (isImage ? undefined : lambda.RuntimeManagementMode.AUTO),
    allowAllOutbound: own.allowAllOutbound ?? (own.vpc && !isStated('outboundTraffic', own) ? D.allowAllOutbound.value : undefined),
    currentVersionOptions: {
      ...own.currentVersionOptions,
      removalPolicy: own.currentVersionOptions?.removalPolicy ?? Profile.of(owner).removalPolicy,
    },
    environment: { ...powertools(owner, own), ...own.environment },
    deadLetterQueue: own.deadLetterQueue ?? durableDeadLetterQueue(owner, own),
    ...logging(own),
  });
}

/** The architecture of the function: the author's, or else the one that its image is built for, or else arm64. */
export function architectureOf({ architecture, code }: lambda.FunctionProps): lambda.Architecture {
  const { X86_64, ARM_64 } = lambda.Architecture;
  return architecture ?? [X86_64, ARM_64].find(known => known.dockerPlatform === imagePlatformOf(code)) ?? ARM_64;
}

/** The platform that an image is built for, without a variant such as `v8`; undefined for other code. */
export function imagePlatformOf(code: lambda.Code): string | undefined {
  return imageAssetOf(code)?.props.platform?.platform.split('/', 2).join('/');
}

/** Docker builds for the processor of its host unless the image states a platform, and Lambda cannot start an image for another processor. */
function imageFor(code: lambda.Code, { dockerPlatform }: lambda.Architecture): lambda.Code {
  const image = imageAssetOf(code);
  if (!image || image.props.platform) return code;
  return lambda.Code.fromAssetImage(image.directory, { ...image.props, platform: Platform.custom(dockerPlatform) });
}

/** Removes props that are undefined, because a property injector on `lambda.Function` may set defaults only for absent props. */
function withoutUndefined(props: lambda.FunctionProps): lambda.FunctionProps {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined)) as unknown as lambda.FunctionProps;
}

function memoryFor(runtime: lambda.Runtime): number {
  const slowStart = runtime.family === lambda.RuntimeFamily.JAVA || runtime.family === lambda.RuntimeFamily.DOTNET_CORE;
  return slowStart ? D.memorySizeJavaDotnet.value : D.memorySize.value;
}

function logging(own: lambda.FunctionProps): Partial<lambda.FunctionProps> {
  const loggingFormat = own.loggingFormat ?? (isStated('logFormat', own) ? undefined : lambda.LoggingFormat.JSON);
  if (loggingFormat !== lambda.LoggingFormat.JSON && own.logFormat !== lambda.LoggingFormat.JSON) return { loggingFormat };
  return {
    loggingFormat,
    applicationLogLevelV2: own.applicationLogLevelV2
      ?? (isStated('applicationLogLevel', own) ? undefined : logLevelOf(own.environment) ?? lambda.ApplicationLogLevel.INFO),
    systemLogLevelV2: own.systemLogLevelV2 ?? (isStated('systemLogLevel', own) ? undefined : lambda.SystemLogLevel.INFO),
  };
}

/** The environment variables that Powertools for AWS Lambda reads in every language. */
function powertools(owner: Construct, own: lambda.FunctionProps): Record<string, string> {
  const service = Stack.of(owner).node.id;
  const level = own.applicationLogLevelV2 ?? own.applicationLogLevel ?? D.applicationLogLevel.value;
  return {
    POWERTOOLS_SERVICE_NAME: service,
    POWERTOOLS_METRICS_NAMESPACE: service,
    ...logLevelOf(own.environment) === undefined && { [POWERTOOLS_LOG_LEVEL]: POWERTOOLS_LEVELS[level] ?? level },
  };
}

/** Durable functions do not support destinations; their failed events are sent to a dead-letter queue. */
function durableDeadLetterQueue(owner: Construct, own: lambda.FunctionProps) {
  const chosen = own.deadLetterTopic ?? own.deadLetterQueueEnabled;
  return own.durableConfig && chosen === undefined ? FailureQueue.getOrCreate(owner) : undefined;
}
