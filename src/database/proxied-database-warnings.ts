import type { IConstruct } from 'constructs';
import { RDS } from '../aws';
import { DEFAULTS } from '../defaults';
import { warn } from '../private/validation';

/** Warns if the proxy may use every connection of the database. */
export function warnOfNoConnectionsLeft(scope: IConstruct, connectionsPercent: number): void {
  const { proxyConnectionsPercentMax: max } = RDS;
  if (connectionsPercent !== max) return;
  warn(scope, 'ProxiedDatabase.noConnectionsLeft',
    `'maxConnectionsPercent' is ${max}: while functions use all connections, `
    + 'users cannot be created, and migrations and administrators cannot connect; '
    + `lower it to ${DEFAULTS.ProxiedDatabase.maxConnectionsPercent.value}`);
}
