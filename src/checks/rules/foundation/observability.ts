import { asBoolean, asString, hasUnknown, isRecord, member, patternOf } from '../../graph';
import type { AppGraph, LambdaFunction, Resource, Value } from '../../graph';
import { each, eachFunction } from '../each';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';

/** What acts on an alarm by itself. */
const ALARM_READERS: [type: string, property: string][] = [
  ['AWS::CodeDeploy::DeploymentGroup', 'AlarmConfiguration.Alarms'], ['AWS::CloudWatch::CompositeAlarm', 'AlarmRule'], ['AWS::CloudWatch::CompositeAlarm', 'ActionsSuppressor'],
  ['AWS::AppConfig::Environment', 'Monitors'], ['AWS::Route53::HealthCheck', 'HealthCheckConfig'], ['AWS::ECS::Service', 'DeploymentConfiguration'],
];

/** Logs, traces, alarms and idempotency. */
export const OBSERVABILITY_RULES: Rule[] = [
  {
    id: 'LP-F12',
    article: 'foundation',
    severity: 'warning',
    title: 'logs are plain text',
    why: 'levels, filters and queries by field need JSON, which costs no code',
    fix: 'set LoggingConfig.LogFormat to JSON',
    source: SOURCE.lambda('monitoring-cloudwatchlogs-logformat'),
    practice: true,
    evaluate: eachFunction(fn => fn.resource.string('LoggingConfig.LogFormat', 'Text') === 'Text' && !fn.managedInstances
      && { at: fn.resource, property: 'LoggingConfig.LogFormat', must: 'must be JSON', got: fn.resource.get('LoggingConfig.LogFormat') }),
  },
  {
    id: 'LP-F13',
    article: 'foundation',
    severity: 'warning',
    title: 'logs are kept for ever',
    why: 'a log group that Lambda makes for itself never expires and belongs to no stack',
    fix: 'create the log group with a retention and set LoggingConfig.LogGroup',
    source: SOURCE.lambda('monitoring-cloudwatchlogs-loggroups'),
    elsewhere: 'cdk-nag Serverless: CloudWatchLogGroupRetentionPeriod, on log groups that exist',
    practice: true,
    evaluate: eachFunction((fn, app) => {
      const group = logGroupOf(fn);
      if (!fn.resource.lacks('LoggingConfig.LogGroup') && !group) return undefined;
      if (group) return group.lacks('RetentionInDays') && { at: group, property: 'RetentionInDays', must: `must be set for the logs of ${fn.path}`, got: undefined };
      const retained = app.ofType('Custom::LogRetention').some(custom => app.mentioned(custom.get('LogGroupName')).has(fn.resource));
      return !retained && !fn.atEdge && { at: fn.resource, property: 'LoggingConfig.LogGroup', must: 'must be a log group with a retention', got: undefined };
    }),
  },
  {
    id: 'LP-F14',
    article: 'foundation',
    severity: 'warning',
    title: 'log retention by custom resource',
    why: 'logRetention is deprecated and brings a function of its own that changes the log group afterwards',
    fix: 'use the prop logGroup',
    source: SOURCE.lambda('monitoring-cloudwatchlogs-loggroups'),
    elsewhere: 'CDK: deprecation of the prop',
    practice: true,
    // the log groups of databases and APIs are made by their services, and have no other prop
    evaluate: each('Custom::LogRetention', custom => patternOf(custom.get('LogGroupName')).startsWith('/aws/lambda/')
      && { at: custom, property: 'RetentionInDays', must: 'must be set on a log group of the stack', got: custom.get('RetentionInDays') }),
  },
  {
    id: 'LP-F15',
    article: 'foundation',
    severity: 'error',
    title: 'CloudWatch Logs may not use the key',
    why: 'creating the log group fails unless the policy of the key lets the service logs.<region> use it',
    fix: 'allow kms:Encrypt*, Decrypt*, ReEncrypt*, GenerateDataKey* and Describe* to logs.<region>.amazonaws.com, for the log group in kms:EncryptionContext:aws:logs:arn',
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html',
    evaluate: each('AWS::Logs::LogGroup', (group, app) => {
      const key = app.resourceOf(group.get('KmsKeyId'), group, 'AWS::KMS::Key');
      const policy = key?.get('KeyPolicy');
      if (!key || !isRecord(policy) || !isRecordList(policy.Statement)) return undefined;
      return !policy.Statement.some(statement => mayBeLogs(member(statement, 'Principal')))
        && { at: group, property: 'KmsKeyId', must: 'must be a key that logs.<region>.amazonaws.com may use', got: key.path };
    }),
  },
  {
    id: 'LP-F55',
    article: 'foundation',
    severity: 'error',
    title: 'the idempotency table lacks what Powertools expects',
    why: 'without a TTL records stay for ever, and Powertools writes a string key',
    fix: 'key the table by a string and set the TTL attribute expiration',
    source: SOURCE.idempotency,
    evaluate: eachIdempotencyTable((table, property) => [
      ...(table.lacks('TimeToLiveSpecification') ? [{ at: table, property: 'TimeToLiveSpecification', must: 'must be set on an idempotency table', got: undefined }] : []),
      ...table.list('AttributeDefinitions').filter(attribute => asString(member(attribute, 'AttributeName')) === property && member(attribute, 'AttributeType') === 'N')
        .map(() => ({ at: table, property: 'AttributeDefinitions', must: `must have the string key ${property}`, got: 'a number' })),
    ]),
  },
  {
    id: 'LP-F56',
    article: 'foundation',
    severity: 'warning',
    title: 'the idempotency table can be lost',
    why: 'without its records every redelivery is done again',
    fix: 'switch on point-in-time recovery and deletion protection',
    source: SOURCE.idempotency,
    elsewhere: 'cdk-nag: AwsSolutions-DDB3 for recovery',
    practice: true,
    evaluate: eachIdempotencyTable(table => [
      ...(recovery(table) ? [] : [{ at: table, property: 'PointInTimeRecoverySpecification', must: 'must be enabled on an idempotency table', got: undefined }]),
      ...(protection(table) ? [] : [{ at: table, property: 'DeletionProtectionEnabled', must: 'must be true on an idempotency table', got: undefined }]),
    ]),
  },
  {
    id: 'LP-F59',
    article: 'foundation',
    severity: 'warning',
    title: 'traced twice',
    why: 'the legacy ADOT layer and active tracing of Lambda both send spans',
    fix: 'keep one of the two',
    source: SOURCE.lambda('services-xray'),
    evaluate: eachFunction(fn => fn.resource.string('TracingConfig.Mode') === 'Active' && fn.resource.list('Layers').some(layer => /:layer:aws-otel-/.test(patternOf(layer)))
      && { at: fn.resource, property: 'TracingConfig.Mode', must: 'must be PassThrough beside the legacy ADOT layer', got: 'Active' }),
  },
  {
    id: 'LP-F60',
    article: 'foundation',
    severity: 'warning',
    title: 'an alarm that tells nobody',
    why: 'an alarm without an action is seen only by who looks at it',
    fix: 'add an SNS topic or another action',
    source: SOURCE.cloudWatch('Best_Practice_Recommended_Alarms_AWS_Services'),
    practice: true,
    evaluate: app => {
      const silent = app.ofType('AWS::CloudWatch::Alarm').filter(alarm => ['AlarmActions', 'OKActions', 'InsufficientDataActions'].every(list => alarm.lacks(list) || (!alarm.isUnknown(list) && alarm.list(list).length === 0)));
      if (silent.length === 0) return [];
      // an alarm of a release or of a composite alarm has its reader, and so has one that a health check or a roll-out watches
      const read = new Set(ALARM_READERS.flatMap(([type, property]) => app.ofType(type).flatMap(reader => [...app.mentioned(reader.get(property))])));
      return silent.filter(alarm => !read.has(alarm))
        .map(alarm => ({ at: alarm, property: 'AlarmActions', must: 'must notify somebody', got: undefined }));
    },
  },
  {
    id: 'LP-F61',
    article: 'foundation',
    severity: 'warning',
    title: 'Powertools in development mode',
    why: 'POWERTOOLS_DEV and POWERTOOLS_LOGGER_LOG_EVENT write whole events into the logs, personal data included',
    fix: 'set them in sandboxes only',
    source: 'https://docs.aws.amazon.com/powertools/typescript/latest/environment-variables/',
    practice: true,
    evaluate: eachFunction(fn => fn.environment
      .filter(([key, value]) => /^POWERTOOLS_(DEV|LOGGER_LOG_EVENT)$/.test(key) && /^(true|1|on|yes)$/i.test(patternOf(value)))
      .map(([key, value]) => ({ at: fn.resource, property: `Environment.Variables.${key}`, must: 'must be false in production', got: value }))),
  },
  {
    id: 'LP-F85',
    article: 'foundation',
    severity: 'error',
    title: 'log levels without JSON',
    why: 'Lambda filters by level in JSON logs only and refuses levels for text',
    fix: 'set LoggingConfig.LogFormat to JSON',
    source: SOURCE.lambda('monitoring-cloudwatchlogs-log-level'),
    elsewhere: 'CDK throws for its own functions',
    evaluate: eachFunction(fn => fn.resource.string('LoggingConfig.LogFormat', 'Text') === 'Text' && !fn.managedInstances
      && (fn.resource.string('LoggingConfig.ApplicationLogLevel') ?? fn.resource.string('LoggingConfig.SystemLogLevel')) !== undefined
      && { at: fn.resource, property: 'LoggingConfig.LogFormat', must: 'must be JSON when levels are set', got: fn.resource.get('LoggingConfig.LogFormat') ?? 'Text (the default)' }),
  },
  {
    id: 'LP-F86',
    article: 'foundation',
    severity: 'warning',
    title: 'tracing is off',
    why: 'Active samples one request a second and 5 % of the rest; without it a slow call downstream is not seen',
    fix: 'set TracingConfig.Mode to Active',
    source: SOURCE.lambda('services-xray'),
    elsewhere: 'cdk-nag Serverless: LambdaTracing',
    practice: true,
    evaluate: eachFunction(fn => fn.resource.string('TracingConfig.Mode', 'PassThrough') === 'PassThrough' && !fn.resource.list('Layers').some(layer => /otel|OTel|OpenTelemetry/.test(patternOf(layer))) && !fn.atEdge
      && { at: fn.resource, property: 'TracingConfig.Mode', must: 'must be Active', got: fn.resource.get('TracingConfig.Mode') }),
  },
];

