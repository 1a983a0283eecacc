import { App, Duration, PropertyInjectors, RemovalPolicy, Stack, type InjectionContext } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as nodejs from 'aws-cdk-lib/aws-lambda-nodejs';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import recommended from 'aws-cdk-lib/recommended-feature-flags.json';
import { withDefaults, plain, propsOf } from './app';
import { PaymentsStack } from '../../sample/stacks/payments-stack';
import { ProductionDefaults, Profile } from '../../src';
import { DEFAULTS } from '../../src/defaults';
import { plainFunction } from '../support/plain-function';

const { ProductionFunction: FN } = DEFAULTS;

describe('a plain function', () => {
  let stack: Stack;
  beforeAll(() => { stack = withDefaults(s => plainFunction(s, 'Pay').addAlias('live')); });

  test('gets the values of the table', () => {
    expect(propsOf(stack, 'Lambda::Function')).toMatchObject({
      MemorySize: FN.memorySize.value,
      Timeout: FN.timeoutSeconds.value,
      LoggingConfig: { LogFormat: FN.loggingFormat.value, LogGroup: { Ref: expect.stringMatching(/^ProductionLambdaLogsPay/) } },
      TracingConfig: { Mode: FN.tracing.value },
    });
    expect(propsOf(stack, 'Logs::LogGroup').RetentionInDays).toBe(FN.logRetentionDays.value);
    Template.fromStack(stack).hasResource('AWS::Lambda::Version', { DeletionPolicy: FN.versionRemovalPolicy.value });
  });

  test('does not get an architecture', () => {
    expect(propsOf(stack, 'Lambda::Function')).not.toHaveProperty('Architectures');
  });

  test('retains its logical id and the id of its role', () => {
    const before = Template.fromStack(plain(s => plainFunction(s, 'Pay'))).toJSON().Resources;
    expect(Object.keys(Template.fromStack(stack).toJSON().Resources)).toEqual(expect.arrayContaining(Object.keys(before)));
  });

  test('has an explanation of each value', () => {
    const explained = ProductionDefaults.explain(stack).map(({ path, prop, value }) => `${path} ${prop} ${value}`);
    expect(explained).toEqual([
      'Stack/Pay memorySize 512 MB', 'Stack/Pay timeout 10 s', 'Stack/Pay loggingFormat JSON', 'Stack/Pay tracing Active', 'Stack/Pay logGroup 30 days',
      'Stack/Pay/CurrentVersion removalPolicy retain',
    ]);
  });
});

test('each reason is that of the table', () => {
  const reasons = Object.values(DEFAULTS).flatMap<any>(rows => Object.values(rows)).map(({ why, rule, source }) => `${why} ${rule} ${source}`);
  const stack = withDefaults(s => {
    const queue = new sqs.Queue(s, 'Queue');
    plainFunction(s, 'Work').addEventSource(new sources.SqsEventSource(queue));
    plainFunction(s, 'Nightly').addAlias('live');
    new events.Rule(s, 'Rule', { schedule: events.Schedule.rate(Duration.days(1)), targets: [new targets.LambdaFunction(s.node.findChild('Nightly') as lambda.Function)] });
    new apigwv2.HttpApi(s, 'Api');
  });
  Template.fromStack(stack);
  const explained = ProductionDefaults.explain(stack);
  expect(new Set(explained.map(({ prop }) => prop)).size).toBe(12);
  for (const { why, rule, source } of explained) expect(reasons).toContain(`${why} ${rule} ${source}`);
});

test('explains only the values below the scope', () => {
  const app = new App();
  ProductionDefaults.applyTo(app);
  const [one, other] = [new Stack(app, 'One'), new Stack(app, 'Other')];
  new sqs.Queue(one, 'Queue');
  new sqs.Queue(other, 'Queue');
  expect(ProductionDefaults.explain(one).map(({ path }) => path)).toEqual(['One/Queue']);
  expect(ProductionDefaults.explain(app)).toHaveLength(2);
});

