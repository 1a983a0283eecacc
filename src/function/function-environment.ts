import { CfnParameter, Intrinsic, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import type { ProductionFunction, ProductionFunctionProps } from './production-function';
import { LAMBDA } from '../limits';
import { minimumTextLength } from '../private/policy-size';
import { refuse } from '../private/validation';

/** What may stand in the environment of a function: no secret's value, and no more than Lambda takes. */
export class FunctionEnvironment {
  /** Refuses what can be seen in the props alone. */
  public static check(owner: IConstruct, props: ProductionFunctionProps): void {
    for (const key of [...Object.keys(props.environment ?? {}), ...Object.keys(props.secrets ?? {})]) FunctionEnvironment.refuseName(owner, key);
    for (const [key, value] of Object.entries(props.environment ?? {})) FunctionEnvironment.refuseSecret(owner, key, value);
    for (const key of Object.keys(props.secrets ?? {})) {
      if (props.environment?.[key] !== undefined) {
        refuse(owner.node.path, `'${key}' must be in 'environment' or in 'secrets', got both; rename one`);
      }
    }
  }

  /** Refuses a name that Lambda does not take. */
  public static refuseName(owner: IConstruct, key: string): void {
    if (!Token.isUnresolved(key) && !/^[a-zA-Z]\w+$/.test(key)) {
      refuse(owner.node.path, `'environment' must have names of a letter and then letters, digits or underscores, at least 2 in all, got '${key}'; rename it`);
    }
  }

  /** Refuses the value of a secret: it would stand readable in template and console. */
  public static refuseSecret(owner: IConstruct, key: string, value: string): void {
    if (carriesSecret(owner, value)) refuse(owner.node.path, secretIn(key));
  }

  /** Looks at the environment once more at synth, when everybody has added to it and lazy values are known. */
  public static checkAtSynth(owner: ProductionFunction): void {
    owner.node.addValidation({ validate: () => problemsOf(owner) });
  }
}

function problemsOf(owner: ProductionFunction): string[] {
  const { environment } = owner.definition.node.defaultChild as lambda.CfnFunction;
  const variables: Record<string, unknown> = Stack.of(owner).resolve(environment)?.variables ?? {};
  const secrets = Object.entries(variables).filter(([, value]) => isDynamicSecret(value)).map(([key]) => secretIn(key));
  const bytes = Object.entries(variables).reduce((sum, [key, value]) => sum + key.length + minimumTextLength(value), 0);
  if (bytes <= LAMBDA.environmentMaxBytes) return secrets;
  return [...secrets, `'environment' must be at most ${LAMBDA.environmentMaxBytes} bytes, names and values together, got at least ${bytes}; `
    + 'keep configuration in a parameter, a secret or a file of the package'];
}

/** Lazy values are not looked at: they may not be known yet, and CDK would keep what they are now. They are looked at at synth. */
function carriesSecret(owner: IConstruct, value: string): boolean {
  const { tokens } = Tokenization.reverseString(value);
  return isDynamicSecret(value)
    || tokens.some(token => token instanceof Intrinsic && (isHidden(token) || isDynamicSecret(Stack.of(owner).resolve(token))));
}

function isHidden(token: Intrinsic): boolean {
  return Reference.isReference(token) && token.target instanceof CfnParameter && token.target.noEcho;
}

/** A parameter of SSM that is no SecureString is no secret. */
function isDynamicSecret(resolved: unknown): boolean {
  return /\{\{resolve:(secretsmanager|ssm-secure):/.test(JSON.stringify(resolved) ?? '');
}

function secretIn(key: string): string {
  return `'environment' must not carry the value of a secret, got one in '${key}'; pass the secret as 'secrets: { ${key}: secret }' and read it at run time by the ARN in ${key}`;
}
