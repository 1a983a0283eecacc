const { Duration, RemovalPolicy } = require('aws-cdk-lib');
const cloudwatch = require('aws-cdk-lib/aws-cloudwatch');
const codedeploy = require('aws-cdk-lib/aws-codedeploy');
const iam = require('aws-cdk-lib/aws-iam');
const lambda = require('aws-cdk-lib/aws-lambda');
const destinations = require('aws-cdk-lib/aws-lambda-destinations');
const logs = require('aws-cdk-lib/aws-logs');
const sqs = require('aws-cdk-lib/aws-sqs');

const NOT_BREACHING = cloudwatch.TreatMissingData.NOT_BREACHING;
/** How much chance explains, as in the expressions of the release alarms. */
const CHANCE = '3 * (0.0099 * invocations) ^ 0.5';

/** The resources of a ProductionFunction with their properties, written by hand with the L2 constructs of aws-cdk-lib. */
function plainL2(stack, id, props, shared) {
  const log = new logs.LogGroup(stack, `${id}Logs`, { retention: logs.RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.RETAIN });
  const role = new iam.Role(stack, `${id}Role`, {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      Permissions: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] }),
          new iam.PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [log.logGroupArn] }),
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
    environment: { POWERTOOLS_LOG_LEVEL: 'INFO', POWERTOOLS_METRICS_NAMESPACE: stack.stackName, POWERTOOLS_SERVICE_NAME: stack.stackName },
    loggingFormat: lambda.LoggingFormat.JSON,
    applicationLogLevelV2: lambda.ApplicationLogLevel.INFO,
    systemLogLevelV2: lambda.SystemLogLevel.INFO,
    tracing: lambda.Tracing.ACTIVE,
    recursiveLoop: lambda.RecursiveLoop.TERMINATE,
    runtimeManagementMode: lambda.RuntimeManagementMode.AUTO,
    logGroup: log,
    role: role.withoutPolicyUpdates(),
    currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
  });
  const version = fn.currentVersion;
  const alias = new lambda.Alias(stack, `${id}Live`, { aliasName: 'live', version });
  alias.configureAsyncInvoke({ onFailure: new destinations.SqsDestination(shared.queue), retryAttempts: 2, maxEventAge: Duration.hours(1) });
  new codedeploy.LambdaDeploymentGroup(stack, `${id}Release`, {
    alias,
    alarms: releaseAlarms(stack, id, fn, version),
    application: shared.application,
    role: shared.role,
    deploymentConfig: codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_10MINUTES,
    autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
  });
}

/** The alarms on the error rate and the duration of the new version. */
function releaseAlarms(stack, id, fn, version) {
  const period = Duration.minutes(10);
  const ofAlias = { FunctionName: fn.functionName, Resource: `${fn.functionName}:live` };
  const ofVersion = { ...ofAlias, ExecutedVersion: version.version };
  const metric = (metricName, statistic, dimensionsMap = ofVersion) => new cloudwatch.Metric({ namespace: 'AWS/Lambda', metricName, statistic, dimensionsMap, period });
  const alarm = (name, threshold, alarmDescription, math) => new cloudwatch.MathExpression({ ...math, period }).createAlarm(stack, `${id}${name}`, {
    threshold,
    alarmDescription,
    evaluationPeriods: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: NOT_BREACHING,
  });
  const invocations = metric('Invocations', 'Sum');
  const ofRelease = `${stack.node.path}/${id}/Live`;
  return [
    alarm('Errors', 1, `More than 1 % of the requests to the new version of ${ofRelease} fail, and chance does not explain it. `
      + 'During a release CodeDeploy rolls back to the previous version automatically. Before you deploy again, read the errors of the new version in the log group.', {
      expression: `IF(invocations >= 2, 100 * (errors - 1 - ${CHANCE}) / invocations, 0)`,
      label: 'errors of the new version in percent, beyond what chance explains',
      usingMetrics: { errors: metric('Errors', 'Sum'), invocations },
    }),
    alarm('Duration', 80, `More than 1 % of the requests to the new version of ${ofRelease} take longer than 80 % of its timeout, or its requests take `
      + '1.4 times as long as is usual for the alias, and chance does not explain it. During a release CodeDeploy rolls back to the previous version automatically. '
      + 'Before you deploy again, compare the traces of both versions.', {
      expression: `MAX([IF(invocations >= 2 AND 100 * ((100 - near) * invocations / 100 - 1 - ${CHANCE}) / invocations > 1, 100, 0), `
        + 'IF(invocations >= 10 AND invocations >= 2 AND LOG(MIN([median / usual_median, quarter / usual_quarter]) / 1.4) > '
        + '5 * LOG(usual_median / usual_quarter) / invocations ^ 0.5, 100, 0)])',
      label: 'duration of the new version, 100 if it is too slow',
      usingMetrics: {
        invocations,
        near: metric('Duration', 'PR(:8000)'),
        median: metric('Duration', 'p50'),
        quarter: metric('Duration', 'p25'),
        usual_median: metric('Duration', 'p50', ofAlias),
        usual_quarter: metric('Duration', 'p25', ofAlias),
      },
    }),
  ];
}

/** The resources that all functions of a stack share. */
function sharedByStack(stack) {
  const queue = new sqs.Queue(stack, 'Failures', { retentionPeriod: Duration.days(14), enforceSSL: true, encryption: sqs.QueueEncryption.SQS_MANAGED });
  queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }).createAlarm(stack, 'FailuresAlarm', {
    threshold: 1,
    evaluationPeriods: 1,
    alarmDescription: `Events that functions of this stack failed to process are in ${stack.node.path}/ProductionLambda/FailureQueue. `
      + 'Inspect a message (it contains the request and the error), fix the cause, then send the requests again.',
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: NOT_BREACHING,
  });
  return {
    queue,
    application: new codedeploy.LambdaApplication(stack, 'Application'),
    role: new iam.Role(stack, 'CodeDeployRole', { assumedBy: new iam.ServicePrincipal('codedeploy.amazonaws.com') }),
  };
}

module.exports = { plainL2, sharedByStack };