function logGroupOf(fn: LambdaFunction): Resource | undefined {
  const explicit = fn.app.resourceOf(fn.resource.get('LoggingConfig.LogGroup'), fn.resource, 'AWS::Logs::LogGroup');
  if (explicit || !fn.resource.lacks('LoggingConfig.LogGroup')) return explicit;
  // the group that Lambda would make for itself, made beforehand
  const name = fn.resource.string('FunctionName');
  return fn.app.ofType('AWS::Logs::LogGroup').find(group => {
    const pattern = patternOf(group.get('LogGroupName'));
    return pattern.startsWith('/aws/lambda/') && (fn.app.mentioned(group.get('LogGroupName')).has(fn.resource) || (name !== undefined && pattern === `/aws/lambda/${name}`));
  });
}

function eachIdempotencyTable(check: (table: Resource, key: string | undefined) => ReturnType<Rule['evaluate']>): (app: AppGraph) => ReturnType<Rule['evaluate']> {
  return app => app.ofType('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable').filter(isIdempotencyTable)
    .flatMap(table => [...check(table, asString(member(table.list('KeySchema')[0], 'AttributeName')))]);
}

/** By the attributes of Powertools' records, or by what the table is called: the stack around it may be called anything. */
function isIdempotencyTable(table: Resource): boolean {
  const powertools = table.string('TimeToLiveSpecification.AttributeName') === 'expiration' && asString(member(table.list('KeySchema')[0], 'AttributeName')) === 'id';
  return powertools || /idempoten/i.test(`${table.logicalId} ${patternOf(table.get('TableName'))}`);
}

function recovery(table: Resource): boolean {
  const enabled = [table.get('PointInTimeRecoverySpecification'), ...table.list('Replicas').map(replica => member(replica, 'PointInTimeRecoverySpecification'))];
  return enabled.some(specification => hasUnknown(specification) || asBoolean(member(specification, 'PointInTimeRecoveryEnabled')) === true);
}

function protection(table: Resource): boolean {
  return [table.get('DeletionProtectionEnabled'), ...table.list('Replicas').map(replica => member(replica, 'DeletionProtectionEnabled'))]
    .some(value => hasUnknown(value) || asBoolean(value) === true);
}

function isRecordList(value: unknown): value is Record<string, never>[] {
  return Array.isArray(value) && value.every(item => isRecord(item));
}

/** The service, everyone, or what cannot be known. */
function mayBeLogs(principal: Value): boolean {
  if (isRecord(principal) || Array.isArray(principal)) return Object.values(principal).some(mayBeLogs);
  const [start] = patternOf(principal).split('*');
  return 'logs.'.startsWith(start) || start.startsWith('logs.');
}
