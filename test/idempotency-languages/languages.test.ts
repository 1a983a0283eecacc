import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IdempotencyKey, IdempotencyStore } from '../../src';
import { type Call, DynamoDb } from '../support/dynamo-db';
import { EXAMPLES } from '../support/idempotent-events';
import { newStack } from '../support/plain-function';
import { recordStatements, TABLE } from '../support/record-permissions';

/** The interpreter and the class path that `.ci/idempotency-languages` installs; a language without them is skipped there, with a message. */
const { IDEMPOTENCY_PYTHON: PYTHON, IDEMPOTENCY_JAVA_CLASSPATH: CLASSPATH } = process.env;

const db = new DynamoDb();
beforeAll(() => db.start('Records'));
afterAll(() => db.stop());

/** A function of the app that uses the store: its variables, and the statements of its role. */
function functionOf(runtime: lambda.Runtime) {
  const stack = newStack();
  const code = lambda.Code.fromBucket(s3.Bucket.fromBucketName(stack, 'Code', 'code'), 'pay.zip');
  new IdempotencyStore(stack, 'Store').connect(new lambda.Function(stack, 'Pay', { runtime, handler: 'x', code }));
  const resources = Template.fromStack(stack).toJSON().Resources;
  const [fn] = Object.values<any>(resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  return {
    variables: { ...fn.Properties.Environment.Variables, IDEMPOTENCY_TABLE: 'Records' } as Record<string, string>,
    statements: recordStatements(resources, 'pay'),
  };
}

/** Runs the program of a language; DynamoDB denies what the role of the function does not allow. */
async function run(runtime: lambda.Runtime, command: string, ...parameters: string[]) {
  const { variables, statements } = functionOf(runtime);
  db.denies = async call => !await isAllowed(statements, call);
  const { stdout } = await promisify(execFile)(command, parameters, {
    env: {
      ...variables,
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: db.endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_LAMBDA_FUNCTION_NAME: 'pay',
    },
  });
  db.denies = () => false;
  return { prefix: variables.IDEMPOTENCY_KEY_PREFIX, report: JSON.parse(stdout.trim().split('\n').pop()!) as Record<string, any> };
}

async function isAllowed(Statement: object[], { operation, id }: Call): Promise<boolean> {
  const result = await runSimulation({
    request: {
      principal: 'arn:aws:iam::123456789012:role/pay',
      action: `dynamodb:${operation}`,
      resource: { resource: TABLE, accountId: '123456789012' },
      contextVariables: { 'dynamodb:LeadingKeys': [id!] },
    },
    identityPolicies: [{ name: 'Permissions', policy: { Version: '2012-10-17', Statement } }],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }, {});
  if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors));
  return result.overallResult === 'Allowed';
}

const RESULTS = { ran: ['reserve', 'pay'], results: ['result of reserve', 'result of pay', 'result of reserve', 'result of pay'] };

const KEYS = IdempotencyKey as unknown as Record<string, string>;
/** Java's expressions are on the properties of its event classes. */
const JAVA_KEYS = { ...KEYS, SNS: 'sns.messageId' };
const EVERY = Object.fromEntries(Object.keys(KEYS).map(name => [name, expect.objectContaining(RESULTS)]));

(PYTHON ? test : test.skip)('Python: two operations run once each for every event, and a record without the prefix is denied', async () => {
  const events = Object.fromEntries(EXAMPLES.map(([name, event]) => [name, [KEYS[name], event]]));
  const { prefix, report } = await run(lambda.Runtime.PYTHON_3_13, PYTHON!, `${__dirname}/program.py`, JSON.stringify(events));
  expect(report).toEqual(EVERY);
  for (const { denied } of Object.values(report)) expect(denied).toContain('AccessDeniedException');
  expect(await operationsOf(`${prefix}#`)).toEqual(['pay', 'reserve']);
});

(CLASSPATH ? describe : describe.skip)('Java', () => {
  const java = (runtime: lambda.Runtime, keys: Record<string, string>) => run(runtime, 'java', '-cp', CLASSPATH!, 'shop.Program', ...Object.entries(keys).flat());

  test('two operations run once each for every event, under the name of the function', async () => {
    const { prefix, report } = await java(lambda.Runtime.JAVA_21, JAVA_KEYS);
    expect(report).toEqual(EVERY);
    expect(await operationsOf('pay.')).toEqual(['pay', 'reserve']);
    expect(await operationsOf(prefix)).toEqual([]);
  });

  test('an expression that does not match the properties of the class fails, and nothing runs', async () => {
    const { report } = await java(lambda.Runtime.JAVA_21, { SNS: KEYS.SNS });
    expect(report.SNS).toEqual({ ran: [], error: expect.stringContaining('IdempotencyKeyException') });
  });

  test('with the permission of a Python function, nothing runs', async () => {
    const { report } = await java(lambda.Runtime.PYTHON_3_13, { SQS: KEYS.SQS });
    expect(report.SQS).toEqual({ ran: [], error: expect.stringContaining('Failed to save in progress record') });
  });
});

/** The operations in the ids of the records that begin so. */
async function operationsOf(start: string): Promise<string[]> {
  const ids = (await db.items('Records')).map(({ id }) => String(id)).filter(id => id.startsWith(start));
  return [...new Set(ids.map(id => id.slice(start.length).split('#')[0]))].sort();
}
