import { Aspects, AspectPriority } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { createFlowLogGroup } from './flow-log-group';
import { NetworkClients } from './network-clients';
import { NetworkEndpoints } from './network-endpoints';
import type { PrivateNetworkProps } from './private-network-props';
import { validatePrivateNetworkProps } from './private-network-validation';
import { informOfNatGateways } from './private-network-warnings';
import { vpcPropsOf } from './vpc-props';

/**
 * A VPC for functions without a route to the internet. Functions reach the AWS services for which they have permissions through VPC
 * endpoints.
 *
 * Creates a VPC with an isolated subnet in each of two Availability Zones, gateway endpoints for S3 and DynamoDB (free of charge), a
 * flow log of all traffic with its log group and role, and a default security group without rules.
 *
 * At synth the permissions of the functions in the VPC determine the interface endpoints: one for each service that a function calls and
 * that offers one. An endpoint has private DNS, a security group that admits HTTPS from these functions, and a policy
 * that allows roles and resources of this account only. The security groups of the functions allow traffic to the endpoint, and the
 * functions are deployed after it. Services that Lambda calls outside the VPC need no endpoint: logs, traces, polling of event sources, and
 * delivery to dead-letter queues and destinations. Neither does a key that a service uses on behalf of the caller.
 *
 * **Cost**: an interface endpoint is billed for every hour in every Availability Zone, with or without traffic. A function that uses no
 * database and no cache does not need a VPC.
 *
 * Throws an error if it has fewer than two or more than three Availability Zones, or more NAT gateways than zones. Warns about a service
 * without a known endpoint (`PrivateNetwork.noEndpoint`), a service that a security group blocks (`PrivateNetwork.closedEgress`),
 * and an endpoint with more clients than a security group can have rules (`PrivateNetwork.manyClients`).
 *
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
 * @example
 * declare const queue: sqs.Queue;
 * const network = new PrivateNetwork(this, 'Network');
 * const pay = new ProductionFunction(this, 'Pay', {
 *   runtime: lambda.Runtime.NODEJS_24_X,
 *   handler: 'index.handler',
 *   code: lambda.Code.fromAsset('handlers/pay'),
 *   vpc: network,
 * });
 * queue.grantSendMessages(pay); // creates the endpoint of SQS
 */
export class PrivateNetwork extends ec2.Vpc {
  /**
   * The gateway endpoint of S3. Its policy allows roles and buckets of this account; `addToPolicy` allows more.
   */
  public readonly s3Endpoint: ec2.GatewayVpcEndpoint;

  /**
   * The gateway endpoint of DynamoDB. Its policy allows roles and tables of this account; `addToPolicy` allows more.
   */
  public readonly dynamoDbEndpoint: ec2.GatewayVpcEndpoint;

  /**
   * The log group of the flow logs.
   */
  public readonly flowLogGroup: logs.ILogGroup;

  private readonly endpoints: NetworkEndpoints;
  private readonly clients: NetworkClients;

  constructor(scope: Construct, id: string, props: PrivateNetworkProps = {}) {
    validatePrivateNetworkProps(scope, id, props);
    super(scope, id, vpcPropsOf(props));
    const { natGateways = 0 } = props;
    const subnetType = natGateways > 0 ? ec2.SubnetType.PRIVATE_WITH_EGRESS : ec2.SubnetType.PRIVATE_ISOLATED;

    this.endpoints = new NetworkEndpoints(this, { subnetType }, props.trustedAccounts ?? []);
    this.s3Endpoint = this.endpoints.s3;
    this.dynamoDbEndpoint = this.endpoints.dynamoDb;
    this.flowLogGroup = createFlowLogGroup(this, props);
    this.addFlowLog('FlowLog', {
      destination: ec2.FlowLogDestination.toCloudWatchLogs(this.flowLogGroup),
      trafficType: props.flowLogTraffic ?? ec2.FlowLogTrafficType.ALL,
    });

    this.clients = new NetworkClients(this, this.endpoints, {
      hasInternet: natGateways > 0,
      prefixLists: { s3: props.s3PrefixList, dynamodb: props.dynamoDbPrefixList },
    });
    for (const service of props.services ?? []) this.addService(service);
    // Runs after mutating aspects, so that the permissions they add count.
    Aspects.of(this).add(this.clients, { priority: AspectPriority.DEFAULT + 1 });
    informOfNatGateways(this, natGateways);
  }

  /**
   * Adds the interface endpoint of a service, or returns the existing one.
   *
   * Call it for services that the permissions of the functions do not show: a key with which the code itself decrypts, a
   * function of another construct (such as the rotation of a secret), or a service whose endpoint is unknown to this library.
   *
   * @param service The service
   * @param clients The clients that may reach the endpoint; by default all functions in the network
   */
  public addService(service: ec2.InterfaceVpcEndpointAwsService, clients?: ec2.IConnectable[]): ec2.InterfaceVpcEndpoint {
    const endpoint = this.endpoints.getOrCreate(service);
    if (clients === undefined) this.clients.forAll.add(endpoint);
    for (const client of clients ?? []) {
      for (const group of client.connections.securityGroups) this.endpoints.admit(group, endpoint);
    }
    return endpoint;
  }
}
