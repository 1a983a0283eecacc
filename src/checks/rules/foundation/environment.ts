import { LAMBDA, RESERVED_ENVIRONMENT_KEYS } from '../../../aws';
import { patternOf } from '../../graph';
import type { LambdaFunction, Value } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { eachFunction, everyFunction } from '../support/each';
import type { Found } from '../support/each';

/** Names of secrets, as whole words: TOKENIZER is not the name of a token. */
const SECRET_KEY = new RegExp(
  [
    /(SECRET|TOKEN|PASSWORD|PASSWD|API_?KEY|PRIVATE_?KEY|CREDENTIAL)S?\d*(_|$)/,
    /([sS]ecret|[tT]oken|[pP]assword|[pP]asswd|[aA]piKey|[pP]rivateKey|[cC]redential)s?\d*([A-Z_]|$)/,
  ]
    .map(({ source }) => source)
    .join('|'),
);
/** Suffixes of names that refer to the place or a setting of a secret, and not to the secret. */
const SECRET_PLACE = new RegExp(
  `(${[
    'ARN|NAME|ID|URL|URI|PATH|FILE|TABLE|BUCKET|PREFIX|SUFFIX|REGION|STORE|SOURCE|PROVIDER|PARAM|PARAMETER|REF',
    'ENDPOINT|HEADER|COOKIE|FIELD|CLAIM|SCOPE|ISSUER|AUDIENCE',
    'TTL|AGE|SECONDS|MINUTES|DAYS|DURATION|EXPIRY|EXPIRATION|INTERVAL',
    'TYPE|KIND|FORMAT|ALGORITHM|POLICY|LENGTH|LIMIT|ENABLED|REQUIRED|VERSION|USE|STAGE',
  ].join('|')})S?$`,
  'i',
);
/** The fields of a database secret other than the password. */
const HARMLESS = /\{\{resolve:secretsmanager:[^{}]*:SecretString:(username|host|port|dbname|engine)[:}][^{}]*\}+/g;

export const ENVIRONMENT_RULES: Rule[] = [
  {
    id: 'LP-F16',
    category: 'foundation',
    severity: 'warning',
    title: 'Environment variable contains a secret',
    why: 'Everyone with read access to the function configuration or the template can read the secret.',
    fix: 'store it in Secrets Manager, pass its ARN and fetch it at run time',
    source: SOURCE.lambda('configuration-envvars'),
    elsewhere: 'checkov: CKV_AWS_45 for AWS keys',
    evaluate: eachFunction(secretInEnvironment),
  },
  {
    id: 'LP-F17',
    category: 'foundation',
    severity: 'error',
    title: 'Environment variables exceed 4 KB',
    why: 'All keys and values together may have at most 4,096 bytes.',
    fix: 'move configuration to Parameter Store or AppConfig',
    source: SOURCE.lambda('gettingstarted-limits'),
    evaluate: everyFunction(environmentTooLarge),
  },
  {
    id: 'LP-F18',
    category: 'foundation',
    severity: 'error',
    title: 'Environment variable name is not allowed',
    why:
      'A name starts with a letter, has at least two letters, digits or underscores, and must not be '
      + 'reserved by Lambda.',
    fix: 'rename the variable',
    source: SOURCE.lambda('configuration-envvars'),
    elsewhere: 'CDK throws for reserved names and reports F3002 for characters; cfn-lint: E3663',
    evaluate: everyFunction(environmentKeyNotAllowed),
  },
  {
    id: 'LP-F61',
    category: 'foundation',
    severity: 'warning',
    title: 'Powertools runs in development mode',
    why:
      'POWERTOOLS_DEV and POWERTOOLS_LOGGER_LOG_EVENT write whole events to the logs, including personal ' + 'data.',
    fix: 'set them in sandboxes only',
    source: 'https://docs.aws.amazon.com/powertools/typescript/latest/environment-variables/',
    practice: true,
    evaluate: eachFunction(powertoolsDevelopmentMode),
  },
];

function secretInEnvironment(fn: LambdaFunction): Found {
  return fn.environment
    .filter(([key, value]) => isSecret(key, value))
    .map(([key]) => ({
      at: fn.resource,
      property: `Environment.Variables.${key}`,
      must: 'must not contain a secret',
      got: 'a literal value',
    }));
}

function environmentTooLarge(fn: LambdaFunction): Found {
  // a lower bound, because unknown values count as empty
  const bytes = fn.environment.reduce(
    (n, [key, value]) => n + Buffer.byteLength(key) + Buffer.byteLength(knownText(value)),
    0,
  );
  if (bytes > LAMBDA.environmentMaxBytes) {
    return {
      at: fn.resource,
      property: 'Environment.Variables',
      must: `must be at most ${LAMBDA.environmentMaxBytes} bytes in total`,
      got: `at least ${bytes}`,
    };
  }
  return undefined;
}

function environmentKeyNotAllowed(fn: LambdaFunction): Found {
  return fn.environment
    .filter(([key]) => !/^[a-zA-Z][a-zA-Z0-9_]+$/.test(key) || RESERVED_ENVIRONMENT_KEYS.includes(key))
    .map(([key]) => ({
      at: fn.resource,
      property: `Environment.Variables.${key}`,
      must: 'must match [a-zA-Z][a-zA-Z0-9_]+ and must not be reserved by Lambda',
      got: key,
    }));
}

function powertoolsDevelopmentMode(fn: LambdaFunction): Found {
  return fn.environment
    .filter(
      ([key, value]) =>
        /^POWERTOOLS_(DEV|LOGGER_LOG_EVENT)$/.test(key) && /^(true|1|on|yes)$/i.test(patternOf(value)),
    )
    .map(([key, value]) => ({
      at: fn.resource,
      property: `Environment.Variables.${key}`,
      must: 'must be false in production',
      got: value,
    }));
}

function isSecret(key: string, value: Value): boolean {
  const text = patternOf(value).replace(HARMLESS, '');
  if (/\{\{resolve:(secretsmanager|ssm-secure):/.test(text)) return true;
  return (
    SECRET_KEY.test(key)
    && !SECRET_PLACE.test(key)
    && typeof value === 'string'
    && value.length > 3
    && !/^(arn:|https?:|\/|true$|false$|\d+$)/.test(value)
  );
}

function knownText(value: Value): string {
  return patternOf(value).replaceAll('*', '');
}
