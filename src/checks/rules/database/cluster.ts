import { maxConnections, RDS } from '../../../limits';
import { admitted, asNumber, asString, clientsOf, connectsTo, covers, engineFamily, functionsOf, member, patternOf, proxiesOf, securityGroupsOf } from '../../graph';
import type { AppGraph, LambdaFunction, Resource } from '../../graph';
import { each, eachFunction, list } from '../each';
import { outside } from '../foundation/failure';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';

const CLUSTER = 'AWS::RDS::DBCluster';
const INSTANCE = 'AWS::RDS::DBInstance';
const CAPACITY = 'ServerlessV2ScalingConfiguration';
const PAUSE = SOURCE.aurora('aurora-serverless-v2-auto-pause');
const SETTING = SOURCE.aurora('aurora-serverless-v2.setting-capacity');
const POOL_SIZE = /(POOL_?(SIZE|MAX)|MAX_?POOL(_?SIZE)?|CONNECTION_?LIMIT|MAX_?CONNECTIONS)$/i;

/** Aurora and RDS themselves, and what functions open on them. */
export const CLUSTER_RULES: Rule[] = [
  {
    id: 'LP-D02',
    article: 'database',
    severity: 'error',
    title: 'auto-pause with a minimum capacity',
    why: 'a cluster pauses only when its minimum is 0 ACU',
    fix: 'set MinCapacity to 0, or remove SecondsUntilAutoPause',
    source: PAUSE,
    evaluate: each(CLUSTER, cluster => {
      const min = cluster.number(`${CAPACITY}.MinCapacity`);
      return cluster.number(`${CAPACITY}.SecondsUntilAutoPause`) !== undefined && min !== undefined && min > 0
        && { at: cluster, property: `${CAPACITY}.SecondsUntilAutoPause`, must: `must not be set with MinCapacity ${min}`, got: cluster.get(`${CAPACITY}.SecondsUntilAutoPause`) };
    }),
  },
  {
    id: 'LP-D03',
    article: 'database',
    severity: 'error',
    title: 'auto-pause out of range',
    why: 'Aurora pauses after 300 to 86,400 s',
    fix: 'choose a value in range',
    source: PAUSE,
    elsewhere: 'CDK throws for its own clusters',
    evaluate: each(CLUSTER, cluster => outside(cluster, `${CAPACITY}.SecondsUntilAutoPause`, RDS.autoPauseMinSeconds, RDS.autoPauseMaxSeconds)),
  },
  {
    id: 'LP-D34',
    article: 'database',
    severity: 'error',
    title: 'serverless capacity out of range',
    why: 'the minimum is 0 to 256 ACU, the maximum 1 to 256 and at least the minimum',
    fix: 'choose values in range',
    source: SETTING,
    elsewhere: 'CDK throws for its own clusters',
    evaluate: each(CLUSTER, cluster => {
      const [min, max] = [cluster.number(`${CAPACITY}.MinCapacity`), cluster.number(`${CAPACITY}.MaxCapacity`)];
      return [
        ...outside(cluster, `${CAPACITY}.MinCapacity`, 0, RDS.capacityMaxAcu), ...outside(cluster, `${CAPACITY}.MaxCapacity`, 1, RDS.capacityMaxAcu),
        ...(min !== undefined && max !== undefined && min > max ? [{ at: cluster, property: `${CAPACITY}.MaxCapacity`, must: `must be at least ${min} (MinCapacity)`, got: max }] : []),
      ];
    }),
  },
  {
    id: 'LP-D04',
    article: 'database',
    severity: 'warning',
    title: 'the function cannot wait for a paused cluster',
    why: 'a cluster needs about 15 s to resume, and 30 s or more after a day of pause',
    fix: 'raise the timeout to 30 s or more and retry connecting, or keep 0.5 ACU',
    source: PAUSE,
    evaluate: app => app.ofType(CLUSTER).filter(cluster => cluster.number(`${CAPACITY}.MinCapacity`) === 0)
      .flatMap(cluster => clientsOf(app, cluster).filter(fn => fn.timeout !== undefined && fn.timeout < RDS.resumeSeconds)
        .map(fn => ({ at: fn.resource, property: 'Timeout', must: `must be at least ${RDS.resumeSeconds} s for ${cluster.path}, which pauses`, got: fn.timeout }))),
  },
  {
    id: 'LP-D05',
    article: 'database',
    severity: 'error',
    title: 'the functions can use up all connections',
    why: 'each environment of a function holds its pool, and the database refuses what is above max_connections',
    fix: 'lower the reserved concurrency, raise the capacity or put RDS Proxy in between',
    source: SETTING,
    evaluate: each(CLUSTER, (cluster, app) => {
      const family = engineFamily(cluster.string('Engine'));
      const [min, max] = [cluster.number(`${CAPACITY}.MinCapacity`), cluster.number(`${CAPACITY}.MaxCapacity`)];
      const connections = (family === 'mysql' || family === 'postgresql') && cluster.lacks('DBClusterParameterGroupName') && min !== undefined && max !== undefined
        ? maxConnections(family, min, max) : undefined;
      const uses = clientsOf(app, cluster).filter(fn => fn.reserved !== undefined).map(fn => ({ fn, open: fn.reserved! * poolSize(fn) }));
      const total = uses.reduce((n, use) => n + use.open, 0);
      return connections !== undefined && total > RDS.functionShare * connections
        && { at: cluster, property: `${CAPACITY}.MaxCapacity`, must: `must allow ${total} connections (${list(uses.map(({ fn, open }) => `${fn.path}: ${open}`))})`, got: `${max} ACU: ${Math.floor(RDS.functionShare * connections)} of ${connections} for functions` };
    }),
  },
  {
    id: 'LP-D06',
    article: 'database',
    severity: 'warning',
    title: 'any number of direct connections',
    why: 'without a proxy and a reserved concurrency a burst opens as many connections as there are environments',
    fix: 'use RDS Proxy or the Data API, or reserve concurrency',
    source: SETTING,
    evaluate: eachFunction(fn => {
      const direct = connectsTo(fn).filter(({ type }) => type === CLUSTER || type === INSTANCE);
      const proxied = connectsTo(fn).some(({ type }) => type.startsWith('AWS::RDS::DBProxy'));
      return direct.length > 0 && !proxied && fn.resource.lacks('ReservedConcurrentExecutions') && fn.inVpc
        && { at: fn.resource, property: 'ReservedConcurrentExecutions', must: `must bound the connections to ${direct[0].path}`, got: undefined };
    }),
  },
  {
    id: 'LP-D20',
    article: 'database',
    severity: 'warning',
    title: 'Node.js does not know the CA of RDS',
    why: 'from Node.js 20 on the CA of RDS is not loaded by itself, and a verified TLS connection fails',
    fix: 'set NODE_EXTRA_CA_CERTS to /var/runtime/ca-cert.pem',
    source: SOURCE.lambda('services-rds'),
    evaluate: eachFunction(fn => {
      // a proxy has a certificate of ACM, whose CA Node.js knows
      const database = /^nodejs(2|3)\d/.test(fn.runtime) && fn.inVpc ? connectsTo(fn).find(({ type }) => !type.startsWith('AWS::RDS::DBProxy')) : undefined;
      return database && fn.resource.lacks('Environment.Variables.NODE_EXTRA_CA_CERTS') && !fn.resource.isUnknown('Environment.Variables')
        && { at: fn.resource, property: 'Environment.Variables.NODE_EXTRA_CA_CERTS', must: `must be set to verify ${database.path}`, got: undefined };
    }),
  },
  {
    id: 'LP-D21',
    article: 'database',
    severity: 'error',
    title: 'the Data API on a T class',
    why: 'the Data API does not work with burstable instances',
    fix: 'use Serverless v2 or an r class',
    source: SOURCE.aurora('data-api.limitations'),
    evaluate: each(INSTANCE, instance => {
      const cluster = instance.target('DBClusterIdentifier');
      return cluster?.boolean('EnableHttpEndpoint') === true && /^db\.t\d/.test(instance.string('DBInstanceClass') ?? '')
        && { at: instance, property: 'DBInstanceClass', must: `must not be a T class with the Data API of ${cluster.path}`, got: instance.get('DBInstanceClass') };
    }),
  },
  {
    id: 'LP-D22',
    article: 'database',
    severity: 'error',
    title: 'the Data API is used but off',
    why: 'calls of rds-data fail on a cluster whose HTTP endpoint is not enabled',
    fix: 'set EnableHttpEndpoint to true (enableDataApi)',
    source: SOURCE.aurora('data-api'),
    elsewhere: 'CDK throws only for an explicit false',
    evaluate: each(CLUSTER, (cluster, app) => {
      const user = functionsOf(app).find(fn => (fn.grants?.statements ?? []).some(({ effect, actions, resources }) => effect === 'Allow'
        && actions.some(action => covers(action, 'rds-data:ExecuteStatement')) && [...app.mentioned(resources)].includes(cluster)));
      return user && cluster.boolean('EnableHttpEndpoint', false) === false
        && { at: cluster, property: 'EnableHttpEndpoint', must: `must be true for ${user.path}`, got: cluster.get('EnableHttpEndpoint') };
    }),
  },
  {
    id: 'LP-D23',
    article: 'database',
    severity: 'error',
    title: 'the database is not encrypted',
    why: 'encryption cannot be switched on later: it takes a new database from a snapshot',
    fix: 'set StorageEncrypted to true',
    source: SOURCE.aurora('Overview.Encryption'),
    elsewhere: 'CDK: W9008 for instances; cdk-nag: AwsSolutions-RDS2',
    practice: true,
    evaluate: eachDatabase(database => database.boolean('StorageEncrypted', false) === false && database.lacks('KmsKeyId') && inherits(database)
      && { at: database, property: 'StorageEncrypted', must: 'must be true', got: database.get('StorageEncrypted') }),
  },
  {
    id: 'LP-D24',
    article: 'database',
    severity: 'warning',
    title: 'the database can be deleted with its stack',
    why: 'one wrong command, or a rename that replaces it, and it is gone but for a snapshot',
    fix: 'set DeletionProtection to true',
    source: SOURCE.aurora('USER_DeleteCluster'),
    elsewhere: 'cdk-nag: AwsSolutions-RDS10',
    practice: true,
    evaluate: eachOriginal(database => database.boolean('DeletionProtection', false) === false
      && { at: database, property: 'DeletionProtection', must: 'must be true', got: database.get('DeletionProtection') }),
  },
  {
    id: 'LP-D25',
    article: 'database',
    severity: 'warning',
    title: 'backups are kept for less than a week',
    why: 'the default is one day: damage that is found on Monday cannot be undone',
    fix: 'set BackupRetentionPeriod to 7 or more',
    source: SOURCE.aurora('Aurora.Managing.Backups'),
    practice: true,
    evaluate: eachOriginal(database => {
      const days = database.number('BackupRetentionPeriod', RDS.backupRetentionUnsetDays);
      return days !== undefined && days < RDS.backupRetentionProductionDays
        && { at: database, property: 'BackupRetentionPeriod', must: `must be at least ${RDS.backupRetentionProductionDays} days`, got: days };
    }),
  },
  {
    id: 'LP-D26',
    article: 'database',
    severity: 'error',
    title: 'two owners of the rotation',
    why: 'RDS rotates a master secret that it manages; a rotation of yours fights with it',
    fix: 'remove one of the two',
    source: SOURCE.aurora('rds-secrets-manager'),
    elsewhere: 'CDK throws for its own clusters',
    evaluate: each('AWS::SecretsManager::RotationSchedule', (schedule, app) => {
      const database = [...app.mentioned(schedule.get('SecretId'))].find(({ type }) => type === CLUSTER || type === INSTANCE);
      return database?.boolean('ManageMasterUserPassword') === true && { at: schedule, property: 'SecretId', must: `must not be the secret that RDS manages for ${database.path}`, got: schedule.get('SecretId') };
    }),
  },
  {
    id: 'LP-D27',
    article: 'database',
    severity: 'warning',
    title: 'the master secret is never rotated',
    why: 'who once saw it can use it for ever',
    fix: 'add a rotation, or set ManageMasterUserPassword',
    source: SOURCE.aurora('rds-secrets-manager'),
    elsewhere: 'cdk-nag: AwsSolutions-SMG4',
    practice: true,
    evaluate: eachDatabase((database, app) => {
      const rotated = new Set(app.ofType('AWS::SecretsManager::RotationSchedule').flatMap(schedule => [...app.mentioned(schedule.get('SecretId'))].flatMap(resource => [resource, resource.target('SecretId')])));
      const secrets = [...app.mentioned(database.get('MasterUserPassword'))].filter(({ type }) => type === 'AWS::SecretsManager::Secret');
      const attachments = app.ofType('AWS::SecretsManager::SecretTargetAttachment');
      const covered = secrets.some(secret => rotated.has(secret) || attachments.some(attachment => rotated.has(attachment) && attachment.target('SecretId') === secret));
      return secrets.length > 0 && !covered && { at: secrets[0], property: 'RotationSchedule', must: `must rotate the master secret of ${database.path}`, got: undefined };
    }),
  },
  {
    id: 'LP-D28',
    article: 'database',
    severity: 'warning',
    title: 'no second instance to fail over to',
    why: 'when the only instance or its zone fails, the database is down until a new one stands',
    fix: 'add a reader in another availability zone',
    source: SOURCE.aurora('Concepts.AuroraHighAvailability'),
    elsewhere: 'CDK: noFailoverServerlessReaders in part; cdk-nag: AwsSolutions-RDS3 for instances',
    practice: true,
    evaluate: each(CLUSTER, (cluster, app) => {
      const instances = app.ofType(INSTANCE).filter(instance => instance.target('DBClusterIdentifier') === cluster);
      return instances.length === 1 && { at: cluster, property: 'DBInstance', must: 'must have a writer and a reader', got: 'one instance' };
    }),
  },
  {
    id: 'LP-D30',
    article: 'database',
    severity: 'warning',
    title: 'the database lets in too much',
    why: 'a port open to the world is found in minutes; a function that goes past the proxy opens connections nobody counts',
    fix: 'let in the security group of the proxy alone',
    source: SOURCE.aurora('Overview.RDSSecurityGroups'),
    elsewhere: 'CDK and cfn-lint: W2508; cdk-nag: AwsSolutions-EC23',
    evaluate: eachDatabase((database, app) => {
      const groups = securityGroupsOf(database, database.type === CLUSTER ? 'VpcSecurityGroupIds' : 'VPCSecurityGroups');
      const open = groups.filter(group => openRules(app, group)).map(group => ({ at: group, property: 'SecurityGroupIngress', must: `must not let the world into ${database.path}`, got: '0.0.0.0/0' }));
      const proxied = proxiesOf(app).some(({ databases }) => databases.includes(database));
      const past = proxied ? functionsOf(app).filter(fn => securityGroupsOf(fn.resource, 'VpcConfig.SecurityGroupIds').some(own => groups.some(group => admitted(app, group).includes(own)))) : [];
      return [...open, ...past.map(fn => ({ at: groups[0], property: 'SecurityGroupIngress', must: `must let in the proxy of ${database.path} only`, got: fn.path }))];
    }),
  },
  {
    id: 'LP-D33',
    article: 'database',
    severity: 'info',
    title: 'a pool in an environment that serves one request',
    why: 'an environment works on one request at a time: more than one connection is idle and counts',
    fix: 'set it to 1',
    source: SOURCE.lambda('lambda-concurrency'),
    evaluate: eachFunction(fn => (fn.managedInstances || connectsTo(fn).length === 0 ? [] : fn.environment
      .filter(([key, value]) => POOL_SIZE.test(key) && (asNumber(value) ?? 0) > 1)
      .map(([key, value]) => ({ at: fn.resource, property: `Environment.Variables.${key}`, must: 'must be 1', got: value })))),
  },
];

