import { Duration, RemovalPolicy, Size, type Stack, Token, aws_ecr as ecr, aws_iam as iam, aws_kms as kms, aws_lambda as lambda, aws_lambda_destinations as destinations, aws_logs as logs, aws_signer as signer, aws_sns as sns, aws_sqs as sqs } from 'aws-cdk-lib';
import type { ProductionFunctionProps } from '../../src';
import { LAMBDA } from '../../src/aws';
import { newStack } from '../support/plain-function';
import { functionProperties, production } from '../support/production-function';

process.env.JSII_DEPRECATED = 'quiet';

type Props = Partial<ProductionFunctionProps>;

test.each<[string, Props, string, unknown]>([
  ['timeout of 1 s', { timeout: Duration.seconds(1) }, 'Timeout', 1],
  ['timeout of 900 s', { timeout: Duration.seconds(LAMBDA.timeoutMaxSeconds) }, 'Timeout', 900],
  ['timeout that is a token', { timeout: Duration.seconds(Token.asNumber({ Ref: 'Seconds' })) }, 'Timeout', { Ref: 'Seconds' }],
  ['memory of 128 MB', { memorySize: LAMBDA.memoryMinMiB }, 'MemorySize', 128],
  ['memory of 10,240 MB', { memorySize: LAMBDA.memoryMaxMiB }, 'MemorySize', 10_240],
  ['memory that is a token', { memorySize: Token.asNumber({ Ref: 'Memory' }) }, 'MemorySize', { Ref: 'Memory' }],
  ['reserved concurrency of 0, the kill switch', { reservedConcurrentExecutions: 0 }, 'ReservedConcurrentExecutions', 0],
  ['reserved concurrency that is a token', { reservedConcurrentExecutions: Token.asNumber({ Ref: 'Reserved' }) }, 'ReservedConcurrentExecutions', { Ref: 'Reserved' }],
])('accepts a %s', (_name, props, property, expected) => {
  expect(functionProperties(props)[property]).toEqual(expected);
});

const key = (stack: Stack) => new kms.Key(stack, 'Key');
const logGroup = (stack: Stack) => new logs.LogGroup(stack, 'Mine');
const destination = (stack: Stack) => new destinations.SqsDestination(new sqs.Queue(stack, 'Queue'));
const layerFor = (stack: Stack, ...compatibleArchitectures: lambda.Architecture[]) => new lambda.LayerVersion(stack, 'Layer', { code: lambda.Code.fromAsset(__dirname), compatibleArchitectures });
const durableConfig = { executionTimeout: Duration.hours(1) };

