import { Duration, Token, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { checkCapacity, checkDatabaseProps } from './checked-database';
import { createCluster, DATABASE_NAME, familyOf, INSTANCE } from './cluster';
import type { DatabaseProps } from './database-props';
import { addEnvironment } from './function-environment';
import { grantSecret } from './secret-grant';
import { DEFAULTS, RDS, versionsInstead } from '../limits';
import { definitionOf } from '../private/function-definition';
import { refuse, requireRange } from '../private/validation';

const D = DEFAULTS.DataApiDatabase;
/** All that the Data API has. */
const DATA_API = [
  'rds-data:BatchExecuteStatement', 'rds-data:BeginTransaction', 'rds-data:CommitTransaction', 'rds-data:ExecuteStatement', 'rds-data:RollbackTransaction',
];

/**
 * Properties of a DataApiDatabase.
 */
export interface DataApiDatabaseProps extends DatabaseProps {
  /**
   * The least capacity: 0 to 256 Aurora capacity units, in halves. At 0 the database pauses while nobody uses it, and the
   * next request waits for about 15 seconds, 30 after more than a day.
   *
   * @default 0
   */
  readonly minCapacity?: number;

  /**
   * The greatest capacity: 1 to 256 Aurora capacity units, in halves.
   *
   * @default 4
   */
  readonly maxCapacity?: number;

  /**
   * How long nobody must have used the database before it pauses: 300 seconds to a day. With a `minCapacity` of 0 only.
   *
   * @default Duration.minutes(10)
   */
  readonly autoPause?: Duration;
}

/**
 * What a function is told about its database.
 */
export interface DataApiConnectOptions {
  /**
   * Put before the names of the variables, for a function with several databases: letters, digits and underscores.
   *
   * @default - none: `DATABASE_CLUSTER_ARN`, `DATABASE_SECRET_ARN` and `DATABASE_NAME`
   */
  readonly environmentPrefix?: string;
}

/**
 * A database without connections: SQL by HTTPS, no pool to exhaust, no VPC for the function, and nothing to pay but
 * storage while nobody uses it.
 *
 * In the account appears an Aurora Serverless v2 cluster with one instance, the Data API, 0 to 4 capacity units that
 * pause after ten quiet minutes, encrypted, TLS only, backups of 7 days, deletion protection, and a snapshot when it is
 * deleted. RDS manages the master user's password and rotates it every 7 days, without a function in the VPC.
 *
 * The right one for few or spiky requests. The Data API reaches the writer only, ends a statement after 45 seconds, and
 * answers at most 1 MiB; for many short transactions take a ProxiedDatabase. The AWS SDK repeats a call to a database
 * that is resuming (`DatabaseResumingException`) only if you tell it to: give it six attempts or so.
 *
 * Refused: capacities outside their ranges, `autoPause` with a `minCapacity` above 0, a cluster engine other than Aurora
 * PostgreSQL or MySQL, or in a version that has no Data API or does not pause. A function whose timeout is shorter than a resume is the finding `LP-D04` of ProductionChecks.
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
   * The cluster underneath.
   */
  public readonly cluster: rds.DatabaseCluster;

  /**
   * The name of the database in the cluster.
   */
  public readonly databaseName: string;

  constructor(scope: Construct, id: string, props: DataApiDatabaseProps) {
    super(scope, id);
    const { minCapacity = D.minCapacity.value, maxCapacity = D.maxCapacity.value } = props;
    checkDatabaseProps(this.node.path, props);
    checkCapacity(this.node.path, minCapacity, maxCapacity);
    checkAutoPause(this.node.path, minCapacity, props);

    this.databaseName = props.databaseName ?? DATABASE_NAME;
    this.cluster = createCluster(this, props, {
      writer: rds.ClusterInstance.serverlessV2('Writer', INSTANCE),
      serverlessV2MinCapacity: minCapacity,
      serverlessV2MaxCapacity: maxCapacity,
      serverlessV2AutoPauseDuration: minCapacity === 0 ? props.autoPause ?? Duration.seconds(D.autoPauseSeconds.value) : undefined,
    });
    Validations.of(this.cluster).acknowledge({
      id: 'ProductionChecks::LP-D28',
      reason: 'a reader would keep the database from pausing for nothing: the Data API reaches the writer only, and Aurora replaces that from storage in three zones',
    });
  }

  /**
   * Lets a grantee run statements on this database and read its one secret, and nothing else.
   *
   * @param grantee Who may
   */
  public grantDataApiAccess(grantee: iam.IGrantable): iam.Grant {
    const statements = iam.Grant.addToPrincipal({ grantee, actions: DATA_API, resourceArns: [this.cluster.clusterArn] });
    return statements.combine(grantSecret(grantee, this.cluster.secret!));
  }

  /**
   * Lets a function use the database and tells it where that is: `DATABASE_CLUSTER_ARN`, `DATABASE_SECRET_ARN` and
   * `DATABASE_NAME`, as `ExecuteStatement` takes them. The function stays outside of the VPC.
   *
   * @param fn A ProductionFunction, an alias or a function
   * @param options How the variables are called
   */
  public connect(fn: lambda.IFunction, options: DataApiConnectOptions = {}): void {
    const at = this.node.path;
    const definition = definitionOf(fn) ?? refuse(at, `'fn' must be a function of this app, got the imported ${fn.node.path}; set its environment where it is made`);
    addEnvironment(at, definition, options.environmentPrefix, {
      DATABASE_CLUSTER_ARN: this.cluster.clusterArn,
      DATABASE_SECRET_ARN: this.cluster.secret!.secretArn,
      DATABASE_NAME: this.databaseName,
    });
    this.grantDataApiAccess(fn);
  }
}

function checkAutoPause(at: string, minCapacity: number, { engine, autoPause }: DataApiDatabaseProps): void {
  const others = versionsInstead('auto-pause', familyOf(at, engine), engine.engineVersion!.fullVersion!);
  if (minCapacity === 0 && others) {
    refuse(at, `'minCapacity' must be at least 0.5 with ${engine.engineType} ${engine.engineVersion!.fullVersion}, got 0; take ${others.join(', ')} or later, which pause`);
  }
  if (!autoPause || autoPause.isUnresolved()) return;
  requireRange(at, 'autoPause', autoPause.toSeconds(), RDS.autoPauseMinSeconds, RDS.autoPauseMaxSeconds, 'it is a number of seconds');
  if (!Token.isUnresolved(minCapacity) && minCapacity > 0) {
    refuse(at, `'autoPause' must go with a 'minCapacity' of 0, got ${minCapacity}, with which Aurora never pauses; leave one out`);
  }
}
