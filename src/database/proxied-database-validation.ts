import { Token } from 'aws-cdk-lib';
import { DatabaseCapacity, PROXIED_RANGE } from './database-capacity';
import { familyOf } from './database-engine';
import { validateDatabaseProps, validateServerlessRange } from './database-validation';
import type { ProxiedDatabaseAttributes, ProxiedDatabaseProps } from './proxied-database-props';
import { RDS } from '../aws';
import { durationText } from '../private/duration-text';
import { refuse, requireDuration, requireRange, requireWhole } from '../private/validation';


/** Validates the props of a ProxiedDatabase. */
export function validateProxiedDatabaseProps(path: string, props: ProxiedDatabaseProps): void {
  const { readers, maxConnections } = props;
  validateDatabaseProps(path, props);
  validateCapacity(path, props.capacity ?? DatabaseCapacity.serverless());
  if (Token.isUnresolved(readers)) {
    refuse(path, "'readers' must be a number that is known at synth, got a token; it determines which resources are created");
  }
  requireRange(path, 'readers', readers, 0, RDS.readersMax, { above: 'Aurora supports no more' });
  requireWhole(path, 'readers', readers);
  validateConnectionsPercent(path, props.maxConnectionsPercent);
  requireRange(path, 'maxConnections', maxConnections, 1, Infinity, 'it is a number of connections');
  requireWhole(path, 'maxConnections', maxConnections);
  requireDuration(path, 'borrowTimeout', props.borrowTimeout, 0, RDS.borrowTimeoutMaxSeconds);
  requireDuration(path, 'idleClientTimeout', props.idleClientTimeout, 1, RDS.idleClientTimeoutMaxSeconds);
  validatePinningFilters(path, props);
}

/** Validates the attributes of an imported database. */
export function validateProxiedDatabaseAttributes(path: string, attrs: ProxiedDatabaseAttributes): void {
  familyOf(path, attrs.engine);
  validateConnectionsPercent(path, attrs.maxConnectionsPercent);
}

function validateCapacity(path: string, capacity: DatabaseCapacity): void {
  const range = capacity._range(PROXIED_RANGE);
  if (!range) return validateInstanceType(path, `${capacity._instanceType}`);
  if (range.min === 0) {
    refuse(path, "'capacity.min' must be at least 0.5, got 0; a proxy keeps the database from pausing, use a DataApiDatabase to pause it");
  }
  if (range.autoPause) {
    refuse(path, `'capacity.autoPause' must not be set, got ${durationText(range.autoPause.toSeconds())}; a proxy keeps the database from pausing, remove it`);
  }
  validateServerlessRange(path, range);
}

/** Users are created through the Data API, which class T does not support. */
function validateInstanceType(path: string, instanceType: string): void {
  if (!/^t\d/.test(instanceType)) return;
  refuse(path, `'capacity' must not be of instance class T, got ${instanceType}, which has no Data API; `
    + 'use class R or DatabaseCapacity.serverless()');
}

function validateConnectionsPercent(path: string, percent: number | undefined): void {
  requireRange(path, 'maxConnectionsPercent', percent, RDS.proxyConnectionsPercentMin, RDS.proxyConnectionsPercentMax, 'it is a percentage');
  requireWhole(path, 'maxConnectionsPercent', percent);
}

function validatePinningFilters(path: string, { engine, sessionPinningFilters: filters }: ProxiedDatabaseProps): void {
  if (familyOf(path, engine) !== 'postgresql' || !filters?.length) return;
  const names = filters.map(filter => filter.filterName).join(', ');
  refuse(path, `'sessionPinningFilters' must not be set for PostgreSQL, got ${names}; RDS Proxy supports them for MySQL only, remove them`);
}
