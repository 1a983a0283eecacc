import { Duration } from 'aws-cdk-lib';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Proof } from './proof';
import { DataApiDatabase, PrivateNetwork } from '../../src';

/** A connected function outside the VPC runs SQL, and has access to the database and its secret only. */
export const proof = new Proof('DataApiDatabase');
const database = new DataApiDatabase(proof.stack, 'Database', {
  engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_6 }),
  vpc: new PrivateNetwork(proof.stack, 'Network'),
});
const query = `
  if (event.secrets) {
    const { SecretsManagerClient, ListSecretsCommand } = require('@aws-sdk/client-secrets-manager');
    return new SecretsManagerClient({}).send(new ListSecretsCommand({})).then(() => 'listed', error => error.name);
  }
  const { RDSDataClient, ExecuteStatementCommand } = require('@aws-sdk/client-rds-data');
  const { formattedRecords } = await new RDSDataClient({ maxAttempts: 6 }).send(new ExecuteStatementCommand({
    resourceArn: process.env.DATABASE_CLUSTER_ARN, secretArn: process.env.DATABASE_SECRET_ARN, database: process.env.DATABASE_NAME,
    sql: event.sql, formatRecordsAs: 'JSON',
  }));
  return JSON.parse(formattedRecords);`;
const fn = proof.function('Query', query, { timeout: Duration.seconds(60) });
database.connect(fn);

proof.answers(fn, { sql: 'SELECT current_database() AS name' }, [{ name: 'app' }]);
proof.answers(fn, { secrets: true }, 'AccessDeniedException');
proof.becomes(
  'RDS', 'describeDBClusters', { DBClusterIdentifier: database.cluster.clusterIdentifier }, 'rds:DescribeDBClusters', [database.cluster.clusterArn],
  { DBClusters: [{ HttpEndpointEnabled: true, ServerlessV2ScalingConfiguration: { MinCapacity: 0, SecondsUntilAutoPause: 600 } }] },
);
