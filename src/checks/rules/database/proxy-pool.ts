import { RDS } from '../../../aws';
import { durationText } from '../../../private/duration-text';
import { clientsOf, engineFamily } from '../../graph';
import type { AppGraph, Proxy, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { each } from '../support/each';
import type { Found } from '../support/each';
import { eachProxy } from '../support/each-proxy';
import { outOfRange } from '../support/out-of-range';

const CONNECTIONS = SOURCE.aurora('rds-proxy-connections');
const PINNING = SOURCE.aurora('rds-proxy-pinning');
const POOL = 'ConnectionPoolConfigurationInfo';

export const PROXY_POOL_RULES: Rule[] = [
  {
    id: 'LP-D07',
    category: 'database',
    severity: 'error',
    title: 'MaxConnectionsPercent is out of range',
    why: 'A proxy may use 1 to 100 % of the connections.',
    fix: 'choose 80 to 90',
    source: CONNECTIONS,
    elsewhere: 'CDK and cfn-lint: F3034',
    evaluate: each('AWS::RDS::DBProxyTargetGroup', connectionsPercentOutOfRange),
  },
  {
    id: 'LP-D08',
    category: 'database',
    severity: 'error',
    title: 'MaxIdleConnectionsPercent exceeds MaxConnectionsPercent',
    why: 'The idle share must be at most MaxConnectionsPercent, which must be set with it.',
    fix: 'set MaxIdleConnectionsPercent to half of MaxConnectionsPercent',
    source: CONNECTIONS,
    evaluate: each('AWS::RDS::DBProxyTargetGroup', idleAboveMaximum),
  },
  {
    id: 'LP-D09',
    category: 'database',
    severity: 'error',
    title: 'Borrow timeout is out of range',
    why: 'RDS Proxy supports a borrow timeout of 0 to 5 minutes. The CDK documentation states a higher limit.',
    fix: 'choose 5 to 20 seconds',
    source: CONNECTIONS,
    evaluate: each('AWS::RDS::DBProxyTargetGroup', borrowTimeoutOutOfRange),
  },
  {
    id: 'LP-D10',
    category: 'database',
    severity: 'warning',
    title: 'Borrow timeout is not below the function timeout',
    why: 'Lambda stops the function while it waits for a connection, and the cause is not reported.',
    fix: 'set 5 to 10 seconds, well below the function timeout',
    source: CONNECTIONS,
    evaluate: eachProxy(borrowTimeoutAboveFunctionTimeout),
  },
  {
    id: 'LP-D11',
    category: 'database',
    severity: 'error',
    title: 'Session pinning filters are set for PostgreSQL',
    why: 'EXCLUDE_VARIABLE_SETS is available for the MySQL family only.',
    fix: 'remove SessionPinningFilters and avoid SET in the code',
    source: PINNING,
    evaluate: eachProxy(pinningFiltersOnPostgres),
  },
  {
    id: 'LP-D12',
    category: 'database',
    severity: 'error',
    title: 'Initialization query is set for PostgreSQL',
    why: 'RDS Proxy runs initialization queries for MySQL only.',
    fix: 'remove InitQuery and set the parameters for the database user or the cluster',
    source: CONNECTIONS,
    evaluate: eachProxy(initQueryOnPostgres),
  },
];

function connectionsPercentOutOfRange(group: Resource): Found {
  return outOfRange(
    group,
    `${POOL}.MaxConnectionsPercent`,
    RDS.proxyConnectionsPercentMin,
    RDS.proxyConnectionsPercentMax,
  );
}

function idleAboveMaximum(group: Resource): Found {
  const [idle, most] = [
    group.number(`${POOL}.MaxIdleConnectionsPercent`),
    group.number(`${POOL}.MaxConnectionsPercent`),
  ];
  if (idle === undefined) return undefined;
  if (group.lacks(`${POOL}.MaxConnectionsPercent`)) {
    return {
      at: group,
      property: `${POOL}.MaxConnectionsPercent`,
      must: 'must be set beside MaxIdleConnectionsPercent',
      got: undefined,
    };
  }
  if (most !== undefined && idle > most) {
    return {
      at: group,
      property: `${POOL}.MaxIdleConnectionsPercent`,
      must: `must be at most ${most} (MaxConnectionsPercent)`,
      got: idle,
    };
  }
  return undefined;
}

function borrowTimeoutOutOfRange(group: Resource): Found {
  return outOfRange(group, `${POOL}.ConnectionBorrowTimeout`, 0, RDS.borrowTimeoutMaxSeconds);
}

function borrowTimeoutAboveFunctionTimeout({ proxy, group }: Proxy, app: AppGraph): Found {
  const borrow = group?.number(`${POOL}.ConnectionBorrowTimeout`, RDS.borrowTimeoutUnsetSeconds);
  if (!group || borrow === undefined) return undefined;
  const fn = clientsOf(app, proxy).find(({ timeout }) => timeout !== undefined && borrow >= timeout);
  return (
    fn && {
      at: group,
      property: `${POOL}.ConnectionBorrowTimeout`,
      must: `must be below ${durationText(fn.timeout!)} (the timeout of ${fn.path})`,
      got: borrow,
    }
  );
}

function pinningFiltersOnPostgres(proxy: Proxy): Found {
  return setOnPostgres(proxy, `${POOL}.SessionPinningFilters`);
}

function initQueryOnPostgres(proxy: Proxy): Found {
  return setOnPostgres(proxy, `${POOL}.InitQuery`);
}

function setOnPostgres({ proxy, group }: Proxy, property: string): Found {
  const isPostgres = engineFamily(proxy.string('EngineFamily')) === 'postgresql';
  if (!isPostgres || !group || group.lacks(property) || group.isUnknown(property)) return undefined;
  return { at: group, property, must: 'must not be set for POSTGRESQL', got: group.get(property) };
}
