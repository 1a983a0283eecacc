import { Duration, Names, Validations } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { checkDatabaseProps, createCluster, DATABASE_NAME, familyOf, insightsRetention, MASTER_USERNAME, portOf, subnetsFor } from './cluster';
import { ConnectionBudget } from './connection-budget';
import { DatabaseAlarms } from './database-alarms';
import { DatabaseCapacity } from './database-capacity';
import { connectFunction } from './database-connection';
import { checkUserName, DatabaseUser } from './database-user';
import { ImportedDatabase, type ProxiedDatabaseAttributes } from './imported-database';
import type { DatabaseUserOptions, ProxiedDatabaseProps } from './proxied-database-props';
import type { ConnectOptions, IProxiedDatabase } from './proxied-database-ref';
import { type DatabaseFamily, DEFAULTS, RDS } from '../limits';
import { definitionOf } from '../private/function-definition';
import { refuse, requireRange } from '../private/validation';
import { Profile } from '../profile';

const D = DEFAULTS.ProxiedDatabase;

/**
 * An Aurora database behind RDS Proxy, for functions: a thousand environments share the few connections that it has.
 *
 * In the account appear the cluster (Aurora Serverless v2 with 1 to 8 capacity units, a writer and a reader in two zones,
 * encrypted, TLS only, 7 days of backups, deletion protection, a snapshot when it is deleted, the Data API for deployments
 * and people), a proxy that demands TLS, and seven alarms. Nobody has a password: functions log in to the proxy and the
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
 * Refused: a capacity that pauses, T instances, pinning filters for PostgreSQL, numbers outside their ranges, a function
 * outside of the VPC, and at synth functions that may take more connections than there are, with the sum.
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

  /** The proxy as it was made here: jsii lets no class narrow what its interface says. */
  private readonly ownProxy: rds.DatabaseProxy;
  private readonly family: DatabaseFamily;
  private readonly proxyRole: iam.Role;
  private readonly borrowTimeout: Duration;
  private readonly proxyUsers = new Set<string>();
  private readonly users = new Map<string, DatabaseUser>();
  private readonly connected: [fn: lambda.Function, user: string][] = [];
  private readEndpoint?: rds.IDatabaseProxyEndpoint;

  constructor(scope: Construct, id: string, private readonly props: ProxiedDatabaseProps) {
    super(scope, id);
    const { capacity = DatabaseCapacity.serverless() } = props;
    this.family = familyOf(this.node.path, props.engine);
    this.borrowTimeout = props.borrowTimeout ?? Duration.seconds(D.borrowTimeoutSeconds.value);
    this.checkProps();
    capacity._parts.check(this.node.path);

    const { instance, settings, connections } = capacity._parts;
    this.databaseName = props.databaseName ?? DATABASE_NAME;
    this.cluster = createCluster(this, props, {
      writer: instance('Writer', insightsRetention(props)),
      readers: Array.from({ length: this.readers }, (_, n) => instance(`Reader${n === 0 ? '' : n + 1}`, insightsRetention(props))),
      ...settings,
    });
    this.proxyRole = new iam.Role(this, 'ProxyRole', { assumedBy: new iam.ServicePrincipal('rds.amazonaws.com') });
    this.ownProxy = this.createProxy();
    this.proxy = this.ownProxy;
    const { securityGroups } = this.ownProxy.connections;
    this.connections = new ec2.Connections({ securityGroups, defaultPort: ec2.Port.tcp(portOf(this.family)) });
    const maxConnections = props.maxConnections ?? connections(this.family);
    this.budget = new ConnectionBudget({ maxConnections, connectionsPercent: this.connectionsPercent });
    this.alarms = new DatabaseAlarms(this, 'Alarms', { cluster: this.cluster, proxy: this.proxy, isServerless: capacity._parts.isServerless });
    this.node.addValidation({ validate: () => this.budget._findProblems('lower the concurrency of the functions or raise the capacity') });
    this.node.addValidation({ validate: () => this.warnOfUnbounded() });
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
    checkUserName(this.node.path, { family: this.family, name, masterName: this.props.masterUsername ?? MASTER_USERNAME });
    if (this.users.has(name)) {
      refuse(this.node.path, `'name' must be a user's that was not added yet, got '${name}' again; name all its privileges at once`);
    }
    const user = new DatabaseUser(this, `User-${name}`, {
      cluster: this.cluster,
      secret: this.cluster.secret!,
      family: this.family,
      database: this.databaseName,
      name,
      masterName: this.props.masterUsername ?? MASTER_USERNAME,
      privileges: [...options.privileges],
    });
    this.users.set(name, user);
    this.letProxyLogIn(name);
    for (const [fn, connectedAs] of this.connected) if (connectedAs === name) fn.node.defaultChild!.node.addDependency(user);
    return user;
  }

  public connect(fn: lambda.IFunction, options: ConnectOptions): void {
    connectFunction({
      owner: this,
      host: options.readOnly ? this.readOnlyEndpoint().endpoint : this.proxy.endpoint,
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
    this.letProxyLogIn(user);
    return this.proxy.grantConnect(grantee, user);
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

  private get readers(): number {
    return this.props.readers ?? (Profile.of(this).standby ? D.readers.value : 0);
  }

  private get connectionsPercent(): number {
    return this.props.maxConnectionsPercent ?? D.maxConnectionsPercent.value;
  }

  private checkProps(): void {
    const { path } = this.node;
    const { readers, maxConnectionsPercent, idleClientTimeout, sessionPinningFilters, maxConnections } = this.props;
    checkDatabaseProps(path, this.props);
    requireRange(path, 'readers', readers, 0, RDS.readersMax, 'Aurora has no more');
    requireRange(path, 'maxConnectionsPercent', maxConnectionsPercent, RDS.proxyConnectionsPercentMin, RDS.proxyConnectionsPercentMax, 'it is a share in percent');
    requireRange(path, 'maxConnections', maxConnections, 1, Infinity, 'it is a number of connections');
    requireRange(path, 'borrowTimeout', secondsOf(this.borrowTimeout), 0, RDS.borrowTimeoutMaxSeconds, 'it is a number of seconds');
    requireRange(path, 'idleClientTimeout', secondsOf(idleClientTimeout), 1, RDS.idleClientTimeoutMaxSeconds, 'it is a number of seconds');
    if (this.family === 'postgresql' && sessionPinningFilters?.length) {
      refuse(path, `'sessionPinningFilters' must not go with PostgreSQL, got ${sessionPinningFilters.map(f => f.filterName).join(', ')}, which RDS Proxy has for MySQL only; leave it out`);
    }
  }

  private createProxy(): rds.DatabaseProxy {
    const { vpc, idleClientTimeout, sessionPinningFilters } = this.props;
    const securityGroup = new ec2.SecurityGroup(this, 'ProxySecurityGroup', {
      vpc, description: `The proxy of ${this.node.path}`, allowAllOutbound: false,
    });
    return new rds.DatabaseProxy(this, 'Proxy', {
      // CloudFormation asks for a name, and CDK's without a feature flag is the same for every proxy here.
      dbProxyName: Names.uniqueResourceName(this, { maxLength: RDS.proxyNameMaxLength, separator: '-' }),
      proxyTarget: rds.ProxyTarget.fromCluster(this.cluster),
      vpc,
      vpcSubnets: subnetsFor(this.props),
      securityGroups: [securityGroup],
      role: this.proxyRole,
      requireTLS: D.requireTLS.value,
      iamAuth: true,
      defaultAuthScheme: rds.DefaultAuthScheme.IAM_AUTH,
      maxConnectionsPercent: this.connectionsPercent,
      borrowTimeout: this.borrowTimeout,
      idleClientTimeout: idleClientTimeout ?? Duration.seconds(D.idleClientTimeoutSeconds.value),
      sessionPinningFilters: sessionPinningFilters && [...sessionPinningFilters],
    });
  }

  /** CDK gives the proxy no permission to log in to the database by IAM. */
  private letProxyLogIn(user: string): void {
    if (this.proxyUsers.has(user)) return;
    this.proxyUsers.add(user);
    this.cluster.grantConnect(this.proxyRole, user);
  }

  /** A function that is tested before it gets traffic must find its login. */
  private letWait(fn: lambda.Function, name: string): void {
    this.connected.push([fn, name]);
    const user = this.users.get(name);
    if (user) fn.node.defaultChild!.node.addDependency(user);
  }

  private readOnlyEndpoint(): rds.IDatabaseProxyEndpoint {
    if (this.readers === 0) {
      refuse(this.node.path, "'readOnly' must go with at least one of 'readers', got 0; add one or leave 'readOnly' out");
    }
    return this.readEndpoint ??= this.ownProxy.addEndpoint('ReadOnly', {
      vpc: this.props.vpc,
      vpcSubnets: subnetsFor(this.props),
      securityGroups: this.ownProxy.connections.securityGroups,
      targetRole: rds.ProxyEndpointTargetRole.READ_ONLY,
    });
  }

  /** A bound may be given until synth. */
  private warnOfUnbounded(): string[] {
    const names = this.budget.unbounded.map(fn => fn.node.path);
    if (names.length > 0) {
      Validations.of(this).addWarning('cdk-production-lambda:ProxiedDatabase.unboundedConcurrency',
        `nothing bounds how many connections these functions take: ${names.join(', ')}; reserve concurrency or state 'maxConcurrency' when you connect them`);
    }
    return [];
  }
}

function secondsOf(duration: Duration | undefined): number | undefined {
  return duration?.isUnresolved() ? undefined : duration?.toSeconds();
}
