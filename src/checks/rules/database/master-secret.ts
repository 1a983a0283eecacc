import type { AppGraph, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { each } from '../support/each';
import type { Found } from '../support/each';
import { CLUSTER, INSTANCE, eachDatabase } from '../support/each-database';

export const MASTER_SECRET_RULES: Rule[] = [
  {
    id: 'LP-D26',
    category: 'database',
    severity: 'error',
    title: 'Master secret has two rotations',
    why: 'RDS rotates a master secret that it manages. A second rotation conflicts with it.',
    fix: 'remove one of the two',
    source: SOURCE.aurora('rds-secrets-manager'),
    elsewhere: 'CDK throws for its own clusters',
    evaluate: each('AWS::SecretsManager::RotationSchedule', twoRotations),
  },
  {
    id: 'LP-D27',
    category: 'database',
    severity: 'warning',
    title: 'Master secret is never rotated',
    why: 'A leaked secret remains valid indefinitely.',
    fix: 'add a rotation, or set ManageMasterUserPassword',
    source: SOURCE.aurora('rds-secrets-manager'),
    elsewhere: 'cdk-nag: AwsSolutions-SMG4',
    practice: true,
    evaluate: eachDatabase(secretNotRotated),
  },
];

function twoRotations(schedule: Resource, app: AppGraph): Found {
  const database = [...app.mentioned(schedule.get('SecretId'))].find(
    ({ type }) => type === CLUSTER || type === INSTANCE,
  );
  if (database?.boolean('ManageMasterUserPassword') === true) {
    return {
      at: schedule,
      property: 'SecretId',
      must: `must not be the secret that RDS manages for ${database.path}`,
      got: schedule.get('SecretId'),
    };
  }
  return undefined;
}

function secretNotRotated(database: Resource, app: AppGraph): Found {
  const rotated = app.view(rotatedSecrets);
  const secrets = [...app.mentioned(database.get('MasterUserPassword'))].filter(
    ({ type }) => type === 'AWS::SecretsManager::Secret',
  );
  const attachments = app.ofType('AWS::SecretsManager::SecretTargetAttachment');
  const isRotated = secrets.some(
    secret =>
      rotated.has(secret)
      || attachments.some(attachment => rotated.has(attachment) && attachment.target('SecretId') === secret),
  );
  if (secrets.length > 0 && !isRotated) {
    return {
      at: secrets[0],
      property: 'RotationSchedule',
      must: `must rotate the master secret of ${database.path}`,
      got: undefined,
    };
  }
  return undefined;
}

/** The secrets with a rotation schedule, and the attachments through which a schedule refers to a secret. */
function rotatedSecrets(app: AppGraph): Set<Resource | undefined> {
  const schedules = app.ofType('AWS::SecretsManager::RotationSchedule');
  const mentioned = schedules.flatMap(schedule => [...app.mentioned(schedule.get('SecretId'))]);
  return new Set(mentioned.flatMap(resource => [resource, resource.target('SecretId')]));
}
