import { ALARM_EVALUATION, GUIDE, LOG_RETENTION, row } from './default-row';
import { PROFILES } from './profile-defaults';

const P = PROFILES;
const AUG = GUIDE.aurora;
const NO_ALARM = 'no alarm';
const NO_LOGIN = 'no login';
const NO_FLOW_LOG = 'no flow log';

/** The alarms of every Aurora cluster. */
const CLUSTER_ALARMS = {
  connectionsThreshold: row(90, NO_ALARM, '10 % of the connections are left to act', `${AUG}/rds-proxy.monitoring.html`, { unit: '%' }),
  cpuThreshold: row(80, NO_ALARM, 'with more, queries wait for each other', `${AUG}/Aurora.AuroraMonitoring.Metrics.html`, { unit: '%' }),
  capacityThreshold: row(90, NO_ALARM, '10 % of the capacity is left to act', `${AUG}/aurora-serverless-v2.setting-capacity.html`, { unit: '%' }),
  deadlocksThreshold: row(0, NO_ALARM, 'each deadlock ends a transaction', `${AUG}/Aurora.AuroraMonitoring.Metrics.html`, { unit: 'deadlocks' }),
  alarmEvaluationPeriods: row(5, NO_ALARM, 'five minutes distinguish a peak from a problem', ALARM_EVALUATION, { unit: 'minutes' }),
  alarmDatapoints: row(3, NO_ALARM, 'most of the minutes must be above the threshold', ALARM_EVALUATION, { unit: 'minutes' }),
} as const;

/** The settings of every Aurora cluster. */
const CLUSTER = {
  databaseName: row('app', 'none', 'functions connect to a database that exists', `${AUG}/Aurora.CreateInstance.html`),
  masterUsername: row('clusteradmin', 'admin, on PostgreSQL postgres', 'not a name that RDS or an engine reserves', `${AUG}/Aurora.CreateInstance.html`),
  forceTls: row(true, 'false', 'clients without TLS are rejected', `${AUG}/AuroraPostgreSQL.Security.html`),
} as const;

