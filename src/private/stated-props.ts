import { Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';

type FunctionProps = Partial<lambda.FunctionProps>;

/**
 * The props by which an author states a subject. A default of the subject applies only if none of them is set. Both
 * ProductionFunction and ProductionDefaults read this table.
 */
const STATED_BY = {
  memorySize: ['memorySize'],
  timeout: ['timeout'],
  architecture: ['architecture'],
  tracing: ['tracing', 'adotInstrumentation'],
  logFormat: ['loggingFormat', 'logFormat'],
  applicationLogLevel: ['applicationLogLevelV2', 'applicationLogLevel'],
  systemLogLevel: ['systemLogLevelV2', 'systemLogLevel'],
  logGroup: ['logGroup', 'logRetention', 'logRemovalPolicy', 'logRetentionRole'],
  failedEvents: ['onFailure', 'deadLetterQueue', 'deadLetterTopic', 'deadLetterQueueEnabled'],
  outboundTraffic: ['allowAllOutbound', 'securityGroups'],
  recursiveLoop: ['recursiveLoop'],
  runtimeManagement: ['runtimeManagementMode'],
} as const satisfies Record<string, readonly (keyof lambda.FunctionProps)[]>;

export type Subject = keyof typeof STATED_BY;

/** Whether the author stated a subject, by any of its props. An empty list states nothing. */
export function isStated(subject: Subject, props: FunctionProps): boolean {
  return STATED_BY[subject].some((prop: keyof lambda.FunctionProps) => {
    const value = props[prop];
    return Array.isArray(value) ? value.length > 0 : value !== undefined && !(prop === 'deadLetterQueueEnabled' && value === false);
  });
}

/** The environment variables by which handlers set the level of their logger. Powertools prefers the first. */
export const LOG_LEVEL_VARIABLES = ['POWERTOOLS_LOG_LEVEL', 'LOG_LEVEL'] as const;
/** Names of levels in loggers, as the levels of Lambda. */
const LEVELS: Record<string, string> = { NOTSET: 'TRACE', WARNING: 'WARN', CRITICAL: 'FATAL', SILENT: 'FATAL' };

/** The log level that the environment of a function states, in any spelling, as a level of Lambda. */
export function logLevelOf(environment: { readonly [name: string]: unknown } | undefined): lambda.ApplicationLogLevel | undefined {
  const stated = LOG_LEVEL_VARIABLES.map(name => environment?.[name]).find(value => value !== undefined);
  if (stated === undefined) return undefined;
  const name = typeof stated === 'string' && !Token.isUnresolved(stated) ? stated.toUpperCase() : '';
  const level = LEVELS[name] ?? name;
  // Lambda drops lines below its level, so a level that is not known must not be filtered.
  return Object.values(lambda.ApplicationLogLevel).find(known => known === level) ?? lambda.ApplicationLogLevel.TRACE;
}
