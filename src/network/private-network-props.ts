import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';

/**
 * Properties of a PrivateNetwork.
 */
export interface PrivateNetworkProps {
  /**
   * The IP addresses of the VPC.
   *
   * @default - 10.0.0.0/16
   */
  readonly ipAddresses?: ec2.IIpAddresses;

  /**
   * The number of Availability Zones: 2 or 3. Three zones require a stack with a Region.
   *
   * @default 2
   */
  readonly maxAzs?: number;

  /**
   * The Availability Zones by name, instead of `maxAzs`: 2 or 3.
   *
   * @default - the first `maxAzs` zones of the Region
   */
  readonly availabilityZones?: string[];

  /**
   * The name of the VPC in the console.
   *
   * @default - the path of the construct
   */
  readonly vpcName?: string;

  /**
   * The number of NAT gateways, which route traffic to the internet: at most one for each Availability Zone. With one
   * gateway for several zones, all zones lose the internet if its zone fails.
   *
   * Each costs about 33 US dollars a month (US East, September 2026) before data processing. An info states the price at synth;
   * acknowledge it with `Annotations.of(network).acknowledgeInfo('cdk-production-lambda:PrivateNetwork.natGateways')`. With
   * NAT gateways, interface endpoints are created for `services` only. The security groups of functions stay closed: open one with
   * `fn.connections.allowToAnyIpv4(ec2.Port.tcp(443))`.
   *
   * @default 0
   */
  readonly natGateways?: number;

  /**
   * Services that all functions in the network may reach through an interface endpoint, in addition to the services for which they have
   * permissions.
   *
   * @default - none
   */
  readonly services?: ec2.InterfaceVpcEndpointAwsService[];

  /**
   * The IDs of other accounts whose roles and resources may be used through the endpoints. Accounts in the ARNs of granted
   * resources are added automatically.
   *
   * @default - none
   */
  readonly trustedAccounts?: string[];

  /**
   * The managed prefix list of S3, for example from `ec2.PrefixList.fromLookup`. The security groups of functions that use S3 then
   * allow traffic to its addresses only.
   *
   * @default - HTTPS to any address, if only the gateway endpoints are reachable; otherwise the security groups stay closed
   */
  readonly s3PrefixList?: ec2.IPrefixList;

  /**
   * The managed prefix list of DynamoDB, like `s3PrefixList`.
   *
   * @default - HTTPS to any address, if only the gateway endpoints are reachable; otherwise the security groups stay closed
   */
  readonly dynamoDbPrefixList?: ec2.IPrefixList;

  /**
   * The traffic that the flow log records.
   *
   * @default ec2.FlowLogTrafficType.ALL
   */
  readonly flowLogTraffic?: ec2.FlowLogTrafficType;

  /**
   * How long flow logs are retained.
   *
   * @default - RetentionDays.ONE_MONTH, or ONE_WEEK in a sandbox (`Profile`)
   */
  readonly flowLogRetention?: logs.RetentionDays;

  /**
   * What happens to the flow logs when they are removed from the stack.
   *
   * @default - RemovalPolicy.RETAIN, or DESTROY in a sandbox (`Profile`)
   */
  readonly flowLogRemovalPolicy?: RemovalPolicy;

  /**
   * The KMS key that encrypts the flow logs. Its key policy is extended to allow CloudWatch Logs to use it.
   *
   * @default - CloudWatch Logs encrypts them with its own key
   */
  readonly flowLogEncryptionKey?: kms.IKey;

  /**
   * Whether all rules of the default security group are removed, so that resources without a security group of their own have no network
   * access. CloudFormation does not support it: a custom resource of CDK does it, with one small function for the stack.
   *
   * @default true
   */
  readonly restrictDefaultSecurityGroup?: boolean;
}