function poolSize(fn: LambdaFunction): number {
  return asNumber(fn.environment.find(([key]) => POOL_SIZE.test(key))?.[1]) ?? 1;
}

function eachDatabase(check: Parameters<typeof each>[1]) {
  return each([CLUSTER, INSTANCE], (database, app) => (database.type === INSTANCE && !database.lacks('DBClusterIdentifier') ? undefined : check(database, app)));
}

/** A replica has no data that its source does not have. */
function eachOriginal(check: Parameters<typeof each>[1]) {
  return eachDatabase((database, app) => database.lacks('SourceDBInstanceIdentifier') && check(database, app));
}

/** A replica or restored database takes its encryption from elsewhere. */
function inherits(database: Resource): boolean {
  return ['SnapshotIdentifier', 'DBSnapshotIdentifier', 'SourceDBClusterIdentifier', 'SourceDBInstanceIdentifier', 'GlobalClusterIdentifier'].every(property => database.lacks(property));
}

function openRules(app: AppGraph, group: Resource): boolean {
  const rules = [...group.list('SecurityGroupIngress'), ...app.ofType('AWS::EC2::SecurityGroupIngress').filter(rule => rule.target('GroupId') === group).map(rule => rule.properties)];
  return rules.some(rule => asString(member(rule, 'CidrIp')) === '0.0.0.0/0' || patternOf(member(rule, 'CidrIpv6')) === '::/0');
}
