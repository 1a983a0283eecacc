import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AlarmActions, FailureQueue, ProductionFunction } from '../../src';
import { REQUIRED } from '../support/plain-function';
import { expectNoCycle } from '../support/template-graph';

let app: App;
let stack: Stack;
let topic: sns.Topic;
beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack');
  topic = new sns.Topic(stack, 'OnCall');
});

const actionsOf = (of: Stack) => Object.values(Template.fromStack(of).findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties.AlarmActions);
const ref = (of: sns.Topic) => ({ Ref: stack.resolve(stack.getLogicalId(of.node.defaultChild as sns.CfnTopic)) });

test('adds an action to every alarm of the scope: of releases, functions, queues and of the user', () => {
  AlarmActions.of(app).addTopic(topic);
  new ProductionFunction(stack, 'Pay', { ...REQUIRED, alarms: {} });
  new cloudwatch.Alarm(stack, 'Own', { metric: topic.metricNumberOfMessagesPublished(), threshold: 1, evaluationPeriods: 1 });
  const found = actionsOf(stack);
  expect(found).toHaveLength(2 + 4 + 1 + 1);
  for (const actions of found) expect(actions).toEqual([ref(topic)]);
  expectNoCycle(stack);
});

test('adds an action to composite alarms', () => {
  AlarmActions.of(stack).addTopic(topic);
  const alarm = FailureQueue.getOrCreate(stack).failedEventsAlarm;
  new cloudwatch.CompositeAlarm(stack, 'Any', { alarmRule: cloudwatch.AlarmRule.fromAlarm(alarm, cloudwatch.AlarmState.ALARM) });
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::CompositeAlarm', { AlarmActions: [ref(topic)] });
});

test('retains an existing action', () => {
  const own = new sns.Topic(stack, 'Own');
  FailureQueue.getOrCreate(stack).failedEventsAlarm.addAlarmAction(new SnsAction(own));
  AlarmActions.of(stack).addTopic(topic);
  expect(actionsOf(stack)).toEqual([[ref(own), ref(topic)]]);
});

test('adds no action to alarms outside the scope', () => {
  const other = new Stack(app, 'Other');
  FailureQueue.getOrCreate(other);
  AlarmActions.of(stack).addTopic(topic);
  expect(actionsOf(other)).toEqual([undefined]);
});

test('adds an action for each of two topics', () => {
  const tickets = new sns.Topic(stack, 'Tickets');
  FailureQueue.getOrCreate(stack);
  AlarmActions.of(app).addTopic(topic);
  AlarmActions.of(stack).addTopic(tickets);
  expect(actionsOf(stack)[0]).toHaveLength(2);
});

test('addTopic() returns the action, for an alarm outside the scope', () => {
  const other = new Stack(app, 'Other');
  const action = AlarmActions.of(other).addTopic(topic);
  new cloudwatch.Alarm(stack, 'Own', { metric: topic.metricNumberOfMessagesPublished(), threshold: 1, evaluationPeriods: 1 }).addAlarmAction(action);
  expect(actionsOf(stack)).toEqual([[ref(topic)]]);
});

describe('the policy of the topic', () => {
  const allowed = { Action: 'sns:Publish', Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } }, Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' } };

  test('allows CloudWatch to publish, in one statement, if it exists', () => {
    const secure = new sns.Topic(stack, 'Secure', { enforceSSL: true });
    AlarmActions.of(stack).addTopic(secure);
    new ProductionFunction(stack, 'Pay', { ...REQUIRED, alarms: {} });
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::SNS::TopicPolicy'));
    expect(Properties.PolicyDocument.Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow')).toEqual([expect.objectContaining({ ...allowed, Resource: ref(secure) })]);
  });

  test('is not created if the topic has the default policy', () => {
    AlarmActions.of(stack).addTopic(topic);
    FailureQueue.getOrCreate(stack);
    Template.fromStack(stack).resourceCountIs('AWS::SNS::TopicPolicy', 0);
  });
});
