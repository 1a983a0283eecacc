import type { AppGraph, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import type { Found } from '../support/each';
import { eachDataTable, hasDeletionProtection, hasPointInTimeRecovery } from '../support/tables';

const SELECTION = 'AWS::Backup::BackupSelection';

export const DYNAMODB_TABLES_RULES: Rule[] = [
  {
    id: 'LP-D40',
    category: 'database',
    severity: 'warning',
    title: 'DynamoDB table is not protected against loss',
    why:
      'Without point-in-time recovery, items that a faulty version overwrites are lost. Without protection, one '
      + 'wrong command, or a rename that replaces the table, deletes all of them.',
    fix: 'enable point-in-time recovery, and set DeletionProtectionEnabled to true or DeletionPolicy to Retain',
    source: SOURCE.dynamoDb('Point-in-time-recovery'),
    elsewhere: 'cdk-nag: AwsSolutions-DDB3 for recovery',
    practice: true,
    setByProfile: true,
    evaluate: eachDataTable(tableNotProtected),
  },
];

function tableNotProtected(table: Resource, app: AppGraph): Found {
  return [
    !hasPointInTimeRecovery(table) && !isInBackupPlan(table, app) && {
      at: table,
      property: 'PointInTimeRecoverySpecification',
      must: 'must be enabled on a table with data',
      got: undefined,
      fix: 'enable point-in-time recovery, add a backup plan, or set a TTL if the items expire',
    },
    !hasDeletionProtection(table) && !isRetained(table) && {
      at: table,
      property: 'DeletionProtectionEnabled',
      must: 'must be true on a table with data',
      got: table.get('DeletionProtectionEnabled'),
      fix: 'set it, or set DeletionPolicy to Retain',
    },
  ];
}

function isRetained(table: Resource): boolean {
  return /^Retain/.test(table.policy('DeletionPolicy') ?? '');
}

/** A plan that selects by tags or patterns can contain every table. */
function isInBackupPlan(table: Resource, app: AppGraph): boolean {
  return app.ofType(SELECTION).some(selection =>
    !selection.lacks('BackupSelection.ListOfTags')
    || !selection.lacks('BackupSelection.Conditions')
    || selection.isUnknown('BackupSelection.Resources')
    || selection.list('BackupSelection.Resources').some(resource =>
      app.mentioned(resource).has(table) || (typeof resource === 'string' && resource.includes('*'))));
}
