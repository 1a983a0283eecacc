import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { parameter } from 'cdk-production-lambda-runtime/parameters';
import { secret } from 'cdk-production-lambda-runtime/secrets';

process.env.AWS_REGION = 'eu-west-1';
const secrets = mockClient(SecretsManagerClient);
const parameters = mockClient(SSMClient);
let count = 0;
let read: () => number;

/** A variable with the id of a value that no other test has read. */
function variable(): string {
  process.env[`VALUE_${++count}`] = `id-${count}`;
  return `VALUE_${count}`;
}

describe.each([
  ['secret', secret, (text?: string) => {
    secrets.reset();
    secrets.on(GetSecretValueCommand).resolves({ SecretString: text });
    read = () => secrets.commandCalls(GetSecretValueCommand).length;
  }],
  ['parameter', parameter, (text?: string) => {
    parameters.reset();
    parameters.on(GetParameterCommand).resolves({ Parameter: { Value: text } });
    read = () => parameters.commandCalls(GetParameterCommand).length;
  }],
] as const)('a %s', (name, create, returns) => {
  beforeEach(() => jest.useFakeTimers({ now: 0, doNotFake: ['nextTick', 'setImmediate'] }));
  afterEach(() => jest.useRealTimers());

  test('is read on first use and cached', async () => {
    returns('a');
    const value = create(variable());
    expect(read()).toBe(0);
    expect([await value(), await value(), read()]).toEqual(['a', 'a', 1]);
  });

  test('is read again when it is too old', async () => {
    returns('a');
    const [value, short] = [create(variable()), create(variable(), { maxAge: 10 })];
    await value();
    await short();
    returns('b');
    jest.setSystemTime(11_000);
    expect([await value(), await short()]).toEqual(['a', 'b']);
    jest.setSystemTime(301_000);
    expect(await value()).toBe('b');
  });

  test('is read again when it was rejected, at most every five seconds', async () => {
    returns('old');
    const value = create(variable());
    jest.setSystemTime(10_000);
    const old = await value();
    returns('new');
    expect([await value('forged'), read()]).toEqual(['old', 0]);
    expect([await value(old), await value(), read()]).toEqual(['new', 'new', 1]);
    for (let i = 0; i < 100; i++) await value('new');
    expect(read()).toBe(1);
    jest.setSystemTime(16_000);
    await value('new');
    expect(read()).toBe(2);
  });

  test('is read once for concurrent callers, who all get the new one after a rotation', async () => {
    returns('old');
    const value = create(variable());
    jest.setSystemTime(10_000);
    expect([...await Promise.all([value(), value(), value()]), read()]).toEqual(['old', 'old', 'old', 1]);
    returns('new');
    expect([...await Promise.all([value('old'), value('old'), value('forged'), value()]), read()]).toEqual(['new', 'new', 'old', 'old', 1]);
    expect([await value('old'), read()]).toEqual(['new', 1]);
  });

  test('has the maximum age of its own, also if another one reads the same id', async () => {
    returns('a');
    const id = variable();
    const [long, short] = [create(id), create(id, { maxAge: 10 })];
    expect([await long(), await short()]).toEqual(['a', 'a']);
    returns('b');
    jest.setSystemTime(11_000);
    expect([await long(), await short()]).toEqual(['a', 'b']);
    const always = create(id, { maxAge: 0 });
    returns('c');
    expect([await always(), await long()]).toEqual(['c', 'a']);
  });

  test('that could not be read is read by the next call', async () => {
    returns('');
    const value = create(variable());
    await expect(value()).rejects.toThrow('contains no text');
    returns('a');
    expect(await value()).toBe('a');
  });

  test('without a text is an error that names it, and so is a missing variable', async () => {
    returns('');
    const id = variable();
    await expect(create(id)()).rejects.toThrow(new RegExp(`the ${name} ${process.env[id]} contains no text`));
    expect(() => create('VALUE_MISSING')).toThrow('environment variable VALUE_MISSING is missing');
  });

  test('is read each time with a maximum age of 0; one that is no number is rejected', async () => {
    returns('a');
    const id = variable();
    const value = create(id, { maxAge: 0 });
    expect([await value(), await value(), read()]).toEqual(['a', 'a', 2]);
    for (const maxAge of [NaN, -1]) expect(() => create(id, { maxAge })).toThrow(`'maxAge' must be a number of seconds of at least 0, got ${maxAge}`);
  });
});

test('an encrypted parameter is decrypted', async () => {
  parameters.reset();
  parameters.on(GetParameterCommand).resolves({ Parameter: { Value: 'a' } });
  await parameter(variable())();
  expect(parameters.commandCalls(GetParameterCommand)[0].args[0].input).toMatchObject({ WithDecryption: true });
});
