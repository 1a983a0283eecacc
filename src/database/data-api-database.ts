import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { addConnectionVariables } from './connection-environment';
import type { DataApiConnectOptions, DataApiDatabaseProps } from './data-api-database-props';
import { validateDataApiDatabaseProps } from './data-api-database-validation';
import { addClusterAlarms, DatabaseAlarms } from './database-alarms';
import { DATA_API_RANGE, DatabaseCapacity } from './database-capacity';
import { createCluster, DATABASE_NAME, INSTANCE } from './database-cluster';
import { DEFAULTS } from '../defaults';
import { acknowledgeOwn } from '../private/acknowledgements';
import { definitionOf } from '../private/function-definition';
import { grantSecretRead } from '../private/grant-secret-read';
import { refuse } from '../private/validation';

const D = DEFAULTS.DataApiDatabase;
const DATA_API_ACTIONS = [
  'rds-data:BatchExecuteStatement', 'rds-data:BeginTransaction', 'rds-data:CommitTransaction',
  'rds-data:ExecuteStatement', 'rds-data:RollbackTransaction',
];

/**
 * An Aurora Serverless v2 database that functions query through the RDS Data API: over HTTPS, without connections and outside the VPC.
 *
 * Creates a cluster with one instance, with the Data API, 0 to 4 Aurora capacity units (it pauses after 10 idle minutes),
 * encryption, forced TLS, 7 days of backups and deletion protection; deletion takes a snapshot. RDS manages the
 * master user's password and rotates it every 7 days. Four alarms watch the capacity, the CPU, the connections and deadlocks.
 *
 * Use it for few or irregular requests: a paused database costs its storage only. The Data API reaches the writer only, ends a
 * statement after 45 seconds, and returns at most 1 MiB. For many short transactions use a ProxiedDatabase. Configure the AWS
 * SDK with about six attempts: with its default it gives up while a paused database resumes (`DatabaseResumingException`).
 *
 * Throws an error if the capacity is provisioned or out of range, if `autoPause` is set with a `min` above 0, or if the engine is
 * not Aurora PostgreSQL or Aurora MySQL in a version with the Data API, and with auto-pause if `min` is 0. ProductionChecks
 * reports a function whose timeout is shorter than a resume (`LP-D04`).
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html
 * @example
 * const report = new ProductionFunction(this, 'Report', {
 *   runtime: lambda.Runtime.NODEJS_24_X,
 *   handler: 'index.handler',
 *   code: lambda.Code.fromAsset('handlers/report'),
 *   timeout: Duration.seconds(60),
 * });
 * const database = new DataApiDatabase(this, 'Reports', {
 *   engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_6 }),
 *   vpc: new PrivateNetwork(this, 'Network'),
 * });
 * database.connect(report);
 */
export class DataApiDatabase extends Construct {
  /**
   * The cluster.
   */
  public readonly cluster: rds.DatabaseCluster;

  /**
   * The name of the database in the cluster.
   */
  public readonly databaseName: string;

  /**
   * In alarm while the CPU utilization of the cluster is above 80 %.
   */
  public readonly cpuAlarm: cloudwatch.Alarm;

  /**
   * In alarm while the database uses more than 90 % of its maximum capacity.
   */
  public readonly capacityAlarm: cloudwatch.Alarm;

  /**
   * In alarm while more than 90 % of the connections of the instance are in use. The Data API opens them
   * for requests and transactions. Undefined if the capacity is a token.
   */
  public readonly clusterConnectionsAlarm?: cloudwatch.Alarm;

  /**
   * In alarm if the database ended a transaction because of a deadlock.
   */
  public readonly deadlocksAlarm: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, props: DataApiDatabaseProps) {
    super(scope, id);
    validateDataApiDatabaseProps(this.node.path, props);

    const capacity = props.capacity ?? DatabaseCapacity.serverless();
    this.databaseName = props.databaseName ?? DATABASE_NAME;
    this.cluster = this.createCluster(props, capacity);
    const alarms = addClusterAlarms(new DatabaseAlarms(this, 'Alarms'), {
      cluster: this.cluster,
      isServerless: true,
      maxConnections: capacity._maxConnections(props.engine, DATA_API_RANGE),
    });
    this.cpuAlarm = alarms.cpu;
    this.capacityAlarm = alarms.capacity;
    this.clusterConnectionsAlarm = alarms.clusterConnections;
    this.deadlocksAlarm = alarms.deadlocks;
  }

  /**
   * Allows a grantee to run statements on this database and to read its secret.
   *
   * @param grantee The principal
   */
  public grantConnect(grantee: iam.IGrantable): iam.Grant {
    const statements = iam.Grant.addToPrincipal({ grantee, actions: DATA_API_ACTIONS, resourceArns: [this.cluster.clusterArn] });
    return statements.combine(grantSecretRead(grantee, this.cluster.secret!));
  }

  /**
   * Connects a function: grants it access, and sets the environment variables `DATABASE_CLUSTER_ARN`, `DATABASE_SECRET_ARN` and
   * `DATABASE_NAME`, which `ExecuteStatement` requires. The function does not have to be in the VPC.
   *
   * @param fn A ProductionFunction, an alias or a function
   * @param options The names of the variables
   */
  public connect(fn: lambda.IFunction, options: DataApiConnectOptions = {}): void {
    const { path } = this.node;
    const definition = definitionOf(fn)
      ?? refuse(path, `'fn' must be a function of this app, got the imported ${fn.node.path}; set its environment in the app that defines it`);
    addConnectionVariables(path, definition, options.environmentPrefix, {
      DATABASE_CLUSTER_ARN: this.cluster.clusterArn,
      DATABASE_SECRET_ARN: this.cluster.secret!.secretArn,
      DATABASE_NAME: this.databaseName,
    });
    this.grantConnect(fn);
  }

  private createCluster(props: DataApiDatabaseProps, capacity: DatabaseCapacity): rds.DatabaseCluster {
    const { min, max, autoPause = Duration.seconds(D.autoPauseSeconds.value) } = capacity._range(DATA_API_RANGE)!;
    const cluster = createCluster(this, props, {
      writer: rds.ClusterInstance.serverlessV2('Writer', INSTANCE),
      serverlessV2MinCapacity: min,
      serverlessV2MaxCapacity: max,
      serverlessV2AutoPauseDuration: min === 0 ? autoPause : undefined,
    });
    acknowledgeOwn(cluster, 'ProductionChecks::LP-D28',
      'a reader would keep the database from pausing without being used: the Data API reaches the writer only, '
      + 'and Aurora replaces a failed writer from storage in three Availability Zones');
    return cluster;
  }
}
