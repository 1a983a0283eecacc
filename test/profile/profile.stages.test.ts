import { App, Duration, Expiration, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AlarmActions, ProductionDefaults, ProductionFunction, Profile } from '../../src';
import { propsOf } from '../production-defaults/app';
import { plainFunction, REQUIRED } from '../support/plain-function';

const OWNED = { owner: 'ana', expires: Expiration.fromString('2999-01-31') };
const TAGS = [{ Key: 'expires', Value: '2999-01-31' }, { Key: 'owner', Value: 'ana' }];
const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:on-call';
const textOf = (node: { node: { metadata: { data: unknown }[] } }) => node.node.metadata.map(({ data }) => String(data)).join();

/** Aspects of the CDK do not cross the boundary of a stage; the settings of an app must apply to its stages all the same. */
describe.each(['before', 'after'] as const)('stages that are created %s the settings of the app', order => {
  function build(apply: (app: App) => void, fill: (stack: Stack) => void): { app: App; stack: Stack } {
    const app = new App();
    if (order === 'after') apply(app);
    const stack = new Stack(new Stage(app, 'Production'), 'Shop');
    if (order === 'before') apply(app);
    fill(stack);
    return { app, stack };
  }

  test('have the tags, the metadata and the warnings of its profile', () => {
    const { app, stack } = build(at => Profile.sandbox(OWNED).applyTo(at), at => {
      new sqs.Queue(at, 'Plain');
      new s3.Bucket(at, 'Kept');
      new ProductionFunction(at, 'Pay', REQUIRED);
    });
    const { stacks: [artifact] } = app.synth().getNestedAssembly('assembly-Production');
    expect(propsOf(stack, 'SQS::Queue', 'Plain').Tags).toEqual(TAGS);
    expect(propsOf(stack, 'Lambda::Function', 'Pay').Tags).toEqual(TAGS);
    expect(artifact.template.Metadata).toEqual({ 'cdk-production-lambda': { profile: 'sandbox' } });
    expect(artifact.messages.map(({ entry }) => String(entry.data))).toEqual([expect.stringContaining('its deletion policy is Retain')]);
    expect(textOf(app)).not.toContain('stageNotReached');
  });

  test('retain the failed events of plain functions', () => {
    const { app, stack } = build(at => ProductionDefaults.applyTo(at), at => {
      new events.Rule(at, 'Rule', { schedule: events.Schedule.rate(Duration.days(1)), targets: [new targets.LambdaFunction(plainFunction(at, 'Nightly'))] });
    });
    expect(() => app.synth()).not.toThrow();
    expect(propsOf(stack, 'Lambda::Function')).toHaveProperty('DeadLetterConfig');
  });

  test('send their alarms to its topic', () => {
    const { app, stack } = build(at => AlarmActions.of(at).addTopic(sns.Topic.fromTopicArn(new Stack(at, 'Account'), 'Topic', TOPIC)), at => {
      new ProductionFunction(at, 'Pay', REQUIRED);
    });
    app.synth();
    Template.fromStack(stack).allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [TOPIC] });
    expect(textOf(app)).not.toContain('stageNotReached');
  });
});

test('tags of nested scopes are merged, and the nearer scope takes precedence', () => {
  const app = new App();
  Profile.production({ tags: { company: 'acme', team: 'none' } }).applyTo(app);
  const stage = new Stage(app, 'Stage');
  Profile.production({ tags: { team: 'payments' } }).applyTo(stage);
  const stack = new Stack(stage, 'Shop');
  new ProductionFunction(stack, 'Pay', REQUIRED);
  app.synth();
  expect(propsOf(stack, 'Lambda::Function', 'Pay').Tags).toEqual([{ Key: 'company', Value: 'acme' }, { Key: 'team', Value: 'payments' }]);
});

describe('a stage that was created later, without constructs of this library', () => {
  const plain = (app: App) => new cloudwatch.Alarm(new Stack(new Stage(app, 'Late'), 'Shop'), 'Alarm', { metric: new cloudwatch.Metric({ namespace: 'n', metricName: 'm' }), threshold: 1, evaluationPeriods: 1 });

  test.each<[string, (app: App) => void, string]>([
    ['a profile', app => Profile.sandbox(OWNED).applyTo(app), 'Profile.stageNotReached'],
    ['alarm actions', app => AlarmActions.of(app).addTopic(sns.Topic.fromTopicArn(new Stack(app, 'Account'), 'Topic', TOPIC)), 'AlarmActions.stageNotReached'],
  ])('is a warning for %s', (_, apply, id) => {
    const app = new App();
    apply(app);
    plain(app);
    app.synth();
    expect(textOf(app)).toContain('the stage Late was created after');
    expect(textOf(app)).toContain(id);
  });
});

test('alarms of one stage have no action on a topic of another, to which they cannot refer', () => {
  const app = new App();
  const [one, other] = ['One', 'Other'].map(id => new Stack(new Stage(app, id), 'Shop'));
  for (const stack of [one, other]) new ProductionFunction(stack, 'Pay', REQUIRED);
  AlarmActions.of(app).addTopic(new sns.Topic(one, 'Topic'));
  expect(() => app.synth()).not.toThrow();
  Template.fromStack(one).allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [{ Ref: 'TopicBFC7AF6E' }] });
});
