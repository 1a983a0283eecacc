import { Token } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import { checkDatabaseProps } from './checked-database';
import { familyOf } from './cluster';
import { DatabaseCapacity } from './database-capacity';
import type { ProxiedDatabaseProps } from './proxied-database-props';
import { RDS } from '../limits';
import { refuse, requireRange } from '../private/validation';

/** Refuses what contradicts itself or AWS, before anything is made. */
export function checkProxiedDatabase(at: string, props: ProxiedDatabaseProps): void {
  const { readers, sessionPinningFilters, maxConnections, capacity = DatabaseCapacity.serverless() } = props;
  checkDatabaseProps(at, props);
  capacity._parts.check(at);
  if (Token.isUnresolved(readers)) refuse(at, "'readers' must be known at synth, got a token; it decides which resources there are");
  requireRange(at, 'readers', readers, 0, RDS.readersMax, 'Aurora has no more');
  requireWhole(at, 'readers', readers);
  checkPercent(at, props.maxConnectionsPercent);
  requireRange(at, 'maxConnections', maxConnections, 1, Infinity, 'it is a number of connections');
  requireWhole(at, 'maxConnections', maxConnections);
  requireRange(at, 'borrowTimeout', secondsOf(props.borrowTimeout), 0, RDS.borrowTimeoutMaxSeconds, 'it is a number of seconds');
  requireRange(at, 'idleClientTimeout', secondsOf(props.idleClientTimeout), 1, RDS.idleClientTimeoutMaxSeconds, 'it is a number of seconds');
  if (familyOf(at, props.engine) === 'postgresql' && sessionPinningFilters?.length) {
    refuse(at, `'sessionPinningFilters' must not go with PostgreSQL, got ${sessionPinningFilters.map(f => f.filterName).join(', ')}, which RDS Proxy has for MySQL only; leave it out`);
  }
}

/** Refuses what is no share of the connections. */
export function checkPercent(at: string, maxConnectionsPercent: number | undefined): void {
  requireRange(at, 'maxConnectionsPercent', maxConnectionsPercent, RDS.proxyConnectionsPercentMin, RDS.proxyConnectionsPercentMax, 'it is a share in percent');
  requireWhole(at, 'maxConnectionsPercent', maxConnectionsPercent);
}

function requireWhole(at: string, prop: string, value: number | undefined): void {
  if (value !== undefined && !Token.isUnresolved(value) && !Number.isInteger(value)) refuse(at, `'${prop}' must be a whole number, got ${value}; round it`);
}

function secondsOf(duration: Duration | undefined): number | undefined {
  return duration?.isUnresolved() ? undefined : duration?.toSeconds();
}
