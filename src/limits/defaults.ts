import { PROFILES } from './profiles';

const P = PROFILES;

/** One default of one construct: what it is, what it replaces and where it comes from. */
interface DefaultRow<T> {
  readonly value: T;
  /** What it is where the profile is a sandbox, if other. */
  readonly sandbox?: unknown;
  /** What the value counts, where its name does not say it. */
  readonly unit?: string;
  /** What the plain L2 of aws-cdk-lib has with the feature flags of a new app: written in the template, or AWS's own default. */
  readonly l2: string;
  /** The number of the rule, the same in docs, checks and tests: F for foundations, P for safe deployment, C for concurrency, H for HTTP; 4.1 is the choice of an entrance. */
  readonly rule: string;
  readonly why: string;
  readonly source: string;
}

const LDG = 'https://docs.aws.amazon.com/lambda/latest/dg';
const APIGW = 'https://docs.aws.amazon.com/apigateway/latest/developerguide';
const CW = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring';
const CD = 'https://docs.aws.amazon.com/codedeploy/latest/userguide';
const AUG = 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide';
const SQS = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide';
const EB = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html';

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
    logRetentionDays: row(P.logRetentionDays.production, '731 days', 'F-31', 'time to look back; a group that Lambda makes for itself is kept and paid for ever', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html', 'days', P.logRetentionDays.sandbox),
    logRemovalPolicy: row(P.removalPolicy.production, 'Retain', 'F-31', 'logs outlive the function that wrote them', `${LDG}/monitoring-cloudwatchlogs.html`, undefined, P.removalPolicy.sandbox),
    tracing: row('Active', 'PassThrough', 'F-32', 'one request a second and 5 % of the rest are sampled at no set-up', `${LDG}/services-xray.html`),
    recursiveLoop: row('Terminate', 'Terminate', 'F-12', 'a loop stops after about 16 rounds instead of at the bill', `${LDG}/invocation-recursion.html`),
    runtimeManagement: row('Auto', 'Auto', 'F-41', 'security patches arrive without a deployment', `${LDG}/runtimes-update.html`),
    versionRemovalPolicy: row(P.removalPolicy.production, 'Delete', 'P-2', 'a rollback needs the old version', `${LDG}/configuration-versions.html`, undefined, P.removalPolicy.sandbox),
    retryAttempts: row(2, '2, on $LATEST', 'F-14', 'set on the alias, because the configuration is per qualifier', `${LDG}/invocation-async-error-handling.html`),
    maxEventAgeSeconds: row(3_600, '21,600 s, on $LATEST', 'F-14', 'an event older than an hour is an incident, not work', `${LDG}/invocation-async-error-handling.html`, 's'),
    onFailure: row('the FailureQueue of the stack', 'events are dropped', 'F-15', 'what fails is kept, with the request and the error', `${LDG}/invocation-async-retain-records.html`),
    allowAllOutbound: row(false, 'true', 'F-46', 'a function in a VPC reaches what it was connected to and nothing else', `${LDG}/configuration-vpc.html`),
  },
  CanaryAlias: {
    aliasName: row('live', 'required', 'P-7', 'one name for what serves traffic', `${LDG}/configuration-aliases.html`),
    deploymentConfig: row(P.deploymentConfig.production, 'no shift', 'P-3', 'a tenth of the traffic meets the new version first', `${CD}/deployment-configurations.html`, undefined, P.deploymentConfig.sandbox),
    autoRollback: row('DEPLOYMENT_FAILURE,DEPLOYMENT_STOP_ON_REQUEST,DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_FAILURE', 'P-4', 'a stopped or alarmed deployment goes back too', `${CD}/deployments-rollback-and-redeploy.html`),
    errorRateThreshold: row(1, 'no alarm', 'F-35', 'one failed request in a hundred; a busy function is seldom wholly free of them', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, '%'),
    minimumInvocations: row(5, 'no alarm', 'P-4', 'one failure among a handful of requests is not a rate', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, 'requests a minute'),
    durationThreshold: row(80, 'no alarm', 'F-35', 'p99 above 80 % of the timeout is the last stop before timing out', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, '%'),
    alarmPeriodSeconds: row(60, 'no alarm', 'P-4', 'the shortest period of Lambda metrics', `${LDG}/monitoring-metrics.html`, 's'),
    alarmEvaluationPeriods: row(3, 'no alarm', 'P-4', 'three minutes and the delay of the metrics fit into the five of the canary', `${CW}/AlarmThatSendsEmail.html`, 'periods'),
    alarmDatapoints: row(2, 'no alarm', 'P-4', 'one bad minute is not yet a bad version', `${CW}/AlarmThatSendsEmail.html`, 'periods'),
  },
  SmokeTest: {
    attempts: row(5, 'no test', 'P-5', 'about half a minute: a cold start or a resuming database spoils the first attempts, not the last', `${CD}/reference-appspec-file-structure-hooks.html`),
    memorySize: row(512, 'no test', 'F-7', 'CPU is proportional to memory, and every release waits for the hook', `${LDG}/configuration-memory.html`, 'MB'),
    timeoutSeconds: row(300, 'no test', 'P-5', 'CodeDeploy waits an hour, a release should not', `${CD}/limits.html`, 's'),
    logRetentionDays: row(P.logRetentionDays.production, 'no test', 'F-31', 'as long as those of the functions that it tests', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html', 'days', P.logRetentionDays.sandbox),
  },
  WarmCapacity: {
    targetUtilization: row(0.7, 'no scaling', 'C-5', 'three in ten warm environments are free for a burst or a release', `${LDG}/provisioned-concurrency.html`),
    spilloverThreshold: row(0, 'no alarm', 'F-35', 'who pays for warm environments does not expect cold ones', `${LDG}/monitoring-concurrency.html`, 'requests'),
    spilloverMinutes: row(3, 'no alarm', 'F-35', 'target tracking needs three minutes to follow a burst', `${LDG}/provisioned-concurrency.html`, 'min'),
  },
  FunctionAlarms: {
    errorRateThreshold: row(1, 'no alarm', 'F-35', 'AWS recommends an alarm on more than 1 % errors', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, '%'),
    errorRateMinutes: row(3, 'no alarm', 'F-35', 'three bad minutes in a row are no accident', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, 'min'),
    durationThreshold: row(80, 'no alarm', 'F-35', 'what takes 80 % of the timeout today times out tomorrow', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, '%'),
    durationMinutes: row(15, 'no alarm', 'F-35', 'as AWS recommends: slow for a while, not slow once', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, 'min'),
    concurrencyThreshold: row(80, 'no alarm', 'F-35', 'in percent of the reserved concurrency: time to act before requests are refused', `${LDG}/monitoring-concurrency.html`, '%'),
    capacityMinutes: row(5, 'no alarm', 'F-35', 'short bursts of throttling are retried', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, 'min'),
    maxEventAgeShare: row(0.5, 'no alarm', 'F-35', 'half of the age at which events are dropped leaves time to act', `${LDG}/monitoring-metrics-types.html`),
    iteratorAgeSeconds: row(60, 'no alarm', 'F-35', 'a consumer that is a minute behind falls further behind', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, 's'),
    iteratorAgeMinutes: row(5, 'no alarm', 'F-35', 'one slow batch catches up by itself', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, 'min'),
    queueAgeMinutes: row(15, 'no alarm', 'F-35', 'as AWS recommends for the age of the oldest message', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, 'min'),
  },
  FailureQueue: {
    retentionDays: row(14, '4 days', 'F-15', 'the longest SQS keeps a message: time to notice and to replay', `${SQS}/quotas-messages.html`, 'days'),
    enforceSSL: row(true, 'false', 'F-15', 'failed events carry the same data as the good ones', `${SQS}/sqs-security-best-practices.html`),
    alarmThreshold: row(1, 'no alarm', 'F-35', 'each message is work that was not done', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, 'message'),
  },
  HttpEntrance: {
    entrance: row('HTTP API', 'one class for each', '4.1', 'the least expensive entrance with JWT, throttle and access log', `${APIGW}/http-api-vs-rest.html`),
    throttleRateLimit: row(500, 'the quota of the account, 10,000 a second', 'H-8', 'one API must not use up what all APIs of the account share', `${APIGW}/http-api-throttling.html`, 'requests a second'),
    throttleBurstLimit: row(1_000, 'the quota of the account, 5,000', 'H-8', 'two seconds of the rate at once', `${APIGW}/http-api-throttling.html`, 'requests'),
    logRetentionDays: row(P.logRetentionDays.production, 'no access log', 'H-9', 'what the entrance refused never reaches the log of a function', `${APIGW}/http-api-logging.html`, 'days', P.logRetentionDays.sandbox),
    payloadFormatVersion: row('2.0', '2.0', 'H-2', 'pinned: formats 1.0 and 2.0 are not compatible', `${APIGW}/http-api-develop-integrations-lambda.html`),
    endpointType: row('REGIONAL', 'EDGE', 'H-20', 'a distribution of your own can be configured, the one behind EDGE can not', `${APIGW}/api-gateway-api-endpoint-types.html`),
    securityPolicy: row('TLS_1_2', 'TLS_1_2', 'H-10', 'older versions are broken', `${APIGW}/apigateway-custom-domain-tls-version.html`),
    authorizerCacheSeconds: row(300, '300 s, for all routes at once', 'H-4', 'five minutes, and never across routes', `${APIGW}/http-api-lambda-authorizer.html`, 's'),
    corsMaxAgeSeconds: row(7_200, 'not set: 5 s in browsers', 'H-7', 'the longest that Chromium keeps a preflight', `${APIGW}/http-api-cors.html`, 's'),
    multiValueHeaders: row(true, 'false', 'H-31', 'without it a load balancer drops all but the last value of a header', 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html'),
    errorRateThreshold: row(5, 'no alarm', 'F-35', 'AWS recommends an alarm on more than 5 % server errors', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, '%'),
    minimumRequests: row(10, 'no alarm', 'F-35', 'one failure among a handful of requests is not a rate', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, 'requests a minute'),
    latencyThresholdMilliseconds: row(2_500, 'no alarm', 'F-35', 'the p90 that AWS recommends', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, 'ms'),
    slowestThresholdMilliseconds: row(10_000, 'no alarm', 'F-35', 'a p99 of 10 s is the default timeout of a ProductionFunction', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, 'ms'),
    integrationLatencyThresholdMilliseconds: row(2_000, 'no alarm', 'F-35', 'the p90 that AWS recommends', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, 'ms'),
    alarmPeriodSeconds: row(60, 'no alarm', 'F-35', 'the period that AWS recommends', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, 's'),
    errorRateDatapoints: row(3, 'no alarm', 'F-35', 'three minutes in a row, as AWS recommends', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, 'periods'),
    latencyDatapoints: row(5, 'no alarm', 'F-35', 'five minutes in a row, as AWS recommends', `${CW}/Best_Practice_Recommended_Alarms_AWS_Services.html`, 'periods'),
  },
  QueueConsumer: {
    visibilityTimeout: row('6 × timeout + window', '30 s', 'F-17', 'a batch that is throttled is tried again before its messages reappear', `${LDG}/services-sqs-configure.html`),
    maxReceiveCount: row(5, 'no dead-letter queue', 'F-18', 'throttled receives count too', `${LDG}/services-sqs-configure.html`, 'receives'),
    retentionDays: row(4, '4 days', 'F-18', 'below the 14 days of the dead-letter queue, where the age goes on counting', `${SQS}/sqs-dead-letter-queues.html`, 'days'),
    batchSize: row(10, '10 messages', 'F-19', 'the most without a batching window', `${LDG}/services-sqs-parameters.html`, 'messages'),
    reportBatchItemFailures: row(true, 'false', 'F-19', 'one bad message does not repeat the good ones of its batch', `${LDG}/services-sqs-errorhandling.html`),
    enforceSSL: row(true, 'false', 'F-18', 'messages carry the data of the business', `${SQS}/sqs-security-best-practices.html`),
    ageAlarmThreshold: row('5 × visibility timeout', 'no alarm', 'F-35', 'an older message has waited, not merely been retried', `${SQS}/sqs-available-cloudwatch-metrics.html`),
  },
  StreamConsumer: {
    startingPosition: row('TRIM_HORIZON', 'required', 'F-23', 'LATEST skips what is written while the mapping is made', `${LDG}/services-kinesis-parameters.html`),
    batchSize: row(100, '100 records', 'F-23', 'as many as Lambda takes by itself', `${LDG}/services-kinesis-parameters.html`, 'records'),
    retryAttempts: row(3, 'until the record expires', 'F-21', 'one bad record does not block its shard for a day', `${LDG}/services-kinesis-parameters.html`),
    maxRecordAgeSeconds: row(3_600, 'until the record expires', 'F-21', 'a record older than an hour is an incident, not work', `${LDG}/services-kinesis-parameters.html`, 's'),
    bisectBatchOnError: row(true, 'false', 'F-21', 'the bad record is found, the good ones are not discarded with it', `${LDG}/services-kinesis-parameters.html`),
    reportBatchItemFailures: row(true, 'false', 'F-23', 'the function says where to go on', `${LDG}/services-kinesis-batchfailurereporting.html`),
    onFailure: row('the FailureBucket of the stack', 'records are dropped', 'F-22', 'S3 gets the whole records, SQS and SNS only their place in the stream', `${LDG}/kinesis-on-failure-destination.html`),
    iteratorAgeAlarm: row('half of the age at which records are given up', 'no alarm', 'F-26', 'there is as much time left to act as has passed', `${LDG}/monitoring-metrics-types.html`),
  },
  FailureBucket: {
    expirationDays: row(30, 'kept for ever', 'F-22', 'time to notice and to replay', `${LDG}/kinesis-on-failure-destination.html`, 'days'),
    enforceSSL: row(true, 'false', 'F-22', 'discarded records carry the same data as the good ones', 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html'),
  },
  FunctionTarget: {
    maxEventAgeSeconds: row(3_600, '86,400 s', 'F-14', 'an event older than an hour is an incident, not work', EB, 's'),
    retryAttempts: row(185, '185', 'F-14', 'as EventBridge: the age ends the attempts', EB),
    deadLetterQueue: row('the FailureQueue of the stack', 'events are dropped', 'F-15', 'what could not be delivered is kept', EB),
  },
  IdempotencyStore: {
    expiresAfterSeconds: row(604_800, '3,600 s in Powertools', 'F-29', 'longer than any source repeats at its defaults, and than any stream', 'https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/', 's'),
    billing: row('on demand', 'on demand', 'F-27', 'duplicates come in bursts', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html'),
    pointInTimeRecovery: row(P.pointInTimeRecovery.production, 'false', 'F-27', 'without its records each repeated event is worked on again', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery.html', undefined, P.pointInTimeRecovery.sandbox),
    deletionProtection: row(P.deletionProtection.production, 'false', 'F-27', 'without its records each repeated event is worked on again', 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html', undefined, P.deletionProtection.sandbox),
  },
  PrivateNetwork: {
    maxAzs: row(2, '2 zones, 3 where the region is stated', 'F-46', 'two are enough for Lambda and Aurora, and each zone is paid for in every interface endpoint', `${LDG}/configuration-vpc.html`, 'zones'),
    natGateways: row('none', 'one in each zone', 'D-10', 'what a function was granted is reached by endpoints, the internet only where it is asked for', `${LDG}/configuration-vpc-internet.html`),
    gatewayEndpoints: row('DynamoDB and S3', 'none', 'D-10', 'they cost nothing, and keep that traffic inside AWS', 'https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html'),
    interfaceEndpoints: row('those of the services that functions were granted', 'none', 'D-10', 'each is paid by the hour and zone', 'https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html'),
    flowLogTraffic: row('ALL', 'no flow log', 'D-11', 'what was let through is what an investigation asks for', 'https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html'),
    flowLogRetentionDays: row(P.logRetentionDays.production, 'no flow log', 'D-11', 'as long as the logs of the functions', 'https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-cwl.html', 'days', P.logRetentionDays.sandbox),
    restrictDefaultSecurityGroup: row(true, 'true', 'D-11', 'what is put into the VPC without a group of its own reaches nothing and nobody', 'https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html'),
  },
  DatabaseUser: {
    memorySize: row(256, 'no login', 'D-7', 'it waits for the database and does nothing else', `${LDG}/configuration-memory.html`, 'MB'),
    timeoutSeconds: row(300, 'no login', 'D-2', 'a paused database takes up to half a minute to resume, a new one somewhat longer', `${AUG}/aurora-serverless-v2-auto-pause.html`, 's'),
    logRetentionDays: row(P.logRetentionDays.production, 'no login', 'F-31', 'time to look back', 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html', 'days', P.logRetentionDays.sandbox),
  },
  ProxiedDatabase: {
    minCapacity: row(1, '0.5 ACU', 'D-2', 'at 0.5 PostgreSQL admits 2,000 connections at most, and at 0 it never pauses behind a proxy', `${AUG}/aurora-serverless-v2.setting-capacity.html`, 'ACU'),
    maxCapacity: row(8, '2 ACU', 'D-2', '1,669 connections of PostgreSQL, 1,000 of MySQL', `${AUG}/aurora-serverless-v2.setting-capacity.html`, 'ACU'),
    readers: row(1, '0', 'D-13', 'it takes over in about a minute when the writer fails', `${AUG}/Concepts.AuroraHighAvailability.html`, undefined, P.standby.sandbox ? 1 : 0),
    iamAuthentication: row(true, 'false', 'D-6', 'the proxy logs in to the database by IAM: nobody has a password', `${AUG}/rds-proxy-iam-setup.html`),
    requireTLS: row(true, 'true', 'D-6', 'a token must not be read on the way', `${AUG}/rds-proxy-iam-setup.html`),
    maxConnectionsPercent: row(80, '100 %', 'D-4', 'the rest is for migrations and people', `${AUG}/rds-proxy-connections.html`, '%'),
    borrowTimeoutSeconds: row(5, '120 s', 'D-4', 'a function gets an error that it can answer, before its own timeout of 10 s', `${AUG}/rds-proxy-connections.html`, 's'),
    idleClientTimeoutSeconds: row(1_800, '1,800 s', 'D-4', 'a frozen environment keeps its connection for half an hour', `${AUG}/rds-proxy-connections.html`, 's'),
    connectionsThreshold: row(90, 'no alarm', 'D-9', 'a tenth is left to react in', `${AUG}/rds-proxy.monitoring.html`, '%'),
    borrowLatencyMillis: row(1_000, 'no alarm', 'D-9', 'a second of waiting is a fifth of the borrow timeout', `${AUG}/rds-proxy.monitoring.html`, 'ms'),
    queryLatencyMillis: row(1_000, 'no alarm', 'D-9', 'a statement of a second keeps a connection from the others as long', `${AUG}/rds-proxy.monitoring.html`, 'ms'),
    pinnedThreshold: row(30, 'no alarm', 'D-8', 'what is pinned is not shared', `${AUG}/rds-proxy-pinning.html`, '%'),
    cpuThreshold: row(80, 'no alarm', 'D-9', 'above it queries wait for each other', `${AUG}/Aurora.AuroraMonitoring.Metrics.html`, '%'),
    capacityThreshold: row(90, 'no alarm', 'D-9', 'a tenth is left to react in', `${AUG}/aurora-serverless-v2.setting-capacity.html`, '%'),
    freeableMemoryMib: row(512, 'no alarm', 'D-9', 'below it the instance may restart', `${AUG}/Aurora.AuroraMonitoring.Metrics.html`, 'MiB'),
    alarmEvaluationPeriods: row(5, 'no alarm', 'D-9', 'five minutes tell a peak from a problem', `${CW}/AlarmThatSendsEmail.html`, 'minutes'),
    alarmDatapoints: row(3, 'no alarm', 'D-9', 'most of them must be bad', `${CW}/AlarmThatSendsEmail.html`, 'minutes'),
  },
  DataApiDatabase: {
    minCapacity: row(0, '0.5 ACU', 'D-2', 'nobody pays for a database that nobody uses', `${AUG}/aurora-serverless-v2-auto-pause.html`, 'ACU'),
    maxCapacity: row(4, '2 ACU', 'D-2', 'a bound on what a burst costs', `${AUG}/aurora-serverless-v2.setting-capacity.html`, 'ACU'),
    autoPauseSeconds: row(600, '300 s', 'D-2', 'a resume takes about 15 s: ten quiet minutes tell a pause from a gap', `${AUG}/aurora-serverless-v2-auto-pause.html`, 's'),
    enableDataApi: row(true, 'false', 'D-3', 'no connections, no pool, no VPC for the function', `${AUG}/data-api.html`),
    manageMasterUserPassword: row(true, 'false', 'D-14', 'RDS rotates the password by itself, without a function in the VPC', `${AUG}/rds-secrets-manager.html`),
    storageEncrypted: row(true, 'false', 'D-13', 'it can\'t be switched on later', `${AUG}/Overview.Encryption.html`),
    backupRetentionDays: row(7, '1 day', 'D-13', 'an error of Friday is noticed on Monday', `${AUG}/Aurora.Managing.Backups.html`, 'days', P.backupRetentionDays.sandbox),
    deletionProtection: row(true, 'false', 'D-13', 'the data outlive a mistake with the stack', `${AUG}/USER_DeleteCluster.html`, undefined, P.deletionProtection.sandbox),
    removalPolicy: row('Snapshot', 'Snapshot', 'D-13', 'the data outlive the stack', 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html', undefined, P.removalPolicy.sandbox),
  },
} as const;

function row<T>(value: T, l2: string, rule: string, why: string, source: string, unit?: string, sandbox?: unknown): DefaultRow<T> {
  return { value, l2, rule, why, source, unit, sandbox };
}
