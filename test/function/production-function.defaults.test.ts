import { Duration, aws_ec2 as ec2, aws_ecr as ecr, aws_lambda as lambda, aws_sqs as sqs } from 'aws-cdk-lib';
import { DEFAULTS } from '../../src/defaults';
import { newStack } from '../support/plain-function';
import { functionProperties, only, placedStatements, production, resourcesOf } from '../support/production-function';

const D = DEFAULTS.ProductionFunction;
process.env.JSII_DEPRECATED = 'quiet';

/** Where the template shows each default of the table: a row without a place here has no proof. */
const SEEN: Record<keyof typeof D, () => unknown> = {
  architecture: () => functionProperties().Architectures[0],
  memorySize: () => functionProperties().MemorySize,
  memorySizeJavaDotnet: () => functionProperties({ runtime: lambda.Runtime.JAVA_25, code: lambda.Code.fromAsset(__dirname) }).MemorySize,
  timeoutSeconds: () => functionProperties().Timeout,
  loggingFormat: () => functionProperties().LoggingConfig.LogFormat,
  applicationLogLevel: () => functionProperties().LoggingConfig.ApplicationLogLevel,
  systemLogLevel: () => functionProperties().LoggingConfig.SystemLogLevel,
  logRetentionDays: () => ofNew('AWS::Logs::LogGroup').Properties.RetentionInDays,
  logRemovalPolicy: () => ofNew('AWS::Logs::LogGroup').DeletionPolicy,
  tracing: () => functionProperties().TracingConfig.Mode,
  recursiveLoop: () => functionProperties().RecursiveLoop,
  runtimeManagement: () => functionProperties().RuntimeManagementConfig.UpdateRuntimeOn,
  versionRemovalPolicy: () => ofNew('AWS::Lambda::Version').DeletionPolicy,
  retryAttempts: () => ofNew('AWS::Lambda::EventInvokeConfig').Properties.MaximumRetryAttempts,
  maxEventAgeSeconds: () => ofNew('AWS::Lambda::EventInvokeConfig').Properties.MaximumEventAgeInSeconds,
  onFailure: () => ofNew('AWS::Lambda::EventInvokeConfig').Properties.DestinationConfig.OnFailure.Destination['Fn::GetAtt'][0].startsWith('ProductionLambdaFailureQueue')
    && 'the FailureQueue of the stack',
  powertoolsServiceName: () => idOfStack(functionProperties().Environment.Variables.POWERTOOLS_SERVICE_NAME),
  powertoolsMetricsNamespace: () => idOfStack(functionProperties().Environment.Variables.POWERTOOLS_METRICS_NAMESPACE),
  powertoolsLogLevel: () => functionProperties().Environment.Variables.POWERTOOLS_LOG_LEVEL,
  allowAllOutbound: () => {
    const stack = newStack();
    production(stack, { vpc: new ec2.Vpc(stack, 'Vpc') });
    const [egress] = only(stack, 'AWS::EC2::SecurityGroup').Properties.SecurityGroupEgress;
    return egress.CidrIp !== '255.255.255.255/32';
  },
};

const idOfStack = (value: string) => value === newStack().node.id && 'the id of the stack';

function ofNew(type: string) {
  const stack = newStack();
  production(stack);
  return only(stack, type, /^Pay/);
}

test.each(Object.keys(D) as (keyof typeof D)[])('%s has the default of the table', row => {
  expect(SEEN[row]()).toEqual(D[row].value);
});

test('the role may only send traces, write its log and send failed events, by inline statements', () => {
  const stack = newStack();
  production(stack);

  expect(only(stack, 'AWS::IAM::Role', /^Pay/).Properties.ManagedPolicyArns).toBeUndefined();
  expect(placedStatements(stack).attached).toEqual({});
  expect(placedStatements(stack).inline).toEqual([
    { Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: '*' },
    { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: { 'Fn::GetAtt': [expect.stringMatching(/^PayLogs/), 'Arn'] } },
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^ProductionLambdaFailureQueue/), 'Arn'] } },
  ]);
});

test('configures service, metrics namespace and log level of Powertools', () => {
  expect(functionProperties().Environment.Variables).toEqual({
    POWERTOOLS_SERVICE_NAME: 'Stack', POWERTOOLS_METRICS_NAMESPACE: 'Stack', POWERTOOLS_LOG_LEVEL: 'INFO',
  });
});

test.each([
  [lambda.ApplicationLogLevel.TRACE, 'DEBUG'],
  [lambda.ApplicationLogLevel.DEBUG, 'DEBUG'],
  [lambda.ApplicationLogLevel.WARN, 'WARN'],
  [lambda.ApplicationLogLevel.FATAL, 'CRITICAL'],
])('application log level %s is %s in Powertools, which every language supports', (applicationLogLevelV2, expected) => {
  const { Environment, LoggingConfig } = functionProperties({ applicationLogLevelV2 });

  expect(Environment.Variables.POWERTOOLS_LOG_LEVEL).toBe(expected);
  expect(LoggingConfig.ApplicationLogLevel).toBe(applicationLogLevelV2);
});

test('the environment of the props takes precedence over Powertools', () => {
  expect(functionProperties({ environment: { POWERTOOLS_SERVICE_NAME: 'pay' } }).Environment.Variables.POWERTOOLS_SERVICE_NAME).toBe('pay');
});

test.each([
  ['Java', lambda.Runtime.JAVA_21],
  ['.NET', lambda.Runtime.DOTNET_8],
])('%s has 1,024 MB, because its start is limited by CPU', (_name, runtime) => {
  expect(functionProperties({ runtime, code: lambda.Code.fromAsset(__dirname) }).MemorySize).toBe(1_024);
});

