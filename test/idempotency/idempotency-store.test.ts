import { App, Duration, Fn, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as notifications from 'aws-cdk-lib/aws-s3-notifications';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as scheduler_targets from 'aws-cdk-lib/aws-scheduler-targets';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as fc from 'fast-check';
import { CanaryAlias, FunctionTarget, IdempotencyStore, type IdempotencyStoreProps, QueueConsumer, StreamConsumer, StreamSource } from '../../src';
import { durationText } from '../../src/private/duration-text';
import { settleFunction } from '../support/event-consumers';
import { newStack, REQUIRED } from '../support/plain-function';
import { only, placedStatements, production } from '../support/production-function';
import { expectNoCycle } from '../support/template-graph';

const ACTIONS = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];
const newStore = (stack: Stack, props: IdempotencyStoreProps = {}) => new IdempotencyStore(stack, 'Store', props);
const hours = (n: number) => ({ expiresAfter: Duration.hours(n) });
const synth = (stack: Stack) => () => Template.fromStack(stack);
const tableStatementsOf = (stack: Stack, role: string) => placedStatements(stack, new RegExp(`^${role}`)).all.filter(s => JSON.stringify(s.Action).includes('dynamodb:'));
const environmentOf = (stack: Stack, id: string) => only(stack, 'AWS::Lambda::Function', new RegExp(`^${id}`)).Properties.Environment.Variables;

