import { Validations } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { checkProxiedDatabase } from './checked-proxied-database';
import { createCluster, DATABASE_NAME, familyOf, insightsRetention, MASTER_USERNAME } from './cluster';
import { ConnectionBudget } from './connection-budget';
import { DatabaseAlarms } from './database-alarms';
import { DatabaseCapacity } from './database-capacity';
import { connectFunction } from './database-connection';
import { DatabaseProxy } from './database-proxy';
import { checkUserName, DatabaseUser } from './database-user';
import { ImportedDatabase, type ProxiedDatabaseAttributes } from './imported-database';
import type { DatabaseUserOptions, ProxiedDatabaseProps } from './proxied-database-props';
import type { ConnectOptions, IProxiedDatabase } from './proxied-database-ref';
import { type DatabaseFamily, DEFAULTS, RDS } from '../limits';
import { definitionOf } from '../private/function-definition';
import { refuse } from '../private/validation';
import { Profile } from '../profile';

const D = DEFAULTS.ProxiedDatabase;

/**
 * An Aurora database behind RDS Proxy, for functions: a thousand environments share the few connections that it has.
 *
 * In the account appear the cluster (Aurora Serverless v2 with 1 to 8 capacity units, a writer and a reader in two zones,
 * encrypted, TLS only, 7 days of backups, deletion protection, a snapshot when it is deleted, the Data API for deployments
 * and people), a proxy that demands TLS, and ten alarms. Nobody has a password: functions log in to the proxy and the
 * proxy to the database by IAM. The master user's is kept and rotated every 7 days by RDS.
 *
 * `connect` is all that a function needs: `rds-db:connect` on the proxy for its one user, the way through the security
 * groups and no other, and the address in its environment (`PGHOST`, `PGPORT`, `PGDATABASE`, `PGUSER`, or `MYSQL_HOST`,
 * `MYSQL_PORT`, `MYSQL_DATABASE`, `MYSQL_USER`). The password is a token of `@aws-sdk/rds-signer`, good for 15 minutes and
 * for new connections only. Functions on Node.js are told where Lambda keeps the certificates of RDS
 * (`NODE_EXTRA_CA_CERTS`), which that runtime does not load by itself. A session that sets
 * something, or prepares a named statement, keeps a connection to itself: `pinnedSessions` counts them.
 *
 * `addUser` makes the login when the stack is deployed, with nothing in the VPC.
 *
 * Refused: a capacity that pauses, T instances, pinning filters for PostgreSQL, numbers outside their ranges, subnets in one
 * availability zone, a function outside of the VPC, and at synth functions that may take more connections than there are, with
 * the sum. Warned: a function that nothing bounds (`ConnectionBudget.unboundedConcurrency`), a proxy that may take all connections
 * (`ProxiedDatabase.noConnectionsLeft`).
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-iam-setup.html
 * @example
 * const network = new PrivateNetwork(this, 'Network');
 * const pay = new ProductionFunction(this, 'Pay', {
 *   runtime: lambda.Runtime.NODEJS_24_X,
 *   handler: 'index.handler',
 *   code: lambda.Code.fromAsset('handlers/pay'),
 *   vpc: network,
 * });
 * const ledger = new ProxiedDatabase(this, 'Ledger', {
 *   engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_6 }),
 *   vpc: network,
 * });
 * ledger.addUser('pay', { privileges: [Privilege.readWrite()] });
 * ledger.connect(pay, { user: 'pay', maxConcurrency: 100 });
 */
export class ProxiedDatabase extends Construct implements IProxiedDatabase {
  /**
   * A cluster and its proxy that exist already, for example in another app. Its users exist too.
   *
   * @param scope The scope to import it into
   * @param id The id within the scope
   * @param attrs Where it is
   */
  public static fromProxiedDatabaseAttributes(scope: Construct, id: string, attrs: ProxiedDatabaseAttributes): IProxiedDatabase {
    return new ImportedDatabase(scope, id, attrs);
  }

  /**
   * The cluster.
   */
  public readonly cluster: rds.DatabaseCluster;

  public readonly proxy: rds.IDatabaseProxy;

  public readonly databaseName: string;

  public readonly budget: ConnectionBudget;

  /**
   * Who may reach the proxy.
   */
  public readonly connections: ec2.Connections;

  /**
   * What calls for a person. They have no action yet: add yours.
   */
  public readonly alarms: DatabaseAlarms;

  private readonly family: DatabaseFamily;
  private readonly readers: number;
  private readonly way: DatabaseProxy;
  private readonly users = new Map<string, DatabaseUser>();
  private readonly connected: [fn: lambda.Function, user: string][] = [];

