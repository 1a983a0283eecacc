import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { checkPercent } from './checked-proxied-database';
import { DATABASE_NAME, familyOf, portOf } from './cluster';
import { ConnectionBudget } from './connection-budget';
import { connectFunction } from './database-connection';
import { checkUserName } from './database-user';
import type { ConnectOptions, IProxiedDatabase } from './proxied-database-ref';
import { type DatabaseFamily, DEFAULTS } from '../limits';
import { refuse } from '../private/validation';

/**
 * A cluster and its proxy that exist already.
 */
export interface ProxiedDatabaseAttributes {
  /**
   * Aurora PostgreSQL or Aurora MySQL; the version does not matter.
   */
  readonly engine: rds.IClusterEngine;

  /**
   * The endpoint of the proxy.
   */
  readonly proxyEndpoint: string;

  /**
   * The ARN of the proxy, which ends in its resource id (`prx-…`).
   */
  readonly proxyArn: string;

  /**
   * The name of the proxy.
   */
  readonly proxyName: string;

  /**
   * The security groups of the proxy. They must already let it reach the cluster.
   */
  readonly securityGroups: ec2.ISecurityGroup[];

  /**
   * The endpoint of the proxy for reading only.
   *
   * @default - none: `readOnly` is refused
   */
  readonly readOnlyEndpoint?: string;

  /**
   * The database to use.
   *
   * @default 'app'
   */
  readonly databaseName?: string;

  /**
   * How many connections the cluster admits.
   *
   * @default - not known: the budget refuses nothing
   */
  readonly maxConnections?: number;

  /**
   * The share of them that the proxy may take, in percent.
   *
   * @default 80
   */
  readonly maxConnectionsPercent?: number;
}

/** What was made elsewhere: its users too. */
export class ImportedDatabase extends Construct implements IProxiedDatabase {
  public readonly proxy: rds.IDatabaseProxy;
  public readonly databaseName: string;
  public readonly budget: ConnectionBudget;
  public readonly connections: ec2.Connections;
  private readonly family: DatabaseFamily;

  constructor(scope: Construct, id: string, private readonly attrs: ProxiedDatabaseAttributes) {
    super(scope, id);
    const family = this.family = familyOf(this.node.path, attrs.engine);
    checkPercent(this.node.path, attrs.maxConnectionsPercent);
    const securityGroups = [...attrs.securityGroups];
    this.proxy = rds.DatabaseProxy.fromDatabaseProxyAttributes(this, 'Proxy', {
      dbProxyArn: attrs.proxyArn, dbProxyName: attrs.proxyName, endpoint: attrs.proxyEndpoint, securityGroups,
    });
    this.databaseName = attrs.databaseName ?? DATABASE_NAME;
    this.connections = new ec2.Connections({ securityGroups, defaultPort: ec2.Port.tcp(portOf(family)) });
    const percent = attrs.maxConnectionsPercent ?? DEFAULTS.ProxiedDatabase.maxConnectionsPercent.value;
    this.budget = new ConnectionBudget({ maxConnections: attrs.maxConnections, connectionsPercent: percent });
    this.budget.enforce(this);
  }

  public connect(fn: lambda.IFunction, options: ConnectOptions): void {
    const { proxyEndpoint, readOnlyEndpoint } = this.attrs;
    const host = options.readOnly ? readOnlyEndpoint : proxyEndpoint;
    connectFunction({
      owner: this,
      host: host ?? refuse(this.node.path, "'readOnly' must go with a 'readOnlyEndpoint' of the attributes, got none; give it or leave 'readOnly' out"),
      family: this.family,
      databaseName: this.databaseName,
      connections: this.connections,
      budget: this.budget,
      grant: (grantee, user) => this.grantConnect(grantee, user),
    }, fn, options);
  }

  public grantConnect(grantee: iam.IGrantable, user: string): iam.Grant {
    checkUserName(this.node.path, { family: this.family, name: user });
    return this.proxy.grantConnect(grantee, user);
  }
}
