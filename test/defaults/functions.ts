import { Duration, type Stack } from 'aws-cdk-lib';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { expressionOf, GIVEN, inWords, numberIn, payFunction, sharedIn, type Resources, type Subject } from './subject';
import { CanaryAlias, FunctionAlarms, ProductionFunction, SmokeTest, ProvisionedConcurrency } from '../../src';
import { plainFunction, REQUIRED } from '../support/plain-function';

const FUNCTION_PROPS: Record<string, (stack: Stack) => Partial<lambda.FunctionProps>> = {
  default: () => ({}),
  java: stack => ({
    runtime: lambda.Runtime.JAVA_21,
    code: lambda.Code.fromBucketV2(s3.Bucket.fromBucketName(stack, 'Code', 'code'), 'pay.jar', { objectVersion: '1' }),
  }),
  vpc: stack => ({ vpc: new ec2.Vpc(stack, 'Vpc', { natGateways: 0 }), vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } }),
};

function plainAlias(stack: Stack): lambda.Alias {
  return new lambda.Alias(stack, 'Alias', { aliasName: GIVEN, version: payFunction(stack).currentVersion });
}

const variablesOf = (r: Resources) => r.function.Environment?.Variables;

/** Functions and their releases. */
export const FUNCTIONS: Record<string, Subject> = {
  ProductionFunction: {
    ours: (stack, build) => new ProductionFunction(stack, 'Pay', { ...REQUIRED, ...FUNCTION_PROPS[build](stack) }),
    plain: (stack, build) => {
      const fn = plainFunction(stack, 'Pay', FUNCTION_PROPS[build](stack));
      fn.configureAsyncInvoke({});
      return fn.currentVersion;
    },
    contains: ['CanaryAlias', 'FailureQueue', 'Alarm'],
    probes: {
      architecture: { read: r => r.function.Architectures?.[0], unset: 'x86_64' },
      memorySize: { read: r => r.function.MemorySize, unset: '128 MB' },
      memorySizeJavaDotnet: { read: r => r.function.MemorySize, unset: '128 MB', build: 'java' },
      timeoutSeconds: { read: r => r.function.Timeout, unset: '3 s' },
      loggingFormat: { read: r => r.function.LoggingConfig?.LogFormat, unset: 'Text' },
      applicationLogLevel: { read: r => r.function.LoggingConfig?.ApplicationLogLevel, unset: 'not set' },
      systemLogLevel: { read: r => r.function.LoggingConfig?.SystemLogLevel, unset: 'not set' },
      logRetentionDays: { read: r => r.props('Logs::LogGroup').RetentionInDays },
      logRemovalPolicy: { read: r => r.first('Logs::LogGroup').DeletionPolicy },
      tracing: { read: r => r.function.TracingConfig?.Mode, unset: 'PassThrough' },
      recursiveLoop: { read: r => r.function.RecursiveLoop, unset: 'Terminate' },
      runtimeManagement: { read: r => r.function.RuntimeManagementConfig?.UpdateRuntimeOn, unset: 'Auto' },
      versionRemovalPolicy: { read: r => r.first('Lambda::Version').DeletionPolicy, unset: 'Delete' },
      retryAttempts: { read: r => r.async.MaximumRetryAttempts, unset: '2', note: ', on $LATEST' },
      maxEventAgeSeconds: { read: r => r.async.MaximumEventAgeInSeconds, unset: '21,600 s', note: ', on $LATEST' },
      onFailure: { read: r => sharedIn(r.async.DestinationConfig?.OnFailure?.Destination, 'FailureQueue'), unset: 'events are dropped' },
      powertoolsServiceName: { read: r => inWords('the id of the stack', variablesOf(r)?.POWERTOOLS_SERVICE_NAME, 'Stack'), unset: 'not set' },
      powertoolsMetricsNamespace: { read: r => inWords('the id of the stack', variablesOf(r)?.POWERTOOLS_METRICS_NAMESPACE, 'Stack'), unset: 'not set' },
      powertoolsLogLevel: { read: r => variablesOf(r)?.POWERTOOLS_LOG_LEVEL, unset: 'not set' },
      allowAllOutbound: { read: r => r.props('EC2::SecurityGroup').SecurityGroupEgress[0].CidrIp === '0.0.0.0/0', build: 'vpc' },
    },
  },
  CanaryAlias: {
    ours: stack => new CanaryAlias(stack, 'Live', { function: payFunction(stack) }),
    plain: (stack, build) => {
      const alias = plainAlias(stack);
      if (build === 'group') new codedeploy.LambdaDeploymentGroup(stack, 'Group', { alias });
    },
    contains: ['ProductionFunction', 'Alarm'],
    probes: {
      aliasName: { read: r => [r.props('Lambda::Alias').Name].find(name => name !== GIVEN), unset: 'required' },
      deploymentConfig: { read: r => r.props('CodeDeploy::DeploymentGroup')?.DeploymentConfigName, unset: 'no shift' },
      autoRollback: { read: r => r.props('CodeDeploy::DeploymentGroup').AutoRollbackConfiguration.Events.join(','), build: 'group' },
      errorRateThreshold: { read: r => r.alarm('ErrorRate')?.Threshold, unset: 'no alarm' },
      errorRateFailures: { read: r => numberIn(expressionOf(r.alarm('ErrorRate')), /errors - (\d+)/), unset: 'no alarm' },
      errorRateDeviations: { read: r => numberIn(expressionOf(r.alarm('ErrorRate')), /- (\d+) \* \(/), unset: 'no alarm' },
      minimumRequests: { read: r => numberIn(expressionOf(r.alarm('ErrorRate')), />= (\d+)/), unset: 'no alarm' },
      durationThreshold: { read: r => r.alarm('Duration')?.Threshold, unset: 'no alarm' },
      durationShare: { read: r => numberIn(expressionOf(r.alarm('Duration')), /\/ invocations > (\d+)/), unset: 'no alarm' },
      slowdownThreshold: { read: r => numberIn(expressionOf(r.alarm('Duration')), /\]\) \/ ([\d.]+)\)/), unset: 'no alarm' },
      slowdownMinimumRequests: { read: r => numberIn(expressionOf(r.alarm('Duration')), /IF\(invocations >= (\d+) AND invocations/), unset: 'no alarm' },
      slowdownDeviations: { read: r => (numberIn(expressionOf(r.alarm('Duration')), /> (\d+) \* LOG/) ?? NaN) / 2 || undefined, unset: 'no alarm' },
      alarmWindowMinutes: { read: r => r.alarm('')?.Metrics.find((m: any) => m.MetricStat).MetricStat.Period / 60 || undefined, unset: 'no alarm' },
      alarmEvaluationPeriods: { read: r => r.alarm('')?.EvaluationPeriods, unset: 'no alarm' },
    },
  },
  SmokeTest: {
    ours: stack => new CanaryAlias(stack, 'Live', { function: payFunction(stack), preTraffic: SmokeTest.invoke() }),
    plain: plainAlias,
    contains: ['CanaryAlias', 'ProductionFunction', 'Alarm'],
    probes: {
      attempts: { read: r => numberIn(r.hook?.Environment.Variables.SMOKE_TESTS, /"attempts":(\d+)/), unset: 'no test' },
      memorySize: { read: r => r.hook?.MemorySize, unset: 'no test' },
      timeoutSeconds: { read: r => r.hook?.Timeout, unset: 'no test' },
      logRetentionDays: { read: r => r.props('Logs::LogGroup', 'PreTrafficTest')?.RetentionInDays, unset: 'no test' },
      logRemovalPolicy: { read: r => r.first('Logs::LogGroup', 'PreTrafficTest')?.DeletionPolicy, unset: 'no test' },
    },
  },
  ProvisionedConcurrency: {
    ours: stack => new ProvisionedConcurrency(stack, 'Warm', { alias: plainAlias(stack), min: 1, max: 2 }),
    plain: plainAlias,
    contains: ['Alarm'],
    probes: {
      targetUtilization: {
        read: r => r.props('ApplicationAutoScaling::ScalingPolicy')?.TargetTrackingScalingPolicyConfiguration.TargetValue,
        unset: 'no scaling',
      },
      spilloverThreshold: { read: r => r.alarm('Spillover')?.Threshold, unset: 'no alarm' },
      spilloverMinutes: { read: r => r.alarm('Spillover')?.EvaluationPeriods, unset: 'no alarm' },
    },
  },
  FunctionAlarms: {
    ours: stack => {
      const alarms = new FunctionAlarms(stack, 'Alarms', { function: plainAlias(stack) });
      alarms.addStreamAlarm('Stream');
      alarms.addQueueAlarm('Queue', new sqs.Queue(stack, 'Work'), Duration.minutes(1));
    },
    plain: (stack: Stack) => {
      new sqs.Queue(stack, 'Work');
      return plainAlias(stack);
    },
    contains: ['Alarm'],
    probes: {
      errorRateThreshold: { read: r => r.alarm('AlarmsErrors')?.Threshold, unset: 'no alarm' },
      errorRateMinutes: { read: r => r.alarm('AlarmsErrors')?.EvaluationPeriods, unset: 'no alarm' },
      durationThreshold: { read: r => r.alarm('AlarmsDuration')?.Threshold, unset: 'no alarm' },
      durationMinutes: { read: r => r.alarm('AlarmsDuration')?.EvaluationPeriods, unset: 'no alarm' },
      concurrencyThreshold: { read: r => r.alarm('AlarmsCapacity')?.Threshold, unset: 'no alarm' },
      capacityMinutes: { read: r => r.alarm('AlarmsCapacity')?.EvaluationPeriods, unset: 'no alarm' },
      maxEventAgeShare: {
        read: r => (numberIn(expressionOf(r.alarm('AlarmsLostWork')), /> (\d+), 1, 0/) ?? NaN) / 3_600_000 || undefined, unset: 'no alarm',
      },
      iteratorAgeSeconds: { read: r => r.alarm('AlarmsStream')?.Threshold / 1_000 || undefined, unset: 'no alarm' },
      iteratorAgeMinutes: { read: r => r.alarm('AlarmsStream')?.EvaluationPeriods, unset: 'no alarm' },
      queueAgeMinutes: { read: r => r.alarm('AlarmsQueue')?.EvaluationPeriods, unset: 'no alarm' },
    },
  },
};
