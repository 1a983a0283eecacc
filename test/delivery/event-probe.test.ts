import { App, Expiration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { EphemeralStack, EventProbe, ProbeSource, Profile } from '../../src';
import { tableWithStream } from '../support/event-consumers';
import { warningsOf } from '../support/warnings';

const EXPIRES = Expiration.fromString('2999-01-31');

function sandbox(): EphemeralStack {
  return new EphemeralStack(new App(), 'Payments', { branch: 'feature/refunds', expires: EXPIRES });
}

function probe(sourceIn: (stack: Stack) => ProbeSource): Template {
  const stack = sandbox();
  new EventProbe(stack, 'Probe', { source: sourceIn(stack) });
  expect(warningsOf(stack).filter(warning => warning.includes('/Probe/'))).toEqual([]);
  return Template.fromStack(stack);
}

const QUEUE = { 'Fn::GetAtt': [Match.stringLikeRegexp('^ProbeQueue'), 'Arn'] };

/** The statements of the policy of the queue that allow something. */
function senders(template: Template): unknown[] {
  const [policy] = Object.values(template.findResources('AWS::SQS::QueuePolicy'));
  return policy.Properties.PolicyDocument.Statement.filter(({ Effect }: any) => Effect === 'Allow');
}

test('by default, the queue deletes messages after an hour, is encrypted, requires TLS, and is deleted with its stack', () => {
  const template = probe(stack => ProbeSource.topic(new sns.Topic(stack, 'Charged')));
  template.hasResource('AWS::SQS::Queue', {
    DeletionPolicy: 'Delete', Properties: { MessageRetentionPeriod: 3_600, SqsManagedSseEnabled: true },
  });
  template.hasResourceProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]) },
  });
});

test('a sandbox profile on the scope is enough', () => {
  const scope = new Construct(new Stack(), 'Sandbox');
  Profile.sandbox({ owner: 'ana' }).applyTo(scope);
  const topic = new sns.Topic(scope, 'Charged');
  expect(() => new EventProbe(scope, 'Probe', { source: ProbeSource.topic(topic) })).not.toThrow();
});

describe('source', () => {
  test('event bus: a rule for all events, which alone may send to the queue', () => {
    const template = probe(stack => ProbeSource.eventBus(new events.EventBus(stack, 'Bus')));
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: { Ref: Match.stringLikeRegexp('^Bus') }, EventPattern: { source: [{ prefix: '' }] }, Targets: [{ Arn: QUEUE }],
    });
    expect(senders(template)).toMatchObject([{ Principal: { Service: 'events.amazonaws.com' }, Condition: { ArnEquals: { 'aws:SourceArn': expect.anything() } } }]);
  });

  test('event bus with a pattern: only these events', () => {
    const template = probe(stack => ProbeSource.eventBus(new events.EventBus(stack, 'Bus'), { detailType: ['PaymentCharged'] }));
    template.hasResourceProperties('AWS::Events::Rule', { EventPattern: { 'detail-type': ['PaymentCharged'] } });
  });

  test.each([[false], [true]])('topic (FIFO: %s): the messages as they were published', fifo => {
    const template = probe(stack => ProbeSource.topic(new sns.Topic(stack, 'Charged', { fifo })));
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'sqs', RawMessageDelivery: true, Endpoint: QUEUE });
    expect(senders(template)).toMatchObject([{ Principal: { Service: 'sns.amazonaws.com' }, Condition: { ArnEquals: { 'aws:SourceArn': { Ref: expect.stringMatching(/^Charged/) } } } }]);
  });

  test('Kinesis: a pipe from the first record that the stream retains, in batches that SQS accepts', () => {
    const template = probe(stack => ProbeSource.kinesis(new kinesis.Stream(stack, 'Orders')));
    template.hasResourceProperties('AWS::Pipes::Pipe', {
      SourceParameters: { KinesisStreamParameters: { BatchSize: 10, StartingPosition: 'TRIM_HORIZON' } }, Target: QUEUE,
    });
    const [pipe] = Object.values(template.findResources('AWS::Pipes::Pipe'));
    expect(pipe.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^ProbeRoleDefaultPolicy/)]));
  });

  test('DynamoDB: a pipe from the stream of the table', () => {
    const template = probe(stack => ProbeSource.dynamoDb(tableWithStream(stack)));
    template.hasResourceProperties('AWS::Pipes::Pipe', {
      Source: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Table'), 'StreamArn'] },
      SourceParameters: { DynamoDBStreamParameters: { BatchSize: 10, StartingPosition: 'TRIM_HORIZON' } },
    });
  });

  test('the role of a pipe can read the stream and send to the queue, and only pipes assume it', () => {
    const template = probe(stack => ProbeSource.kinesis(new kinesis.Stream(stack, 'Orders', { encryption: kinesis.StreamEncryption.MANAGED })));
    template.hasResourceProperties('AWS::IAM::Role', { AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'pipes.amazonaws.com' } }] } });
    const [policy] = Object.values(template.findResources('AWS::IAM::Policy'));
    const actions = policy.Properties.PolicyDocument.Statement.flatMap(({ Action }: any) => Action);
    expect(actions).toEqual(expect.arrayContaining(['kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards', 'sqs:SendMessage']));
    expect(actions.filter((action: string) => !/^(kinesis:(Describe|Get|List|Subscribe)|sqs:(SendMessage|Get))/.test(action))).toEqual([]);
  });
});

describe('failures', () => {
  test('fails outside of a sandbox', () => {
    const stack = new Stack(new App(), 'Stack');
    const source = ProbeSource.topic(new sns.Topic(stack, 'Charged'));
    expect(() => new EventProbe(stack, 'Probe', { source })).toThrow(
      'an event probe must be in a sandbox, got the production profile; create it in an EphemeralStack, or call Profile.sandbox().applyTo() on its scope first (at Stack/Probe)',
    );
  });

  test('fails if the table has no stream', () => {
    const stack = sandbox();
    const table = new dynamodb.Table(stack, 'Ledger', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } });
    expect(() => new EventProbe(stack, 'Probe', { source: ProbeSource.dynamoDb(table) })).toThrow(
      "'source' must be a table with a stream, got Payments/Ledger without one; enable the stream of the table (at Payments/Probe)",
    );
  });

  test('fails at synth if a TableV2, whose stream has an ARN in any case, has no stream', () => {
    const stack = sandbox();
    const table = new dynamodb.TableV2(stack, 'Ledger', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } });
    new EventProbe(stack, 'Probe', { source: ProbeSource.dynamoDb(table) });
    expect(() => Template.fromStack(stack)).toThrow(
      "the table must have a stream, got none on Payments/Ledger/Resource; set its 'dynamoStream' to NEW_AND_OLD_IMAGES");
  });
});
