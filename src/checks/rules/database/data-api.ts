import { covers, functionsOf } from '../../graph';
import type { AppGraph, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { each } from '../support/each';
import type { Found } from '../support/each';
import { CLUSTER, INSTANCE } from '../support/each-database';

export const DATA_API_RULES: Rule[] = [
  {
    id: 'LP-D21',
    category: 'database',
    severity: 'error',
    title: 'Data API is enabled on a burstable instance class',
    why: 'The Data API does not support T classes.',
    fix: 'use Serverless v2 or an R class',
    source: SOURCE.aurora('data-api.limitations'),
    evaluate: each(INSTANCE, dataApiOnBurstableInstance),
  },
  {
    id: 'LP-D22',
    category: 'database',
    severity: 'error',
    title: 'Data API is used but not enabled',
    why: 'Calls to rds-data fail if the HTTP endpoint of the cluster is not enabled.',
    fix: 'set EnableHttpEndpoint to true (enableDataApi)',
    source: SOURCE.aurora('data-api'),
    elsewhere: 'CDK throws only for an explicit false',
    evaluate: each(CLUSTER, dataApiNotEnabled),
  },
];

function dataApiOnBurstableInstance(instance: Resource): Found {
  const cluster = instance.target('DBClusterIdentifier');
  if (cluster?.boolean('EnableHttpEndpoint') === true && /^db\.t\d/.test(instance.string('DBInstanceClass') ?? '')) {
    return {
      at: instance,
      property: 'DBInstanceClass',
      must: `must not be a T class with the Data API of ${cluster.path}`,
      got: instance.get('DBInstanceClass'),
    };
  }
  return undefined;
}

function dataApiNotEnabled(cluster: Resource, app: AppGraph): Found {
  const user = functionsOf(app).find(fn =>
    (fn.grants?.statements ?? []).some(
      ({ effect, actions, resources }) =>
        effect === 'Allow'
        && actions.some(action => covers(action, 'rds-data:ExecuteStatement'))
        && [...app.mentioned(resources)].includes(cluster),
    ),
  );
  if (user && cluster.boolean('EnableHttpEndpoint', false) === false) {
    return {
      at: cluster,
      property: 'EnableHttpEndpoint',
      must: `must be true for ${user.path}`,
      got: cluster.get('EnableHttpEndpoint'),
    };
  }
  return undefined;
}
