import { App, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AlarmActions, FailureQueue } from '../../src';
import { warningsOf } from '../support/warnings';

const ACCOUNT = '111122223333';
const env = (region: string, account = ACCOUNT) => ({ env: { account, region } });
const actionsOf = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties.AlarmActions);

/** An app with a topic in one stack and an alarm in a stack of a stage. */
function withStage(topicProps: sns.TopicProps, stage = env('eu-central-1'), ops: object = env('eu-central-1')): Stack {
  const app = new App();
  AlarmActions.of(app).addTopic(new sns.Topic(new Stack(app, 'Ops', ops), 'OnCall', topicProps));
  const stack = new Stack(new Stage(app, 'Prod', stage), 'Shop');
  FailureQueue.getOrCreate(stack);
  return stack;
}

const warningsIn = (stack: Stack) => Stage.of(stack)!.synth().getStackArtifact(stack.artifactId).messages
  .filter(({ level }) => level === 'warning').map(({ entry }) => String(entry.data).replace(/ \[ack: .*\]$/, ''));

test('a topic with a name notifies the alarms of a stage by its ARN', () => {
  const stack = withStage({ topicName: 'on-call' });
  expect(actionsOf(stack)).toEqual([[{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:sns:eu-central-1:${ACCOUNT}:on-call`]] }]]);
  expect(warningsIn(stack)).toEqual([]);
});

test('a topic without a name raises a warning for each stage, because a stage cannot refer to it', () => {
  const stack = withStage({});
  expect(actionsOf(stack)).toEqual([undefined]);
  expect(warningsIn(stack)).toEqual([
    "alarms in the stage Prod cannot refer to the topic Ops/OnCall, and have no action from it; use sns.Topic.fromTopicArn(), set 'topicName' of the topic and 'env' of its stack, or create a topic in each stage",
  ]);
});

test('a topic of another Region raises a warning, because CloudWatch rejects it', () => {
  const stack = withStage({ topicName: 'on-call' }, env('us-east-1'));
  expect(actionsOf(stack)).toEqual([undefined]);
  expect(warningsIn(stack)).toEqual([
    'the topic Ops/OnCall is in eu-central-1, and alarms of Prod/Shop in us-east-1 cannot notify it, so they have no action from it; add a topic of that Region for the stack or stage',
  ]);
});

test('an imported topic notifies the alarms of its Region only', () => {
  const app = new App();
  const [here, there] = ['eu-central-1', 'us-east-1'].map(region => new Stack(app, region, env(region)));
  AlarmActions.of(app).addTopic(sns.Topic.fromTopicArn(here, 'OnCall', `arn:aws:sns:eu-central-1:${ACCOUNT}:on-call`));
  for (const stack of [here, there]) FailureQueue.getOrCreate(stack);
  expect([...actionsOf(here), ...actionsOf(there)]).toEqual([[`arn:aws:sns:eu-central-1:${ACCOUNT}:on-call`], undefined]);
  expect(warningsOf(there).filter(text => text.includes('topicInAnotherRegion'))).toHaveLength(1);
});

test('a topic without a name raises a warning for alarms of another account', () => {
  const app = new App();
  const [here, there] = [ACCOUNT, '444455556666'].map(account => new Stack(app, `In${account}`, env('eu-central-1', account)));
  AlarmActions.of(app).addTopic(new sns.Topic(here, 'OnCall'));
  FailureQueue.getOrCreate(there);
  expect(warningsOf(there).join()).toContain('alarms in the account of In444455556666 cannot refer to the topic');
});
