import { LAMBDA, RESERVED_ENVIRONMENT_KEYS } from '../../../aws';
import { patternOf, Reference, Text } from '../../graph';
import type { LambdaFunction, Value } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { eachFunction, everyFunction } from '../support/each';
import type { Found } from '../support/each';
import { hiddenParameterIn, hiddenParametersOf } from '../support/hidden-parameters';
import { isLiteralSecret } from '../support/literal-secrets';

/** The attributes of resources that are secrets. */
const SECRET_ATTRIBUTES: Record<string, string> = {
  'AWS::IAM::AccessKey': 'SecretAccessKey',
  'AWS::Cognito::UserPoolClient': 'ClientSecret',
  'AWS::AppSync::ApiKey': 'ApiKey',
};

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
  const hidden = hiddenParametersOf(fn.resource.template);
  return fn.environment
    .map(([key, value]) => ({ key, got: secretIn(fn, hidden, key, value) }))
    .filter(({ got }) => got !== undefined)
    .map(({ key, got }) => ({
      at: fn.resource,
      property: `Environment.Variables.${key}`,
      must: 'must not contain a secret',
      got,
      fix: got === LITERAL ? undefined : 'pass the ARN of the secret and fetch it at run time',
    }));
}

const LITERAL = 'a literal value';

/** In what form the value contains a secret. */
function secretIn(fn: LambdaFunction, hidden: readonly string[], key: string, value: Value): string | undefined {
  const path = `Environment.Variables.${key}`;
  const parameter = hidden.length === 0 ? undefined : hiddenParameterIn(fn.resource, path, hidden);
  if (parameter !== undefined) return `the NoEcho parameter ${parameter}, which Lambda stores as plain text`;
  const attribute = secretAttribute(value);
  if (attribute !== undefined) return `the ${attribute}, which Lambda stores as plain text`;
  if (typeof value !== 'string') return secretForm(key, value);
  // most functions have the same variables
  const known = fn.app.view(knownForms);
  const pair = `${key}=${value}`;
  if (!known.has(pair)) known.set(pair, secretForm(key, value));
  return known.get(pair);
}

function knownForms(): Map<string, string | undefined> {
  return new Map();
}

function secretForm(key: string, value: Value): string | undefined {
  if (isDynamic(value)) return 'a dynamic reference, whose value Lambda stores as plain text';
  return typeof value === 'string' && isLiteralSecret(key, value) ? LITERAL : undefined;
}

/** The attribute with a secret that the value contains. */
function secretAttribute(value: Value): string | undefined {
  const references = value instanceof Reference ? [value] : value instanceof Text ? value.references : [];
  const found = references.find(({ resource, attribute }) => SECRET_ATTRIBUTES[resource.type] === attribute);
  return found && `${found.attribute} of ${found.resource.path}`;
}

function isDynamic(value: Value): boolean {
  return /\{\{resolve:(secretsmanager|ssm-secure):/.test(patternOf(value).replace(HARMLESS, ''));
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

function knownText(value: Value): string {
  return patternOf(value).replaceAll('*', '');
}