test('by default there is the table that Powertools expects: on demand, with point-in-time recovery, deletion protection and retention', () => {
  const stack = newStack();
  newStore(stack);
  // The same logical id as a TableV2 has: replacing a TableV2 does not lose its records.
  expect(Object.keys(Template.fromStack(stack).findResources('AWS::DynamoDB::GlobalTable'))).toEqual(['Store1D2A845B']);
  expect(only(stack, 'AWS::DynamoDB::GlobalTable').Properties).toEqual({
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    Replicas: [{ Region: { Ref: 'AWS::Region' }, DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }],
    TimeToLiveSpecification: { AttributeName: 'expiration', Enabled: true },
  });
  Template.fromStack(stack).hasResource('AWS::DynamoDB::GlobalTable', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
});

describe('props', () => {
  test('encryptionKey encrypts the table, and connected functions can use it', () => {
    const stack = new Stack(new App(), 'Stack', { env: { region: 'eu-west-1' } });
    const store = newStore(stack, { encryptionKey: new kms.Key(stack, 'Key') });
    settleFunction(stack, { idempotency: store });
    expect(only(stack, 'AWS::DynamoDB::GlobalTable').Properties.SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
    expect(placedStatements(stack, /^SettleServiceRole/).all).toContainEqual(expect.objectContaining({
      Action: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'], Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] },
    }));
  });

  test.each<[IdempotencyStoreProps, string, boolean]>([
    [{ removalPolicy: RemovalPolicy.DESTROY }, 'Delete', false],
    [{ removalPolicy: RemovalPolicy.RETAIN }, 'Retain', true],
    [{ deletionProtection: false }, 'Retain', false],
  ])('%j', (props, DeletionPolicy, protectedFromDeletion) => {
    const stack = newStack();
    newStore(stack, props);
    Template.fromStack(stack).hasResource('AWS::DynamoDB::GlobalTable', { DeletionPolicy });
    expect(only(stack, 'AWS::DynamoDB::GlobalTable').Properties.Replicas[0].DeletionProtectionEnabled).toBe(protectedFromDeletion);
  });
});

describe('grantConnect', () => {
  test('grants four actions on the table', () => {
    const stack = newStack();
    newStore(stack).grantConnect(new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') }));
    expect(only(stack, 'AWS::IAM::Policy').Properties.PolicyDocument.Statement).toEqual([
      { Action: ACTIONS, Effect: 'Allow', Resource: { 'Fn::GetAtt': ['Store1D2A845B', 'Arn'] } },
    ]);
  });

  test.each<[string, (stack: Stack) => iam.IGrantable, boolean]>([
    ['a user', stack => new iam.User(stack, 'Grantee'), true],
    ['an imported role', stack => iam.Role.fromRoleArn(stack, 'Grantee', 'arn:aws:iam::111122223333:role/r'), true],
    ['a service principal, which has no policy', () => new iam.ServicePrincipal('states.amazonaws.com'), false],
  ])('to %s', (_, create, granted) => {
    const stack = newStack();
    expect(newStore(stack).grantConnect(create(stack)).success).toBe(granted);
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', granted ? 1 : 0);
  });
});

describe('a connected function', () => {
  test('can access its own records only, and has the table in its environment', () => {
    const stack = newStack();
    const store = newStore(stack, { expiresAfter: Duration.days(3) });
    settleFunction(stack, { idempotency: store });
    settleFunction(stack, { idempotency: store }, 'Pay');
    const prefixes = ['Settle', 'Pay'].map(id => environmentOf(stack, id).IDEMPOTENCY_KEY_PREFIX);
    expect(prefixes).toEqual([expect.stringMatching(/^StackSettle[0-9A-F]{8}$/), expect.stringMatching(/^StackPay[0-9A-F]{8}$/)]);
    expect(environmentOf(stack, 'Pay')).toMatchObject({ IDEMPOTENCY_TABLE: { Ref: 'Store1D2A845B' }, IDEMPOTENCY_EXPIRES_AFTER_SECONDS: '259200' });
    expect(tableStatementsOf(stack, 'PayServiceRole')).toEqual([{
      Action: ACTIONS,
      Effect: 'Allow',
      Resource: { 'Fn::GetAtt': ['Store1D2A845B', 'Arn'] },
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${prefixes[1]}#*`] } },
    }]);
    expectNoCycle(stack);
  });

  test.each<[string, (stack: Stack) => lambda.IFunction]>([
    ['a plain function', stack => new lambda.Function(stack, 'F', REQUIRED)],
    ['an alias', stack => new lambda.Function(stack, 'F', REQUIRED).addAlias('prod')],
  ])('can be %s', (_, create) => {
    const stack = newStack();
    newStore(stack).connect(create(stack));
    expect(environmentOf(stack, 'F')).toMatchObject({ IDEMPOTENCY_KEY_PREFIX: expect.stringMatching(/^StackF/) });
    expect(only(stack, 'AWS::IAM::Policy').Properties.PolicyDocument.Statement).toContainEqual(expect.objectContaining({ Action: ACTIONS }));
    expectNoCycle(stack);
  });

  test('can be in another stack', () => {
    const app = new App();
    const [a, b] = [new Stack(app, 'A'), new Stack(app, 'B')];
    settleFunction(b, { idempotency: newStore(a) });
    expect(environmentOf(b, 'Settle').IDEMPOTENCY_TABLE).toEqual({ 'Fn::ImportValue': expect.anything() });
  });

  test('is granted once, even if it is connected twice', () => {
    const stack = newStack();
    const store = newStore(stack);
    store.connect(settleFunction(stack, { idempotency: store }));
    expect(tableStatementsOf(stack, 'SettleServiceRole')).toHaveLength(1);
  });

  test('has one prefix and one grant for all its aliases', () => {
    const stack = newStack();
    const store = newStore(stack);
    const fn = new lambda.Function(stack, 'F', REQUIRED);
    for (const user of [fn.addAlias('a'), fn.addAlias('b'), fn]) store.connect(user);
    const statements = only(stack, 'AWS::IAM::Policy').Properties.PolicyDocument.Statement;
    expect(statements).toEqual([expect.objectContaining({ Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${environmentOf(stack, 'F').IDEMPOTENCY_KEY_PREFIX}#*`] } } })]);
  });

  test('fails when it is imported', () => {
    const stack = newStack();
    expect(() => newStore(stack).connect(lambda.Function.fromFunctionName(stack, 'F', 'f'))).toThrow(new Error(
      "'fn' must be a function that this app defines, got Stack/F, whose environment cannot be set; "
      + 'use grantConnect() and set IDEMPOTENCY_TABLE, IDEMPOTENCY_KEY_PREFIX, IDEMPOTENCY_EXPIRES_AFTER_SECONDS where the function is defined (at Stack/Store)'));
  });

  test.each(['IDEMPOTENCY_TABLE', 'IDEMPOTENCY_KEY_PREFIX', 'IDEMPOTENCY_EXPIRES_AFTER_SECONDS'])('fails when its environment already contains %s', variable => {
    const stack = newStack();
    expect(() => settleFunction(stack, { idempotency: newStore(stack), environment: { [variable]: 'mine' } }))
      .toThrow(new Error(`'${variable}' must not be in 'environment' beside 'idempotency', which sets it; leave it out (at Stack/Settle)`));
  });
});

describe('an imported store', () => {
  const ARN = 'arn:aws:dynamodb:eu-west-1:111122223333:table/records';

  test('grants, sets the environment and validates like a new one', () => {
    const stack = newStack();
    const key = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111122223333:key/k');
    const store = IdempotencyStore.fromIdempotencyStoreAttributes(stack, 'Store', { tableArn: ARN, encryptionKey: key, ...hours(2) });
    settleFunction(stack, { idempotency: store, maxEventAge: Duration.hours(2) });
    expect(environmentOf(stack, 'Settle')).toMatchObject({ IDEMPOTENCY_TABLE: 'records', IDEMPOTENCY_EXPIRES_AFTER_SECONDS: '7200' });
    expect(tableStatementsOf(stack, 'SettleServiceRole')).toEqual([expect.objectContaining({ Action: ACTIONS, Resource: ARN })]);
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).toContain('kms:GenerateDataKey');
    Template.fromStack(stack).resourceCountIs('AWS::DynamoDB::GlobalTable', 0);
    expect([store.tableArn, store.tableName, store.tableStreamArn, store.tableId, store.env.region]).toEqual([ARN, 'records', undefined, undefined, 'eu-west-1']);
  });

  test('grants like any table', () => {
    const stack = newStack();
    const store = IdempotencyStore.fromIdempotencyStoreAttributes(stack, 'Store', { tableArn: ARN });
    store.grantConnect(new iam.User(stack, 'User'));
    store.grantReadData(new iam.User(stack, 'Operator'));
    expect(Object.keys(Template.fromStack(stack).findResources('AWS::IAM::Policy'))).toHaveLength(2);
    expect(store.expiresAfter.toDays()).toBe(7);
  });

  test('fails when its records expire before a source stops repeating', () => {
    const stack = newStack();
    const store = IdempotencyStore.fromIdempotencyStoreAttributes(stack, 'Store', { tableArn: ARN, ...hours(1) });
    settleFunction(stack, { idempotency: store, maxEventAge: Duration.hours(2) });
    expect(synth(stack)).toThrow("[Stack/Store] 'expiresAfter' must be at least 2 hours");
  });
});

describe('expiry', () => {
  test.each([[3_599, true], [3_600, false]])('of %i s, with clients that retry requests for an hour', (seconds, fails) => {
    const create = () => newStore(newStack(), { expiresAfter: Duration.seconds(seconds) });
    const message = "'expiresAfter' must be at least 1 hour, in which clients retry an HTTP request, got 59 minutes 59 seconds; raise it (at Stack/Store)";
    if (fails) expect(create).toThrow(new Error(message));
    else expect(create).not.toThrow();
  });

  /** A source, the seconds for which it can repeat an event, and its name in the message. */
  const SOURCES: [string, (stack: Stack, fn: ReturnType<typeof settleFunction>) => void, number, string][] = [
    ['asynchronous events', (_, fn) => fn.configureAsyncInvoke({ maxEventAge: Duration.hours(6) }), 21_600,
      'asynchronous invocation can repeat an event to Stack/Settle (maximum event age of 6 hours)'],
    ['a rule', (stack, fn) => new events.Rule(stack, 'Rule', { eventPattern: { source: ['x'] }, targets: [FunctionTarget.forRule(fn, { maxEventAge: Duration.hours(24) })] }), 90_000,
      'asynchronous invocation can repeat an event to Stack/Settle (1 day of delivery by EventBridge + maximum event age of 1 hour)'],
    ['a rule with a target of CDK, which delivers for a day', (stack, fn) => new events.Rule(stack, 'Rule', { eventPattern: { source: ['x'] }, targets: [new targets.LambdaFunction(fn)] }), 90_000,
      'asynchronous invocation can repeat an event to Stack/Settle (1 day of delivery by EventBridge + maximum event age of 1 hour)'],
    ['a rule of another stack', (stack, fn) => new events.Rule(new Stack(stack.node.root, 'Other', { env: stack.env }), 'Rule', { eventPattern: { source: ['x'] }, targets: [new targets.LambdaFunction(fn, { maxEventAge: Duration.hours(2) })] }), 10_800,
      'asynchronous invocation can repeat an event to Stack/Settle (2 hours of delivery by EventBridge + maximum event age of 1 hour)'],
    ['a schedule with a target of CDK', (stack, fn) => new scheduler.Schedule(stack, 'Schedule', { schedule: scheduler.ScheduleExpression.rate(Duration.hours(1)), target: new scheduler_targets.LambdaInvoke(fn, { maxEventAge: Duration.hours(3) }) }), 14_400,
      'asynchronous invocation can repeat an event to Stack/Settle (3 hours of delivery by EventBridge + maximum event age of 1 hour)'],
    ['a topic, which invokes asynchronously', (stack, fn) => {
      new sns.Topic(stack, 'Topic').addSubscription(new subscriptions.LambdaSubscription(fn));
      fn.configureAsyncInvoke({ maxEventAge: Duration.hours(2) });
    }, 7_200, 'asynchronous invocation can repeat an event to Stack/Settle (maximum event age of 2 hours)'],
    ['a bucket, which invokes asynchronously', (stack, fn) => {
      new s3.Bucket(stack, 'Bucket').addEventNotification(s3.EventType.OBJECT_CREATED, new notifications.LambdaDestination(fn));
      fn.configureAsyncInvoke({ maxEventAge: Duration.hours(2) });
    }, 7_200, 'asynchronous invocation can repeat an event to Stack/Settle (maximum event age of 2 hours)'],
    ['an overridden event age', (_, fn) => (fn.node.findChild('EventInvokeConfig').node.defaultChild as lambda.CfnEventInvokeConfig).addPropertyOverride('MaximumEventAgeInSeconds', 9_000), 9_000,
      'asynchronous invocation can repeat an event to Stack/Settle (maximum event age of 2 hours 30 minutes)'],
    ['a rule of another alias', (stack, fn) => new events.Rule(stack, 'Rule', { eventPattern: { source: ['x'] }, targets: [FunctionTarget.forRule(betaOf(stack, fn), { maxEventAge: Duration.hours(3) })] }), 14_400,
      'asynchronous invocation can repeat an event to Stack/Settle (3 hours of delivery by EventBridge + maximum event age of 1 hour)'],
    ['a queue of another alias', (stack, fn) => new QueueConsumer(stack, 'Q', { function: betaOf(stack, fn), retentionPeriod: Duration.hours(9) }), 32_400,
      'queue Stack/Q/Queue/Resource can repeat an event to Stack/Settle (message retention of 9 hours)'],
    ['an overridden retention', (stack, fn) => {
      const { queue } = new QueueConsumer(stack, 'Q', { function: fn, retentionPeriod: Duration.hours(3) });
      (queue.node.defaultChild as sqs.CfnQueue).addPropertyOverride('MessageRetentionPeriod', 40_000);
    }, 40_000, 'queue Stack/Q/Queue/Resource can repeat an event to Stack/Settle (message retention of 11 hours 6 minutes 40 seconds)'],
    ['a queue', (stack, fn) => new QueueConsumer(stack, 'Q', { function: fn }), 345_600,
      'queue Stack/Q/Queue/Resource can repeat an event to Stack/Settle (message retention of 4 days)'],
    ['a queue with an event source of CDK', (stack, fn) => fn.addEventSource(new sources.SqsEventSource(new sqs.Queue(stack, 'Q', { retentionPeriod: Duration.hours(5), visibilityTimeout: Duration.minutes(1) }))), 18_000,
      'queue Stack/Q/Resource can repeat an event to Stack/Settle (message retention of 5 hours)'],
    ['a queue of the function that the alias invokes', (stack, fn) => fn.definition.addEventSource(new sources.SqsEventSource(new sqs.Queue(stack, 'Q', { retentionPeriod: Duration.hours(5), visibilityTimeout: Duration.minutes(1) }))), 18_000,
      'queue Stack/Q/Resource can repeat'],
    ['an imported queue', (stack, fn) => new QueueConsumer(stack, 'Q', { function: fn, queue: sqs.Queue.fromQueueArn(stack, 'I', 'arn:aws:sqs:eu-west-1:111122223333:q') }), 1_209_600,
      'an imported queue can repeat an event to Stack/Settle (message retention of 14 days)'],
    ["a table's stream", (stack, fn) => new StreamConsumer(stack, 'S', { function: fn, maxRecordAge: Duration.hours(3), source: StreamSource.dynamoDb(streamed(stack)) }), 10_800,
      'stream Stack/T/Resource can repeat an event to Stack/Settle (maximum record age of 3 hours)'],
    ["a table's stream with unlimited retries", (stack, fn) => fn.addEventSource(new sources.DynamoEventSource(streamed(stack), { startingPosition: lambda.StartingPosition.TRIM_HORIZON })), 86_400,
      'stream Stack/T/Resource can repeat an event to Stack/Settle (retention of 1 day)'],
    ['a Kinesis stream with unlimited retries', (stack, fn) => fn.addEventSource(new sources.KinesisEventSource(new kinesis.Stream(stack, 'K', { retentionPeriod: Duration.days(2) }), { startingPosition: lambda.StartingPosition.TRIM_HORIZON })), 172_800,
      'stream Stack/K/Resource can repeat an event to Stack/Settle (retention of 2 days)'],
    ['an imported Kinesis stream that CDK reads without end', (stack, fn) => fn.addEventSource(new sources.KinesisEventSource(kinesis.Stream.fromStreamArn(stack, 'K', 'arn:aws:kinesis:eu-west-1:111122223333:stream/k'), { startingPosition: lambda.StartingPosition.TRIM_HORIZON })), 31_536_000,
      'can repeat an event to Stack/Settle (retention of 365 days)'],
  ];
  const betaOf = (stack: Stack, fn: ReturnType<typeof settleFunction>) => new CanaryAlias(stack, 'Beta', { function: fn.definition, aliasName: 'beta' });
  const streamed = (stack: Stack) => new dynamodb.TableV2(stack, 'T', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, dynamoStream: dynamodb.StreamViewType.NEW_IMAGE });

  test.each(SOURCES)('one second shorter than %s can repeat an event is rejected with the arithmetic', (_, add, seconds, message) => {
    const stack = newStack();
    add(stack, settleFunction(stack, { idempotency: newStore(stack, { expiresAfter: Duration.seconds(seconds - 1) }) }));
    expect(synth(stack)).toThrow(`'expiresAfter' must be at least ${durationText(seconds)}, in which`);
    expect(synth(stack)).toThrow(message);
    expect(synth(stack)).toThrow(`got ${durationText(seconds - 1)}, and a later repetition would be processed again; raise it or shorten the time of the source`);
  });

  test.each(SOURCES)('as long as %s can repeat an event is accepted', (_, add, seconds) => {
    const stack = newStack();
    add(stack, settleFunction(stack, { idempotency: newStore(stack, { expiresAfter: Duration.seconds(seconds) }) }));
    expect(synth(stack)).not.toThrow();
  });

  test('of 7 days is longer than every source can repeat an event by default', () => {
    const stack = newStack();
    const fn = settleFunction(stack, { idempotency: newStore(stack) });
    new QueueConsumer(stack, 'Q', { function: fn });
    new StreamConsumer(stack, 'S', { function: fn, source: StreamSource.dynamoDb(streamed(stack)) });
    new StreamConsumer(stack, 'K', { function: fn, source: StreamSource.kinesis(new kinesis.Stream(stack, 'Stream')), maxRecordAge: Duration.days(7) });
    new events.Rule(stack, 'Rule', { eventPattern: { source: ['x'] }, targets: [FunctionTarget.forRule(fn, { maxEventAge: Duration.hours(24) })] });
    expect(synth(stack)).not.toThrow();
  });

  test('that is a token is not validated', () => {
    const stack = newStack();
    settleFunction(stack, { idempotency: newStore(stack, { expiresAfter: Duration.seconds(Token.asNumber(Fn.importValue('x'))) }) });
    expect(synth(stack)).not.toThrow();
  });

  test('of a plain function without configuration must be at least the 6 hours of Lambda', () => {
    const stack = newStack();
    newStore(stack, hours(5)).connect(new lambda.Function(stack, 'F', REQUIRED));
    expect(synth(stack)).toThrow('asynchronous invocation can repeat an event to Stack/F (maximum event age of 6 hours), got 5 hours');
  });

  test('of a plain function must be at least the 6 hours of its alias without configuration', () => {
    const stack = newStack();
    const fn = new lambda.Function(stack, 'F', { ...REQUIRED, maxEventAge: Duration.hours(1) });
    newStore(stack, hours(5)).connect(fn);
    expect(synth(stack)).not.toThrow();
    fn.addAlias('prod');
    expect(stack.node.findChild('Store').node.validate()).toEqual([expect.stringContaining('(maximum event age of 6 hours), got 5 hours')]);
  });

  test('of an alias depends on its own configuration', () => {
    const stack = newStack();
    newStore(stack, hours(5)).connect(new lambda.Function(stack, 'F', REQUIRED).addAlias('prod', { maxEventAge: Duration.hours(5) }));
    expect(synth(stack)).not.toThrow();
  });

  test('is rejected if it is shorter than the retention period of any queue', () => {
    const retention = fc.integer({ min: 3_601, max: 1_209_599 });
    fc.assert(fc.property(retention, fc.integer({ min: -1_000, max: 1_000 }), (kept, difference) => {
      const expiry = Math.max(3_600, kept + difference);
      const stack = newStack();
      const fn = settleFunction(stack, { idempotency: newStore(stack, { expiresAfter: Duration.seconds(expiry) }) });
      new QueueConsumer(stack, 'Q', { function: fn, retentionPeriod: Duration.seconds(kept) });
      if (expiry < kept) expect(synth(stack)).toThrow(`message retention of ${durationText(kept)}`);
      else expect(synth(stack)).not.toThrow();
    }), { numRuns: 20 });
  });
});

test('fails when it has a key in a stack without a Region', () => {
  const stack = newStack();
  expect(() => newStore(stack, { encryptionKey: new kms.Key(stack, 'Key') }))
    .toThrow(new Error("'encryptionKey' must be set in a stack that defines its Region, got a stack without one; set 'env' on the stack (at Stack/Store)"));
});

test('fails when it is both deleted with the stack and protected from deletion', () => {
  expect(() => newStore(newStack(), { removalPolicy: RemovalPolicy.DESTROY, deletionProtection: true }))
    .toThrow(new Error("'deletionProtection' must not be set with 'removalPolicy' DESTROY, got both, and the stack could not be deleted; leave one out (at Stack/Store)"));
});

test('two stacks of the same name for the path have their own records in an imported store', () => {
  const prefixes = ['eu-west-1', 'eu-central-1'].map(region => {
    const stack = new Stack(new App(), 'Shop', { env: { account: '123456789012', region } });
    // The replicas of a global table.
    const store = IdempotencyStore.fromIdempotencyStoreAttributes(stack, 'Store', { tableArn: `arn:aws:dynamodb:${region}:123456789012:table/keys` });
    production(stack, { idempotency: store });
    return only(stack, 'AWS::Lambda::Function').Properties.Environment.Variables.IDEMPOTENCY_KEY_PREFIX;
  });
  expect(prefixes).toEqual([expect.stringMatching(/^ShopPay\w+\/Shop\/eu-west-1\/123456789012$/), expect.stringMatching(/^ShopPay\w+\/Shop\/eu-central-1\/123456789012$/)]);
});
