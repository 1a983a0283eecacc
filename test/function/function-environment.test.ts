import { App, CfnParameter, type CfnResource, Lazy, SecretValue, Stack, aws_kms as kms, aws_secretsmanager as secretsmanager, aws_ssm as ssm } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { LAMBDA } from '../../src/aws';
import { newStack } from '../support/plain-function';
import { functionProperties, grantedStatements, only, placedStatements, production } from '../support/production-function';
import { expectNoCycle } from '../support/template-graph';

const REFUSAL = "'environment' must not contain the value of a secret, got one in 'TOKEN'; pass the secret as 'secrets: { TOKEN: secret }' and read it at run time by the ARN in TOKEN";
const READ_LOGIN = {
  Effect: 'Allow', Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], Resource: { Ref: expect.stringMatching(/^Login/) },
};

test('contains the ARN of a secret, which the function may read', () => {
  const stack = newStack();
  production(stack, { secrets: { LOGIN: new secretsmanager.Secret(stack, 'Login') } });

  expect(only(stack, 'AWS::Lambda::Function').Properties.Environment.Variables.LOGIN).toEqual({ Ref: expect.stringMatching(/^Login/) });
  expect(grantedStatements(stack)).toEqual([READ_LOGIN]);
  expect(JSON.stringify(placedStatements(stack).inline)).not.toContain('secretsmanager:');
});

test('a secret with a customer managed key is decrypted through Secrets Manager, without a cycle', () => {
  const stack = newStack();
  production(stack, { secrets: { LOGIN: new secretsmanager.Secret(stack, 'Login', { encryptionKey: new kms.Key(stack, 'Key') }) } });

  expect(JSON.stringify(only(stack, 'AWS::KMS::Key'))).not.toContain('PayServiceRole');
  expect(grantedStatements(stack)).toContainEqual({ ...READ_LOGIN, Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'] });
  expect(grantedStatements(stack)).toContainEqual({
    Effect: 'Allow', Action: 'kms:Decrypt', Resource: { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] }, Condition: { StringEquals: { 'kms:ViaService': expect.anything() } },
  });
  expectNoCycle(stack);
});

test('grants an imported secret by its name', () => {
  const stack = newStack();
  production(stack, { secrets: { LOGIN: secretsmanager.Secret.fromSecretNameV2(stack, 'Login', 'login') } });

  expect(JSON.stringify(grantedStatements(stack))).toContain(':secret:login-??????');
});

test.each<[string, (stack: Stack) => string]>([
  ['of Secrets Manager', stack => new secretsmanager.Secret(stack, 'Secret').secretValue.unsafeUnwrap()],
  ['of one field', stack => new secretsmanager.Secret(stack, 'Secret').secretValueFromJson('password').unsafeUnwrap()],
  ['within a text', stack => `postgres://user:${new secretsmanager.Secret(stack, 'Secret').secretValue.unsafeUnwrap()}@host`],
  ['of an imported secret', stack => secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'login').secretValue.unsafeUnwrap()],
  ['of a SecureString', () => SecretValue.ssmSecure('/pay/token', '1').unsafeUnwrap()],
  ['of a parameter without echo', stack => SecretValue.cfnParameter(new CfnParameter(stack, 'Token', { noEcho: true })).unsafeUnwrap()],
  ['as a dynamic reference', () => '{{resolve:secretsmanager:login:SecretString:password}}'],
])('fails when the value of a secret %s is in the environment', (_name, value) => {
  const stack = newStack();
  const TOKEN = value(stack);

  expect(() => production(stack, { environment: { TOKEN } })).toThrow(new Error(`${REFUSAL} (at Stack/Pay)`));
  expect(stack.node.findChild('Pay').node.children).toEqual([]);
});

test('fails when the value of a secret is added later', () => {
  const stack = newStack();
  const fn = production(stack);

  expect(() => fn.addEnvironment('TOKEN', new secretsmanager.Secret(stack, 'Secret').secretValue.unsafeUnwrap())).toThrow(new Error(`${REFUSAL} (at Stack/Pay)`));
});

