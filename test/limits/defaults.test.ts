import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import RECOMMENDED from 'aws-cdk-lib/recommended-feature-flags.json';
import { DEFAULTS_PAGE, readable, renderDefaults } from '../../scripts/defaults';
import { CanaryAlias, FailureQueue, ProductionFunction } from '../../src';
import { DEFAULTS } from '../../src/limits';
import { plainFunction, REQUIRED } from '../support/plain-function';

interface Probe {
  /** Reads the value from the resources of a template; undefined where it is not written. */
  readonly read: (resources: Resources) => unknown;
  /** What AWS does where the template of the plain L2 says nothing. */
  readonly unset?: string;
  /** What the L2 column says after the value. */
  readonly note?: string;
  readonly build?: 'java' | 'vpc' | 'group';
}

const GIVEN = 'given-because-required';

class Resources {
  constructor(private readonly template: Template) {}

  /** The first resource of a type whose logical id contains the text. */
  public first(type: string, id = ''): any {
    return Object.entries(this.template.findResources(`AWS::${type}`)).find(([found]) => found.includes(id))?.[1];
  }

  public get function() { return this.first('Lambda::Function').Properties; }
  public get async() { return this.first('Lambda::EventInvokeConfig').Properties; }
  public get queue() { return this.first('SQS::Queue').Properties; }
}

const HELD: Record<string, Record<string, Probe>> = {
  ProductionFunction: {
    architecture: { read: r => r.function.Architectures?.[0], unset: 'x86_64' },
    memorySize: { read: r => r.function.MemorySize, unset: '128 MB' },
    memorySizeJavaDotnet: { read: r => r.function.MemorySize, unset: '128 MB', build: 'java' },
    timeoutSeconds: { read: r => r.function.Timeout, unset: '3 s' },
    loggingFormat: { read: r => r.function.LoggingConfig?.LogFormat, unset: 'Text' },
    applicationLogLevel: { read: r => r.function.LoggingConfig?.ApplicationLogLevel, unset: 'not set' },
    systemLogLevel: { read: r => r.function.LoggingConfig?.SystemLogLevel, unset: 'not set' },
    logRetentionDays: { read: r => r.first('Logs::LogGroup').Properties.RetentionInDays },
    logRemovalPolicy: { read: r => r.first('Logs::LogGroup').DeletionPolicy },
    tracing: { read: r => r.function.TracingConfig?.Mode, unset: 'PassThrough' },
    recursiveLoop: { read: r => r.function.RecursiveLoop, unset: 'Terminate' },
    runtimeManagement: { read: r => r.function.RuntimeManagementConfig?.UpdateRuntimeOn, unset: 'Auto' },
    versionRemovalPolicy: { read: r => r.first('Lambda::Version').DeletionPolicy, unset: 'Delete' },
    retryAttempts: { read: r => r.async.MaximumRetryAttempts, unset: '2', note: ', on $LATEST' },
    maxEventAgeSeconds: { read: r => r.async.MaximumEventAgeInSeconds, unset: '21,600 s', note: ', on $LATEST' },
    onFailure: {
      read: r => r.async.DestinationConfig?.OnFailure?.Destination['Fn::GetAtt'][0].startsWith('ProductionLambdaFailureQueue')
        && 'the FailureQueue of the stack',
      unset: 'events are dropped',
    },
    allowAllOutbound: { read: r => r.first('EC2::SecurityGroup').Properties.SecurityGroupEgress[0].CidrIp === '0.0.0.0/0', build: 'vpc' },
  },
  CanaryAlias: {
    aliasName: { read: r => [r.first('Lambda::Alias').Properties.Name].find(name => name !== GIVEN), unset: 'required' },
    deploymentConfig: { read: r => r.first('CodeDeploy::DeploymentGroup')?.Properties.DeploymentConfigName, unset: 'no shift' },
    autoRollback: { read: r => r.first('CodeDeploy::DeploymentGroup').Properties.AutoRollbackConfiguration.Events.join(','), build: 'group' },
    errorRateThreshold: { read: r => r.first('CloudWatch::Alarm', 'ErrorRate')?.Properties.Threshold, unset: 'no alarm' },
    minimumInvocations: {
      read: r => Number(/>= (\d+)/.exec(JSON.stringify(r.first('CloudWatch::Alarm', 'ErrorRate')?.Properties))?.[1] ?? NaN) || undefined,
      unset: 'no alarm',
    },
    durationThreshold: { read: r => r.first('CloudWatch::Alarm', 'Duration')?.Properties.Threshold, unset: 'no alarm' },
    alarmPeriodSeconds: {
      read: r => r.first('CloudWatch::Alarm')?.Properties.Metrics.find((m: any) => m.MetricStat).MetricStat.Period, unset: 'no alarm',
    },
    alarmEvaluationPeriods: { read: r => r.first('CloudWatch::Alarm')?.Properties.EvaluationPeriods, unset: 'no alarm' },
    alarmDatapoints: { read: r => r.first('CloudWatch::Alarm')?.Properties.DatapointsToAlarm, unset: 'no alarm' },
  },
  FailureQueue: {
    retentionDays: { read: r => r.queue?.MessageRetentionPeriod && r.queue.MessageRetentionPeriod / 86_400, unset: '4 days' },
    enforceSSL: { read: r => r.first('SQS::QueuePolicy') !== undefined },
    alarmThreshold: { read: r => r.first('CloudWatch::Alarm')?.Properties.Threshold, unset: 'no alarm' },
  },
};

