import { runSimulation } from '@cloud-copilot/iam-simulate';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IdempotencyStore, ProductionFunction } from '../../src';
import { newStack } from '../support/plain-function';
import { only } from '../support/production-function';
import { recordStatements, TABLE } from '../support/record-permissions';
import { expectNoCycle } from '../support/template-graph';

/** Only Node.js and Python functions may have inline code. */
const codeOf = (stack: Stack) => lambda.Code.fromBucket(s3.Bucket.fromBucketName(stack, 'Code', 'code'), 'pay.zip');
const javaOf = (stack: Stack) => ({ runtime: lambda.Runtime.JAVA_21, handler: 'shop.Pay::handleRequest', code: codeOf(stack) });
const OTHERS = ['nodejs22.x', 'python3.13'];
const BY_NAME = ['java21', 'dotnet10', 'provided.al2023', 'ruby3.4'];

function connected(runtime: string): Stack {
  const stack = newStack();
  const idempotency = new IdempotencyStore(stack, 'Store');
  new ProductionFunction(stack, 'Pay', { runtime: new lambda.Runtime(runtime, familyOf(runtime)), handler: 'x', code: codeOf(stack), idempotency });
  return stack;
}

function familyOf(runtime: string): lambda.RuntimeFamily | undefined {
  return lambda.Runtime.ALL.find(({ name }) => name === runtime)?.family;
}

const keysOf = (stack: Stack) => recordStatements(Template.fromStack(stack).toJSON().Resources, 'pay')
  .map(s => s.Condition['ForAllValues:StringLike']['dynamodb:LeadingKeys']).flat();

test.each(OTHERS)('a function of %s may use the records of its prefix only', runtime => {
  const stack = connected(runtime);
  const prefix = only(stack, 'AWS::Lambda::Function').Properties.Environment.Variables.IDEMPOTENCY_KEY_PREFIX;
  expect(keysOf(stack)).toEqual([`${prefix}#*`]);
});

test.each(BY_NAME)('a function of %s may also use the records of its name, which Powertools writes without a prefix', runtime => {
  const stack = connected(runtime);
  expect(keysOf(stack)).toEqual([expect.stringMatching(/^StackPay\w+#\*$/), 'pay#*', 'pay.*']);
  expectNoCycle(stack);
});

test('an image, whose language is unknown, may also use the records of its name', () => {
  const stack = newStack();
  const fn = new lambda.DockerImageFunction(stack, 'Pay', { code: lambda.DockerImageCode.fromEcr(ecr.Repository.fromRepositoryName(stack, 'Images', 'pay')) });
  new IdempotencyStore(stack, 'Store').connect(fn);
  expect(keysOf(stack)).toContain('pay.*');
  expectNoCycle(stack);
});

test('the permission is in a policy that names the function, and the alias serves requests after it exists', () => {
  const stack = newStack();
  new ProductionFunction(stack, 'Pay', { ...javaOf(stack), idempotency: new IdempotencyStore(stack, 'Store') });
  const resources = Template.fromStack(stack).toJSON().Resources;
  const [[id, policy]] = Object.entries<any>(resources).filter(([, { Type, Properties }]) => Type === 'AWS::IAM::Policy' && JSON.stringify(Properties).includes('.*'));
  const [name] = Object.keys(resources).filter(key => resources[key].Type === 'AWS::Lambda::Function');
  expect(policy.Properties.PolicyDocument.Statement).toEqual([{
    Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
    Effect: 'Allow',
    Resource: { 'Fn::GetAtt': ['Store1D2A845B', 'Arn'] },
    Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [{ 'Fn::Join': ['', [{ Ref: name }, '#*']] }, { 'Fn::Join': ['', [{ Ref: name }, '.*']] }] } },
  }]);
  expect(only(stack, 'AWS::Lambda::Alias').DependsOn).toContain(id);
});

test.each<[string, (stack: Stack) => lambda.IFunction]>([
  ['a plain function', stack => new lambda.Function(stack, 'Pay', javaOf(stack))],
  ['an alias of it', stack => new lambda.Function(stack, 'Pay', javaOf(stack)).addAlias('prod')],
  ['a function with a name', stack => new lambda.Function(stack, 'Pay', { ...javaOf(stack), functionName: 'pay' })],
])('%s is connected without a circle', (_, create) => {
  const stack = newStack();
  new IdempotencyStore(stack, 'Store').connect(create(stack));
  expect(keysOf(stack)).toContain('pay.*');
  expectNoCycle(stack);
});

test('a function of another stack is connected without a circle between the stacks', () => {
  const app = new App();
  const store = new IdempotencyStore(new Stack(app, 'A'), 'Store');
  const stack = new Stack(app, 'B');
  new ProductionFunction(stack, 'Pay', { ...javaOf(stack), idempotency: store });
  expect(keysOf(stack)).toContain('pay.*');
  expectNoCycle(stack);
});

describe('in the simulator of IAM', () => {
  const ACTIONS = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];
  const statements = (runtime: string) => recordStatements(Template.fromStack(connected(runtime)).toJSON().Resources, 'pay');
  const [java, python] = [statements('java21'), statements('python3.13')];
  const PREFIX = /"([^"]+)#\*"/.exec(JSON.stringify(python))![1];

  test.each<[string, Record<string, any>[], string, string]>([
    ['Java', java, 'pay.handleRequest#0a1b', 'Allowed'],
    ['Java, functional API without a name', java, 'pay#0a1b', 'Allowed'],
    ['Java, another function', java, 'refund.handleRequest#0a1b', 'ImplicitlyDenied'],
    ['Java, a function whose name begins with the same letters', java, 'payments.handleRequest#0a1b', 'ImplicitlyDenied'],
    ['Python with the prefix', python, `${PREFIX}#0a1b`, 'Allowed'],
    ['Python, an operation', python, `${PREFIX}#reserve#0a1b`, 'Allowed'],
    ['Python without the prefix', python, 'pay.app.handler#0a1b', 'ImplicitlyDenied'],
  ])('%s', async (_, Statement, id, expected) => {
    for (const action of ACTIONS) {
      const result = await runSimulation({
        request: {
          principal: 'arn:aws:iam::123456789012:role/pay',
          action,
          resource: { resource: TABLE, accountId: '123456789012' },
          contextVariables: { 'dynamodb:LeadingKeys': [id] },
        },
        identityPolicies: [{ name: 'Permissions', policy: { Version: '2012-10-17', Statement } }],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
      }, {});
      if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors));
      expect(result.overallResult).toBe(expected);
    }
  });
});
