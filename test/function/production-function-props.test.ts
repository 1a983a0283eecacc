import { Duration, RemovalPolicy, Size, Stack, aws_codeguruprofiler as codeguru, aws_ec2 as ec2, aws_efs as efs, aws_iam as iam, aws_kms as kms, aws_lambda as lambda, aws_lambda_destinations as destinations, aws_lambda_event_sources as sources, aws_logs as logs, aws_secretsmanager as secretsmanager, aws_signer as signer, aws_sns as sns, aws_sqs as sqs } from 'aws-cdk-lib';
import { ColdStart, IdempotencyStore, type ProductionFunctionProps } from '../../src';
import { propsOf } from '../support/assembly';
import { newStack } from '../support/plain-function';
import { grantedStatements, type Json, only, placedStatements, production, resourcesOf, roleStatements } from '../support/production-function';

process.env.JSII_DEPRECATED = 'quiet';

interface Passed {
  readonly props: (stack: Stack) => Partial<ProductionFunctionProps>;
  readonly found: (fn: Json, stack: Stack) => unknown;
  readonly as: unknown;
}

const ref = (start: string) => ({ Ref: expect.stringMatching(new RegExp(`^${start}`)) });
const arn = (start: string) => ({ 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${start}`)), 'Arn'] });
const vpc = (stack: Stack) => new ec2.Vpc(stack, 'Vpc');
const ofType = (type: string) => (_fn: Json, stack: Stack) => only(stack, type, /^Pay/).Properties;
const count = (type: string, stack: Stack) => Object.values<Json>(resourcesOf(stack)).filter(resource => resource.Type === type).length;

/** Each prop with a value that is not its default, and its place in the template. */
const PASSED: Record<Exclude<keyof ProductionFunctionProps, 'logRetentionRole' | 'logRetentionRetryOptions'>, Passed> = {
  adotInstrumentation: {
    props: () => ({
      adotInstrumentation: {
        layerVersion: lambda.AdotLayerVersion.fromJavaScriptSdkLayerVersion(lambda.AdotLambdaLayerJavaScriptSdkVersion.LATEST),
        execWrapper: lambda.AdotLambdaExecWrapper.REGULAR_HANDLER,
      },
    }),
    found: fn => [fn.Layers.length, fn.Environment.Variables.AWS_LAMBDA_EXEC_WRAPPER],
    as: [1, '/opt/otel-handler'],
  },
  allowAllIpv6Outbound: {
    props: stack => ({ vpc: vpc(stack), allowAllOutbound: true, allowAllIpv6Outbound: true }),
    found: ofType('AWS::EC2::SecurityGroup'),
    as: expect.objectContaining({ SecurityGroupEgress: expect.arrayContaining([expect.objectContaining({ CidrIpv6: '::/0' })]) }),
  },
  allowAllOutbound: {
    props: stack => ({ vpc: vpc(stack), allowAllOutbound: true }),
    found: ofType('AWS::EC2::SecurityGroup'),
    as: expect.objectContaining({ SecurityGroupEgress: [expect.objectContaining({ CidrIp: '0.0.0.0/0' })] }),
  },
  allowPublicSubnet: {
    props: stack => ({ vpc: vpc(stack), vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC }, allowPublicSubnet: true }),
    found: fn => fn.VpcConfig.SubnetIds,
    as: [ref('VpcPublicSubnet1'), ref('VpcPublicSubnet2')],
  },
  applicationLogLevel: { props: () => ({ applicationLogLevel: 'WARN' }), found: fn => fn.LoggingConfig.ApplicationLogLevel, as: 'WARN' },
  applicationLogLevelV2: { props: () => ({ applicationLogLevelV2: lambda.ApplicationLogLevel.ERROR }), found: fn => fn.LoggingConfig.ApplicationLogLevel, as: 'ERROR' },
  alarms: {
    props: () => ({ alarms: { errorRateThreshold: 2 } }),
    found: (_fn, stack) => only(stack, 'AWS::CloudWatch::Alarm', /^PayAlarmsErrors/).Properties.Threshold,
    as: 2,
  },
  architecture: { props: () => ({ architecture: lambda.Architecture.X86_64 }), found: fn => fn.Architectures, as: ['x86_64'] },
  code: { props: () => ({ code: lambda.Code.fromInline('other') }), found: fn => fn.Code, as: { ZipFile: 'other' } },
  codeSigningConfig: {
    props: stack => ({ codeSigningConfig: new lambda.CodeSigningConfig(stack, 'Signing', { signingProfiles: [new signer.SigningProfile(stack, 'Profile', { platform: signer.Platform.AWS_LAMBDA_SHA384_ECDSA })] }) }),
    found: fn => fn.CodeSigningConfigArn,
    as: { 'Fn::GetAtt': [expect.stringMatching(/^Signing/), 'CodeSigningConfigArn'] },
  },
  coldStart: {
    props: () => ({ coldStart: ColdStart.provisioned({ min: 2, max: 4 }) }),
    found: (_fn, stack) => only(stack, 'AWS::Lambda::Alias').Properties.ProvisionedConcurrencyConfig,
    as: { ProvisionedConcurrentExecutions: 2 },
  },
  currentVersionOptions: {
    props: () => ({ currentVersionOptions: { description: 'first', removalPolicy: RemovalPolicy.DESTROY } }),
    found: (_fn, stack) => only(stack, 'AWS::Lambda::Version'),
    as: expect.objectContaining({ DeletionPolicy: 'Delete', Properties: expect.objectContaining({ Description: 'first' }) }),
  },
  deadLetterQueue: { props: stack => ({ deadLetterQueue: new sqs.Queue(stack, 'Dead') }), found: fn => fn.DeadLetterConfig.TargetArn, as: arn('Dead') },
  deadLetterQueueEnabled: { props: () => ({ deadLetterQueueEnabled: true }), found: fn => fn.DeadLetterConfig.TargetArn, as: arn('PayDeadLetterQueue') },
  deadLetterTopic: { props: stack => ({ deadLetterTopic: new sns.Topic(stack, 'Dead') }), found: fn => fn.DeadLetterConfig.TargetArn, as: ref('Dead') },
  description: { props: () => ({ description: 'Pays' }), found: fn => fn.Description, as: 'Pays' },
  durableConfig: {
    props: () => ({ durableConfig: { executionTimeout: Duration.hours(1), retentionPeriod: Duration.days(3) } }),
    found: fn => fn.DurableConfig,
    as: { ExecutionTimeout: 3_600, RetentionPeriodInDays: 3 },
  },
  environment: { props: () => ({ environment: { CURRENCY: 'EUR' } }), found: fn => fn.Environment.Variables.CURRENCY, as: 'EUR' },
  environmentEncryption: {
    props: stack => ({ environmentEncryption: new kms.Key(stack, 'Key') }),
    found: (fn, stack) => [fn.KmsKeyArn, grantedStatements(stack)],
    as: [arn('Key'), [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: arn('Key') }]],
  },
  ephemeralStorageSize: { props: () => ({ ephemeralStorageSize: Size.gibibytes(2) }), found: fn => fn.EphemeralStorage, as: { Size: 2_048 } },
  events: { props: stack => ({ events: [new sources.SqsEventSource(new sqs.Queue(stack, 'Queue'))] }), found: (_fn, stack) => JSON.stringify(only(stack, 'AWS::Lambda::EventSourceMapping').Properties.FunctionName).includes('PayLive'), as: true },
  filesystem: {
    props: stack => {
      const home = vpc(stack);
      return { vpc: home, filesystem: lambda.FileSystem.fromEfsAccessPoint(new efs.FileSystem(stack, 'Files', { vpc: home }).addAccessPoint('Access'), '/mnt/files') };
    },
    found: fn => fn.FileSystemConfigs,
    as: [{ LocalMountPath: '/mnt/files', Arn: expect.anything() }],
  },
  functionName: { props: () => ({ functionName: 'pay' }), found: fn => fn.FunctionName, as: 'pay' },
  handler: { props: () => ({ handler: 'index.other' }), found: fn => fn.Handler, as: 'index.other' },
  idempotency: {
    props: stack => ({ idempotency: new IdempotencyStore(stack, 'Store') }),
    found: fn => fn.Environment.Variables.IDEMPOTENCY_TABLE,
    as: ref('Store'),
  },
  initialPolicy: {
    props: () => ({ initialPolicy: [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::bucket/a'] })] }),
    found: (_fn, stack) => placedStatements(stack).inline,
    as: expect.arrayContaining([{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/a' }]),
  },
  insightsVersion: { props: () => ({ insightsVersion: lambda.LambdaInsightsVersion.VERSION_1_0_333_0 }), found: fn => fn.Layers.length, as: 1 },
  ipv6AllowedForDualStack: {
    props: stack => ({ vpc: vpc(stack), ipv6AllowedForDualStack: true }), found: fn => fn.VpcConfig.Ipv6AllowedForDualStack, as: true,
  },
  layers: {
    props: stack => ({ layers: [new lambda.LayerVersion(stack, 'Layer', { code: lambda.Code.fromAsset(__dirname) })] }), found: fn => fn.Layers, as: [ref('Layer')],
  },
  logEncryptionKey: { props: stack => ({ logEncryptionKey: new kms.Key(stack, 'Key') }), found: ofType('AWS::Logs::LogGroup'), as: expect.objectContaining({ KmsKeyId: arn('Key') }) },
  logFormat: { props: () => ({ logFormat: 'Text' }), found: fn => fn.LoggingConfig.LogFormat, as: 'Text' },
  logGroup: { props: stack => ({ logGroup: new logs.LogGroup(stack, 'Mine') }), found: fn => fn.LoggingConfig.LogGroup, as: ref('Mine') },
  loggingFormat: { props: () => ({ loggingFormat: lambda.LoggingFormat.TEXT }), found: fn => fn.LoggingConfig.LogFormat, as: 'Text' },
  logRemovalPolicy: { props: () => ({ logRemovalPolicy: RemovalPolicy.DESTROY }), found: (_fn, stack) => only(stack, 'AWS::Logs::LogGroup').DeletionPolicy, as: 'Delete' },
  logRetention: { props: () => ({ logRetention: logs.RetentionDays.ONE_WEEK }), found: ofType('AWS::Logs::LogGroup'), as: { RetentionInDays: 7 } },
  maxEventAge: { props: () => ({ maxEventAge: Duration.minutes(5) }), found: ofType('AWS::Lambda::EventInvokeConfig'), as: expect.objectContaining({ MaximumEventAgeInSeconds: 300 }) },
  memorySize: { props: () => ({ memorySize: 2_048 }), found: fn => fn.MemorySize, as: 2_048 },
  onFailure: {
    props: stack => ({ onFailure: new destinations.SqsDestination(new sqs.Queue(stack, 'Failed')) }),
    found: ofType('AWS::Lambda::EventInvokeConfig'),
    as: expect.objectContaining({ DestinationConfig: { OnFailure: { Destination: arn('Failed') } } }),
  },
  onSuccess: {
    props: stack => ({ onSuccess: new destinations.SqsDestination(new sqs.Queue(stack, 'Done')) }),
    found: ofType('AWS::Lambda::EventInvokeConfig'),
    as: expect.objectContaining({ DestinationConfig: { OnSuccess: { Destination: arn('Done') }, OnFailure: { Destination: arn('ProductionLambdaFailureQueue') } } }),
  },
  paramsAndSecrets: {
    props: () => ({ paramsAndSecrets: lambda.ParamsAndSecretsLayerVersion.fromVersion(lambda.ParamsAndSecretsVersions.V1_0_103) }),
    found: fn => fn.Environment.Variables.PARAMETERS_SECRETS_EXTENSION_CACHE_ENABLED,
    as: 'true',
  },
  profiling: {
    props: () => ({ runtime: lambda.Runtime.PYTHON_3_12, profiling: true }), found: fn => fn.Environment.Variables.AWS_CODEGURU_PROFILER_ENABLED, as: 'TRUE',
  },
  profilingGroup: {
    props: stack => ({ runtime: lambda.Runtime.PYTHON_3_12, profilingGroup: new codeguru.ProfilingGroup(stack, 'Profiles') }),
    found: fn => fn.Environment.Variables.AWS_CODEGURU_PROFILER_GROUP_NAME,
    as: ref('Profiles'),
  },
  recursiveLoop: { props: () => ({ recursiveLoop: lambda.RecursiveLoop.ALLOW }), found: fn => fn.RecursiveLoop, as: 'Allow' },
  release: { props: () => ({ release: { alarms: { errorRateThreshold: 7 } } }), found: (_fn, stack) => only(stack, 'AWS::CloudWatch::Alarm', /ErrorRate/).Properties.Threshold, as: 7 },
  reservedConcurrentExecutions: { props: () => ({ reservedConcurrentExecutions: 0 }), found: fn => fn.ReservedConcurrentExecutions, as: 0 },
  retryAttempts: { props: () => ({ retryAttempts: 0 }), found: ofType('AWS::Lambda::EventInvokeConfig'), as: expect.objectContaining({ MaximumRetryAttempts: 0 }) },
  role: { props: stack => ({ role: new iam.Role(stack, 'Mine', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }) }), found: fn => fn.Role, as: arn('Mine') },
  runtime: { props: () => ({ runtime: lambda.Runtime.NODEJS_22_X }), found: fn => fn.Runtime, as: 'nodejs22.x' },
  runtimeManagementMode: {
    props: () => ({ runtimeManagementMode: lambda.RuntimeManagementMode.FUNCTION_UPDATE }), found: fn => fn.RuntimeManagementConfig.UpdateRuntimeOn, as: 'FunctionUpdate',
  },
  notSecrets: { props: () => ({ environment: { FORM_PASSWORD: 'field' }, notSecrets: { FORM_PASSWORD: 'the name of a field' } }), found: fn => fn.Environment.Variables.FORM_PASSWORD, as: 'field' },
  secrets: { props: stack => ({ secrets: { LOGIN: new secretsmanager.Secret(stack, 'Login') } }), found: fn => fn.Environment.Variables.LOGIN, as: ref('Login') },
  securityGroups: {
    props: stack => {
      const home = vpc(stack);
      return { vpc: home, securityGroups: [new ec2.SecurityGroup(stack, 'Mine', { vpc: home })] };
    },
    found: (fn, stack) => [fn.VpcConfig.SecurityGroupIds, count('AWS::EC2::SecurityGroup', stack)],
    as: [[{ 'Fn::GetAtt': [expect.stringMatching(/^Mine/), 'GroupId'] }], 1],
  },
  snapStart: { props: () => ({ runtime: lambda.Runtime.PYTHON_3_14, snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS }), found: fn => fn.SnapStart, as: { ApplyOn: 'PublishedVersions' } },
  systemLogLevel: { props: () => ({ systemLogLevel: 'WARN' }), found: fn => fn.LoggingConfig.SystemLogLevel, as: 'WARN' },
  systemLogLevelV2: { props: () => ({ systemLogLevelV2: lambda.SystemLogLevel.DEBUG }), found: fn => fn.LoggingConfig.SystemLogLevel, as: 'DEBUG' },
  tenancyConfig: { props: () => ({ tenancyConfig: lambda.TenancyConfig.PER_TENANT }), found: fn => fn.TenancyConfig, as: { TenantIsolationMode: 'PER_TENANT' } },
  timeout: { props: () => ({ timeout: Duration.minutes(1) }), found: fn => fn.Timeout, as: 60 },
  tracing: { props: () => ({ tracing: lambda.Tracing.DISABLED }), found: (fn, stack) => [fn.TracingConfig, JSON.stringify(roleStatements(stack)).includes('xray')], as: [undefined, false] },
  vpc: { props: stack => ({ vpc: vpc(stack) }), found: fn => fn.VpcConfig.SubnetIds, as: [ref('VpcPrivateSubnet1'), ref('VpcPrivateSubnet2')] },
  vpcSubnets: {
    props: stack => ({ vpc: new ec2.Vpc(stack, 'Vpc', { natGateways: 0 }), vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } }),
    found: fn => fn.VpcConfig.SubnetIds,
    as: [ref('VpcIsolatedSubnet1'), ref('VpcIsolatedSubnet2')],
  },
};

/** Rejected (production-function-validation.test.ts). */
const REJECTED = ['logRetentionRole', 'logRetentionRetryOptions'];

test.each(Object.entries(PASSED))('%s is in the template', (_prop, { props, found, as }) => {
  const stack = newStack();
  production(stack, props(stack));

  expect(found(only(stack, 'AWS::Lambda::Function', /^Pay/).Properties, stack)).toEqual(as);
});

test.each(Object.keys(PASSED).filter(prop => !['code', 'handler', 'runtime'].includes(prop)))('an undefined %s has its default', prop => {
  const [plain, stack] = [newStack(), newStack()];
  production(plain);
  production(stack, { [prop]: undefined });

  expect(resourcesOf(stack)).toEqual(resourcesOf(plain));
});

test('covers every prop of lambda.Function', () => {
  const own = ['secrets', 'notSecrets', 'release', 'logEncryptionKey', 'coldStart', 'alarms', 'idempotency'];

  expect([...Object.keys(PASSED), ...REJECTED].filter(prop => !own.includes(prop)).sort()).toEqual(propsOf('aws-cdk-lib.aws_lambda.FunctionProps').sort());
});

test('adds the layers of several props', () => {
  const stack = newStack({ env: { region: 'eu-west-1' } });
  production(stack, {
    insightsVersion: lambda.LambdaInsightsVersion.VERSION_1_0_333_0,
    paramsAndSecrets: lambda.ParamsAndSecretsLayerVersion.fromVersion(lambda.ParamsAndSecretsVersions.V1_0_103),
  });

  expect(JSON.stringify(only(stack, 'AWS::Lambda::Function').Properties.Layers)).toMatch(/LambdaInsightsExtension-Arm64.*AWS-Parameters-and-Secrets-Lambda-Extension-Arm64/);
});

test('a capacity provider configures the function behind the alias', () => {
  const stack = newStack();
  const home = vpc(stack);
  const provider = new lambda.CapacityProvider(stack, 'Capacity', { subnets: home.privateSubnets, securityGroups: [new ec2.SecurityGroup(stack, 'Group', { vpc: home })] });
  provider.addFunction(production(stack));

  expect(only(stack, 'AWS::Lambda::Function', /^Pay/).Properties.CapacityProviderConfig).toBeDefined();
});
