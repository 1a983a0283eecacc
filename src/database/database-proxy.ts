import { Duration, Names } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { familyOf, portOf } from './database-engine';
import { subnetsFor } from './database-subnets';
import type { ProxiedDatabaseProps } from './proxied-database-props';
import { RDS } from '../aws';
import { DEFAULTS } from '../defaults';
import { acknowledgeOwn } from '../private/acknowledgements';

const D = DEFAULTS.ProxiedDatabase;

/** The proxy of a cluster, and the permission that CDK does not add: to log in to the database with IAM. */
export class DatabaseProxy {
  public readonly proxy: rds.DatabaseProxy;
  /** The security groups of the proxy. */
  public readonly connections: ec2.Connections;
  private readonly role: iam.Role;
  private readonly users = new Set<string>();
  private readEndpoint?: rds.IDatabaseProxyEndpoint;

  constructor(private readonly scope: Construct, private readonly cluster: rds.DatabaseCluster, private readonly props: ProxiedDatabaseProps) {
    const { vpc, borrowTimeout, idleClientTimeout, sessionPinningFilters } = props;
    this.role = new iam.Role(scope, 'ProxyRole', { assumedBy: new iam.ServicePrincipal('rds.amazonaws.com') });
    const securityGroups = [
      new ec2.SecurityGroup(scope, 'ProxySecurityGroup', { vpc, description: `The proxy of ${scope.node.path}`, allowAllOutbound: false }),
    ];
    this.proxy = new rds.DatabaseProxy(scope, 'Proxy', {
      dbProxyName: nameOf(scope, 'proxy'),
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
    scope.node.addValidation({ validate: () => [...this.acknowledgeNoUsers(), ...this.acknowledgeTags()] });
  }

  /** Allows a grantee to log in to the proxy, and the proxy to log in to the database, as one user. */
  public grantConnect(grantee: iam.IGrantable, user: string): iam.Grant {
    this.allowUser(user);
    return this.proxy.grantConnect(grantee, user);
  }

  /** Allows the proxy to log in to the database as a user. */
  public allowUser(user: string): void {
    if (this.users.has(user)) return;
    this.users.add(user);
    this.cluster.grantConnect(this.role, user);
  }

  /** At synth, when all users are known. Without users there is no one as whom the proxy could log in. */
  private acknowledgeNoUsers(): string[] {
    if (this.users.size > 0) return [];
    acknowledgeOwn(this.role, 'ProductionChecks::LP-D16', 'no user was added to the database and no function is connected to it yet');
    return [];
  }

  /** At synth, when all tags are known. The schema of CDK's own validation has no tags for the target group, and CloudFormation's has. */
  private acknowledgeTags(): string[] {
    const group = this.proxy.node.findAll().find(child => child instanceof rds.CfnDBProxyTargetGroup);
    if (group?.cdkTagManager.hasTags()) acknowledgeOwn(group, 'CloudFormation-Validate::F3002', 'the target group has tags, which the schema of the validation does not know');
    return [];
  }

  /** The endpoint of the readers, created on first use. */
  public get readOnlyEndpoint(): string {
    this.readEndpoint ??= this.proxy.addEndpoint('ReadOnly', {
      dbProxyEndpointName: nameOf(this.scope, 'readonly'),
      vpc: this.props.vpc,
      vpcSubnets: subnetsFor(this.props),
      securityGroups: this.connections.securityGroups,
      targetRole: rds.ProxyEndpointTargetRole.READ_ONLY,
    });
    return this.readEndpoint.endpoint;
  }
}

/**
 * A name from the path. CloudFormation requires one for a proxy, and CDK's own, without a feature flag, is the id of the construct, which
 * is the same for every database. RDS stores names in lower case and emits metrics under the stored name, but a reference to the resource
 * is the name as written, which an alarm then watches in vain.
 */
function nameOf(scope: Construct, suffix: string): string {
  const maxLength = RDS.proxyNameMaxLength - suffix.length - 1;
  return `${Names.uniqueResourceName(scope, { maxLength, separator: '-' }).toLowerCase()}-${suffix}`;
}
