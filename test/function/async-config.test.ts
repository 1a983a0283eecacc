import { Duration, aws_dynamodb as dynamodb, aws_iam as iam, aws_lambda as lambda, aws_lambda_destinations as destinations, aws_lambda_event_sources as sources, aws_sns as sns, aws_sqs as sqs, type Stack, Token } from 'aws-cdk-lib';
import { newStack } from '../support/plain-function';
import { grantedStatements, type Json, only, placedStatements, production, resourcesOf, roleStatements } from '../support/production-function';
import { expectNoCycle } from '../support/template-graph';

const FAILURE_QUEUE = { 'Fn::GetAtt': [expect.stringMatching(/^ProductionLambdaFailureQueue/), 'Arn'] };
const config = (stack: Stack) => only(stack, 'AWS::Lambda::EventInvokeConfig').Properties;
const sendsTo = (stack: Stack, statements: Json[] = roleStatements(stack)) => statements.filter(({ Action }) => [Action].flat().includes('sqs:SendMessage')).map(({ Resource }) => Resource);
const ONE_HOUR = { executionTimeout: Duration.hours(1) };

test('configures the alias', () => {
  const stack = newStack();
  production(stack);

  expect(config(stack)).toEqual({
    FunctionName: { Ref: expect.stringMatching(/^Pay[0-9A-F]{8}$/) },
    Qualifier: { 'Fn::Select': [7, { 'Fn::Split': [':', { Ref: expect.stringMatching(/^PayLive/) }] }] },
    MaximumRetryAttempts: 2,
    MaximumEventAgeInSeconds: 3_600,
    DestinationConfig: { OnFailure: { Destination: FAILURE_QUEUE } },
  });
});

test('a destination in the props replaces the queue and its grant', () => {
  const stack = newStack();
  production(stack, { onFailure: new destinations.SqsDestination(new sqs.Queue(stack, 'Mine')) });

  expect(config(stack).DestinationConfig.OnFailure.Destination).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Mine/), 'Arn'] });
  expect(sendsTo(stack)).toEqual([{ 'Fn::GetAtt': [expect.stringMatching(/^Mine/), 'Arn'] }]);
  expect(sendsTo(stack, grantedStatements(stack))).toEqual(sendsTo(stack));
  expect(Object.keys(resourcesOf(stack)).filter(id => /FailureQueue/.test(id))).toEqual([]);
});

test('configureAsyncInvoke() replaces the defaults that it sets, and removes the grant on the queue', () => {
  const stack = newStack();
  production(stack).configureAsyncInvoke({ retryAttempts: 0, onFailure: new destinations.SnsDestination(new sns.Topic(stack, 'Mine')) });

  expect(config(stack)).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 3_600, DestinationConfig: { OnFailure: { Destination: { Ref: expect.stringMatching(/^Mine/) } } } });
  expect(sendsTo(stack)).toEqual([]);
});

test('configureAsyncInvoke() without a destination retains the queue, with one grant', () => {
  const stack = newStack();
  production(stack).configureAsyncInvoke({ maxEventAge: Duration.minutes(1) });

  expect(config(stack)).toMatchObject({ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 60 });
  expect(config(stack).DestinationConfig.OnFailure.Destination).toEqual(FAILURE_QUEUE);
  expect(sendsTo(stack)).toEqual([FAILURE_QUEUE]);
  expect(sendsTo(stack, placedStatements(stack).inline)).toEqual([FAILURE_QUEUE]);
});

test('grants the queue to a role of the props', () => {
  const stack = newStack();
  production(stack, { role: new iam.Role(stack, 'Mine', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }) }).configureAsyncInvoke({ retryAttempts: 1 });

  expect(JSON.stringify(only(stack, 'AWS::IAM::Policy', /^Mine/).Properties.PolicyDocument)).toContain('sqs:SendMessage');
});

test('a dead-letter queue replaces the default destination, with its grant in the policy of the role', () => {
  const stack = newStack();
  production(stack, { deadLetterQueue: new sqs.Queue(stack, 'Dead') });

  expect(sendsTo(stack, placedStatements(stack).inline)).toEqual([]);
  expect(sendsTo(stack, grantedStatements(stack))).toEqual([{ 'Fn::GetAtt': [expect.stringMatching(/^Dead/), 'Arn'] }]);
  expect(only(stack, 'AWS::Lambda::EventInvokeConfig').Properties).not.toHaveProperty('DestinationConfig');
});