test.each<[string, (stack: Stack, value: string) => void]>([
  ['past this class', (stack, value) => production(stack).definition.addEnvironment('TOKEN', value)],
  ['by a lazy value that is not known yet', (stack, value) => {
    let known: string | undefined;
    production(stack, {
      environment: {
        TOKEN: Lazy.string({
          produce: () => {
            if (!known) throw new Error('not yet');
            return known;
          },
        }),
      },
    });
    known = value;
  }],
])('fails at synth when the value of a secret is set %s', (_name, make) => {
  const stack = newStack();
  make(stack, new secretsmanager.Secret(stack, 'Secret').secretValue.unsafeUnwrap());

  expect(() => Template.fromStack(stack)).toThrow(`[Stack/Pay] ${REFUSAL}`);
});

test('a lazy value is resolved at synth', () => {
  const stack = newStack();
  let url = 'not known yet';
  production(stack, { environment: { URL: Lazy.string({ produce: () => url }) } });
  url = 'https://example.com';

  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { URL: 'https://example.com' } } });
});

test('fails when the value is that of a secret of another stack', () => {
  const app = new App();
  const secret = new secretsmanager.Secret(new Stack(app, 'Secrets'), 'Secret');

  expect(() => production(new Stack(app, 'Stack'), { environment: { TOKEN: secret.secretValue.unsafeUnwrap() } })).toThrow(new Error(`${REFUSAL} (at Stack/Pay)`));
});

