import { Annotations, Aspects, AspectPriority, type RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { vpcProps } from './checked-network';
import { FlowLogGroup } from './flow-log-group';
import { NetworkClients } from './network-clients';
import { NetworkEndpoints } from './network-endpoints';
import { DEFAULTS, natMonthlyDollars } from '../limits';

/**
 * Properties of a PrivateNetwork.
 */
export interface PrivateNetworkProps {
  /**
   * The addresses of the network.
   *
   * @default - 10.0.0.0/16
   */
  readonly ipAddresses?: ec2.IIpAddresses;

  /**
   * In how many availability zones it has subnets: 2 or 3. Three need a stack that states its region.
   *
   * @default 2
   */
  readonly maxAzs?: number;

  /**
   * The availability zones by name, instead of `maxAzs`: 2 or 3.
   *
   * @default - the first `maxAzs` of the region
   */
  readonly availabilityZones?: string[];

  /**
   * The name of the network in the console.
   *
   * @default - the path of the construct
   */
  readonly vpcName?: string;

  /**
   * How many NAT gateways lead to the internet, at most one for each zone. Each costs about 33 US dollars a month (US East,
   * September 2026) before the first byte. See also `PrivateNetwork.withInternet`.
   *
   * @default 0
   */
  readonly natGateways?: number;

  /**
   * Services that all functions of the network may reach by an interface endpoint, beside those that they were granted.
   *
   * @default - none
   */
  readonly services?: ec2.InterfaceVpcEndpointAwsService[];

  /**
   * Accounts besides the network's own whose roles and resources may be used through the endpoints. Accounts that a
   * granted ARN names are added by themselves.
   *
   * @default - none
   */
  readonly trustedAccounts?: string[];

  /**
   * The managed prefix list of S3, for example from `ec2.PrefixList.fromLookup`: functions that use S3 are then let out to
   * its addresses only.
   *
   * @default - HTTPS to any address, which in isolated subnets reaches the gateway endpoints only; not opened where a NAT gateway or other route leads out
   */
  readonly s3PrefixList?: ec2.IPrefixList;

  /**
   * The managed prefix list of DynamoDB, as `s3PrefixList`.
   *
   * @default - HTTPS to any address, which in isolated subnets reaches the gateway endpoints only; not opened where a NAT gateway or other route leads out
   */
  readonly dynamoDbPrefixList?: ec2.IPrefixList;

  /**
   * Which traffic the flow log records.
   *
   * @default ec2.FlowLogTrafficType.ALL
   */
  readonly flowLogTraffic?: ec2.FlowLogTrafficType;

  /**
   * How long flow logs are kept.
   *
   * @default - that of the profile: RetentionDays.ONE_MONTH, or ONE_WEEK in a sandbox
   */
  readonly flowLogRetention?: logs.RetentionDays;

  /**
   * What happens to the flow logs when they leave the stack.
   *
   * @default - that of the profile: RemovalPolicy.RETAIN, or DESTROY in a sandbox
   */
  readonly flowLogRemovalPolicy?: RemovalPolicy;

  /**
   * A key of your own for the flow logs. Its policy is extended so that CloudWatch Logs can use it.
   *
   * @default - encrypted by CloudWatch Logs with a key of its own
   */
  readonly flowLogEncryptionKey?: kms.IKey;

  /**
   * Whether the default security group is emptied, so that what has no group of its own reaches nothing. CloudFormation
   * can't do it: a custom resource of CDK does, with one small function for the stack.
   *
   * @default true
   */
  readonly restrictDefaultSecurityGroup?: boolean;
}

/**
 * A VPC for functions, without a way to the internet: they reach what they were granted by endpoints, and nothing else.
 *
 * In the account appear a VPC with an isolated subnet in each of two zones, gateway endpoints for S3 and DynamoDB (free),
 * a flow log of all traffic with its log group and role, and an emptied default security group.
 *
 * At synth the roles of the functions in it are read. For each service that the code calls and that has one, an
 * interface endpoint is made: private DNS, a security group of its own that admits HTTPS from the functions that use it,
 * a policy that takes only roles and resources of this account. The functions' own groups are opened to it, and the
 * functions wait for it. No endpoint is made for what Lambda does outside the VPC: log lines, traces, polling of event sources,
 * delivery to dead-letter queues and destinations, and none for a key that a service uses in the caller's name.
 *
 * **Cost**: an interface endpoint is paid for every hour in every zone, with or without traffic. A function that needs no
 * database or cache needs no VPC.
 *
 * Refused: fewer than two or more than three zones, more NAT gateways than zones. Warned: a granted service for which no
 * endpoint is known here (`PrivateNetwork.noEndpoint`), one that a closed security group keeps the function from
 * (`PrivateNetwork.closedEgress`), more clients of an endpoint than a security group has rules
 * (`PrivateNetwork.manyClients`).
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
 * queue.grantSendMessages(pay); // makes the endpoint of SQS
 */
export class PrivateNetwork extends ec2.Vpc {
  /**
   * The same with a way to the internet: a NAT gateway in each zone, for functions that call others than AWS.
   *
   * Each gateway costs 0.045 US dollars an hour (US East, September 2026), about 33 a month and 66 for two zones, and as much
   * for each GB; `natGateways: 1` halves it, and leaves the other zone offline when that zone is. A note at synth says so;
   * acknowledge it with `Annotations.of(network).acknowledgeInfo('cdk-production-lambda:PrivateNetwork.natGateways')`. Interface endpoints are made for
   * `services` only, the functions' security groups stay closed, and a function that was granted what it can't reach is
   * a warning: open it with `fn.connections.allowToAnyIpv4(ec2.Port.tcp(443))`.
   *
   * @param scope The scope to make it in
   * @param id The id within the scope
   * @param props The props of any PrivateNetwork
   */
  public static withInternet(scope: Construct, id: string, props: PrivateNetworkProps = {}): PrivateNetwork {
    const zones = props.availabilityZones?.length ?? props.maxAzs ?? DEFAULTS.PrivateNetwork.maxAzs.value;
    return new PrivateNetwork(scope, id, { ...props, natGateways: props.natGateways ?? zones });
  }

  /**
   * The gateway endpoint of S3. Its policy takes roles and buckets of this account; `addToPolicy` takes more.
   */
  public readonly s3Endpoint: ec2.GatewayVpcEndpoint;

  /**
   * The gateway endpoint of DynamoDB. Its policy takes roles and tables of this account; `addToPolicy` takes more.
   */
  public readonly dynamoDbEndpoint: ec2.GatewayVpcEndpoint;

  /**
   * Where the flow logs are.
   */
  public readonly flowLogGroup: logs.ILogGroup;

  private readonly endpoints: NetworkEndpoints;
  private readonly clients: NetworkClients;

  constructor(scope: Construct, id: string, props: PrivateNetworkProps = {}) {
    super(scope, id, vpcProps(scope, id, props));
    const natGateways = props.natGateways ?? 0;
    const subnetType = natGateways > 0 ? ec2.SubnetType.PRIVATE_WITH_EGRESS : ec2.SubnetType.PRIVATE_ISOLATED;

    this.endpoints = new NetworkEndpoints(this, { subnetType }, props.trustedAccounts ?? []);
    this.s3Endpoint = this.endpoints.s3;
    this.dynamoDbEndpoint = this.endpoints.dynamoDb;
    this.flowLogGroup = FlowLogGroup.of(this, props);
    this.addFlowLog('FlowLog', {
      destination: ec2.FlowLogDestination.toCloudWatchLogs(this.flowLogGroup),
      trafficType: props.flowLogTraffic ?? ec2.FlowLogTrafficType.ALL,
    });

    this.clients = new NetworkClients(this, this.endpoints, {
      hasInternet: natGateways > 0,
      prefixLists: { s3: props.s3PrefixList, dynamodb: props.dynamoDbPrefixList },
    });
    for (const service of props.services ?? []) this.addService(service);
    // After the aspects that change things, so that what they grant counts.
    Aspects.of(this).add(this.clients, { priority: AspectPriority.DEFAULT + 1 });
    if (natGateways > 0) this.tellThePrice(natGateways);
  }

  /**
   * The interface endpoint of a service, made where there is none yet.
   *
   * Needed where no grant of a function tells: a key that the code itself decrypts with, a function of another
   * construct (such as the rotation of a secret), a service whose grants are not known here.
   *
   * @param service The service
   * @param clients Who may reach it; without any, all functions of the network
   */
  public addService(service: ec2.InterfaceVpcEndpointAwsService, clients?: ec2.IConnectable[]): ec2.InterfaceVpcEndpoint {
    const endpoint = this.endpoints.of(service);
    if (clients === undefined) this.clients.forAll.add(endpoint);
    for (const client of clients ?? []) {
      for (const group of client.connections.securityGroups) this.endpoints.admit(group, endpoint);
    }
    return endpoint;
  }

  private tellThePrice(natGateways: number): void {
    Annotations.of(this).addInfoV2(
      'cdk-production-lambda:PrivateNetwork.natGateways',
      `${natGateways} NAT gateway${natGateways > 1 ? 's cost' : ' costs'} about ${natMonthlyDollars(natGateways)} US dollars a month (US East, September 2026) before the first byte; `
      + 'PrivateNetwork without natGateways reaches AWS services by endpoints',
    );
  }
}
