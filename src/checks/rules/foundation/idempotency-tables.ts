import { asBoolean, asString, hasUnknown, member, patternOf } from '../../graph';
import type { AppGraph, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { each } from '../support/each';
import type { Found } from '../support/each';

export const IDEMPOTENCY_TABLES_RULES: Rule[] = [
  {
    id: 'LP-F55',
    category: 'foundation',
    severity: 'error',
    title: 'Idempotency table has no TTL or no string key',
    why: 'Without a TTL records are stored indefinitely. Powertools writes a string key.',
    fix: 'use a string key and set the TTL attribute expiration',
    source: SOURCE.idempotency,
    evaluate: eachIdempotencyTable(tableNotForPowertools),
  },
  {
    id: 'LP-F56',
    category: 'foundation',
    severity: 'warning',
    title: 'Idempotency table is not protected against loss',
    why: 'Without its records every redelivered event is processed again.',
    fix: 'enable point-in-time recovery and deletion protection',
    source: SOURCE.idempotency,
    elsewhere: 'cdk-nag: AwsSolutions-DDB3 for recovery',
    practice: true,
    evaluate: eachIdempotencyTable(tableNotProtected),
  },
];

function tableNotForPowertools(table: Resource): Found {
  const key = partitionKeyOf(table);
  return [
    table.lacks('TimeToLiveSpecification') && {
      at: table,
      property: 'TimeToLiveSpecification',
      must: 'must be set on an idempotency table',
      got: undefined,
    },
    ...table
      .list('AttributeDefinitions')
      .filter(
        attribute =>
          asString(member(attribute, 'AttributeName')) === key && member(attribute, 'AttributeType') === 'N',
      )
      .map(() => ({
        at: table,
        property: 'AttributeDefinitions',
        must: `must have the string key ${key}`,
        got: 'a number',
      })),
  ];
}

function tableNotProtected(table: Resource): Found {
  return [
    !hasPointInTimeRecovery(table) && {
      at: table,
      property: 'PointInTimeRecoverySpecification',
      must: 'must be enabled on an idempotency table',
      got: undefined,
    },
    !hasDeletionProtection(table) && {
      at: table,
      property: 'DeletionProtectionEnabled',
      must: 'must be true on an idempotency table',
      got: undefined,
    },
  ];
}

function eachIdempotencyTable(check: (table: Resource) => Found): (app: AppGraph) => Problem[] {
  return each(
    ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'],
    table => isIdempotencyTable(table) && check(table),
  );
}

/** A table with the attributes of Powertools, or with a name of its own for idempotency; its path does not count. */
function isIdempotencyTable(table: Resource): boolean {
  const isFromPowertools =
    table.string('TimeToLiveSpecification.AttributeName') === 'expiration' && partitionKeyOf(table) === 'id';
  return isFromPowertools || /idempoten/i.test(`${table.logicalId} ${patternOf(table.get('TableName'))}`);
}

function partitionKeyOf(table: Resource): string | undefined {
  return asString(member(table.list('KeySchema')[0], 'AttributeName'));
}

function hasPointInTimeRecovery(table: Resource): boolean {
  const enabled = [
    table.get('PointInTimeRecoverySpecification'),
    ...table.list('Replicas').map(replica => member(replica, 'PointInTimeRecoverySpecification')),
  ];
  return enabled.some(
    specification =>
      hasUnknown(specification) || asBoolean(member(specification, 'PointInTimeRecoveryEnabled')) === true,
  );
}

function hasDeletionProtection(table: Resource): boolean {
  return [
    table.get('DeletionProtectionEnabled'),
    ...table.list('Replicas').map(replica => member(replica, 'DeletionProtectionEnabled')),
  ].some(value => hasUnknown(value) || asBoolean(value) === true);
}
