import { Fn, Names, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import type { ManagedKafkaOptions } from './stream-source';
import { LeastPrivilegeRole } from '../permission';
import { flatReference } from '../private/flat-reference';

/** What Lambda itself calls, under the function's role, to put its pollers beside the brokers. */
const NETWORK_ACTIONS = [
  'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DeleteNetworkInterface',
  'ec2:DescribeVpcs', 'ec2:DescribeSubnets', 'ec2:DescribeSecurityGroups',
];

const POLICY = 'KafkaPollers';

/**
 * A topic of Amazon MSK that Lambda reads with the function's role. The event source of CDK attaches AWS's managed policy,
 * which allows the same on all clusters and writing to all log groups, and leaves out what IAM access control asks for.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/msk-cluster-auth.html
 */
export class ManagedKafka implements lambda.IEventSource {
  constructor(private readonly options: ManagedKafkaOptions, private readonly props: sources.StreamEventSourceProps) {}

  public bind(target: lambda.IFunction): void {
    const { clusterArn, topic, consumerGroupId } = this.options;
    target.addEventSourceMapping(`KafkaEventSource:${Names.nodeUniqueId(target.node)}${topic}`, {
      ...this.props,
      eventSourceArn: clusterArn,
      kafkaTopic: topic,
      kafkaConsumerGroupId: consumerGroupId,
      supportS3OnFailureDestination: true,
    });
    this.grantRead(target);
    grantNetworkInterfaces(target);
  }

  private grantRead(target: lambda.IFunction): void {
    const { clusterArn, topic, consumerGroupId } = this.options;
    const allow = (resource: string, ...actions: string[]) => target.addToRolePolicy(new iam.PolicyStatement({ actions, resources: [resource] }));
    allow(clusterArn, 'kafka:DescribeClusterV2', 'kafka:GetBootstrapBrokers', 'kafka-cluster:Connect', 'kafka-cluster:DescribeClusterDynamicConfiguration');
    allow(this.below('topic', topic), 'kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData');
    const group = this.below('group', consumerGroupId ?? '*');
    allow(group, 'kafka-cluster:AlterGroup', 'kafka-cluster:DescribeGroup');
    if (consumerGroupId === undefined && target.role) {
      Validations.of(target.role).acknowledge({
        id: `AwsSolutions::AwsSolutions-IAM5[Resource::${flatReference(Stack.of(target.role).resolve(group))}]`,
        reason: 'Lambda names the consumer group itself, by the id of the mapping; state consumerGroupId to narrow it to one',
      });
    }
  }

  /** `cluster/<name>/<id>` has topics and groups by the same name and id. */
  private below(kind: string, name: string): string {
    const parts = Fn.split(':cluster/', this.options.clusterArn, 2);
    return `${parts[0]}:${kind}/${parts[1]}/${name}`;
  }
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/with-kafka-permissions.html */
export function grantNetworkInterfaces(target: lambda.IFunction): void {
  const statement = new iam.PolicyStatement({ actions: NETWORK_ACTIONS, resources: ['*'] });
  const reason = 'Lambda makes the network interfaces of its Kafka pollers under this role, before they have names';
  if (target.role instanceof LeastPrivilegeRole) return target.role.allowWildcard(statement, reason);
  if (!target.role || target.node.tryFindChild(POLICY)) return;
  // A policy of its own, so that the acknowledgement covers nothing else of the role.
  const policy = new iam.Policy(target, POLICY, { statements: [statement] });
  target.role.attachInlinePolicy(policy);
  Validations.of(policy).acknowledge({ id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]', reason });
}
