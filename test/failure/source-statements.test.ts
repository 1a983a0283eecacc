import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as s3n from 'aws-cdk-lib/aws-s3-notifications';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { FailureQueue, FunctionTarget, QueueConsumer } from '../../src';
import { newStack } from '../support/plain-function';
import { production } from '../support/production-function';

let stack: Stack;
beforeEach(() => { stack = newStack(); });

function statements(): any[] {
  const [policy, ...others] = Object.values(Template.fromStack(stack).findResources('AWS::SQS::QueuePolicy'));
  expect(others).toEqual([]);
  return policy.Properties.PolicyDocument.Statement;
}

function addRules(count: number): void {
  const fn = production(stack);
  for (let i = 0; i < count; i++) {
    new events.Rule(stack, `Rule${i}`, { schedule: events.Schedule.rate(Duration.minutes(5)), targets: [FunctionTarget.forRule(fn)] });
  }
}

const TLS = expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
const EVENTS = { Effect: 'Allow', Action: 'sqs:SendMessage', Principal: { Service: 'events.amazonaws.com' }, Resource: { 'Fn::GetAtt': [expect.stringMatching(/FailureQueue/), 'Arn'] } };

test.each([1, 2, 20])('%d rules are one statement that names each of them', count => {
  addRules(count);
  const arn = { 'Fn::GetAtt': [expect.stringMatching(/^Rule/), 'Arn'] };
  expect(statements()).toEqual([TLS, { ...EVENTS, Condition: { ArnEquals: { 'aws:SourceArn': Array.from({ length: count }, () => arn) } } }]);
});

test.each([21, 150])('%d rules are one statement for the rules of the account, below the quota of SQS', count => {
  addRules(count);
  expect(statements()).toEqual([TLS, { ...EVENTS, Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } } }]);
  expect(JSON.stringify(statements()).length).toBeLessThan(1_000);
});

test('topics, buckets and rules have one statement for each service', () => {
  const queue = FailureQueue.getOrCreate(stack);
  for (let i = 0; i < 3; i++) {
    new sns.Topic(stack, `Topic${i}`).addSubscription(new subscriptions.UrlSubscription('https://example.com/', { deadLetterQueue: queue }));
    new s3.Bucket(stack, `Bucket${i}`).addEventNotification(s3.EventType.OBJECT_CREATED, new s3n.SqsDestination(queue));
  }
  addRules(2);
  expect(statements().map(s => [s.Principal.Service ?? 'everyone', s.Condition.ArnEquals?.['aws:SourceArn'].length])).toEqual(expect.arrayContaining([
    ['everyone', undefined], ['sns.amazonaws.com', 3], ['s3.amazonaws.com', 3], ['events.amazonaws.com', 2],
  ]));
  expect(statements().length).toBeLessThanOrEqual(5);
});

test.each<[string, () => iam.PolicyStatementProps]>([
  ['a principal of an account', () => ({ principals: [new iam.AccountPrincipal('123456789012')], conditions: { ArnEquals: { 'aws:SourceArn': 'arn:x' } } })],
  ['no condition', () => ({ principals: [new iam.ServicePrincipal('events.amazonaws.com')] })],
  ['another condition', () => ({ principals: [new iam.ServicePrincipal('events.amazonaws.com')], conditions: { StringEquals: { 'aws:SourceAccount': '1' } } })],
  ['two conditions', () => ({
    principals: [new iam.ServicePrincipal('events.amazonaws.com')], conditions: { ArnLike: { 'aws:SourceArn': 'arn:x' }, StringEquals: { 'aws:SourceAccount': '1' } },
  })],
  ['the effect Deny', () => ({
    effect: iam.Effect.DENY, principals: [new iam.ServicePrincipal('events.amazonaws.com')], conditions: { ArnEquals: { 'aws:SourceArn': 'arn:x' } },
  })],
])('a statement with %s is added as it is', (_, props) => {
  const queue = FailureQueue.getOrCreate(stack);
  const statement = new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn], ...props() });
  expect(queue.addToResourcePolicy(statement).statementAdded).toBe(true);
  expect(statements()).toContainEqual(stack.resolve(statement.toStatementJson()));
});

test.each<[string, () => IQueue]>([
  ['a failure queue', () => FailureQueue.getOrCreate(stack)],
  ['the queue of a consumer', () => new QueueConsumer(stack, 'Orders', { function: production(stack) }).queue],
])('%s may be the target of any number of rules, topics and buckets', (_, queueOf) => {
  const queue = queueOf();
  for (let i = 0; i < 25; i++) {
    new events.Rule(stack, `Rule${i}`, { schedule: events.Schedule.rate(Duration.minutes(5)), targets: [new targets.SqsQueue(queue)] });
    new sns.Topic(stack, `Topic${i}`).addSubscription(new subscriptions.SqsSubscription(queue));
  }
  new s3.Bucket(stack, 'Bucket').addEventNotification(s3.EventType.OBJECT_CREATED, new s3n.SqsDestination(queue));
  const policies = Object.values(Template.fromStack(stack).findResources('AWS::SQS::QueuePolicy')).map(({ Properties }) => Properties.PolicyDocument.Statement);
  const [own] = policies.sort((one, other) => other.length - one.length);
  expect(own.length).toBeLessThanOrEqual(7);
  expect(own).toContainEqual(expect.objectContaining({
    Action: 'sqs:SendMessage', Principal: { Service: 'sns.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
  }));
});

test('a target waits for the policy of the queue', () => {
  const queue = FailureQueue.getOrCreate(stack);
  const add = (name: string) => queue.addToResourcePolicy(new iam.PolicyStatement({
    actions: ['sqs:SendMessage'], resources: [queue.queueArn], principals: [new iam.ServicePrincipal('events.amazonaws.com')], conditions: { ArnEquals: { 'aws:SourceArn': name } },
  }));
  const [one, two] = [add('arn:one'), add('arn:two')];
  expect(two.statementAdded).toBe(true);
  expect(two.policyDependable).toBe(one.policyDependable);
});

test('also merges the statements of targets that this library does not create', () => {
  const queue = FailureQueue.getOrCreate(stack);
  for (let i = 0; i < 25; i++) {
    new events.Rule(stack, `Rule${i}`, { schedule: events.Schedule.rate(Duration.minutes(5)), targets: [new targets.SnsTopic(new sns.Topic(stack, `T${i}`), { deadLetterQueue: queue })] });
  }
  expect(statements()).toHaveLength(2);
});
