import { RDS } from '../../../aws';
import { durationText } from '../../../private/duration-text';
import type { AppGraph, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { each } from '../support/each';
import type { Found } from '../support/each';
import { CLUSTER, INSTANCE, eachDatabase, eachPrimaryDatabase } from '../support/each-database';

export const DATA_PROTECTION_RULES: Rule[] = [
  {
    id: 'LP-D23',
    category: 'database',
    severity: 'error',
    title: 'Database is not encrypted',
    why: 'Encryption cannot be enabled later. It requires a new database from a snapshot.',
    fix: 'set StorageEncrypted to true',
    source: SOURCE.aurora('Overview.Encryption'),
    elsewhere: 'CDK: W9008 for instances; cdk-nag: AwsSolutions-RDS2',
    practice: true,
    evaluate: eachDatabase(notEncrypted),
  },
  {
    id: 'LP-D24',
    category: 'database',
    severity: 'warning',
    title: 'Database has no deletion protection',
    why: 'One wrong command, or a rename that replaces the database, deletes it. Only a snapshot remains.',
    fix: 'set DeletionProtection to true',
    source: SOURCE.aurora('USER_DeleteCluster'),
    elsewhere: 'cdk-nag: AwsSolutions-RDS10',
    practice: true,
    setByProfile: true,
    evaluate: eachPrimaryDatabase(notDeletionProtected),
  },
  {
    id: 'LP-D25',
    category: 'database',
    severity: 'warning',
    title: 'Backups are retained for less than a week',
    why: 'The default is one day. Damage that is noticed after a weekend cannot be undone.',
    fix: 'set BackupRetentionPeriod to 7 or more',
    source: SOURCE.aurora('Aurora.Managing.Backups'),
    practice: true,
    setByProfile: true,
    evaluate: eachPrimaryDatabase(backupRetentionTooShort),
  },
  {
    id: 'LP-D28',
    category: 'database',
    severity: 'warning',
    title: 'Cluster has no second instance for failover',
    why:
      'If the only instance or its Availability Zone fails, the database is unavailable until a new '
      + 'instance is created.',
    fix: 'add a reader in another Availability Zone',
    source: SOURCE.aurora('Concepts.AuroraHighAvailability'),
    elsewhere: 'CDK: noFailoverServerlessReaders in part; cdk-nag: AwsSolutions-RDS3 for instances',
    practice: true,
    setByProfile: true,
    evaluate: each(CLUSTER, noFailoverInstance),
  },
];

function notEncrypted(database: Resource): Found {
  if (
    database.boolean('StorageEncrypted', false) === false
    && database.lacks('KmsKeyId')
    && !inheritsEncryption(database)
    && !isEncryptedByDefault(database)
  ) {
    return {
      at: database,
      property: 'StorageEncrypted',
      must: 'must be true',
      got: database.get('StorageEncrypted'),
    };
  }
  return undefined;
}

function notDeletionProtected(database: Resource): Found {
  if (database.boolean('DeletionProtection', false) === false) {
    return {
      at: database,
      property: 'DeletionProtection',
      must: 'must be true',
      got: database.get('DeletionProtection'),
    };
  }
  return undefined;
}

function backupRetentionTooShort(database: Resource): Found {
  const days = database.number('BackupRetentionPeriod', RDS.backupRetentionUnsetDays);
  if (days !== undefined && days < RDS.backupRetentionProductionDays) {
    return {
      at: database,
      property: 'BackupRetentionPeriod',
      must: `must be at least ${durationText(RDS.backupRetentionProductionDays * 86_400)}`,
      got: days,
    };
  }
  return undefined;
}

function noFailoverInstance(cluster: Resource, app: AppGraph): Found {
  const instances = app.ofType(INSTANCE).filter(instance => instance.target('DBClusterIdentifier') === cluster);
  if (instances.length === 1) {
    return { at: cluster, property: 'DBInstance', must: 'must have a writer and a reader', got: 'one instance' };
  }
  return undefined;
}

/** Aurora encrypts every cluster that was created since February 18, 2026, unless the template states the opposite. */
function isEncryptedByDefault(database: Resource): boolean {
  const engine = database.string('Engine') ?? 'aurora'; // unknown at synth
  return database.type === CLUSTER && engine.startsWith('aurora') && database.lacks('StorageEncrypted');
}

/** Whether the encryption is that of another database or a snapshot: the source of a replica or of a restore. */
function inheritsEncryption(database: Resource): boolean {
  return [
    'SnapshotIdentifier',
    'DBSnapshotIdentifier',
    'SourceDBClusterIdentifier',
    'SourceDBInstanceIdentifier',
    'GlobalClusterIdentifier',
  ].some(property => !database.lacks(property));
}
