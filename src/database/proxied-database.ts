import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { ConnectionBudget } from './connection-budget';
import { addClusterAlarms, DatabaseAlarms } from './database-alarms';
import { DatabaseCapacity } from './database-capacity';
import { createCluster, DATABASE_NAME, insightsRetention, MASTER_USERNAME } from './database-cluster';
import { connectFunction } from './database-connection';
import { familyOf } from './database-engine';
import { instancesOf } from './database-instances';
import { DatabaseProxy } from './database-proxy';
import { addProxyAlarms, proxyMetric } from './database-proxy-alarms';
import { DatabaseUser } from './database-user';
import type { DatabaseUserOptions } from './database-user-props';
import { validateUsername } from './database-user-validation';
import { ImportedProxiedDatabase } from './imported-proxied-database';
import type { IProxiedDatabase } from './proxied-database-interface';
import type { DatabaseConnectOptions, ProxiedDatabaseAttributes, ProxiedDatabaseProps } from './proxied-database-props';
import { validateProxiedDatabaseProps } from './proxied-database-validation';
import { warnOfNoConnectionsLeft } from './proxied-database-warnings';
import type { DatabaseFamily } from '../aws';
import { DEFAULTS } from '../defaults';
import { definitionOf } from '../private/function-definition';
import { refuse, requireProps } from '../private/validation';
import { Profile } from '../profile';

const D = DEFAULTS.ProxiedDatabase;

/**
 * An Aurora database behind RDS Proxy, which shares its few connections among many execution environments.
 *
 * Creates the cluster (Aurora Serverless v2 with 1 to 8 capacity units, a writer and a reader in two Availability Zones, encryption,
 * forced TLS, 7 days of backups, deletion protection, the Data API for deployments and administrators; deletion takes a
 * snapshot), a proxy that requires TLS, and ten alarms. No function has a password: functions log in to the proxy, and the
 * proxy logs in to the database, with IAM. RDS manages the master user's password and rotates it every 7 days.
 *
 * `connect` does everything that a function needs: it grants `rds-db:connect` for one user, adds the security group
 * rules, and sets the environment variables `PGHOST`, `PGPORT`, `PGDATABASE` and `PGUSER`, or `MYSQL_HOST`, `MYSQL_PORT`,
 * `MYSQL_DATABASE` and `MYSQL_USER`. Instead of a password, the function uses a token of `@aws-sdk/rds-signer`, which is valid
 * for 15 minutes and is needed for new connections only. The Node.js runtime does not load the RDS certificates by default, so
 * `NODE_EXTRA_CA_CERTS` is set too. Session settings and named prepared statements pin the connection (`pinnedSessionsAlarm`).
 *
 * `addUser` creates a database user when the stack is deployed, without a function in the VPC.
 *
 * Throws an error if the capacity can pause, the instance class is T, pinning filters are set for PostgreSQL, a number is out of
 * range, the subnets are in one Availability Zone, or a function is outside the VPC; and at synth, with the sum, if the
 * functions can open more connections than the database accepts. Warns about a function whose concurrency is unbounded
 * (`ConnectionBudget.unboundedConcurrency`) and a proxy that may use all connections (`ProxiedDatabase.noConnectionsLeft`).
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
 * ledger.addUser('pay', { privileges: [DatabasePrivilege.readWrite()] });
 * ledger.connect(pay, { user: 'pay', maxConcurrency: 100 });
 */
export class ProxiedDatabase extends Construct implements IProxiedDatabase {
  /**
   * Imports an existing cluster and its proxy, for example from another app, together with its users.
   *
   * @param scope The scope of the imported database
   * @param id The id within the scope
   * @param attrs The attributes of the cluster and its proxy
   */
  public static fromProxiedDatabaseAttributes(scope: Construct, id: string, attrs: ProxiedDatabaseAttributes): IProxiedDatabase {
    return new ImportedProxiedDatabase(scope, id, attrs);
  }

  /** The cluster. */
  public readonly cluster: rds.DatabaseCluster;
  public readonly proxy: rds.IDatabaseProxy;
  public readonly databaseName: string;
  public readonly budget: ConnectionBudget;
  /** The security groups of the proxy. */
  public readonly connections: ec2.Connections;

  /** In alarm while more than 90 % of the connections that the proxy may open are in use. */
  public readonly connectionsAlarm: cloudwatch.Alarm;
  /** In alarm while functions wait more than 1 second for a connection on average. */
  public readonly borrowLatencyAlarm: cloudwatch.Alarm;
  /** In alarm while sessions pin more than 30 % of the connections. */
  public readonly pinnedSessionsAlarm: cloudwatch.Alarm;
  /** In alarm while the database takes more than 1 second to respond to a query on average. */
  public readonly queryLatencyAlarm: cloudwatch.Alarm;
  /** In alarm if a client could not log in to the proxy. */
  public readonly failedLoginsAlarm: cloudwatch.Alarm;
  /** In alarm if the proxy could not open a connection to the database. */
  public readonly failedConnectionsAlarm: cloudwatch.Alarm;
  /** In alarm while more than 90 % of the connections of an instance are in use, by any client. Undefined if their number is unknown. */
  public readonly clusterConnectionsAlarm?: cloudwatch.Alarm;
  /** In alarm while the CPU utilization of the cluster is above 80 %. */
  public readonly cpuAlarm: cloudwatch.Alarm;
  /** In alarm while the database uses more than 90 % of its maximum capacity, or a provisioned instance has less than 512 MiB of freeable memory. */
  public readonly capacityAlarm: cloudwatch.Alarm;
  /** In alarm if the database ended a transaction because of a deadlock. */
  public readonly deadlocksAlarm: cloudwatch.Alarm;

