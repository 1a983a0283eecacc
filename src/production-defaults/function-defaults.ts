import { Duration, FeatureFlags, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { NewConstruct } from './defaults-injector';
import { isForLambdaAtEdge } from './lambda-at-edge';
import { DEFAULTS } from '../defaults';
import { MANAGED_LOG_GROUP_FLAG } from '../private/cdk-internals';
import { Profile } from '../profile/profile';

const D = DEFAULTS.ProductionFunction;

/** The defaults of a function that require no change of its code. */
export function functionDefaults(
  props: Partial<lambda.FunctionProps>, fn: NewConstruct, architecture?: lambda.Architecture,
): Partial<lambda.FunctionProps> {
  if (isForLambdaAtEdge(fn.scope)) return {};
  return {
    ...props.memorySize === undefined && { memorySize: memorySize(props, fn) },
    ...props.timeout === undefined && { timeout: Duration.seconds(fn.apply('timeout', D.timeoutSeconds.value, D.timeoutSeconds)) },
    ...props.loggingFormat === undefined && props.logFormat === undefined && {
      loggingFormat: fn.apply('loggingFormat', lambda.LoggingFormat.JSON, D.loggingFormat),
    },
    ...props.tracing === undefined && props.adotInstrumentation === undefined && canAddPolicies(props) && {
      tracing: fn.apply('tracing', lambda.Tracing.ACTIVE, D.tracing),
    },
    ...needsLogGroup(props, fn) && { logGroup: createLogGroup(props, fn) },
    ...architecture && props.architecture === undefined && isPortable(props) && {
      architecture: fn.apply('architecture', architecture, D.architecture, architecture.name),
    },
  };
}

/**
 * The defaults of a version, including `currentVersion`: it is retained for a rollback after the next version is published.
 * Not of a version with provisioned concurrency, which would be charged for as long as the version exists.
 */
export function versionDefaults(props: Partial<lambda.VersionProps>, version: NewConstruct): Partial<lambda.VersionProps> {
  if (props.removalPolicy !== undefined || props.provisionedConcurrentExecutions !== undefined || isForLambdaAtEdge(version.scope)) return {};
  return { removalPolicy: version.apply('removalPolicy', Profile.of(version.scope).removalPolicy, D.versionRemovalPolicy) };
}

function memorySize({ runtime }: Partial<lambda.FunctionProps>, fn: NewConstruct): number {
  const isJvmOrClr = runtime?.family === lambda.RuntimeFamily.JAVA || runtime?.family === lambda.RuntimeFamily.DOTNET_CORE;
  const row = isJvmOrClr ? D.memorySizeJavaDotnet : D.memorySize;
  return fn.apply('memorySize', row.value, row);
}

/** Lambda rejects active tracing if the role may not send traces, and CDK cannot add permissions to an imported role. */
function canAddPolicies({ role }: Partial<lambda.FunctionProps>): boolean {
  return role === undefined || iam.Role.isRole(role);
}

/** The log group that CDK creates with its feature flag has a retention already; a shorter one would delete logs. */
function needsLogGroup(props: Partial<lambda.FunctionProps>, { scope, stack }: NewConstruct): boolean {
  const stated = props.logGroup ?? props.logRetention ?? props.logRemovalPolicy ?? props.logRetentionRole;
  // The ARN of the log group in a role of another stack would make the two stacks depend on each other.
  const isWritable = props.role === undefined || (iam.Role.isRole(props.role) && Stack.of(props.role) === stack);
  return stated === undefined && isWritable && !FeatureFlags.of(scope).isEnabled(MANAGED_LOG_GROUP_FLAG);
}

function createLogGroup({ role }: Partial<lambda.FunctionProps>, fn: NewConstruct): logs.LogGroup {
  const { logRetention, removalPolicy } = Profile.of(fn.scope);
  const group = new logs.LogGroup(fn.supportScope('Logs'), 'Logs', { retention: logRetention, removalPolicy });
  if (role) group.grantWrite(role);
  return fn.apply('logGroup', group, D.logRetentionDays, logRetention);
}

/** Images, layers and custom runtimes are built for one architecture. */
function isPortable({ runtime, layers }: Partial<lambda.FunctionProps>): boolean {
  return runtime !== lambda.Runtime.FROM_IMAGE && !layers?.length && runtime?.family !== lambda.RuntimeFamily.OTHER;
}