const PROPS: Record<string, (stack: Stack) => Partial<lambda.FunctionProps>> = {
  none: () => ({}),
  group: () => ({}),
  java: stack => ({
    runtime: lambda.Runtime.JAVA_21,
    code: lambda.Code.fromBucketV2(s3.Bucket.fromBucketName(stack, 'Code', 'code'), 'pay.jar', { objectVersion: '1' }),
  }),
  vpc: stack => ({ vpc: new ec2.Vpc(stack, 'Vpc', { natGateways: 0 }), vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } }),
};

const PLAIN: Record<string, (stack: Stack, props: Partial<lambda.FunctionProps>, build: string) => unknown> = {
  ProductionFunction: (stack, props) => {
    const fn = plainFunction(stack, 'Pay', props);
    fn.configureAsyncInvoke({});
    return fn.currentVersion;
  },
  CanaryAlias: (stack, props, build) => {
    const alias = new lambda.Alias(stack, 'Alias', { aliasName: GIVEN, version: plainFunction(stack, 'Pay', props).currentVersion });
    if (build === 'group') new codedeploy.LambdaDeploymentGroup(stack, 'Group', { alias });
  },
  FailureQueue: stack => new sqs.Queue(stack, 'Failures'),
};

const OURS: typeof PLAIN = {
  ProductionFunction: (stack, props) => new ProductionFunction(stack, 'Pay', { ...REQUIRED, ...props }),
  CanaryAlias: (stack, props) => new CanaryAlias(stack, 'Live', { function: plainFunction(stack, 'Pay', props) }),
  FailureQueue: stack => new FailureQueue(stack, 'Failures'),
};

const built = new Map<string, Resources>();

/** What is synthesised with the feature flags of a new app; each kind is built once. */
function resourcesOf(kind: 'ours' | 'plain', construct: string, build = 'none'): Resources {
  const key = `${kind} ${construct} ${build}`;
  if (!built.has(key)) {
    const stack = new Stack(new App({ context: RECOMMENDED }), 'Stack');
    (kind === 'ours' ? OURS : PLAIN)[construct](stack, PROPS[build](stack), build);
    built.set(key, new Resources(Template.fromStack(stack)));
  }
  return built.get(key)!;
}

const ROWS = Object.entries(DEFAULTS).flatMap(([construct, rows]) =>
  Object.entries<any>(rows).map(([key, row]) => ({ construct, key, row, probe: HELD[construct]?.[key] })));

test('every row is held by a probe, and every probe by a row', () => {
  const names = (table: object) => Object.entries(table).flatMap(([construct, rows]) => Object.keys(rows).map(key => `${construct}.${key}`));
  expect(names(HELD).sort()).toEqual(names(DEFAULTS).sort());
});

test.each(ROWS)('$construct has by default the $key of the table', ({ construct, row, probe }) => {
  expect(probe.read(resourcesOf('ours', construct, probe.build))).toBe(row.value);
});

test.each(ROWS)('in place of $construct the plain L2 has the $key of the table', ({ construct, row, probe }) => {
  const written = probe.read(resourcesOf('plain', construct, probe.build));
  expect(`${written === undefined ? probe.unset : readable(written, row.unit)}${probe.note ?? ''}`).toBe(row.l2);
});

test.each(ROWS)('the $key of $construct names its rule, its reason and a page of AWS', ({ row }) => {
  expect(row.rule).toMatch(/^[A-Z]-\d+$/);
  expect(row.why).toMatch(/^\S.{15,}[^.]$/);
  expect(row.source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/[\w/.-]+\.html$/);
});

test('the plain alias does require its name', () => {
  const stack = new Stack();
  new lambda.Alias(stack, 'Alias', { version: plainFunction(stack, 'Pay').currentVersion } as Partial<lambda.AliasProps> as lambda.AliasProps);
  expect(() => Template.fromStack(stack)).toThrow('name: required but missing');
});

test('docs/DEFAULTS.md is current', () => {
  expect(readFileSync(DEFAULTS_PAGE, 'utf8')).toBe(renderDefaults());
});