  constructor(scope: Construct, id: string, private readonly props: ProxiedDatabaseProps) {
    super(scope, id);
    checkProxiedDatabase(this.node.path, props);

    const { engine, capacity = DatabaseCapacity.serverless(), maxConnectionsPercent: connectionsPercent = D.maxConnectionsPercent.value } = props;
    const { instance, settings, isServerless } = capacity._parts;
    this.family = familyOf(this.node.path, engine);
    this.readers = props.readers ?? (Profile.of(this).standby ? D.readers.value : 0);
    this.databaseName = props.databaseName ?? DATABASE_NAME;
    this.cluster = createCluster(this, props, {
      writer: instance('Writer', insightsRetention(props)),
      readers: Array.from({ length: this.readers }, (_, n) => instance(`Reader${n === 0 ? '' : n + 1}`, insightsRetention(props))),
      ...settings,
    });
    this.way = new DatabaseProxy(this, this.cluster, props);
    this.proxy = this.way.proxy;
    this.connections = this.way.connections;
    const maxConnections = props.maxConnections ?? capacity.maxConnections(engine);
    this.budget = new ConnectionBudget({ maxConnections, connectionsPercent });
    this.budget.enforce(this);
    this.alarms = new DatabaseAlarms(this, 'Alarms', { cluster: this.cluster, proxy: this.proxy, isServerless, maxConnections });
    if (connectionsPercent === RDS.proxyConnectionsPercentMax) this.warnOfNoneLeft();
  }

  /**
   * Makes a login when the stack is deployed, and grants it what is named; taken away when the call is, and what it owns is
   * the master user's from then on. Functions that connect as the user wait for it.
   *
   * @param name Small letters, digits and underscores; not the master user's
   * @param options What it may do
   * @returns what must wait for the login depends on
   */
  public addUser(name: string, options: DatabaseUserOptions): Construct {
    const masterName = this.props.masterUsername ?? MASTER_USERNAME;
    checkUserName(this.node.path, { family: this.family, name, masterName });
    if (this.users.has(name)) {
      refuse(this.node.path, `'name' must be a user's that was not added yet, got '${name}' again; name all its privileges at once`);
    }
    const user = new DatabaseUser(this, `User-${name}`, {
      cluster: this.cluster,
      secret: this.cluster.secret!,
      family: this.family,
      database: this.databaseName,
      name,
      masterName,
      privileges: [...options.privileges],
    });
    this.users.set(name, user);
    this.way.letLogIn(name);
    for (const [fn, connectedAs] of this.connected) if (connectedAs === name) fn.node.defaultChild!.node.addDependency(user);
    return user;
  }

  public connect(fn: lambda.IFunction, options: ConnectOptions): void {
    connectFunction({
      owner: this,
      host: options.readOnly ? this.readOnlyHost : this.proxy.endpoint,
      family: this.family,
      databaseName: this.databaseName,
      connections: this.connections,
      vpc: this.props.vpc,
      budget: this.budget,
      grant: (grantee, user) => this.grantConnect(grantee, user),
    }, fn, options);
    this.letWait(definitionOf(fn)!, options.user);
  }

  public grantConnect(grantee: iam.IGrantable, user: string): iam.Grant {
    checkUserName(this.node.path, { family: this.family, name: user, masterName: this.props.masterUsername ?? MASTER_USERNAME });
    return this.way.grantConnect(grantee, user);
  }

  /**
   * A metric of the proxy, such as `DatabaseConnectionsCurrentlyBorrowed`.
   *
   * @param metricName Its name
   * @param props Its statistic, period and so on
   */
  public metricProxy(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.alarms._proxyMetric(metricName, props);
  }

  /**
   * How many sessions keep a connection to themselves.
   *
   * @param props Its statistic, period and so on
   */
  public metricPinnedSessions(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metricProxy('DatabaseConnectionsCurrentlySessionPinned', { statistic: 'Maximum', ...props });
  }

  /** As Aurora's own reader endpoint, it leads to the writer where a profile left out the readers. */
  private get readOnlyHost(): string {
    if (this.readers > 0) return this.way.readOnlyEndpoint;
    if (this.props.readers === undefined) return this.proxy.endpoint;
    return refuse(this.node.path, "'readOnly' must go with at least one of 'readers', got 0; add one or leave 'readOnly' out");
  }

  /** A function that is tested before it gets traffic must find its login. */
  private letWait(fn: lambda.Function, name: string): void {
    this.connected.push([fn, name]);
    const user = this.users.get(name);
    if (user) fn.node.defaultChild!.node.addDependency(user);
  }

  private warnOfNoneLeft(): void {
    Validations.of(this).addWarning('cdk-production-lambda:ProxiedDatabase.noConnectionsLeft',
      `'maxConnectionsPercent' is ${RDS.proxyConnectionsPercentMax}, so that logins, migrations and people find no connection while the functions have them all; lower it to ${D.maxConnectionsPercent.value}`);
  }
}