test.each<[string, (stack: Stack) => void, string]>([
  ['props and call both configure', stack => production(stack, { retryAttempts: 1, maxEventAge: Duration.minutes(1) }).configureAsyncInvoke({}),
    "'configureAsyncInvoke()' must be the only configuration of asynchronous invocation, got 'maxEventAge', 'retryAttempts'; set all options in one place (at Stack/Pay)"],
  ['it is called twice', stack => {
    const fn = production(stack);
    fn.configureAsyncInvoke({});
    fn.configureAsyncInvoke({});
  }, "'configureAsyncInvoke()' must be the only configuration of asynchronous invocation, got an earlier call; set all options in one place (at Stack/Pay)"],
  ['a durable function gets a destination by call', stack => production(stack, { durableConfig: ONE_HOUR }).configureAsyncInvoke({ onSuccess: new destinations.SqsDestination(new sqs.Queue(stack, 'Done')) }),
    "durable functions do not support destinations, got 'onFailure' or 'onSuccess'; use 'deadLetterQueue' (at Stack/Pay)"],
])('fails when %s', (_case, make, message) => {
  expect(() => make(newStack())).toThrow(new Error(message));
});

describe('a durable function', () => {
  test('has a dead-letter queue instead of the destination', () => {
    const stack = newStack();
    production(stack, { durableConfig: ONE_HOUR });

    expect(only(stack, 'AWS::Lambda::Function').Properties.DeadLetterConfig.TargetArn).toEqual(FAILURE_QUEUE);
    expect(config(stack)).not.toHaveProperty('DestinationConfig');
    expect(sendsTo(stack)).toEqual([FAILURE_QUEUE]);
  });

  test.each<[string, (stack: Stack) => object]>([
    ['a queue', stack => ({ deadLetterQueue: new sqs.Queue(stack, 'Dead') })],
    ['a topic', stack => ({ deadLetterTopic: new sns.Topic(stack, 'Dead') })],
    ['none', () => ({ deadLetterQueueEnabled: false })],
  ])('has %s of the props instead', (_name, props) => {
    const stack = newStack();
    production(stack, { durableConfig: ONE_HOUR, ...props(stack) });

    expect(JSON.stringify(only(stack, 'AWS::Lambda::Function').Properties.DeadLetterConfig ?? 'none')).not.toContain('FailureQueue');
  });

  test('is allowed to store its state, by a policy that the function does not depend on', () => {
    const stack = newStack();
    production(stack, { durableConfig: ONE_HOUR });
    const [statement] = only(stack, 'AWS::IAM::Policy', /DurableExecution/).Properties.PolicyDocument.Statement;

    expect(statement.Action).toEqual(['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState']);
    expect(JSON.stringify(statement.Resource)).toMatch(/GetAtt":\["Pay[0-9A-F]{8}","Arn"/);
    expect(only(stack, 'AWS::IAM::Role', /^Pay/).Properties).not.toHaveProperty('ManagedPolicyArns');
    expectNoCycle(stack);
  });

  test.each([
    ['15 minutes', Duration.minutes(15)],
    ['a token', Duration.seconds(Token.asNumber({ Ref: 'Seconds' }))],
  ])('of %s supports event sources', (_name, executionTimeout) => {
    const stack = newStack();
    production(stack, { durableConfig: { executionTimeout }, events: [new sources.SqsEventSource(new sqs.Queue(stack, 'Queue'))] });

    expect(only(stack, 'AWS::Lambda::EventSourceMapping')).toBeDefined();
  });

  test.each<[string, (stack: Stack) => void]>([
    ['in its props', stack => production(stack, { durableConfig: { executionTimeout: Duration.seconds(901) }, events: [new sources.SqsEventSource(new sqs.Queue(stack, 'Queue'))] })],
    ['later', stack => production(stack, { durableConfig: { executionTimeout: Duration.seconds(901) } }).addEventSource(new sources.DynamoEventSource(
      new dynamodb.TableV2(stack, 'Table', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, dynamoStream: dynamodb.StreamViewType.NEW_IMAGE }),
      { startingPosition: lambda.StartingPosition.TRIM_HORIZON },
    ))],
  ])('fails when its execution timeout exceeds 15 minutes and it has an event source %s', (_name, make) => {
    expect(() => make(newStack())).toThrow(new Error(
      "'durableConfig.executionTimeout' must be at most 15 minutes, got 15 minutes 1 second; shorten it, or start the execution asynchronously through another function that has the event source (at Stack/Pay)",
    ));
  });
});

describe('a function per tenant', () => {
  const tenancyConfig = lambda.TenancyConfig.PER_TENANT;

  test.each<[string, (stack: Stack) => void, RegExp]>([
    ['gets an event source', stack => production(stack, { tenancyConfig, events: [new sources.SqsEventSource(new sqs.Queue(stack, 'Queue'))] }), /not supported for functions with tenant isolation mode/],
    ['gets a URL', stack => production(stack, { tenancyConfig }).addFunctionUrl(), /not supported for functions with tenant isolation mode/],
  ])('fails when it %s, by CDK itself', (_case, make, message) => {
    expect(() => make(newStack())).toThrow(message);
  });

  test('has its tenancy on the alias', () => {
    expect(production(newStack(), { tenancyConfig }).tenancyConfig).toBe(tenancyConfig);
  });
});
