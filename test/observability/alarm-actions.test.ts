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

test('every alarm of the scope tells the topic: of releases, functions, queues and of the user', () => {
  AlarmActions.of(app).addTopic(topic);
  new ProductionFunction(stack, 'Pay', { ...REQUIRED, alarms: {} });
  new cloudwatch.Alarm(stack, 'Own', { metric: topic.metricNumberOfMessagesPublished(), threshold: 1, evaluationPeriods: 1 });
  const found = actionsOf(stack);
  expect(found).toHaveLength(2 + 4 + 1 + 1);
  for (const actions of found) expect(actions).toEqual([ref(topic)]);
  expectNoCycle(stack);
});

test('composite alarms tell it too', () => {
  AlarmActions.of(stack).addTopic(topic);
  const alarm = FailureQueue.of(stack).alarm;
  new cloudwatch.CompositeAlarm(stack, 'Any', { alarmRule: cloudwatch.AlarmRule.fromAlarm(alarm, cloudwatch.AlarmState.ALARM) });
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::CompositeAlarm', { AlarmActions: [ref(topic)] });
});

test('an action that is there stays', () => {
  const own = new sns.Topic(stack, 'Own');
  FailureQueue.of(stack).alarm.addAlarmAction(new SnsAction(own));
  AlarmActions.of(stack).addTopic(topic);
  expect(actionsOf(stack)).toEqual([[ref(own), ref(topic)]]);
});

test('alarms outside the scope are silent', () => {
  const other = new Stack(app, 'Other');
  FailureQueue.of(other);
  AlarmActions.of(stack).addTopic(topic);
  expect(actionsOf(other)).toEqual([undefined]);
});

test('two topics are both told', () => {
  const tickets = new sns.Topic(stack, 'Tickets');
  FailureQueue.of(stack);
  AlarmActions.of(app).addTopic(topic);
  AlarmActions.of(stack).addTopic(tickets);
  expect(actionsOf(stack)[0]).toHaveLength(2);
});

describe('the policy of the topic', () => {
  const allowed = { Action: 'sns:Publish', Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } }, Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' } };

  test('lets alarms in where there is one, once', () => {
    const secure = new sns.Topic(stack, 'Secure', { enforceSSL: true });
    AlarmActions.of(stack).addTopic(secure);
    new ProductionFunction(stack, 'Pay', { ...REQUIRED, alarms: {} });
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::SNS::TopicPolicy'));
    expect(Properties.PolicyDocument.Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow')).toEqual([expect.objectContaining({ ...allowed, Resource: ref(secure) })]);
  });

  test('is not made where the default one does', () => {
    AlarmActions.of(stack).addTopic(topic);
    FailureQueue.of(stack);
    Template.fromStack(stack).resourceCountIs('AWS::SNS::TopicPolicy', 0);
  });
});
