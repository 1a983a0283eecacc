import { RDS } from '../../../aws';
import {
  admitted,
  asNumber,
  asString,
  clientsOf,
  connectsTo,
  functionsOf,
  member,
  patternOf,
  proxiesOf,
  securityGroupsOf,
} from '../../graph';
import type { AppGraph, LambdaFunction, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { defaultMaxConnections, POOL_SIZE, poolSize } from '../support/connections';
import { each, eachFunction } from '../support/each';
import type { Found } from '../support/each';
import { CLUSTER, INSTANCE, eachDatabase } from '../support/each-database';
import { nameList } from '../support/name-list';

const CAPACITY = 'ServerlessV2ScalingConfiguration';
const SETTING = SOURCE.aurora('aurora-serverless-v2.setting-capacity');

export const CONNECTIONS_RULES: Rule[] = [
  {
    id: 'LP-D05',
    category: 'database',
    severity: 'error',
    title: 'Functions can use all database connections',
    why:
      'Each execution environment holds a connection pool, and the database rejects connections above '
      + 'max_connections.',
    fix: 'lower the reserved concurrency, raise the capacity or add RDS Proxy',
    source: SETTING,
    evaluate: each(CLUSTER, connectionsExhausted),
  },
  {
    id: 'LP-D06',
    category: 'database',
    severity: 'warning',
    title: 'Number of direct database connections is not limited',
    why:
      'Without RDS Proxy and reserved concurrency a burst opens one connection for each execution ' + 'environment.',
    fix: 'use RDS Proxy or the Data API, or reserve concurrency',
    source: SETTING,
    evaluate: eachFunction(unlimitedConnections),
  },
  {
    id: 'LP-D20',
    category: 'database',
    severity: 'warning',
    title: 'Node.js does not load the RDS certificate authority',
    why: 'Node.js 20 and later do not load the RDS CA automatically, and a verified TLS connection fails.',
    fix: 'set NODE_EXTRA_CA_CERTS to /var/runtime/ca-cert.pem',
    source: SOURCE.lambda('services-rds'),
    evaluate: eachFunction(rdsCaNotLoaded),
  },
  {
    id: 'LP-D30',
    category: 'database',
    severity: 'warning',
    title: 'Security group of the database admits too much',
    why:
      'A port that is open to the internet is found within minutes. A function that bypasses the proxy '
      + 'opens connections that the proxy does not pool.',
    fix: 'admit the security group of the proxy only',
    source: SOURCE.aurora('Overview.RDSSecurityGroups'),
    elsewhere: 'CDK and cfn-lint: W2508; cdk-nag: AwsSolutions-EC23',
    evaluate: eachDatabase(databaseTooOpen),
  },
  {
    id: 'LP-D33',
    category: 'database',
    severity: 'info',
    title: 'Connection pool is larger than one',
    why:
      'An execution environment processes one request at a time. Additional connections are idle and count '
      + 'against the limit.',
    fix: 'set it to 1',
    source: SOURCE.lambda('lambda-concurrency'),
    evaluate: eachFunction(poolAboveOne),
  },
];

function connectionsExhausted(cluster: Resource, app: AppGraph): Found {
  const max = cluster.number(`${CAPACITY}.MaxCapacity`);
  const connections = defaultMaxConnections(cluster);
  const uses = clientsOf(app, cluster)
    .filter(fn => fn.reserved !== undefined)
    .map(fn => ({ fn, open: fn.reserved! * poolSize(fn) }));
  const total = uses.reduce((n, use) => n + use.open, 0);
  if (connections !== undefined && total > RDS.functionShare * connections) {
    return {
      at: cluster,
      property: `${CAPACITY}.MaxCapacity`,
      must: `must allow ${total} connections (${nameList(uses.map(({ fn, open }) => `${fn.path}: ${open}`))})`,
      got: `${max} ACU: ${Math.floor(RDS.functionShare * connections)} of ${connections} for functions`,
    };
  }
  return undefined;
}

function unlimitedConnections(fn: LambdaFunction): Found {
  const direct = connectsTo(fn).filter(({ type }) => type === CLUSTER || type === INSTANCE);
  const proxied = connectsTo(fn).some(({ type }) => type.startsWith('AWS::RDS::DBProxy'));
  if (direct.length > 0 && !proxied && fn.resource.lacks('ReservedConcurrentExecutions') && fn.inVpc) {
    return {
      at: fn.resource,
      property: 'ReservedConcurrentExecutions',
      must: `must limit the connections to ${direct[0].path}`,
      got: undefined,
    };
  }
  return undefined;
}

function rdsCaNotLoaded(fn: LambdaFunction): Found {
  if (!/^nodejs(2|3)\d/.test(fn.runtime) || !fn.inVpc) return undefined;
  // a proxy has an ACM certificate, whose CA Node.js trusts
  const database = connectsTo(fn).find(({ type }) => !type.startsWith('AWS::RDS::DBProxy'));
  if (
    database
    && fn.resource.lacks('Environment.Variables.NODE_EXTRA_CA_CERTS')
    && !fn.resource.isUnknown('Environment.Variables')
  ) {
    return {
      at: fn.resource,
      property: 'Environment.Variables.NODE_EXTRA_CA_CERTS',
      must: `must be set to verify ${database.path}`,
      got: undefined,
    };
  }
  return undefined;
}

function databaseTooOpen(database: Resource, app: AppGraph): Found {
  const groups = securityGroupsOf(database, database.type === CLUSTER ? 'VpcSecurityGroupIds' : 'VPCSecurityGroups');
  const open = groups
    .filter(group => admitsEveryAddress(app, group))
    .map(group => ({
      at: group,
      property: 'SecurityGroupIngress',
      must: `must not admit every address to ${database.path}`,
      got: '0.0.0.0/0',
    }));
  const hasProxy = proxiesOf(app).some(({ databases }) => databases.includes(database));
  const bypassing = hasProxy ? functionsOf(app).filter(fn => isAdmitted(fn, groups)) : [];
  return [
    ...open,
    ...bypassing.map(fn => ({
      at: groups[0],
      property: 'SecurityGroupIngress',
      must: `must admit only the proxy of ${database.path}`,
      got: fn.path,
    })),
  ];
}

function poolAboveOne(fn: LambdaFunction): Found {
  if (fn.managedInstances || connectsTo(fn).length === 0) return undefined;
  return fn.environment
    .filter(([key, value]) => POOL_SIZE.test(key) && (asNumber(value) ?? 0) > 1)
    .map(([key, value]) => ({
      at: fn.resource,
      property: `Environment.Variables.${key}`,
      must: 'must be 1',
      got: value,
    }));
}

function isAdmitted(fn: LambdaFunction, groups: Resource[]): boolean {
  return securityGroupsOf(fn.resource, 'VpcConfig.SecurityGroupIds').some(own =>
    groups.some(group => admitted(fn.app, group).includes(own)),
  );
}

function admitsEveryAddress(app: AppGraph, group: Resource): boolean {
  const rules = [
    ...group.list('SecurityGroupIngress'),
    ...app
      .ofType('AWS::EC2::SecurityGroupIngress')
      .filter(rule => rule.target('GroupId') === group)
      .map(rule => rule.properties),
  ];
  return rules.some(
    rule => asString(member(rule, 'CidrIp')) === '0.0.0.0/0' || patternOf(member(rule, 'CidrIpv6')) === '::/0',
  );
}
