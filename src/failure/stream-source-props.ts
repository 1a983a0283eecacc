import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';

/**
 * A topic of an Amazon MSK cluster.
 */
export interface ManagedKafkaOptions {
  /**
   * The ARN of the cluster.
   */
  readonly clusterArn: string;

  /**
   * The topic to read.
   */
  readonly topic: string;

  /**
   * The consumer group to join. Lambda continues at the group's position.
   *
   * @default - a new group for the mapping
   */
  readonly consumerGroupId?: string;
}

/**
 * A topic of a Kafka cluster that is not an Amazon MSK cluster.
 */
export interface SelfManagedKafkaOptions {
  /**
   * The brokers, each as `host:port`.
   */
  readonly bootstrapServers: string[];

  /**
   * The topic to read.
   */
  readonly topic: string;

  /**
   * The credentials. The function's role is granted permission to read them.
   *
   * @default - none: the brokers do not require authentication, which is supported within a `vpc`
   */
  readonly secret?: secretsmanager.ISecret;

  /**
   * The type of the credentials in `secret`.
   *
   * @default lambda_event_sources.AuthenticationMethod.SASL_SCRAM_512_AUTH
   */
  readonly authenticationMethod?: sources.AuthenticationMethod;

  /**
   * The certificate authority of the brokers.
   *
   * @default - a public certificate authority
   */
  readonly rootCACertificate?: secretsmanager.ISecret;

  /**
   * The consumer group to join. Lambda continues at the group's position.
   *
   * @default - a new group for the mapping
   */
  readonly consumerGroupId?: string;

  /**
   * The VPC of the brokers. It requires `vpcSubnets` and `securityGroup`.
   *
   * @default - Lambda connects over the internet
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets from which Lambda connects to the brokers.
   *
   * @default - none; required with `vpc`
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The security group with which Lambda connects to the brokers.
   *
   * @default - none; required with `vpc`
   */
  readonly securityGroup?: ec2.ISecurityGroup;
}
