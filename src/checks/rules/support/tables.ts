import { each } from './each';
import type { Found } from './each';
import { asBoolean, asString, hasUnknown, member, patternOf } from '../../graph';
import type { AppGraph, Resource } from '../../graph';
import type { Problem } from '../rule';

const TABLES = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'];
/** Names of tables whose items are made again when they are lost. */
const WITHOUT_DATA =
  /cache|session|lock|lease|dedup|rate.?limit|throttl|web.?socket|connections?(table)?$|temp(orary)?table|tmp/i;

/** Checks every table of the idempotency utility. */
export function eachIdempotencyTable(check: (table: Resource) => Found): (app: AppGraph) => Problem[] {
  return each(TABLES, table => isIdempotencyTable(table) && check(table));
}

/** Checks every table whose items are data: neither records that expire, nor a cache or locks. */
export function eachDataTable(check: (table: Resource, app: AppGraph) => Found): (app: AppGraph) => Problem[] {
  return each(TABLES, (table, app) => isDataTable(table) && check(table, app));
}

export function partitionKeyOf(table: Resource): string | undefined {
  return asString(member(table.list('KeySchema')[0], 'AttributeName'));
}

export function hasPointInTimeRecovery(table: Resource): boolean {
  const enabled = [
    table.get('PointInTimeRecoverySpecification'),
    ...table.list('Replicas').map(replica => member(replica, 'PointInTimeRecoverySpecification')),
  ];
  return enabled.some(
    specification =>
      hasUnknown(specification) || asBoolean(member(specification, 'PointInTimeRecoveryEnabled')) === true,
  );
}

export function hasDeletionProtection(table: Resource): boolean {
  return [
    table.get('DeletionProtectionEnabled'),
    ...table.list('Replicas').map(replica => member(replica, 'DeletionProtectionEnabled')),
  ].some(value => hasUnknown(value) || asBoolean(value) === true);
}

function isDataTable(table: Resource): boolean {
  const expires = !table.lacks('TimeToLiveSpecification')
    && table.boolean('TimeToLiveSpecification.Enabled', true) !== false;
  return !expires && !isIdempotencyTable(table) && !WITHOUT_DATA.test(nameOf(table));
}

/** A table with the attributes of Powertools, or with a name of its own for idempotency; its path does not count. */
function isIdempotencyTable(table: Resource): boolean {
  const isFromPowertools =
    table.string('TimeToLiveSpecification.AttributeName') === 'expiration' && partitionKeyOf(table) === 'id';
  return isFromPowertools || /idempoten/i.test(`${table.logicalId} ${patternOf(table.get('TableName'))}`);
}

/** The logical id, without the hash that CDK appends, and the name. */
function nameOf(table: Resource): string {
  return `${patternOf(table.get('TableName'))} ${table.logicalId.replace(/[0-9A-F]{8}$/, '')}`;
}
