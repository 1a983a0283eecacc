import { identityOf, isRecord, patternOf } from '../../graph';
import type { AppGraph, LambdaFunction, Resource, Value } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { each, eachFunction } from '../support/each';
import type { Found } from '../support/each';
import { isUsable, keyOf } from '../support/key-policies';

/** Without these, a log group with the key cannot be created or read. */
const KEY_ACTIONS = ['kms:GenerateDataKey', 'kms:Decrypt'];

export const LOGS_RULES: Rule[] = [
  {
    id: 'LP-F12',
    category: 'foundation',
    severity: 'warning',
    title: 'Logs are plain text',
    why: 'Log levels, filters and field queries require JSON logs, which need no code change.',
    fix: 'set LoggingConfig.LogFormat to JSON',
    source: SOURCE.lambda('monitoring-cloudwatchlogs-logformat'),
    practice: true,
    evaluate: eachFunction(plainTextLogs),
  },
  {
    id: 'LP-F13',
    category: 'foundation',
    severity: 'warning',
    title: 'Logs are retained indefinitely',
    why: 'A log group that Lambda creates never expires and belongs to no stack.',
    fix: 'create the log group with a retention period and set LoggingConfig.LogGroup',
    source: SOURCE.lambda('monitoring-cloudwatchlogs-loggroups'),
    elsewhere: 'cdk-nag Serverless: CloudWatchLogGroupRetentionPeriod, on existing log groups only',
    practice: true,
    evaluate: eachFunction(logsWithoutRetention),
  },
  {
    id: 'LP-F14',
    category: 'foundation',
    severity: 'warning',
    title: 'Log retention is set by a custom resource',
    why: 'logRetention is deprecated. It adds a function that changes the log group after its creation.',
    fix: 'use the logGroup prop',
    source: SOURCE.lambda('monitoring-cloudwatchlogs-loggroups'),
    elsewhere: 'CDK: the prop is deprecated',
    practice: true,
    evaluate: each('Custom::LogRetention', retentionByCustomResource),
  },
  {
    id: 'LP-F15',
    category: 'foundation',
    severity: 'error',
    title: 'CloudWatch Logs is not allowed to use the KMS key',
    why:
      'The log group cannot be created unless the key policy allows the service principal '
      + 'logs.<region>.amazonaws.com.',
    fix:
      'allow kms:Encrypt*, kms:Decrypt*, kms:ReEncrypt*, kms:GenerateDataKey* and kms:Describe* to '
      + 'logs.<region>.amazonaws.com, with the ARN of the log group in the condition '
      + 'kms:EncryptionContext:aws:logs:arn',
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html',
    evaluate: each('AWS::Logs::LogGroup', keyNotUsableByLogs),
  },
  {
    id: 'LP-F113',
    category: 'foundation',
    severity: 'error',
    title: 'Log group name contains a character that is not allowed',
    why:
      'CloudWatch Logs allows letters, digits and _-/.#. A colon comes from the name of an alias '
      + '(<function>:<alias>), whose logs are in the log group of the function.',
    fix: 'use the name of the function without the alias',
    source: 'https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html',
    evaluate: each(
      [
        'AWS::Logs::LogGroup', 'AWS::Logs::LogStream', 'AWS::Logs::MetricFilter', 'AWS::Logs::SubscriptionFilter',
        'Custom::LogRetention',
      ],
      nameNotAllowed,
    ),
  },
  {
    id: 'LP-F85',
    category: 'foundation',
    severity: 'error',
    title: 'Log levels are set without JSON logs',
    why: 'Lambda filters by level in JSON logs only, and rejects log levels for text logs.',
    fix: 'set LoggingConfig.LogFormat to JSON',
    source: SOURCE.lambda('monitoring-cloudwatchlogs-log-level'),
    elsewhere: 'CDK throws for its own functions',
    evaluate: eachFunction(levelsWithoutJson),
  },
];

