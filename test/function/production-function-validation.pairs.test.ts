import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { ColdStart, IdempotencyStore, type ProductionFunctionProps } from '../../src';
import { PLACE } from '../support/every-construct';
import { production } from '../support/production-function';

type Props = Partial<ProductionFunctionProps>;

const layerOf = (stack: Stack) => lambda.LayerVersion.fromLayerVersionArn(stack, 'Insights',
  `arn:aws:lambda:${PLACE.region}:580247275435:layer:LambdaInsightsExtension-Arm64:20`);

/** The props that have to do with another prop, each with a value. A name with a value is a second value of the prop. */
const VALUES: Record<string, (stack: Stack) => Props> = {
  'adotInstrumentation': stack => ({
    adotInstrumentation: {
      layerVersion: lambda.AdotLayerVersion.fromJavaScriptSdkLayerVersion(lambda.AdotLambdaLayerJavaScriptSdkVersion.LATEST),
      execWrapper: lambda.AdotLambdaExecWrapper.REGULAR_HANDLER,
    },
    layers: [layerOf(stack)],
  }),
  'allowAllOutbound': () => ({ allowAllOutbound: false }),
  'applicationLogLevelV2': () => ({ applicationLogLevelV2: lambda.ApplicationLogLevel.DEBUG }),
  'architecture': () => ({ architecture: lambda.Architecture.X86_64 }),
  'coldStart': () => ({ coldStart: ColdStart.provisioned({ min: 1, max: 2 }) }),
  'coldStart snapStart': () => ({ coldStart: ColdStart.snapStart() }),
  'deadLetterQueue': stack => ({ deadLetterQueue: new sqs.Queue(stack, 'Dead') }),
  'deadLetterQueueEnabled': () => ({ deadLetterQueueEnabled: true }),
  'deadLetterTopic': stack => ({ deadLetterTopic: new sns.Topic(stack, 'DeadTopic') }),
  'durableConfig': () => ({ durableConfig: { executionTimeout: Duration.hours(1), retentionPeriod: Duration.days(7) } }),
  'environment': () => ({ environment: { LOG_LEVEL: 'DEBUG' } }),
  'functionName': () => ({ functionName: 'pay' }),
  'idempotency': stack => ({ idempotency: new IdempotencyStore(stack, 'Store') }),
  'loggingFormat': () => ({ loggingFormat: lambda.LoggingFormat.TEXT }),
  'logGroup': stack => ({ logGroup: new logs.LogGroup(stack, 'Logs') }),
  'logRemovalPolicy': () => ({ logRemovalPolicy: RemovalPolicy.DESTROY }),
  'logRetention': () => ({ logRetention: logs.RetentionDays.ONE_WEEK }),
  'maxEventAge': () => ({ maxEventAge: Duration.hours(1) }),
  'onFailure': stack => ({ onFailure: new SqsDestination(new sqs.Queue(stack, 'Failed')) }),
  'reservedConcurrentExecutions': () => ({ reservedConcurrentExecutions: 5 }),
  'securityGroups': stack => ({ securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')] }),
  'systemLogLevelV2': () => ({ systemLogLevelV2: lambda.SystemLogLevel.WARN }),
  'timeout': () => ({ timeout: Duration.minutes(15) }),
  'tracing': () => ({ tracing: lambda.Tracing.DISABLED }),
  'vpc': stack => ({
    vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1', availabilityZones: ['us-east-1a', 'us-east-1b'], privateSubnetIds: ['subnet-1', 'subnet-2'],
    }),
  }),
  'vpcSubnets': () => ({ vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } }),
};
const NAMES = Object.keys(VALUES);
const PAIRS = NAMES.flatMap((one, index) => NAMES.slice(index + 1).map(other => [one, other] as const))
  .filter(([one, other]) => propOf(one) !== propOf(other));

function propOf(name: string): string {
  return name.split(' ')[0];
}

/** Whether a message names the prop of a value. Messages of CDK write LoggingFormat, and do not have the V2 of a prop. */
function names(message: string, name: string): boolean {
  return message.toLowerCase().includes(propOf(name).replace(/V2$/, '').toLowerCase());
}

/** What the function rejects; undefined if the app can be synthesised. */
function errorOf(pair: readonly string[]): string | undefined {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Stack', { env: PLACE });
  try {
    production(stack, Object.assign({}, ...pair.map(name => VALUES[name](stack))));
    app.synth();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The props that do not apply alone, with what is said about them. */
const alone = new Map<string, string | undefined>();
beforeAll(() => {
  for (const name of NAMES) alone.set(name, errorOf([name]));
});

test('a prop that is rejected alone is named by its message', () => {
  const rejected = NAMES.filter(name => alone.get(name) !== undefined);
  expect(rejected.filter(name => !names(alone.get(name)!, name)).map(name => [name, alone.get(name)])).toEqual([]);
});

test('each pair of props is synthesised, or rejected by a message that names a prop of the pair', () => {
  const errors = PAIRS.map(pair => [pair, errorOf(pair)] as const).filter(([, error]) => error !== undefined);
  expect(errors.length).toBeGreaterThan(10);
  const unnamed = errors.filter(([pair, error]) => !pair.some(name => names(error!, name)));
  expect(unnamed.map(([pair, error]) => `${pair}: ${error}`)).toEqual([]);
});
