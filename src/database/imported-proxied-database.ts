import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { ConnectionBudget } from './connection-budget';
import { DATABASE_NAME } from './database-cluster';
import { connectFunction } from './database-connection';
import { familyOf, portOf } from './database-engine';
import { validateUsername } from './database-user-validation';
import type { IProxiedDatabase } from './proxied-database-interface';
import type { DatabaseConnectOptions, ProxiedDatabaseAttributes } from './proxied-database-props';
import { validateProxiedDatabaseAttributes } from './proxied-database-validation';
import type { DatabaseFamily } from '../aws';
import { DEFAULTS } from '../defaults';
import { refuse, requireProps } from '../private/validation';

/** A cluster and its proxy that another app defines, with its users. */
export class ImportedProxiedDatabase extends Construct implements IProxiedDatabase {
  public readonly proxy: rds.IDatabaseProxy;
  public readonly databaseName: string;
  public readonly budget: ConnectionBudget;
  public readonly connections: ec2.Connections;
  private readonly family: DatabaseFamily;

  constructor(scope: Construct, id: string, private readonly attrs: ProxiedDatabaseAttributes) {
    super(scope, id);
    validateProxiedDatabaseAttributes(this.node.path, attrs);
    this.family = familyOf(this.node.path, attrs.engine);
    const securityGroups = [...attrs.securityGroups];
    this.proxy = rds.DatabaseProxy.fromDatabaseProxyAttributes(this, 'Proxy', {
      dbProxyArn: attrs.proxyArn, dbProxyName: attrs.proxyName, endpoint: attrs.proxyEndpoint, securityGroups,
    });
    this.databaseName = attrs.databaseName ?? DATABASE_NAME;
    this.connections = new ec2.Connections({ securityGroups, defaultPort: ec2.Port.tcp(portOf(this.family)) });
    const connectionsPercent = attrs.maxConnectionsPercent ?? DEFAULTS.ProxiedDatabase.maxConnectionsPercent.value;
    this.budget = new ConnectionBudget({ maxConnections: attrs.maxConnections, connectionsPercent });
    this.budget.enforce(this);
  }

  public connect(fn: lambda.IFunction, options: DatabaseConnectOptions): void {
    requireProps(this.node.path, options, 'user');
    const { proxyEndpoint, readOnlyEndpoint } = this.attrs;
    const host = options.readOnly ? readOnlyEndpoint : proxyEndpoint;
    connectFunction({
      owner: this,
      host: host
        ?? refuse(this.node.path, "'readOnly' must be combined with the attribute 'readOnlyEndpoint', got none; set it or remove 'readOnly'"),
      family: this.family,
      databaseName: this.databaseName,
      connections: this.connections,
      budget: this.budget,
      grant: (grantee, user) => this.grantConnect(grantee, user),
    }, fn, options);
  }

  public grantConnect(grantee: iam.IGrantable, user: string): iam.Grant {
    validateUsername(this.node.path, 'user', { family: this.family, username: user });
    return this.proxy.grantConnect(grantee, user);
  }
}
