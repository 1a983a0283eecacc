import { Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LEGACY_ADOT_LAYER } from '../aws';

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

/** Whether the author stated a subject, by any of its props. An empty list states nothing. A layer of ADOT sends traces itself. */
export function isStated(subject: Subject, props: FunctionProps): boolean {
  if (subject === 'tracing' && props.layers?.some(({ layerVersionArn }) => LEGACY_ADOT_LAYER.test(layerVersionArn))) return true;
  return STATED_BY[subject].some((prop: keyof lambda.FunctionProps) => {
    const value = props[prop];
    return Array.isArray(value) ? value.length > 0 : value !== undefined && !(prop === 'deadLetterQueueEnabled' && value === false);
  });
}

/** The variable from which Powertools reads its log level. */
export const POWERTOOLS_LOG_LEVEL = 'POWERTOOLS_LOG_LEVEL';
/** The variables from which Powertools reads its log level, the preferred one first. */
const OF_POWERTOOLS = [POWERTOOLS_LOG_LEVEL, 'LOG_LEVEL'];
/** Other spellings of handlers and their loggers. The variables of extensions, such as DD_LOG_LEVEL, are not about the function. */
const OTHER_SPELLING = /^((APP|APPLICATION|LAMBDA|AWS_LAMBDA|SERVICE|PINO|WINSTON|NODE|PYTHON|QUARKUS)_?)?LOG(GING|GER)?_?LEVEL$|^RUST_LOG$/i;
/** The variables of Spring, Micronaut and .NET, with the root or a package at their end: `LOGGING_LEVEL_ROOT`, `Logging__LogLevel__Default`. */
const OF_FRAMEWORK = /^(LOGGING_LEVEL|LOGGER_LEVELS|QUARKUS_LOG_CATEGORY|LOGGING__LOGLEVEL)_\w+$/i;
/** Names of levels in loggers, as the levels of Lambda. */
const LEVELS: Record<string, string> = {
  NOTSET: 'TRACE', WARNING: 'WARN', CRITICAL: 'FATAL', SILENT: 'FATAL', INFORMATION: 'INFO', NONE: 'FATAL', OFF: 'FATAL',
};
/** Lambda drops lines below its level. */
const VERBOSE_FIRST = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as lambda.ApplicationLogLevel[];

/** The log level that the environment of a function states, in any spelling, as a level of Lambda. */
export function logLevelOf(environment: { readonly [name: string]: unknown } = {}): lambda.ApplicationLogLevel | undefined {
  const stated = OF_POWERTOOLS.map(name => environment[name]).find(value => value !== undefined && value !== '');
  if (stated !== undefined) return levelIn(stated);
  const others = Object.entries(environment).filter(([name, value]) => (OTHER_SPELLING.test(name) || OF_FRAMEWORK.test(name)) && value !== '').map(([, value]) => levelIn(value));
  // Other loggers of the function do not read these variables, and have the level INFO.
  return others.length === 0 ? undefined : mostVerbose([...others, 'INFO']);
}

/** The level that a value names, the most verbose of several (`RUST_LOG: info,shop=debug`), and TRACE if none is known. */
function levelIn(value: unknown): lambda.ApplicationLogLevel {
  const names = typeof value === 'string' && !Token.isUnresolved(value) ? value.toUpperCase().split(/[,=]/) : [];
  return mostVerbose(names.map(name => LEVELS[name] ?? name)) ?? lambda.ApplicationLogLevel.TRACE;
}

function mostVerbose(levels: string[]): lambda.ApplicationLogLevel | undefined {
  return VERBOSE_FIRST.find(level => levels.includes(level));
}
