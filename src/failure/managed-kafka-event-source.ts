import { Fn, Names, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import { grantKafkaNetworkInterfaces } from './kafka-network-interfaces';
import type { ManagedKafkaOptions } from './stream-source-props';
import { flattenReference } from '../private/template-json';

/**
 * A topic of Amazon MSK that Lambda reads with the function's role. CDK's event source attaches an AWS managed policy
 * that allows the actions on all clusters and writing to all log groups, and lacks the actions of IAM access control.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/msk-cluster-auth.html
 */
export class ManagedKafkaEventSource implements lambda.IEventSource {
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
    grantKafkaNetworkInterfaces(target);
  }

  private grantRead(target: lambda.IFunction): void {
    const { clusterArn, topic, consumerGroupId } = this.options;
    const allow = (resource: string, ...actions: string[]) =>
      target.addToRolePolicy(new iam.PolicyStatement({ actions, resources: [resource] }));
    allow(clusterArn, 'kafka:DescribeClusterV2', 'kafka:GetBootstrapBrokers',
      'kafka-cluster:Connect', 'kafka-cluster:DescribeClusterDynamicConfiguration');
    allow(this.arnInCluster('topic', topic), 'kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData');
    const group = this.arnInCluster('group', consumerGroupId ?? '*');
    allow(group, 'kafka-cluster:AlterGroup', 'kafka-cluster:DescribeGroup');
    if (consumerGroupId === undefined && target.role) {
      Validations.of(target.role).acknowledge({
        id: `AwsSolutions::AwsSolutions-IAM5[Resource::${flattenReference(Stack.of(target.role).resolve(group))}]`,
        reason: 'Lambda names the consumer group after the id of the mapping; '
          + 'set consumerGroupId to allow only one group',
      });
    }
  }

  /** The ARNs of topics and groups contain the name and id of `cluster/<name>/<id>`. */
  private arnInCluster(resourceType: string, name: string): string {
    const parts = Fn.split(':cluster/', this.options.clusterArn, 2);
    return `${parts[0]}:${resourceType}/${parts[1]}/${name}`;
  }
}
