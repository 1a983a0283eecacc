import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ProductionDefaults } from '../../../src';
import { parseTemplate } from '../../../src/checks/cli/parse';
import { check } from '../../../src/checks/engine/check';
import { input } from '../../../src/checks/engine/load';
import { SET_ONCE } from '../../../src/checks/rules/set-once';

const rulesOf = (template: object) => new Set(check([input(template, 'x')]).map(({ rule }) => rule.id));

test.each([lambda.Runtime.NODEJS_24_X, lambda.Runtime.JAVA_21])('ProductionDefaults does what the report says of it (%s)', runtime => {
  const synthesise = (defaults: boolean) => {
    const app = new App({ analyticsReporting: false });
    if (defaults) ProductionDefaults.applyTo(app, { architecture: lambda.Architecture.ARM_64 });
    const stack = new Stack(app, 'Stack');
    const code = lambda.Code.fromBucketV2(s3.Bucket.fromBucketName(stack, 'Code', 'code'), 'a.zip', { objectVersion: '1' });
    const fn = new lambda.Function(stack, 'Fn', { runtime, handler: 'a.b', code });
    new events.Rule(stack, 'Rule', { schedule: events.Schedule.rate(Duration.days(1)), targets: [new targets.LambdaFunction(fn)] });
    return rulesOf(Template.fromStack(stack).toJSON());
  };
  const [without, with_] = [synthesise(false), synthesise(true)];
  const fixed = Object.keys(SET_ONCE).filter(id => without.has(id));
  expect(fixed.length).toBeGreaterThanOrEqual(4);
  expect(fixed.filter(id => with_.has(id))).toEqual([]);
});

test('Globals does what the report says of it', () => {
  const sam = (globals: string) => parseTemplate(`Transform: AWS::Serverless-2016-10-31\n${globals}\nResources: { Fn: { Type: AWS::Serverless::Function, Properties: { Handler: a.b, Runtime: java25, Events: { E: { Type: Schedule, Properties: { Schedule: rate(1 day) } } } } } }\n`, 'x') as object;
  const without = rulesOf(sam(''));
  const named = (property: string) => Object.entries(SET_ONCE).filter(([, text]) => text.includes(`Globals.Function.${property} `)).map(([id]) => id);
  const GLOBALS: Record<string, string> = {
    Timeout: 'Timeout: 10',
    MemorySize: 'MemorySize: 1024',
    Architectures: 'Architectures: [arm64]',
    Tracing: 'Tracing: Active',
    LoggingConfig: 'LoggingConfig: { LogFormat: JSON, LogGroup: mine }',
    EventInvokeConfig: 'EventInvokeConfig: { DestinationConfig: { OnFailure: { Type: SQS } } }',
  };
  for (const [property, text] of Object.entries(GLOBALS)) {
    const with_ = rulesOf(sam(`Globals: { Function: { ${text} } }`));
    const fixed = named(property).filter(id => without.has(id));
    expect({ property, some: named(property).length > 0, left: fixed.filter(id => with_.has(id)) }).toEqual({ property, some: true, left: [] });
  }
});
