import { type CfnResource, Lazy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { warnOfManyClients } from './private-network-warnings';
import { SERVICE_ENDPOINTS, type ServiceEndpoint, VPC } from '../aws';

export const HTTPS = ec2.Port.tcp(443);

/** The endpoints of one network, each created on first use, and the security groups that may reach them. */
export class NetworkEndpoints extends Construct {
  public readonly s3: ec2.GatewayVpcEndpoint;
  public readonly dynamoDb: ec2.GatewayVpcEndpoint;
  private readonly accounts: Set<string>;
  private readonly admitted = new Map<ec2.IInterfaceVpcEndpoint, Set<ec2.ISecurityGroup>>();

  constructor(private readonly network: ec2.Vpc, private readonly subnets: ec2.SubnetSelection, accounts: readonly string[]) {
    super(network, 'Endpoints');
    this.accounts = new Set([Stack.of(network).account, ...accounts]);
    this.s3 = this.addGateway('S3', 's3', ec2.GatewayVpcEndpointAwsService.S3);
    this.dynamoDb = this.addGateway('DynamoDb', 'dynamodb', ec2.GatewayVpcEndpointAwsService.DYNAMODB);
  }

  /** The interface endpoint of a service: the existing one, or a new one whose id depends on the service only. */
  public getOrCreate(service: ec2.InterfaceVpcEndpointAwsService): ec2.InterfaceVpcEndpoint {
    const present = this.find(service);
    if (present) return present;
    const id = pascal(service.shortName);
    const securityGroup = new ec2.SecurityGroup(this, `${id}Clients`, {
      vpc: this.network,
      description: `Endpoint of ${service.shortName}: HTTPS from the functions that use it`,
      allowAllOutbound: false,
    });
    const endpoint = new ec2.InterfaceVpcEndpoint(this, id, {
      vpc: this.network, service, subnets: this.subnets, securityGroups: [securityGroup], open: false,
    });
    this.addEndpointPolicy(endpoint, SERVICE_ENDPOINTS.find(({ name, gateway }) => !gateway && name === service.shortName));
    return endpoint;
  }

  /** The existing interface endpoint of a service, also one of `addInterfaceEndpoint`: two endpoints cannot share a private DNS name. */
  public find(service: ec2.InterfaceVpcEndpointAwsService): ec2.InterfaceVpcEndpoint | undefined {
    const name = this.textOf(service.name);
    return this.all().find(endpoint => this.serviceOf(endpoint) === name);
  }

  /** Whether the network has an endpoint whose name starts with the prefix of a service's actions, such as `textract` or `cognito-idp`. */
  public hasFor(prefix: string): boolean {
    return this.all().some(endpoint => new RegExp(`\\.${prefix}[-."]`).test(this.serviceOf(endpoint)));
  }

  /** Allows roles and resources of another account in the endpoint policies. */
  public addAccount(account: string): void {
    this.accounts.add(account);
  }

  /** Admits a security group to an endpoint. The rules are in the stack of the group: the network can be in another stack. */
  public admit(group: ec2.ISecurityGroup, endpoint: ec2.IInterfaceVpcEndpoint): void {
    const admitted = this.admitted.get(endpoint) ?? new Set();
    this.admitted.set(endpoint, admitted.add(group));
    for (const own of endpoint.connections.securityGroups) {
      own.addIngressRule(group, HTTPS, 'HTTPS from what uses the service', true);
      if (!group.allowAllOutbound) group.addEgressRule(own, HTTPS, 'HTTPS to the endpoint of the service');
    }
    if (admitted.size === VPC.rulesPerSecurityGroup + 1) warnOfManyClients(endpoint);
  }

  private all(): ec2.InterfaceVpcEndpoint[] {
    return this.network.node.findAll().filter((c): c is ec2.InterfaceVpcEndpoint => c instanceof ec2.InterfaceVpcEndpoint);
  }

  private serviceOf(endpoint: ec2.InterfaceVpcEndpoint): string {
    return this.textOf((resourceOf(endpoint) as ec2.CfnVPCEndpoint).serviceName);
  }

  private textOf(name: string | undefined): string {
    return JSON.stringify(Stack.of(this).resolve(name)) ?? '';
  }

  private addGateway(id: string, name: string, service: ec2.IGatewayVpcEndpointService): ec2.GatewayVpcEndpoint {
    const endpoint = new ec2.GatewayVpcEndpoint(this, id, { vpc: this.network, service });
    this.addEndpointPolicy(endpoint, SERVICE_ENDPOINTS.find(candidate => candidate.gateway && candidate.name === name));
    return endpoint;
  }

  /** An endpoint whose support for policies is unknown gets none, because CloudFormation would fail. */
  private addEndpointPolicy(endpoint: ec2.VpcEndpoint, service: ServiceEndpoint | undefined): void {
    if (!service) return;
    const accounts = Lazy.uncachedAny({ produce: () => (this.accounts.size === 1 ? [...this.accounts][0] : [...this.accounts]) });
    endpoint.addToPolicy(new iam.PolicyStatement({
      principals: [new iam.AnyPrincipal()],
      actions: [`${service.prefix}:*`],
      resources: ['*'],
      conditions: {
        StringEquals: { 'aws:PrincipalAccount': accounts },
        // Some calls have no resource, and some services do not report the account of the resource.
        ...(service.ownedByAws ? {} : { StringEqualsIfExists: { 'aws:ResourceAccount': accounts } }),
      },
    }));
  }
}

/** The resource of an endpoint, on which its clients depend. */
export function resourceOf(endpoint: ec2.InterfaceVpcEndpoint): CfnResource {
  return endpoint.node.defaultChild as CfnResource;
}

function pascal(name: string): string {
  return name.split(/[^a-zA-Z0-9]+/).map(part => part.charAt(0).toUpperCase() + part.slice(1)).join('');
}
