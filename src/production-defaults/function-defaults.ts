import { Duration, FeatureFlags, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { NewConstruct } from './defaults-injector';
import { isForLambdaAtEdge } from './lambda-at-edge';
import { DEFAULTS } from '../defaults';
import { MANAGED_LOG_GROUP_FLAG } from '../private/cdk-internals';
import { isStated } from '../private/stated-props';
import { Profile } from '../profile/profile';

const D = DEFAULTS.ProductionFunction;
const TRACING_OF_LAYER = { ...D.tracing, why: 'the ADOT layer sends the traces itself, and active tracing would send them twice', rule: 'LP-F59' };

/** The defaults of a function that require no change of its code. */
export function functionDefaults(
  props: Partial<lambda.FunctionProps>, fn: NewConstruct, architecture?: lambda.Architecture,
): Partial<lambda.FunctionProps> {
  if (isForLambdaAtEdge(fn.scope)) return {};
  return {
    ...!isStated('memorySize', props) && { memorySize: memorySize(props, fn) },
    ...!isStated('timeout', props) && { timeout: Duration.seconds(fn.apply('timeout', D.timeoutSeconds.value, D.timeoutSeconds)) },
    ...!isStated('logFormat', props) && { loggingFormat: fn.apply('loggingFormat', lambda.LoggingFormat.JSON, D.loggingFormat) },
    ...isStated('tracing', props) ? tracingOfLayer(props, fn) : canAddPolicies(props) && announceTracing(fn),
    ...needsLogGroup(props, fn) && { logGroup: createLogGroup(props, fn) },
    ...architecture && !isStated('architecture', props) && isPortable(props) && {
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

/** It is set at synth, because its permission cannot be removed from the role of a function that a distribution uses. */
function announceTracing(fn: NewConstruct): object {
  fn.apply('tracing', lambda.Tracing.ACTIVE, D.tracing);
  return {};
}

/** CDK sets active tracing for `adotInstrumentation`, whose layer sends the traces itself. */
function tracingOfLayer({ adotInstrumentation, tracing }: Partial<lambda.FunctionProps>, fn: NewConstruct): Partial<lambda.FunctionProps> {
  if (adotInstrumentation === undefined || tracing !== undefined) return {};
  return { tracing: fn.apply('tracing', lambda.Tracing.PASS_THROUGH, TRACING_OF_LAYER) };
}

/** Lambda rejects active tracing if the role may not send traces, and CDK cannot add permissions to an imported role. */
function canAddPolicies({ role }: Partial<lambda.FunctionProps>): boolean {
  return role === undefined || iam.Role.isRole(role);
}

/** The log group that CDK creates with its feature flag has a retention already; a shorter one would delete logs. */
function needsLogGroup(props: Partial<lambda.FunctionProps>, { scope, stack }: NewConstruct): boolean {
  // The ARN of the log group in a role of another stack would make the two stacks depend on each other.
  const isWritable = props.role === undefined || (iam.Role.isRole(props.role) && Stack.of(props.role) === stack);
  return !isStated('logGroup', props) && isWritable && !FeatureFlags.of(scope).isEnabled(MANAGED_LOG_GROUP_FLAG);
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