describe('a prop takes precedence', () => {
  test.each<[string, Partial<lambda.FunctionProps>, object]>([
    ['memory', { memorySize: 128 }, { MemorySize: 128 }],
    ['timeout', { timeout: Duration.seconds(3) }, { Timeout: 3 }],
    ['text logs', { loggingFormat: lambda.LoggingFormat.TEXT }, { LoggingConfig: { LogFormat: 'Text' } }],
    ['text logs by the old prop', { logFormat: 'Text' }, { LoggingConfig: { LogFormat: 'Text' } }],
    ['no traces', { tracing: lambda.Tracing.DISABLED }, { TracingConfig: Match.absent() }],
    ['x86', { architecture: lambda.Architecture.X86_64 }, { Architectures: ['x86_64'] }],
  ])('%s', (_name, given, expected) => {
    const stack = withDefaults(s => plainFunction(s, 'Pay', given), { architecture: lambda.Architecture.ARM_64 });
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', expected);
  });

  test('but not an undefined prop', () => {
    expect(propsOf(withDefaults(s => plainFunction(s, 'Pay', { memorySize: undefined })), 'Lambda::Function').MemorySize).toBe(512);
  });

  test('a log group or a retention of the function', () => {
    const own = withDefaults(s => plainFunction(s, 'Pay', { logGroup: new logs.LogGroup(s, 'Own', { retention: 1 }) }));
    expect(propsOf(own, 'Logs::LogGroup').RetentionInDays).toBe(1);
    Template.fromStack(own).resourceCountIs('AWS::Logs::LogGroup', 1);
    Template.fromStack(withDefaults(s => plainFunction(s, 'Pay', { logRetention: 7 }))).resourceCountIs('AWS::Logs::LogGroup', 0);
  });

  test('a queue without the TLS statement, a stage with a throttle', () => {
    Template.fromStack(withDefaults(s => new sqs.Queue(s, 'Queue', { enforceSSL: false }))).resourceCountIs('AWS::SQS::QueuePolicy', 0);
    const stage = withDefaults(s => new apigwv2.HttpStage(s, 'Stage', { httpApi: apigwv2.HttpApi.fromHttpApiAttributes(s, 'Api', { httpApiId: 'a' }), throttle: { rateLimit: 7 } }));
    expect(propsOf(stage, 'ApiGatewayV2::Stage').DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 7 });
  });

  test('a property injector of the user, on the same scope or above, is called first', () => {
    const injector = (memorySize: number) => ({
      constructUniqueId: lambda.Function.PROPERTY_INJECTION_ID,
      inject: (props: lambda.FunctionProps, _: InjectionContext) => ({ memorySize, ...props }),
    });
    const app = new App();
    PropertyInjectors.of(app).add(injector(2048));
    const [below, same] = [new Stack(app, 'Below'), new Stack(new App(), 'Same')];
    PropertyInjectors.of(same).add(injector(1536));
    ProductionDefaults.applyTo(below);
    ProductionDefaults.applyTo(same);
    for (const stack of [below, same]) plainFunction(stack, 'Pay');
    expect([propsOf(below, 'Lambda::Function').MemorySize, propsOf(same, 'Lambda::Function').MemorySize]).toEqual([2048, 1536]);
    expect(propsOf(below, 'Lambda::Function').Timeout).toBe(10);
  });
});