/** The defaults of networks and databases. */
export const DATABASE_DEFAULTS = {
  PrivateNetwork: {
    maxAzs: row(2, '2 zones, 3 where the Region is stated', 'enough for Lambda and Aurora; each interface endpoint is charged for each zone', `${GUIDE.lambda}/configuration-vpc.html`,
      { rule: 'LP-F75', unit: 'zones' }),
    natGateways: row('none', 'one in each zone', 'functions call AWS services through endpoints; internet access is opt-in', `${GUIDE.lambda}/configuration-vpc-internet.html`),
    subnets: row('Isolated', 'Public and Private', 'nothing in the VPC has a route to the internet', `${GUIDE.vpc}/configure-subnets.html`),
    gatewayEndpoints: row('DynamoDB and S3', 'none', 'they cost nothing, and the traffic does not leave AWS', `${GUIDE.privateLink}/gateway-endpoints.html`,
      { rule: 'LP-F76' }),
    interfaceEndpoints: row('the services that functions are granted', 'none', 'each endpoint is charged by the hour and zone', `${GUIDE.privateLink}/create-interface-endpoint.html`,
      { rule: 'LP-F76' }),
    flowLogTraffic: row('ALL', NO_FLOW_LOG, 'an investigation needs accepted traffic too', `${GUIDE.vpc}/flow-logs.html`),
    flowLogRetentionDays: row(P.logRetentionDays.production, NO_FLOW_LOG, 'the retention of the logs of the functions', `${GUIDE.vpc}/flow-logs-cwl.html`,
      { unit: 'days', sandbox: P.logRetentionDays.sandbox }),
    restrictDefaultSecurityGroup: row(true, 'true', 'a resource without a security group of its own has no traffic', `${GUIDE.vpc}/default-security-group.html`),
  },
  DatabaseUser: {
    memorySize: row(256, NO_LOGIN, 'the function only waits for the database', `${GUIDE.lambda}/configuration-memory.html`, { rule: 'LP-F04', unit: 'MB' }),
    timeoutSeconds: row(300, NO_LOGIN, 'a paused database takes up to half a minute to resume, a new one longer', `${AUG}/aurora-serverless-v2-auto-pause.html`,
      { rule: 'LP-F01', unit: 's' }),
    logRetentionDays: row(P.logRetentionDays.production, NO_LOGIN, 'long enough to investigate', LOG_RETENTION,
      { rule: 'LP-F13', unit: 'days', sandbox: P.logRetentionDays.sandbox }),
    logRemovalPolicy: row('Delete', NO_LOGIN, 'the logs are not needed after the database is deleted', `${GUIDE.lambda}/monitoring-cloudwatchlogs.html`),
  },
  ProxiedDatabase: {
    minCapacity: row(1, '0.5 ACU', 'PostgreSQL admits at most 2,000 connections at 0.5; behind a proxy, 0 never pauses', `${AUG}/aurora-serverless-v2.setting-capacity.html`,
      { rule: 'LP-D01', unit: 'ACU' }),
    maxCapacity: row(8, '2 ACU', '1,669 connections of PostgreSQL, 1,000 of MySQL', `${AUG}/aurora-serverless-v2.setting-capacity.html`,
      { rule: 'LP-D34', unit: 'ACU' }),
    readers: row(1, '0', 'a reader takes over in about a minute if the writer fails', `${AUG}/Concepts.AuroraHighAvailability.html`,
      { rule: 'LP-D28', sandbox: P.standby.sandbox ? 1 : 0 }),
    performanceInsightsDays: row(7, '7 days', 'the retention that costs nothing', `${AUG}/USER_PerfInsights.Overview.cost.html`, { unit: 'days' }),
    ...CLUSTER,
    iamAuthentication: row(true, 'false', 'the proxy logs in to the database with IAM: there is no password', `${AUG}/rds-proxy-iam-setup.html`, { rule: 'LP-D15' }),
    proxyAuthScheme: row('IAM_AUTH', 'NONE, with secrets', 'end-to-end IAM authentication, without a secret for each user', `${AUG}/rds-proxy-iam-setup.html`, { rule: 'LP-D15' }),
    requireTLS: row(true, 'true', 'an IAM token must not be sent unencrypted', `${AUG}/rds-proxy-iam-setup.html`, { rule: 'LP-D14' }),
    maxConnectionsPercent: row(80, '100 %', 'the rest is for migrations and people', `${AUG}/rds-proxy-connections.html`, { rule: 'LP-D07', unit: '%' }),
    borrowTimeoutSeconds: row(5, '120 s', 'a function gets an error that it can handle, before its default timeout of 10 s', `${AUG}/rds-proxy-connections.html`,
      { rule: 'LP-D10', unit: 's' }),
    idleClientTimeoutSeconds: row(1_800, '1,800 s', 'a frozen environment retains its connection for half an hour', `${AUG}/rds-proxy-connections.html`, { unit: 's' }),
    ...CLUSTER_ALARMS,
    borrowLatencyMillis: row(1_000, NO_ALARM, 'a wait of one second is a fifth of the borrow timeout', `${AUG}/rds-proxy.monitoring.html`, { unit: 'ms' }),
    queryLatencyMillis: row(1_000, NO_ALARM, 'a statement of one second uses a connection for as long', `${AUG}/rds-proxy.monitoring.html`, { unit: 'ms' }),
    pinnedThreshold: row(30, NO_ALARM, 'pinned connections are not shared', `${AUG}/rds-proxy-pinning.html`, { unit: '%' }),
    failedLoginsThreshold: row(0, NO_ALARM, 'a login fails only if a function is misconfigured', `${AUG}/rds-proxy.monitoring.html`, { unit: 'logins' }),
    freeableMemoryMib: row(512, NO_ALARM, 'with less, the instance may restart', `${AUG}/Aurora.AuroraMonitoring.Metrics.html`, { unit: 'MiB' }),
  },
  DataApiDatabase: {
    minCapacity: row(0, '0.5 ACU', 'a database that is not used costs nothing', `${AUG}/aurora-serverless-v2-auto-pause.html`, { rule: 'LP-D02', unit: 'ACU' }),
    maxCapacity: row(4, '2 ACU', 'limits the cost of a burst', `${AUG}/aurora-serverless-v2.setting-capacity.html`, { rule: 'LP-D34', unit: 'ACU' }),
    autoPauseSeconds: row(600, '300 s', 'a resume takes about 15 s, so short gaps do not pause the database', `${AUG}/aurora-serverless-v2-auto-pause.html`,
      { rule: 'LP-D03', unit: 's' }),
    ...CLUSTER,
    enableDataApi: row(true, 'false', 'functions need no connections, no pool and no VPC', `${AUG}/data-api.html`, { rule: 'LP-D22' }),
    manageMasterUserPassword: row(true, 'false', 'RDS rotates the password, without a function in the VPC', `${AUG}/rds-secrets-manager.html`, { rule: 'LP-D27' }),
    storageEncrypted: row(true, 'false', 'an unencrypted cluster cannot be encrypted later', `${AUG}/Overview.Encryption.html`, { rule: 'LP-D23' }),
    backupRetentionDays: row(7, '1 day', 'an error of Friday is found on Monday', `${AUG}/Aurora.Managing.Backups.html`,
      { rule: 'LP-D25', unit: 'days', sandbox: P.backupRetentionDays.sandbox }),
    deletionProtection: row(true, 'false', 'a mistake with the stack does not delete the data', `${AUG}/USER_DeleteCluster.html`,
      { rule: 'LP-D24', sandbox: P.deletionProtection.sandbox }),
    ...CLUSTER_ALARMS,
    removalPolicy: row('Snapshot', 'Snapshot', 'the data is needed after the stack is deleted', `${GUIDE.cloudFormationTemplates}/aws-attribute-deletionpolicy.html`,
      { rule: 'LP-D24', sandbox: P.removalPolicy.sandbox }),
  },
} as const;
