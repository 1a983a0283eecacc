import { CfnParameter, Intrinsic, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import type { ProductionFunctionProps } from './production-function-props';
import { LAMBDA } from '../aws';
import { statedEnvironmentOf } from '../private/function-definition';
import { isLiteralSecret } from '../private/literal-secrets';
import { isElsewhere, regionOfArn } from '../private/region-of-arn';
import { minimumTextLength } from '../private/template-json';
import { exempt } from '../private/template-metadata';
import { refuse, warn } from '../private/validation';

/** Why a variable contains no secret, by its name. */
type Reasons = { readonly [environmentVariable: string]: string };

/** Validates the environment in the props: no value of a secret, valid names, and each name once. */
export function validateEnvironment(owner: IConstruct, props: ProductionFunctionProps): void {
  const { environment = {}, secrets = {}, notSecrets = {} } = props;
  for (const key of [...Object.keys(environment), ...Object.keys(secrets)]) requireVariableName(owner.node.path, key);
  for (const [key, reason] of Object.entries(notSecrets)) {
    if (reason.trim() === '') refuse(owner.node.path, `'notSecrets' must say why '${key}' contains no secret, got an empty text; state the reason`);
  }
  for (const [key, value] of Object.entries(environment)) requireNoSecret(owner, key, value, notSecrets);
  for (const [key, { secretArn }] of Object.entries(secrets)) warnOfOtherRegion(owner, key, regionOfArn(secretArn));
  for (const key of Object.keys(secrets)) {
    if (environment[key] !== undefined) {
      refuse(owner.node.path, `'${key}' must be in 'environment' or in 'secrets', got both; rename one`);
    }
  }
}

function warnOfOtherRegion(owner: IConstruct, key: string, region: string | undefined): void {
  const own = Stack.of(owner).region;
  if (!isElsewhere(region, own)) return;
  warn(owner, 'ProductionFunction.secretInAnotherRegion', `the secret in '${key}' is in ${region}, and clients of the function read secrets of ${own} `
    + 'unless the code sets their Region; replicate the secret to the Region of the function, which also removes the dependency on the other Region');
}

/** Requires a name that Lambda accepts. */
export function requireVariableName(path: string, key: string): void {
  if (!Token.isUnresolved(key) && !/^[a-zA-Z]\w+$/.test(key)) {
    refuse(path, `'environment' must have names of a letter and then letters, digits or underscores, at least 2 in all, got '${key}'; rename it`);
  }
}

/** Requires a value that is not a secret's: it would be readable in the template and in the console. */
export function requireNoSecret(owner: IConstruct, key: string, value: string, notSecrets: Reasons = {}): void {
  if (containsSecret(owner, value)) refuse(owner.node.path, secretIn(key));
  if (isLiteral(key, value, notSecrets)) refuse(owner.node.path, literalIn(key));
}

/** Writes the reasons into the template, so that the rule LP-F16 does not report the variables a second time. */
export function exemptFromRule(definition: lambda.Function, notSecrets: Reasons): void {
  const reasons = Object.entries(notSecrets).map(([key, reason]) => `${key}: ${reason}`);
  if (reasons.length > 0) exempt(definition.node.defaultChild as lambda.CfnFunction, 'LP-F16', reasons.join('; '));
}

/** Validates the environment at synth, when all constructs have added to it and lazy values are known. */
export function findEnvironmentProblems(definition: lambda.Function, notSecrets: Reasons = {}): string[] {
  const variables: Record<string, unknown> = Stack.of(definition).resolve(statedEnvironmentOf(definition)) ?? {};
  const secrets = Object.entries(variables).flatMap(([key, value]) => (
    isDynamicSecret(value) ? [secretIn(key)] : isLiteral(key, value, notSecrets) ? [literalIn(key)] : []));
  const bytes = Object.entries(variables).reduce((sum, [key, value]) => sum + key.length + minimumTextLength(value), 0);
  if (bytes <= LAMBDA.environmentMaxBytes) return secrets;
  return [...secrets, `'environment' must be at most ${LAMBDA.environmentMaxBytes} bytes, names and values together, got at least ${bytes}; `
    + 'store configuration in a parameter, a secret or a file of the package'];
}

/** Not for lazy values, which may not be known yet and which CDK would cache; findEnvironmentProblems reads them at synth. */
function containsSecret(owner: IConstruct, value: string): boolean {
  const { tokens } = Tokenization.reverseString(value);
  return isDynamicSecret(value)
    || tokens.some(token => token instanceof Intrinsic && (isHidden(token) || isDynamicSecret(Stack.of(owner).resolve(token))));
}

function isHidden(token: Intrinsic): boolean {
  return Reference.isReference(token) && token.target instanceof CfnParameter && token.target.noEcho;
}

/** An SSM parameter that is not a SecureString is not a secret. */
function isDynamicSecret(resolved: unknown): boolean {
  return /\{\{resolve:(secretsmanager|ssm-secure):/.test(JSON.stringify(resolved) ?? '');
}

function isLiteral(key: string, value: unknown, notSecrets: Reasons): boolean {
  return typeof value === 'string' && !Token.isUnresolved(value) && !Object.hasOwn(notSecrets, key) && isLiteralSecret(key, value);
}

/** Without the value, which the log of the build would show. */
function literalIn(key: string): string {
  return `'environment' must not contain a secret as a literal, got one in '${key}', by its name or its form; `
    + `store it in Secrets Manager and pass it as 'secrets: { ${key}: secret }', or state in 'notSecrets: { ${key}: reason }' why it is none`;
}

function secretIn(key: string): string {
  return `'environment' must not contain the value of a secret, got one in '${key}'; `
    + `pass the secret as 'secrets: { ${key}: secret }' and read it at run time by the ARN in ${key}`;
}
