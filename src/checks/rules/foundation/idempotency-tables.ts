import { asString, member } from '../../graph';
import type { Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import type { Found } from '../support/each';
import { eachIdempotencyTable, hasDeletionProtection, hasPointInTimeRecovery, partitionKeyOf } from '../support/tables';

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
    setByProfile: true,
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
