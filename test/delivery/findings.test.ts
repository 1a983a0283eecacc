import { App, Expiration, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EphemeralStack, EventProbe, ProbeSource, SandboxCleaner } from '../../src';
import { tableWithStream } from '../support/event-consumers';
import { findingsOf } from '../support/findings';

const env = { account: '111122223333', region: 'eu-west-1' };
const STREAM_KEY = 'arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef';

/** Findings about constructs of the library, not about the user's buses, topics, streams and tables. */
function findings(build: (app: App) => void) {
  const { open, made, used } = findingsOf(props => {
    const app = new App(props);
    build(app);
    return app;
  }, { '@aws-cdk/core:validateAgainstDefaultRules': true, '@aws-cdk/core:strictCfnValidateErrors': true });
  const isOurs = ({ path }: { path: string }) => !/^Stack\/(Theirs|Table)/.test(path);
  const isUsed = (a: { id: string; path: string }) => used.some(u => u.id === a.id && u.path === a.path);
  return { open: open.filter(isOurs), unused: made.filter(isOurs).filter(a => !isUsed(a)) };
}

test.each<[string, (stack: Stack) => ProbeSource]>([
  ['an event bus', stack => ProbeSource.eventBus(new events.EventBus(stack, 'Theirs'))],
  ['a topic', stack => ProbeSource.topic(new sns.Topic(stack, 'Theirs', { enforceSSL: true }))],
  ['a stream', stack => ProbeSource.kinesis(new kinesis.Stream(stack, 'Theirs', { encryptionKey: kms.Key.fromKeyArn(stack, 'TheirsKey', STREAM_KEY) }))],
  ['a table with a key', stack => ProbeSource.dynamoDb(new dynamodb.Table(stack, 'Theirs', {
    partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
    stream: dynamodb.StreamViewType.NEW_IMAGE,
    encryptionKey: new kms.Key(stack, 'TheirsKey', { enableKeyRotation: true }),
  }))],
  ['a table', stack => ProbeSource.dynamoDb(tableWithStream(stack))],
])('a probe of %s has no open finding, and every acknowledgement matches one', (_, source) => {
  expect(findings(app => {
    const stack = new EphemeralStack(app, 'Stack', { developer: 'ana', expires: Expiration.fromString('2999-01-31'), env });
    new EventProbe(stack, 'Probe', { source: source(stack) });
  })).toEqual({ open: [], unused: [] });
});

test.each([[env], [undefined]])('a cleaner (environment: %j) has no open finding, and every acknowledgement matches one', place => {
  expect(findings(app => void new SandboxCleaner(new Stack(app, 'Stack', { env: place }), 'Cleaner', { dryRun: false }))).toEqual({ open: [], unused: [] });
});
