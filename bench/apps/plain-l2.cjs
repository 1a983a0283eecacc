const { Aws, Duration, RemovalPolicy } = require('aws-cdk-lib');
const cloudwatch = require('aws-cdk-lib/aws-cloudwatch');
const codedeploy = require('aws-cdk-lib/aws-codedeploy');
const iam = require('aws-cdk-lib/aws-iam');
const lambda = require('aws-cdk-lib/aws-lambda');
const destinations = require('aws-cdk-lib/aws-lambda-destinations');
const logs = require('aws-cdk-lib/aws-logs');
const sqs = require('aws-cdk-lib/aws-sqs');

/** The resources of a ProductionFunction, written by hand with the L2 constructs of aws-cdk-lib. */
function plainL2(stack, id, props, shared) {
  const log = new logs.LogGroup(stack, `${id}Logs`, { retention: logs.RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.RETAIN });
  const role = new iam.Role(stack, `${id}Role`, {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      Own: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [log.logGroupArn] }),
          new iam.PolicyStatement({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] }),
          new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [shared.queue.queueArn] }),
        ],
      }),
    },
  });
  const fn = new lambda.Function(stack, id, {
    ...props,
    architecture: lambda.Architecture.ARM_64,
    memorySize: 512,
    timeout: Duration.seconds(10),
    loggingFormat: lambda.LoggingFormat.JSON,
    applicationLogLevelV2: lambda.ApplicationLogLevel.INFO,
    systemLogLevelV2: lambda.SystemLogLevel.INFO,
    tracing: lambda.Tracing.ACTIVE,
    recursiveLoop: lambda.RecursiveLoop.TERMINATE,
    logGroup: log,
    role: role.withoutPolicyUpdates(),
    currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
  });
  const version = fn.currentVersion;
  const alias = new lambda.Alias(stack, `${id}Live`, { aliasName: 'live', version });
  alias.configureAsyncInvoke({ onFailure: new destinations.SqsDestination(shared.queue), retryAttempts: 2, maxEventAge: Duration.hours(1) });
  const dimensionsMap = { FunctionName: fn.functionName, Resource: `${fn.functionName}:live`, ExecutedVersion: version.version };
  const metric = (metricName, statistic) => new cloudwatch.Metric({ namespace: 'AWS/Lambda', metricName, statistic, dimensionsMap, period: Duration.minutes(1) });
  const alarm = (name, expression, usingMetrics, threshold) => new cloudwatch.MathExpression({ expression, usingMetrics, period: Duration.minutes(1) })
    .createAlarm(stack, `${id}${name}`, {
      threshold,
      alarmDescription: `${name} of the new version of ${id}: CodeDeploy rolls back automatically; read the log of the new version.`,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  const invocations = metric('Invocations', 'Sum');
  const alarms = [
    alarm('Errors', 'IF(invocations >= 5, 100 * errors / invocations, 0)', { errors: metric('Errors', 'Sum'), invocations }, 1),
    alarm('Duration', 'IF(invocations >= 5, duration / (10 * 10), 0)', { duration: metric('Duration', 'p99'), invocations }, 80),
  ];
  new codedeploy.LambdaDeploymentGroup(stack, `${id}Release`, {
    alias,
    alarms,
    application: shared.application,
    role: shared.role,
    deploymentConfig: codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
    autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
  });
}

/** The resources that all functions of a stack share. */
function sharedByStack(stack) {
  const queue = new sqs.Queue(stack, 'Failures', { retentionPeriod: Duration.days(14), enforceSSL: true, encryption: sqs.QueueEncryption.SQS_MANAGED });
  queue.metricApproximateNumberOfMessagesVisible().createAlarm(stack, 'FailuresAlarm', {
    threshold: 1,
    evaluationPeriods: 1,
    alarmDescription: `Work that was not done waits in the queue ${Aws.STACK_NAME}`,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
  return {
    queue,
    application: new codedeploy.LambdaApplication(stack, 'Application'),
    role: new iam.Role(stack, 'CodeDeployRole', { assumedBy: new iam.ServicePrincipal('codedeploy.amazonaws.com') }),
  };
}

module.exports = { plainL2, sharedByStack };