describe('a literal', () => {
  const refusal = (key: string) => `'environment' must not contain a secret as a literal, got one in '${key}', by its name or its form; `
    + `store it in Secrets Manager and pass it as 'secrets: { ${key}: secret }', or state in 'notSecrets: { ${key}: reason }' why it is none (at Stack/Pay)`;

  test.each([
    ['DB_PASSWORD', 'hunter22'], ['API_TOKEN', 'abcd1234'], ['STRIPE', `sk_${'live'}_51Habcdefgh`], ['DATABASE', 'postgres://app:hunter22@db.example.com/shop'],
    ['KEY', `AKIA${'A'.repeat(16)}`], ['PEM', '-----BEGIN RSA PRIVATE KEY-----'], ['BOT', 'xoxb-1234567890-abc'], ['CALLER', 'eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.SflKxwRJSMeK'],
  ])('fails when %s has the name or the form of a secret', (key, value) => {
    const stack = newStack();
    expect(() => production(stack, { environment: { [key]: value } })).toThrow(new Error(refusal(key)));
    expect(stack.node.findChild('Pay').node.children).toEqual([]);
    expect(() => production(newStack()).addEnvironment(key, value)).toThrow(new Error(refusal(key)));
  });

  test('fails at synth when it is added past this class', () => {
    const stack = newStack();
    production(stack).definition.addEnvironment('DB_PASSWORD', 'hunter22');
    expect(() => Template.fromStack(stack)).toThrow("[Stack/Pay] 'environment' must not contain a secret as a literal, got one in 'DB_PASSWORD'");
  });

  test.each([
    ['SECRET_ARN', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:x'], ['MAX_TOKENS', '4096'], ['TOKENIZER', 'cl100k_base'], ['PASSWORD_POLICY', 'strict'],
    ['PARAMETERS_SECRETS_EXTENSION_LOG_LEVEL', 'info'], ['SECRETS_CACHE_SIZE', 'large'], ['API_URL', 'https://example.com/a:b@c'], ['TOKEN_TTL', '5 minutes'], ['USE_TOKEN', 'true'],
  ])('%s is accepted', (key, value) => {
    expect(functionProperties({ environment: { [key]: value } }).Environment.Variables[key]).toBe(value);
  });

  test('is accepted with a reason in notSecrets, also when it is added later', () => {
    const stack = newStack();
    const fn = production(stack, { environment: { CSRF_TOKEN: 'x-csrf' }, notSecrets: { CSRF_TOKEN: 'the name of a header', FORM_PASSWORD: 'the name of a field' } });
    fn.addEnvironment('FORM_PASSWORD', 'pass-field');
    expect(only(stack, 'AWS::Lambda::Function').Properties.Environment.Variables).toMatchObject({ CSRF_TOKEN: 'x-csrf', FORM_PASSWORD: 'pass-field' });
  });

  test('with a reason is no finding of the rule, which reports every other secret', () => {
    const stack = newStack();
    production(stack, { environment: { CSRF_TOKEN: 'x-csrf' }, notSecrets: { CSRF_TOKEN: 'the name of a header' } });
    expect(only(stack, 'AWS::Lambda::Function').Metadata['cdk-production-lambda'].exempt).toEqual({ 'LP-F16': 'CSRF_TOKEN: the name of a header' });
  });

  test('fails at synth when an override adds it', () => {
    const stack = newStack();
    (production(stack).definition.node.defaultChild as CfnResource).addPropertyOverride('Environment.Variables.DB_PASSWORD', 'hunter22');
    expect(() => Template.fromStack(stack)).toThrow("[Stack/Pay] 'environment' must not contain a secret as a literal, got one in 'DB_PASSWORD'");
  });

  test('fails without a reason', () => {
    expect(() => production(newStack(), { notSecrets: { TOKEN: ' ' } })).toThrow(
      new Error("'notSecrets' must say why 'TOKEN' contains no secret, got an empty text; state the reason (at Stack/Pay)"));
  });
});

test('accepts an SSM parameter of type String and a parameter without NoEcho', () => {
  const stack = newStack();
  const fn = production(stack, { environment: { RATE: ssm.StringParameter.valueForStringParameter(stack, '/pay/rate', 1) } });
  fn.addEnvironment('STAGE', new CfnParameter(stack, 'StageName').valueAsString);

  expect(only(stack, 'AWS::Lambda::Function').Properties.Environment.Variables).toMatchObject({ STAGE: { Ref: 'StageName' }, RATE: '{{resolve:ssm:/pay/rate:1}}' });
});

test('fails when a name is in environment and secrets', () => {
  const stack = newStack();

  expect(() => production(stack, { environment: { LOGIN: 'a' }, secrets: { LOGIN: new secretsmanager.Secret(stack, 'Login') } })).toThrow(new Error(
    "'LOGIN' must be in 'environment' or in 'secrets', got both; rename one (at Stack/Pay)",
  ));
});

test.each(['AB', 'a_', 'A1'])('accepts the name %s', key => {
  expect(functionProperties({ environment: { [key]: 'x' } }).Environment.Variables).toHaveProperty(key);
});

test.each(['A', '1A', '_A', 'A-B', ''])("fails when the name is '%s'", key => {
  const message = `'environment' must have names of a letter and then letters, digits or underscores, at least 2 in all, got '${key}'; rename it (at Stack/Pay)`;

  expect(() => production(newStack(), { environment: { [key]: 'x' } })).toThrow(new Error(message));
  expect(() => production(newStack()).addEnvironment(key, 'x')).toThrow(new Error(message));
});

describe('the environment', () => {
  const powertools = Object.entries(functionProperties().Environment.Variables).flat().join('').length;
  const room = LAMBDA.environmentMaxBytes - powertools - 'BIG'.length;

  test('accepts 4,096 bytes', () => {
    expect(functionProperties({ environment: { BIG: 'x'.repeat(room) } }).Environment.Variables.BIG).toHaveLength(room);
  });

  test('fails at synth when it has one byte more', () => {
    const stack = newStack();
    production(stack, { environment: { BIG: 'x'.repeat(room + 1) } });

    expect(() => Template.fromStack(stack)).toThrow(
      "[Stack/Pay] 'environment' must be at most 4096 bytes, names and values together, got at least 4097; store configuration in a parameter, a secret or a file of the package",
    );
  });

  test('counts variables that are added later, and secrets', () => {
    const stack = newStack();
    const fn = production(stack, { environment: { BIG: 'x'.repeat(room) } });
    fn.definition.addEnvironment('MORE', 'x');

    expect(() => Template.fromStack(stack)).toThrow(/got at least 4101/);
  });

  test('counts a token as one byte, because its value may be short', () => {
    const stack = newStack();
    production(stack, { environment: { BIG: `${'x'.repeat(room - 1)}${new CfnParameter(stack, 'Long').valueAsString}` } });

    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});
