import { Duration, Names } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { familyOf, portOf, subnetsFor } from './cluster';
import type { ProxiedDatabaseProps } from './proxied-database-props';
import { DEFAULTS, RDS } from '../limits';

const D = DEFAULTS.ProxiedDatabase;

/** The proxy before a cluster, with what CDK forgets: that it must be allowed to log in to the database by IAM. */
export class DatabaseProxy {
  public readonly proxy: rds.DatabaseProxy;
  /** Who may reach it. */
  public readonly connections: ec2.Connections;
  private readonly role: iam.Role;
  private readonly users = new Set<string>();
  private readEndpoint?: rds.IDatabaseProxyEndpoint;

  constructor(scope: Construct, private readonly cluster: rds.DatabaseCluster, private readonly props: ProxiedDatabaseProps) {
    const { vpc, borrowTimeout, idleClientTimeout, sessionPinningFilters } = props;
    this.role = new iam.Role(scope, 'ProxyRole', { assumedBy: new iam.ServicePrincipal('rds.amazonaws.com') });
    const securityGroups = [
      new ec2.SecurityGroup(scope, 'ProxySecurityGroup', { vpc, description: `The proxy of ${scope.node.path}`, allowAllOutbound: false }),
    ];
    this.proxy = new rds.DatabaseProxy(scope, 'Proxy', {
      // CloudFormation asks for a name, and CDK's without a feature flag is the same for every proxy here.
      dbProxyName: Names.uniqueResourceName(scope, { maxLength: RDS.proxyNameMaxLength, separator: '-' }),
      proxyTarget: rds.ProxyTarget.fromCluster(cluster),
      vpc,
      vpcSubnets: subnetsFor(props),
      securityGroups,
      role: this.role,
      requireTLS: D.requireTLS.value,
      iamAuth: true,
      defaultAuthScheme: rds.DefaultAuthScheme.IAM_AUTH,
      maxConnectionsPercent: props.maxConnectionsPercent ?? D.maxConnectionsPercent.value,
      borrowTimeout: borrowTimeout ?? Duration.seconds(D.borrowTimeoutSeconds.value),
      idleClientTimeout: idleClientTimeout ?? Duration.seconds(D.idleClientTimeoutSeconds.value),
      sessionPinningFilters: sessionPinningFilters && [...sessionPinningFilters],
    });
    this.connections = new ec2.Connections({ securityGroups, defaultPort: ec2.Port.tcp(portOf(familyOf(scope.node.path, props.engine))) });
  }

  /** Lets a grantee log in to the proxy, and the proxy to the database, as one user. */
  public grantConnect(grantee: iam.IGrantable, user: string): iam.Grant {
    this.letLogIn(user);
    return this.proxy.grantConnect(grantee, user);
  }

  public letLogIn(user: string): void {
    if (this.users.has(user)) return;
    this.users.add(user);
    this.cluster.grantConnect(this.role, user);
  }

  /** The endpoint that leads to the readers, made when it is first asked for. */
  public get readOnlyEndpoint(): string {
    this.readEndpoint ??= this.proxy.addEndpoint('ReadOnly', {
      vpc: this.props.vpc,
      vpcSubnets: subnetsFor(this.props),
      securityGroups: this.connections.securityGroups,
      targetRole: rds.ProxyEndpointTargetRole.READ_ONLY,
    });
    return this.readEndpoint.endpoint;
  }
}