test.each<[string, (stack: Stack) => Props, string]>([
  ['timeout is 0', () => ({ timeout: Duration.seconds(0) }), "'timeout' must be between 1 second and 1 hour 30 minutes, got 0 seconds; raise it"],
  ['timeout is 5,401 s', () => ({ timeout: Duration.seconds(5_401) }), "'timeout' must be between 1 second and 1 hour 30 minutes, got 1 hour 30 minutes 1 second; split longer work into steps, for example with Step Functions"],
  ['memorySize is 127', () => ({ memorySize: 127 }), "'memorySize' must be between 128 and 32768, got 127; it is a number of MiB"],
  ['memorySize is 32,769', () => ({ memorySize: 32_769 }), "'memorySize' must be between 128 and 32768, got 32769; it is a number of MiB"],
  ['memorySize is no number', () => ({ memorySize: NaN }), "'memorySize' must be between 128 and 32768, got NaN; it is a number of MiB"],
  ['maxEventAge is too short', () => ({ maxEventAge: Duration.seconds(59) }), "'maxEventAge' must be between 1 minute and 6 hours, got 59 seconds; raise it"],
  ['maxEventAge is too long', () => ({ maxEventAge: Duration.hours(7) }), "'maxEventAge' must be between 1 minute and 6 hours, got 7 hours; lower it"],
  ['reserved concurrency is negative', () => ({ reservedConcurrentExecutions: -1 }), "'reservedConcurrentExecutions' must be at least 0, got -1; it is a number of environments"],
  ['logRetention is set with logGroup', stack => ({ logGroup: logGroup(stack), logRetention: 1 }), "'logRetention' must not be set with 'logGroup', got both; set it on the log group"],
  ['logRemovalPolicy is set with logGroup', stack => ({ logGroup: logGroup(stack), logRemovalPolicy: RemovalPolicy.DESTROY }), "'logRemovalPolicy' must not be set with 'logGroup', got both; set it on the log group"],
  ['logEncryptionKey is set with logGroup', stack => ({ logGroup: logGroup(stack), logEncryptionKey: key(stack) }), "'logEncryptionKey' must not be set with 'logGroup', got both; set it on the log group"],
  ['logRetentionRole is given', stack => ({ logRetentionRole: new iam.Role(stack, 'Mine', { assumedBy: new iam.AccountRootPrincipal() }) }),
    "'logRetentionRole' must not be set, because it configures a custom resource that this construct does not create; leave it out"],
  ['logRetentionRetryOptions is given', () => ({ logRetentionRetryOptions: { maxRetries: 1 } }),
    "'logRetentionRetryOptions' must not be set, because it configures a custom resource that this construct does not create; leave it out"],
  ['a layer is built for another architecture', stack => ({ layers: [layerFor(stack, lambda.Architecture.X86_64)] }),
    "'layers' must run on arm64, got Stack/Layer for x86_64; build the layer for arm64 or set 'architecture'"],
  ['a layer is built for arm64 and the function for x86_64', stack => ({ architecture: lambda.Architecture.X86_64, layers: [layerFor(stack, lambda.Architecture.ARM_64)] }),
    "'layers' must run on x86_64, got Stack/Layer for arm64; build the layer for x86_64 or set 'architecture'"],
  ['the code of a container image is to be signed', stack => ({
    runtime: lambda.Runtime.FROM_IMAGE,
    handler: lambda.Handler.FROM_IMAGE,
    code: lambda.Code.fromEcrImage(ecr.Repository.fromRepositoryName(stack, 'Images', 'pay')),
    codeSigningConfig: new lambda.CodeSigningConfig(stack, 'Signing', { signingProfiles: [new signer.SigningProfile(stack, 'Profile', { platform: signer.Platform.AWS_LAMBDA_SHA384_ECDSA })] }),
  }), "'codeSigningConfig' does not apply to container images, got one with an image; sign the image in ECR or deploy a ZIP package"],
  ['the dead-letter queue is FIFO', stack => ({ deadLetterQueue: new sqs.Queue(stack, 'Dead', { fifo: true }) }),
    "'deadLetterQueue' must be a standard queue or topic, got a FIFO one; Lambda cannot deliver to it, use a standard one"],
  ['the dead-letter topic is FIFO', stack => ({ deadLetterTopic: new sns.Topic(stack, 'Dead', { fifo: true }) }),
    "'deadLetterTopic' must be a standard queue or topic, got a FIFO one; Lambda cannot deliver to it, use a standard one"],
  ['a durable function has onFailure', stack => ({ durableConfig, onFailure: destination(stack) }),
    "'onFailure' must not be set with 'durableConfig', because durable functions do not support destinations; use 'deadLetterQueue'"],
  ['a durable function has onSuccess', stack => ({ durableConfig, onSuccess: destination(stack) }),
    "'onSuccess' must not be set with 'durableConfig', because durable functions do not support destinations; use 'deadLetterQueue'"],
  ['a durable function has a name', () => ({ durableConfig, functionName: 'pay' }),
    "'functionName' must not be set with 'durableConfig', because a change that replaces the function would conflict with its own name; leave it out"],
  ['memory has a fraction', () => ({ memorySize: 512.5 }), "'memorySize' must be a whole number, got 512.5; round it"],
  ['reserved concurrency has a fraction', () => ({ reservedConcurrentExecutions: 0.5 }), "'reservedConcurrentExecutions' must be a whole number, got 0.5; round it"],
  ['versions are to be provisioned', () => ({ currentVersionOptions: { provisionedConcurrentExecutions: 1 } }),
    "'currentVersionOptions.provisionedConcurrentExecutions' must not be set, because the environments of every retained version would be billed; use 'coldStart' instead"],
])('fails when %s, before any resource is created', (_case, props, message) => {
  const stack = newStack();
  const given = props(stack);

  expect(() => production(stack, given)).toThrow(new Error(`${message} (at Stack/Pay)`));
  expect(stack.node.findChild('Pay').node.children).toEqual([]);
});