test.each([
  ['Python', lambda.Runtime.PYTHON_3_14],
  ['Ruby', lambda.Runtime.RUBY_3_4],
  ['a custom runtime', lambda.Runtime.PROVIDED_AL2023],
])('%s has 512 MB', (_name, runtime) => {
  expect(functionProperties({ runtime, code: lambda.Code.fromAsset(__dirname) }).MemorySize).toBe(512);
});

test('a container image has every default except runtime management', () => {
  const stack = newStack();
  production(stack, {
    runtime: lambda.Runtime.FROM_IMAGE,
    handler: lambda.Handler.FROM_IMAGE,
    code: lambda.Code.fromEcrImage(ecr.Repository.fromRepositoryName(stack, 'Images', 'pay')),
  });
  const properties = only(stack, 'AWS::Lambda::Function').Properties;

  expect(properties).toMatchObject({
    PackageType: 'Image', Architectures: ['arm64'], MemorySize: 512, Timeout: 10, RecursiveLoop: 'Terminate', TracingConfig: { Mode: 'Active' }, LoggingConfig: { LogFormat: 'JSON' },
  });
  expect(properties).not.toHaveProperty('RuntimeManagementConfig');
  expect(properties).not.toHaveProperty('Runtime');
});

test('a text log has no levels, because Lambda filters only JSON', () => {
  expect(functionProperties({ loggingFormat: lambda.LoggingFormat.TEXT }).LoggingConfig).toEqual({ LogFormat: 'Text', LogGroup: expect.anything() });
  expect(functionProperties({ logFormat: 'Text' }).LoggingConfig).toEqual({ LogFormat: 'Text', LogGroup: expect.anything() });
});

test('the deprecated log props replace the defaults', () => {
  expect(functionProperties({ logFormat: 'JSON', applicationLogLevel: 'ERROR', systemLogLevel: 'WARN' }).LoggingConfig).toMatchObject({
    LogFormat: 'JSON', ApplicationLogLevel: 'ERROR', SystemLogLevel: 'WARN',
  });
  expect(functionProperties({ applicationLogLevel: 'ERROR' }).Environment.Variables.POWERTOOLS_LOG_LEVEL).toBe('ERROR');
});

test('a function without grants has nine resources beside the shared ones', () => {
  const stack = newStack();
  production(stack);
  const own = Object.entries(resourcesOf(stack)).filter(([id]) => !id.startsWith('ProductionLambda')).map(([, resource]) => (resource as { Type: string }).Type);

  expect(own.sort()).toEqual([
    'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Alarm', 'AWS::CodeDeploy::DeploymentGroup', 'AWS::IAM::Role', 'AWS::Lambda::Alias',
    'AWS::Lambda::EventInvokeConfig', 'AWS::Lambda::Function', 'AWS::Lambda::Version', 'AWS::Logs::LogGroup',
  ]);
});

test('a function with grants has one more resource for all of them', () => {
  const count = (grants: number) => {
    const stack = newStack();
    const fn = production(stack);
    for (let i = 0; i < grants; i++) new sqs.Queue(stack, `Queue${i}`).grantSendMessages(fn);
    return Object.keys(resourcesOf(stack)).filter(id => id.startsWith('Pay')).length;
  };

  expect([count(0), count(1), count(3)]).toEqual([9, 10, 10]);
});

test('a second function of the stack shares queue, application and role', () => {
  const count = (functions: number) => {
    const stack = newStack();
    for (let i = 0; i < functions; i++) production(stack, {}, `Pay${i}`);
    return Object.keys(resourcesOf(stack)).length;
  };

  expect(count(2) - count(1)).toBe(9);
});

test('the function depends on its log group', () => {
  const stack = newStack();
  production(stack);
  const [logGroup] = Object.entries(resourcesOf(stack)).find(([, resource]) => (resource as { Type: string }).Type === 'AWS::Logs::LogGroup')!;

  expect(only(stack, 'AWS::Lambda::Function').Properties.LoggingConfig.LogGroup).toEqual({ Ref: logGroup });
});

test('resources with a qualifier depend on the alias', () => {
  const stack = newStack();
  production(stack).addFunctionUrl();
  const qualifier = { 'Fn::Select': [7, { 'Fn::Split': [':', { Ref: expect.stringMatching(/^PayLive/) }] }] };

  expect(only(stack, 'AWS::Lambda::EventInvokeConfig').Properties.Qualifier).toEqual(qualifier);
  expect(only(stack, 'AWS::Lambda::Url').Properties.Qualifier).toEqual(qualifier);
});

test('has the ARN of its alias', () => {
  const stack = newStack();
  const fn = production(stack, { timeout: Duration.seconds(5) });

  expect(fn.lambda).toBe(fn.definition);
  expect(fn.version).toBe(fn.definition.currentVersion);
  expect(fn.role).toBe(fn.definition.role);
  expect(fn.architecture).toBe(lambda.Architecture.ARM_64);
  expect(stack.resolve(fn.functionArn)).toEqual(stack.resolve(fn.live.functionArn));
  expect(stack.resolve(fn.functionName)).toEqual(stack.resolve(fn.live.functionName));
  expect(stack.resolve(fn.functionRef.functionArn)).toEqual(stack.resolve(fn.live.functionArn));
  expect(stack.resolve(fn.aliasRef.aliasArn)).toEqual(stack.resolve(fn.live.functionArn));
  expect(fn.live.aliasName).toBe('live');
  expect(fn.node.defaultChild).toBe(fn.definition.node.defaultChild);
});