  private readonly family: DatabaseFamily;
  private readonly readers: number;
  private readonly databaseProxy: DatabaseProxy;
  private readonly users = new Map<string, DatabaseUser>();
  private readonly connected: [fn: lambda.Function, user: string][] = [];

  constructor(scope: Construct, id: string, private readonly props: ProxiedDatabaseProps) {
    super(scope, id);
    validateProxiedDatabaseProps(this.node.path, props);

    const { engine, capacity = DatabaseCapacity.serverless(), maxConnectionsPercent = D.maxConnectionsPercent.value } = props;
    this.family = familyOf(this.node.path, engine);
    this.readers = props.readers ?? (Profile.of(this).standby ? D.readers.value : 0);
    this.databaseName = props.databaseName ?? DATABASE_NAME;
    this.cluster = createCluster(this, props, instancesOf(capacity, this.readers, insightsRetention(props)));
    this.databaseProxy = new DatabaseProxy(this, this.cluster, props);
    this.proxy = this.databaseProxy.proxy;
    this.connections = this.databaseProxy.connections;
    const maxConnections = props.maxConnections ?? capacity.maxConnections(engine);
    this.budget = new ConnectionBudget({ maxConnections, connectionsPercent: maxConnectionsPercent });
    this.budget.enforce(this);
    warnOfNoConnectionsLeft(this, maxConnectionsPercent);

    const alarms = new DatabaseAlarms(this, 'Alarms');
    const proxyAlarms = addProxyAlarms(alarms, this.proxy);
    this.connectionsAlarm = proxyAlarms.connections;
    this.borrowLatencyAlarm = proxyAlarms.borrowLatency;
    this.pinnedSessionsAlarm = proxyAlarms.pinnedSessions;
    this.queryLatencyAlarm = proxyAlarms.queryLatency;
    this.failedLoginsAlarm = proxyAlarms.failedLogins;
    this.failedConnectionsAlarm = proxyAlarms.failedConnections;
    const clusterAlarms = addClusterAlarms(alarms, { cluster: this.cluster, isServerless: !capacity._instanceType, maxConnections });
    this.clusterConnectionsAlarm = clusterAlarms.clusterConnections;
    this.cpuAlarm = clusterAlarms.cpu;
    this.capacityAlarm = clusterAlarms.capacity;
    this.deadlocksAlarm = clusterAlarms.deadlocks;
  }

  /**
   * Adds a database user, which is created and granted its privileges when the stack is deployed. Functions that connect as the
   * user are deployed after it. Removing the call drops the user and reassigns its objects to the master user.
   *
   * The deployment fails if a user of this name exists that this library did not create; such a user is never dropped. In the
   * database, all users lose the right to create tables in the schema `public`, which PostgreSQL before version 15 grants.
   *
   * Throws an error if the name is reserved, or if a privilege is on a schema or table that cannot have been intended, such as `%`.
   *
   * @param username Lowercase letters, digits and underscores; not the name of the master user
   * @param options The privileges of the user
   * @returns The user, for resources that must depend on it
   */
  public addUser(username: string, options: DatabaseUserOptions): DatabaseUser {
    const { family, masterUsername } = this;
    requireProps(this.node.path, options, 'privileges');
    validateUsername(this.node.path, 'username', { family, username, masterUsername });
    if (this.users.has(username)) {
      refuse(this.node.path, `'username' must be unique, got '${username}' a second time; list all privileges of the user in one call`);
    }
    const user = DatabaseUser._create(this, `User-${username}`, {
      cluster: this.cluster,
      secret: this.cluster.secret!,
      family,
      database: this.databaseName,
      username,
      masterUsername,
      privileges: [...options.privileges],
    });
    this.users.set(username, user);
    this.databaseProxy.allowUser(username);
    for (const [fn, connectedAs] of this.connected) if (connectedAs === username) fn.node.defaultChild!.node.addDependency(user);
    return user;
  }

  public connect(fn: lambda.IFunction, options: DatabaseConnectOptions): void {
    requireProps(this.node.path, options, 'user');
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
    this.deployAfterUser(definitionOf(fn)!, options.user);
  }

  public grantConnect(grantee: iam.IGrantable, user: string): iam.Grant {
    validateUsername(this.node.path, 'user', { family: this.family, username: user, masterUsername: this.masterUsername });
    return this.databaseProxy.grantConnect(grantee, user);
  }

  /**
   * A metric of the proxy.
   *
   * @param metricName The name of the metric, such as `DatabaseConnectionsCurrentlyBorrowed`
   * @param props The statistic, the period and other options
   */
  public metricProxy(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return proxyMetric(this, this.proxy, metricName, props);
  }

  /**
   * The number of sessions that pin a connection.
   *
   * @param props The statistic, the period and other options
   */
  public metricPinnedSessions(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metricProxy('DatabaseConnectionsCurrentlySessionPinned', { statistic: 'Maximum', ...props });
  }

  private get masterUsername(): string {
    return this.props.masterUsername ?? MASTER_USERNAME;
  }

  /** Without readers, a sandbox reads from the writer, as the reader endpoint of Aurora does. */
  private get readOnlyHost(): string {
    if (this.readers > 0) return this.databaseProxy.readOnlyEndpoint;
    if (this.props.readers === undefined) return this.proxy.endpoint;
    return refuse(this.node.path, "'readOnly' must be combined with at least one of 'readers', got 0; add a reader or remove 'readOnly'");
  }

  /** The user must exist before a pre-traffic test invokes the function. */
  private deployAfterUser(fn: lambda.Function, username: string): void {
    this.connected.push([fn, username]);
    const user = this.users.get(username);
    if (user) fn.node.defaultChild!.node.addDependency(user);
  }
}