test.each<[string, (stack: Stack) => lambda.ILayerVersion]>([
  ['is built for both architectures', stack => layerFor(stack, lambda.Architecture.X86_64, lambda.Architecture.ARM_64)],
  ['names no architecture', stack => new lambda.LayerVersion(stack, 'Layer', { code: lambda.Code.fromAsset(__dirname) })],
  ['is imported', stack => lambda.LayerVersion.fromLayerVersionArn(stack, 'Layer', 'arn:aws:lambda:eu-west-1:123456789012:layer:pay:1')],
])('accepts a layer that %s', (_name, layer) => {
  const stack = newStack();

  expect(() => production(stack, { layers: [layer(stack)] })).not.toThrow();
});

test.each<[string, (stack: Stack) => Props, RegExp]>([
  ['a file system is mounted outside a VPC', () => ({ filesystem: { config: { arn: 'arn:aws:elasticfilesystem:eu-west-1:123456789012:access-point/1', localMountPath: '/mnt/files' } } as lambda.FileSystem }), /without configuring a VPC/],
  ['temporary storage is too small', () => ({ ephemeralStorageSize: Size.mebibytes(511) }), /Ephemeral storage size must be between 512 and 10240 MB/],
  ['retryAttempts is too high', () => ({ retryAttempts: 3 }), /between 0 and 2/],
  ['SnapStart is not offered for the runtime', () => ({ snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS }), /SnapStart currently not supported by runtime nodejs24.x/],
  ['a text log has levels', () => ({ loggingFormat: lambda.LoggingFormat.TEXT, applicationLogLevelV2: lambda.ApplicationLogLevel.INFO }), /you must set LoggingFormat to 'JSON'/],
  ['queue and topic both take dead letters', stack => ({ deadLetterQueue: new sqs.Queue(stack, 'Queue'), deadLetterTopic: new sns.Topic(stack, 'Topic') }), /cannot be specified together/],
])('fails when %s, by CDK itself', (_case, props, message) => {
  const stack = newStack();

  expect(() => production(stack, props(stack))).toThrow(message);
});

test.each([
  ['entry', "pass it to NodejsCode.fromEntry(entry) in 'code'"],
  ['uuid', 'create the function once, and pass it to the constructs that use it'],
  ['stackId', 'use cloudfront.experimental.EdgeFunction for Lambda@Edge'],
  ['manifestPath', "build the code and pass it as 'code'"],
  ['executeOnHandlerChange', "run the function of the deployment with triggers.Trigger and 'definition'"],
  ['invocationType', "run the function of the deployment with triggers.Trigger and 'definition'"],
])('fails when %s of another class is in a spread', (prop, fix) => {
  const spread = { [prop]: 'x' };
  expect(() => production(newStack(), { ...spread })).toThrow(new Error(`'${prop}' must not be set, because a ProductionFunction does not have the prop; ${fix} (at Stack/Pay)`));
});

test('fails with a role of another account, if both accounts are known', () => {
  const role = (stack: Stack) => iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::444455556666:role/pay');
  const known = newStack({ env: { account: '111122223333' } });
  expect(() => production(known, { role: role(known) })).toThrow(new Error("'role' must be in 111122223333, the account of the function, got 444455556666, "
    + 'whose roles the function cannot have; create a role in this account, and let it assume the other one (at Stack/Pay)'));
  const unknown = newStack();
  expect(() => production(unknown, { role: role(unknown) })).not.toThrow();
});
