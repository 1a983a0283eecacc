import { Duration, FeatureFlags, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { isAtEdge } from './edge';
import type { Place } from './floor';
import { Profile } from './profile';
import { DEFAULTS } from '../limits';

const D = DEFAULTS.ProductionFunction;
const CDK_MAKES_LOG_GROUPS = '@aws-cdk/aws-lambda:useCdkManagedLogGroup';

/** What a plain function lacks and can get without a word from its code. */
export function missingOfFunction(
  given: Partial<lambda.FunctionProps>, place: Place, architecture?: lambda.Architecture,
): Partial<lambda.FunctionProps> {
  if (isAtEdge(place.scope)) return {};
  return {
    ...given.memorySize === undefined && { memorySize: memory(given, place) },
    ...given.timeout === undefined && { timeout: Duration.seconds(place.give('timeout', D.timeoutSeconds.value, D.timeoutSeconds)) },
    ...given.loggingFormat === undefined && given.logFormat === undefined && {
      loggingFormat: place.give('loggingFormat', lambda.LoggingFormat.JSON, D.loggingFormat),
    },
    ...given.tracing === undefined && given.adotInstrumentation === undefined && takesPolicies(given) && {
      tracing: place.give('tracing', lambda.Tracing.ACTIVE, D.tracing),
    },
    ...lacksLogGroup(given, place) && { logGroup: ownLogGroup(given, place) },
    ...architecture && given.architecture === undefined && isBuiltForAny(given) && {
      architecture: place.give('architecture', architecture, D.architecture, architecture.name),
    },
  };
}

/**
 * A version is needed for a rollback after the next one has come; `currentVersion` of a function is one too. One with
 * environments of its own would keep them, and their bill.
 */
export function missingOfVersion(given: Partial<lambda.VersionProps>, place: Place): Partial<lambda.VersionProps> {
  if (given.removalPolicy !== undefined || given.provisionedConcurrentExecutions !== undefined || isAtEdge(place.scope)) return {};
  return { removalPolicy: place.give('removalPolicy', Profile.of(place.scope).removalPolicy, D.versionRemovalPolicy) };
}

function memory(given: Partial<lambda.FunctionProps>, place: Place): number {
  const { family } = given.runtime ?? {};
  const row = family === lambda.RuntimeFamily.JAVA || family === lambda.RuntimeFamily.DOTNET_CORE ? D.memorySizeJavaDotnet : D.memorySize;
  return place.give('memorySize', row.value, row);
}

/** Lambda refuses active tracing to a role that may not send traces, and CDK can't add to a role that it does not own. */
function takesPolicies({ role }: Partial<lambda.FunctionProps>): boolean {
  return role === undefined || iam.Role.isRole(role);
}

/** The group that CDK makes by its flag has an end already, and a shorter one would delete what is in it. */
function lacksLogGroup(given: Partial<lambda.FunctionProps>, { scope, stack }: Place): boolean {
  const chosen = given.logGroup ?? given.logRetention ?? given.logRemovalPolicy ?? given.logRetentionRole;
  // In a role of another stack the group's ARN would make each of the two stacks wait for the other.
  const isWritable = given.role === undefined || (iam.Role.isRole(given.role) && Stack.of(given.role) === stack);
  return chosen === undefined && isWritable && !FeatureFlags.of(scope).isEnabled(CDK_MAKES_LOG_GROUPS);
}

function ownLogGroup({ role }: Partial<lambda.FunctionProps>, place: Place): logs.LogGroup {
  const { logRetention, removalPolicy } = Profile.of(place.scope);
  const group = new logs.LogGroup(place.room('Logs'), 'Logs', { retention: logRetention, removalPolicy });
  if (role) group.grantWrite(role);
  return place.give('logGroup', group, D.logRetentionDays, logRetention);
}

/** What is built for a machine (an image, a layer) can't change it without being built again. */
function isBuiltForAny({ runtime, layers }: Partial<lambda.FunctionProps>): boolean {
  return runtime !== lambda.Runtime.FROM_IMAGE && !layers?.length && runtime?.family !== lambda.RuntimeFamily.OTHER;
}