function nameNotAllowed(resource: Resource): Found {
  // patternOf writes * for the parts that are not known
  const name = patternOf(resource.get('LogGroupName'));
  const [character] = /[^\w\-/.#*]/.exec(name) ?? [];
  if (character === undefined) return undefined;
  return { at: resource, property: 'LogGroupName', must: 'must be letters, digits and _-/.#', got: name };
}

function plainTextLogs(fn: LambdaFunction): Found {
  if (fn.resource.string('LoggingConfig.LogFormat', 'Text') === 'Text' && !fn.managedInstances) {
    return {
      at: fn.resource,
      property: 'LoggingConfig.LogFormat',
      must: 'must be JSON',
      got: fn.resource.get('LoggingConfig.LogFormat'),
    };
  }
  return undefined;
}

function logsWithoutRetention(fn: LambdaFunction, app: AppGraph): Found {
  const group = logGroupOf(fn);
  if (group) {
    return (
      group.lacks('RetentionInDays') && {
        at: group,
        property: 'RetentionInDays',
        must: `must be set for the logs of ${fn.path}`,
        got: undefined,
      }
    );
  }
  const hasCustomRetention = app
    .ofType('Custom::LogRetention')
    .some(custom => app.mentioned(custom.get('LogGroupName')).has(fn.resource));
  if (fn.resource.lacks('LoggingConfig.LogGroup') && !hasCustomRetention && !fn.atEdge) {
    return {
      at: fn.resource,
      property: 'LoggingConfig.LogGroup',
      must: 'must be a log group with a retention period',
      got: undefined,
    };
  }
  return undefined;
}

function retentionByCustomResource(custom: Resource): Found {
  // other services create the log groups of databases and APIs, whose constructs have no other prop
  if (patternOf(custom.get('LogGroupName')).startsWith('/aws/lambda/')) {
    return {
      at: custom,
      property: 'RetentionInDays',
      must: 'must be set on a log group of the stack',
      got: custom.get('RetentionInDays'),
    };
  }
  return undefined;
}

function keyNotUsableByLogs(group: Resource, app: AppGraph): Found {
  const key = keyOf(group.get('KmsKeyId'), group, app);
  if (!key || isUsable(key, KEY_ACTIONS, mayBeLogs)) return undefined;
  return {
    at: group,
    property: 'KmsKeyId',
    must: 'must be a key that logs.<region>.amazonaws.com may use',
    got: key.path,
  };
}

function levelsWithoutJson(fn: LambdaFunction): Found {
  const level = ['ApplicationLogLevel', 'SystemLogLevel']
    .map(name => fn.resource.string(`LoggingConfig.${name}`))
    .find(value => value !== undefined);
  if (
    fn.resource.string('LoggingConfig.LogFormat', 'Text') === 'Text'
    && !fn.managedInstances
    && level !== undefined
  ) {
    return {
      at: fn.resource,
      property: 'LoggingConfig.LogFormat',
      must: 'must be JSON when levels are set',
      got: fn.resource.get('LoggingConfig.LogFormat') ?? 'Text (the default)',
    };
  }
  return undefined;
}

function logGroupOf(fn: LambdaFunction): Resource | undefined {
  const explicit = fn.app.resourceOf(fn.resource.get('LoggingConfig.LogGroup'), fn.resource, 'AWS::Logs::LogGroup');
  if (explicit || !fn.resource.lacks('LoggingConfig.LogGroup')) return explicit;
  // a log group with the name of the one that Lambda would create
  const name = identityOf(fn.resource.get('FunctionName'));
  return fn.app.ofType('AWS::Logs::LogGroup').find(group => {
    const value = group.get('LogGroupName');
    return (
      patternOf(value).startsWith('/aws/lambda/')
      && (fn.app.mentioned(value).has(fn.resource)
        || (name !== undefined && identityOf(value) === `/aws/lambda/${name}`))
    );
  });
}

/** Whether the principal is CloudWatch Logs, everyone or unknown. */
function mayBeLogs(principal: Value): boolean {
  if (isRecord(principal) || Array.isArray(principal)) return Object.values(principal).some(mayBeLogs);
  const [start] = patternOf(principal).split('*');
  return 'logs.'.startsWith(start) || start.startsWith('logs.');
}