describe('functions of other kinds', () => {
  test.each([[lambda.Runtime.JAVA_21], [lambda.Runtime.DOTNET_8]])('%s gets the memory for the JVM and the CLR', runtime => {
    const code = lambda.Code.fromBucketV2({ bucketName: 'code' } as never, 'pay.zip', { objectVersion: '1' });
    expect(propsOf(withDefaults(s => plainFunction(s, 'Pay', { runtime, code })), 'Lambda::Function').MemorySize).toBe(FN.memorySizeJavaDotnet.value);
  });

  test('NodejsFunction gets the same values', () => {
    expect(Object.getPrototypeOf(nodejs.NodejsFunction).PROPERTY_INJECTION_ID).toBe(lambda.Function.PROPERTY_INJECTION_ID);
    const stack = withDefaults(s => new nodejs.NodejsFunction(s, 'Pay', { handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => 1'), runtime: lambda.Runtime.NODEJS_24_X }));
    expect(propsOf(stack, 'Lambda::Function')).toMatchObject({ MemorySize: 512, Timeout: 10, TracingConfig: { Mode: 'Active' } });
  });

  test('the architecture option applies to code only, not to images and layers', () => {
    const arm = { architecture: lambda.Architecture.ARM_64 };
    expect(propsOf(withDefaults(s => plainFunction(s, 'Pay'), arm), 'Lambda::Function').Architectures).toEqual(['arm64']);
    const layered = withDefaults(s => plainFunction(s, 'Pay', { layers: [lambda.LayerVersion.fromLayerVersionArn(s, 'Layer', 'arn:aws:lambda:eu-west-1:111122223333:layer:x:1')] }), arm);
    expect(propsOf(layered, 'Lambda::Function')).not.toHaveProperty('Architectures');
    const image = withDefaults(s => plainFunction(s, 'Pay', { runtime: lambda.Runtime.FROM_IMAGE, handler: lambda.Handler.FROM_IMAGE, code: lambda.Code.fromEcrImage({ repositoryUriForTagOrDigest: () => 'x', repositoryUriForDigest: () => 'x', grantPull: () => undefined } as never) }), arm);
    expect(propsOf(image, 'Lambda::Function')).not.toHaveProperty('Architectures');
  });

  test('a role of the user may write the log; with an imported role, a function gets no traces and no log group', () => {
    const own = withDefaults(s => plainFunction(s, 'Pay', { role: new iam.Role(s, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }) }));
    const statements = propsOf(own, 'IAM::Policy').PolicyDocument.Statement;
    expect(statements).toContainEqual(expect.objectContaining({ Action: expect.arrayContaining(['logs:CreateLogStream', 'logs:PutLogEvents']), Resource: { 'Fn::GetAtt': [expect.stringMatching(/^ProductionLambdaLogs/), 'Arn'] } }));
    expect(statements).toContainEqual(expect.objectContaining({ Action: expect.arrayContaining(['xray:PutTraceSegments']) }));

    const theirs = withDefaults(s => plainFunction(s, 'Pay', { role: iam.Role.fromRoleArn(s, 'Role', 'arn:aws:iam::111122223333:role/x', { mutable: false }) }));
    expect(propsOf(theirs, 'Lambda::Function')).toEqual(expect.not.objectContaining({ TracingConfig: expect.anything() }));
    Template.fromStack(theirs).resourceCountIs('AWS::Logs::LogGroup', 0);
  });

  test('the log group that CDK creates with its flag is not replaced, and its retention does not change', () => {
    const stack = withDefaults(s => plainFunction(s, 'Pay'), {}, recommended);
    Template.fromStack(stack).resourceCountIs('AWS::Logs::LogGroup', 1);
    expect(propsOf(stack, 'Logs::LogGroup', 'PayLogGroup').RetentionInDays).toBe(731);
  });
});

test('the values follow the profile of the scope', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  Profile.sandbox({ logRetention: logs.RetentionDays.THREE_DAYS }).applyTo(stack);
  ProductionDefaults.applyTo(app);
  plainFunction(stack, 'Pay').addAlias('live');
  Template.fromStack(stack).hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete', Properties: { RetentionInDays: 3 } });
  Template.fromStack(stack).hasResource('AWS::Lambda::Version', { DeletionPolicy: 'Delete' });
});

test('excluded scopes are not changed', () => {
  const app = new App();
  ProductionDefaults.applyTo(app);
  const stack = new Stack(app, 'Stack');
  ProductionDefaults.exclude(stack);
  new events.Rule(stack, 'Rule', { schedule: events.Schedule.rate(Duration.days(1)), targets: [new targets.LambdaFunction(plainFunction(stack, 'Pay'))] });
  expect(Object.keys(propsOf(stack, 'Lambda::Function')).sort()).toEqual(['Code', 'Handler', 'Role', 'Runtime']);
  expect(ProductionDefaults.explain(app)).toEqual([]);
});

test('nested scopes can both have the defaults, and each value is set once', () => {
  const app = new App();
  ProductionDefaults.applyTo(app);
  const stack = new Stack(app, 'Stack');
  ProductionDefaults.applyTo(stack);
  plainFunction(stack, 'Pay');
  expect(ProductionDefaults.explain(app)).toHaveLength(5);
  Template.fromStack(stack).resourceCountIs('AWS::Logs::LogGroup', 1);
});

test('fails when it is applied twice to a scope', () => {
  const stack = withDefaults(() => undefined);
  expect(() => ProductionDefaults.applyTo(stack)).toThrow("'applyTo' must be called once for a scope, got a second call; remove one of the calls (at Stack)");
});

test('the sample, which uses constructs of this library, does not change', () => {
  const templates = (isApplied: boolean) => {
    const app = new App({ context: recommended });
    if (isApplied) ProductionDefaults.applyTo(app);
    new PaymentsStack(app, 'Payments', { providerUrl: 'https://provider.example' });
    return app.synth().stacks.map(stack => stack.template);
  };
  expect(templates(true)).toEqual(templates(false));
});

test('the removal policy of a version takes precedence', () => {
  const stack = withDefaults(s => plainFunction(s, 'Pay', { currentVersionOptions: { removalPolicy: RemovalPolicy.DESTROY } }).addAlias('live'));
  Template.fromStack(stack).hasResource('AWS::Lambda::Version', { DeletionPolicy: 'Delete' });
});

test('a version with provisioned concurrency is deleted after the next one is published', () => {
  const stack = withDefaults(s => plainFunction(s, 'Pay', { currentVersionOptions: { provisionedConcurrentExecutions: 1 } }).addAlias('live'));
  Template.fromStack(stack).hasResource('AWS::Lambda::Version', { DeletionPolicy: Match.absent() });
});
