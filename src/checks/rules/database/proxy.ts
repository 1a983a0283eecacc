import { RDS } from '../../../limits';
import { allows, asString, clientsOf, engineFamily, grantsOf, member, patternOf, proxiesOf } from '../../graph';
import type { AppGraph, Resource, Value } from '../../graph';
import { each, eachFunction } from '../each';
import { outside } from '../foundation/failure';
import { zonesOf } from '../foundation/security';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';

const CONNECTIONS = SOURCE.aurora('rds-proxy-connections');
const PINNING = SOURCE.aurora('rds-proxy-pinning');
const SETUP = SOURCE.aurora('rds-proxy-iam-setup');
const POOL = 'ConnectionPoolConfigurationInfo';

/** RDS Proxy: its pool, its authentication, its place. */
export const PROXY_RULES: Rule[] = [
  {
    id: 'LP-D01',
    article: 'database',
    severity: 'error',
    title: 'a proxy keeps the cluster from pausing',
    why: 'RDS Proxy holds connections, so that a cluster with a minimum of 0 ACU never pauses and the proxy is paid for nothing',
    fix: 'set the minimum to 0.5 or more, or use the Data API without a proxy',
    source: SOURCE.aurora('aurora-serverless-v2-auto-pause'),
    evaluate: eachProxy(({ proxy, databases }) => databases.filter(cluster => cluster.number('ServerlessV2ScalingConfiguration.MinCapacity') === 0)
      .map(cluster => ({ at: cluster, property: 'ServerlessV2ScalingConfiguration.MinCapacity', must: `must be above 0 behind the proxy ${proxy.path}`, got: 0 }))),
  },
  {
    id: 'LP-D07',
    article: 'database',
    severity: 'error',
    title: 'share of connections out of range',
    why: 'a proxy takes 1 to 100 % of the connections',
    fix: 'choose 80 to 90',
    source: CONNECTIONS,
    elsewhere: 'CDK and cfn-lint: F3034',
    evaluate: each('AWS::RDS::DBProxyTargetGroup', group => outside(group, `${POOL}.MaxConnectionsPercent`, RDS.proxyConnectionsPercentMin, RDS.proxyConnectionsPercentMax)),
  },
  {
    id: 'LP-D08',
    article: 'database',
    severity: 'error',
    title: 'more idle connections than connections',
    why: 'the idle share must be at most the whole share, and needs it stated',
    fix: 'set MaxIdleConnectionsPercent to half of MaxConnectionsPercent',
    source: CONNECTIONS,
    evaluate: each('AWS::RDS::DBProxyTargetGroup', group => {
      const [idle, most] = [group.number(`${POOL}.MaxIdleConnectionsPercent`), group.number(`${POOL}.MaxConnectionsPercent`)];
      if (idle === undefined) return undefined;
      if (group.lacks(`${POOL}.MaxConnectionsPercent`)) return { at: group, property: `${POOL}.MaxConnectionsPercent`, must: 'must be set beside MaxIdleConnectionsPercent', got: undefined };
      return most !== undefined && idle > most && { at: group, property: `${POOL}.MaxIdleConnectionsPercent`, must: `must be at most ${most} (MaxConnectionsPercent)`, got: idle };
    }),
  },
  {
    id: 'LP-D09',
    article: 'database',
    severity: 'error',
    title: 'the borrow timeout is out of range',
    why: 'a proxy lets a client wait 0 to 300 s, whatever the documentation of CDK says',
    fix: 'choose 5 to 20 s',
    source: CONNECTIONS,
    evaluate: each('AWS::RDS::DBProxyTargetGroup', group => outside(group, `${POOL}.ConnectionBorrowTimeout`, 0, RDS.borrowTimeoutMaxSeconds)),
  },
  {
    id: 'LP-D10',
    article: 'database',
    severity: 'warning',
    title: 'the function dies before the proxy gives up',
    why: 'the function is stopped while it waits for a connection, and nobody learns why',
    fix: 'set 5 to 10 s, well below the timeout',
    source: CONNECTIONS,
    evaluate: eachProxy(({ proxy, group }, app) => {
      const borrow = group?.number(`${POOL}.ConnectionBorrowTimeout`, RDS.borrowTimeoutUnsetSeconds);
      const impatient = clientsOf(app, proxy).filter(fn => fn.timeout !== undefined && borrow !== undefined && borrow >= fn.timeout);
      return group ? impatient.slice(0, 1).map(fn => ({ at: group, property: `${POOL}.ConnectionBorrowTimeout`, must: `must be below ${fn.timeout} s (the timeout of ${fn.path})`, got: borrow })) : [];
    }),
  },
  {
    id: 'LP-D11',
    article: 'database',
    severity: 'error',
    title: 'pinning filters on PostgreSQL',
    why: 'EXCLUDE_VARIABLE_SETS exists for the MySQL family only',
    fix: 'remove SessionPinningFilters and avoid SET in the code',
    source: PINNING,
    evaluate: onlyMysql('SessionPinningFilters'),
  },
  {
    id: 'LP-D12',
    article: 'database',
    severity: 'error',
    title: 'an initialization query on PostgreSQL',
    why: 'the proxy runs initialization queries for MySQL only',
    fix: 'remove InitQuery and set the parameters for the login or the cluster',
    source: CONNECTIONS,
    evaluate: onlyMysql('InitQuery'),
  },
  {
    id: 'LP-D13',
    article: 'database',
    severity: 'error',
    title: 'IAM authentication without TLS',
    why: 'a token over a plain connection is refused',
    fix: 'set RequireTLS to true',
    source: SETUP,
    evaluate: each('AWS::RDS::DBProxy', proxy => proxy.boolean('RequireTLS') === false && usesIam(proxy)
      && { at: proxy, property: 'RequireTLS', must: 'must be true with IAM authentication', got: false }),
  },
  {
    id: 'LP-D14',
    article: 'database',
    severity: 'warning',
    title: 'the proxy takes plain connections',
    why: 'passwords and data go over the network as they are',
    fix: 'set RequireTLS to true',
    source: SETUP,
    practice: true,
    evaluate: each('AWS::RDS::DBProxy', proxy => !usesIam(proxy) && proxy.boolean('RequireTLS', false) === false
      && { at: proxy, property: 'RequireTLS', must: 'must be true', got: proxy.get('RequireTLS') }),
  },
  {
    id: 'LP-D15',
    article: 'database',
    severity: 'error',
    title: 'the database refuses the proxy\'s IAM login',
    why: 'with end-to-end IAM the proxy logs in with a token, which the cluster takes only with IAM authentication on',
    fix: 'set EnableIAMDatabaseAuthentication to true (iamAuthentication: true)',
    source: SETUP,
    evaluate: eachProxy(({ proxy, databases }) => (endToEndIam(proxy) ? databases.filter(database => database.boolean('EnableIAMDatabaseAuthentication', false) === false)
      .map(database => ({ at: database, property: 'EnableIAMDatabaseAuthentication', must: `must be true for the proxy ${proxy.path}`, got: database.get('EnableIAMDatabaseAuthentication') })) : [])),
  },
  {
    id: 'LP-D16',
    article: 'database',
    severity: 'error',
    title: 'the proxy may not log in',
    why: 'with end-to-end IAM the role of the proxy needs rds-db:connect on the database, which CDK does not grant',
    fix: 'call cluster.grantConnect(proxyRole, user)',
    source: SETUP,
    evaluate: eachProxy(({ proxy }, app) => {
      const role = app.resourceOf(proxy.get('RoleArn'), proxy, 'AWS::IAM::Role');
      const grants = role && grantsOf(app, role);
      return endToEndIam(proxy) && role && grants?.complete && !allows(grants.statements, 'rds-db:connect')
        ? [{ at: role, property: 'Policies', must: `must allow rds-db:connect for the proxy ${proxy.path}`, got: undefined }] : [];
    }),
  },
  {
    id: 'LP-D17',
    article: 'database',
    severity: 'error',
    title: 'end-to-end IAM on SQL Server',
    why: 'the proxy supports it for MySQL and PostgreSQL only',
    fix: 'use a secret',
    source: SETUP,
    evaluate: each('AWS::RDS::DBProxy', proxy => endToEndIam(proxy) && proxy.string('EngineFamily') === 'SQLSERVER'
      && { at: proxy, property: 'DefaultAuthScheme', must: 'must be NONE for SQLSERVER', got: 'IAM_AUTH' }),
  },
  {
    id: 'LP-D19',
    article: 'database',
    severity: 'warning',
    title: 'login to any database, or past the proxy',
    why: 'dbuser:* lets the function be any user; with the id of the cluster it never gets through the proxy',
    fix: 'use proxy.grantConnect(function, user)',
    source: SOURCE.aurora('UsingWithRDS.IAMDBAuth.IAMPolicy'),
    evaluate: eachFunction((fn, app) => {
      const proxied = app.ofType('AWS::RDS::DBProxy').some(proxy => clientsOf(app, proxy).includes(fn));
      return (fn.grants?.statements ?? []).filter(({ effect, actions }) => effect === 'Allow' && actions.includes('rds-db:connect'))
        .flatMap(statement => statement.resources.filter(value => patternOf(value) === '*' || /dbuser:\*\//.test(literal(value)) || (proxied && /dbuser:cluster-/.test(patternOf(value))))
          .map(got => ({ at: statement.holder, property: `${statement.property}.Resource`, must: `must name ${proxied ? 'the proxy (prx-...)' : 'the database'} and one user for ${fn.path}`, got: literal(got) })));
    }),
  },
  {
    id: 'LP-D29',
    article: 'database',
    severity: 'warning',
    title: 'the proxy logs SQL',
    why: 'debug logging writes the text of statements, and with it data, and slows the proxy down',
    fix: 'set DebugLogging to false',
    source: CONNECTIONS,
    practice: true,
    evaluate: each('AWS::RDS::DBProxy', proxy => proxy.boolean('DebugLogging') === true && { at: proxy, property: 'DebugLogging', must: 'must be false in production', got: true }),
  },
  {
    id: 'LP-D31',
    article: 'database',
    severity: 'warning',
    title: 'the proxy is in one availability zone',
    why: 'a proxy needs subnets in two zones, and is refused with fewer',
    fix: 'give it subnets in two zones or more',
    source: SOURCE.aurora('rds-proxy-network-prereqs'),
    evaluate: each('AWS::RDS::DBProxy', (proxy, app) => {
      const zones = zonesOf(app, proxy.list('VpcSubnetIds'), proxy);
      return zones !== undefined && proxy.list('VpcSubnetIds').length > 0 && zones < RDS.availabilityZonesMin
        && { at: proxy, property: 'VpcSubnetIds', must: `must span ${RDS.availabilityZonesMin} availability zones`, got: zones };
    }),
  },
  {
    id: 'LP-D32',
    article: 'database',
    severity: 'error',
    title: 'a proxy in a VPC of dedicated tenancy',
    why: 'RDS Proxy, like Lambda, does not run there',
    fix: 'use default tenancy',
    source: SOURCE.aurora('rds-proxy-network-prereqs'),
    evaluate: each('AWS::RDS::DBProxy', (proxy, app) => {
      const vpc = proxy.list('VpcSubnetIds').map(value => app.resourceOf(value, proxy, 'AWS::EC2::Subnet')?.target('VpcId')).find(found => found !== undefined);
      return vpc?.string('InstanceTenancy') === 'dedicated' && { at: vpc, property: 'InstanceTenancy', must: `must be default for the proxy ${proxy.path}`, got: 'dedicated' };
    }),
  },
];

function eachProxy(check: (proxy: ReturnType<typeof proxiesOf>[number], app: AppGraph) => Problem[]): (app: AppGraph) => Problem[] {
  return app => proxiesOf(app).flatMap(proxy => check(proxy, app));
}

function onlyMysql(property: string): (app: AppGraph) => Problem[] {
  return eachProxy(({ proxy, group }) => (group && !group.lacks(`${POOL}.${property}`) && !group.isUnknown(`${POOL}.${property}`) && proxyFamily(proxy) === 'postgresql'
    ? [{ at: group, property: `${POOL}.${property}`, must: 'must not be set for POSTGRESQL', got: group.get(`${POOL}.${property}`) }] : []));
}

function proxyFamily(proxy: Resource) {
  return engineFamily(proxy.string('EngineFamily'));
}

function endToEndIam(proxy: Resource): boolean {
  return proxy.string('DefaultAuthScheme') === 'IAM_AUTH';
}

function usesIam(proxy: Resource): boolean {
  return endToEndIam(proxy) || proxy.list('Auth').some(auth => asString(member(auth, 'IAMAuth')) === 'REQUIRED');
}

/** A wildcard that stands in the template, told from what is only unknown. */
function literal(value: Value): string {
  return typeof value === 'object' && value !== null && 'parts' in value ? (value as { parts: unknown[] }).parts.map(part => (typeof part === 'string' ? part : '?')).join('') : patternOf(value);
}

