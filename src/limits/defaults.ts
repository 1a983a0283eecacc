/** One default of one construct: what it is, what it replaces and where it comes from. */
interface DefaultRow<T> {
  readonly value: T;
  /** What the value counts, where its name does not say it. */
  readonly unit?: string;
  /** What the plain L2 of aws-cdk-lib has with the feature flags of a new app: written in the template, or AWS's own default. */
  readonly l2: string;
  /** The number of the rule, the same in docs, checks and tests: F for foundations, P for safe deployment. */
  readonly rule: string;
  readonly why: string;
  readonly source: string;
}

const LDG = 'https://docs.aws.amazon.com/lambda/latest/dg';
const CW = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring';
const CD = 'https://docs.aws.amazon.com/codedeploy/latest/userguide';
const SQS = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide';

/**
 * Every default value, once: the constructs read it here, docs/DEFAULTS.md is generated from it, and a test holds each
 * row against what is synthesised.
 */
export const DEFAULTS = {
  ProductionFunction: {
    architecture: row('arm64', 'x86_64', 'F-6', 'about 20 % cheaper per GB-second on every current runtime', `${LDG}/foundation-arch.html`),
    memorySize: row(512, '128 MB', 'F-7', 'CPU is proportional to memory; at 128 MB a function gets 7 % of a vCPU', `${LDG}/configuration-memory.html`, 'MB'),
    memorySizeJavaDotnet: row(1_024, '128 MB', 'F-7', 'the start of a JVM or CLR is bound by CPU', `${LDG}/configuration-memory.html`, 'MB'),
    timeoutSeconds: row(10, '3 s', 'F-1', '3 s is shorter than a cold start and its first call downstream', `${LDG}/configuration-timeout.html`, 's'),
    loggingFormat: row('JSON', 'Text', 'F-30', 'levels and filters of CloudWatch Logs need JSON', `${LDG}/monitoring-cloudwatchlogs-logformat.html`),
    applicationLogLevel: row('INFO', 'not set', 'F-30', 'DEBUG in production costs more than it tells', `${LDG}/monitoring-cloudwatchlogs-log-level.html`),
    systemLogLevel: row('INFO', 'not set', 'F-30', 'platform.report lines carry the cold starts', `${LDG}/monitoring-cloudwatchlogs-log-level.html`),
    logRetentionDays: row(30, '731 days', 'F-31', 'time to look back; a group that Lambda makes for itself is kept and paid for ever', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html', 'days'),
    logRemovalPolicy: row('Retain', 'Retain', 'F-31', 'logs outlive the function that wrote them', `${LDG}/monitoring-cloudwatchlogs.html`),
    tracing: row('Active', 'PassThrough', 'F-32', 'one request a second and 5 % of the rest are sampled at no set-up', `${LDG}/services-xray.html`),
    recursiveLoop: row('Terminate', 'Terminate', 'F-12', 'a loop stops after about 16 rounds instead of at the bill', `${LDG}/invocation-recursion.html`),
    runtimeManagement: row('Auto', 'Auto', 'F-41', 'security patches arrive without a deployment', `${LDG}/runtimes-update.html`),
    versionRemovalPolicy: row('Retain', 'Delete', 'P-2', 'a rollback needs the old version', `${LDG}/configuration-versions.html`),
    retryAttempts: row(2, '2, on $LATEST', 'F-14', 'set on the alias, because the configuration is per qualifier', `${LDG}/invocation-async-error-handling.html`),
    maxEventAgeSeconds: row(3_600, '21,600 s, on $LATEST', 'F-14', 'an event older than an hour is an incident, not work', `${LDG}/invocation-async-error-handling.html`, 's'),
    onFailure: row('the FailureQueue of the stack', 'events are dropped', 'F-15', 'what fails is kept, with the request and the error', `${LDG}/invocation-async-retain-records.html`),
    allowAllOutbound: row(false, 'true', 'F-46', 'a function in a VPC reaches what it was connected to and nothing else', `${LDG}/configuration-vpc.html`),
  },
  CanaryAlias: {
    aliasName: row('live', 'required', 'P-7', 'one name for what serves traffic', `${LDG}/configuration-aliases.html`),
    deploymentConfig: row('CodeDeployDefault.LambdaCanary10Percent5Minutes', 'no shift', 'P-3', 'a tenth of the traffic meets the new version first', `${CD}/deployment-configurations.html`),
    autoRollback: row('DEPLOYMENT_FAILURE,DEPLOYMENT_STOP_ON_REQUEST,DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_FAILURE', 'P-4', 'a stopped or alarmed deployment goes back too', `${CD}/deployments-rollback-and-redeploy.html`),
    errorRateThreshold: row(1, 'no alarm', 'F-35', 'one failed request in a hundred; a busy function is seldom wholly free of them', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, '%'),
    minimumInvocations: row(5, 'no alarm', 'P-4', 'one failure among a handful of requests is not a rate', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, 'requests a minute'),
    durationThreshold: row(80, 'no alarm', 'F-35', 'p99 above 80 % of the timeout is the last stop before timing out', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, '%'),
    alarmPeriodSeconds: row(60, 'no alarm', 'P-4', 'the shortest period of Lambda metrics', `${LDG}/monitoring-metrics.html`, 's'),
    alarmEvaluationPeriods: row(3, 'no alarm', 'P-4', 'three minutes and the delay of the metrics fit into the five of the canary', `${CW}/AlarmThatSendsEmail.html`, 'periods'),
    alarmDatapoints: row(2, 'no alarm', 'P-4', 'one bad minute is not yet a bad version', `${CW}/AlarmThatSendsEmail.html`, 'periods'),
  },
  FailureQueue: {
    retentionDays: row(14, '4 days', 'F-15', 'the longest SQS keeps a message: time to notice and to replay', `${SQS}/quotas-messages.html`, 'days'),
    enforceSSL: row(true, 'false', 'F-15', 'failed events carry the same data as the good ones', `${SQS}/sqs-security-best-practices.html`),
    alarmThreshold: row(1, 'no alarm', 'F-35', 'each message is work that was not done', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, 'message'),
  },
} as const;

function row<T>(value: T, l2: string, rule: string, why: string, source: string, unit?: string): DefaultRow<T> {
  return { value, l2, rule, why, source, unit };
}
