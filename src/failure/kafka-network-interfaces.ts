import { Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { LeastPrivilegeRole } from '../permission';

/** Lambda calls these actions with the function's role to connect its event pollers to the brokers. */
const ACTIONS = [
  'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DeleteNetworkInterface',
  'ec2:DescribeVpcs', 'ec2:DescribeSubnets', 'ec2:DescribeSecurityGroups',
];

const POLICY_ID = 'KafkaPollers';

/**
 * Allows the event pollers of a function to create their network interfaces.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-kafka-permissions.html
 */
export function grantKafkaNetworkInterfaces(target: lambda.IFunction): void {
  const statement = new iam.PolicyStatement({ actions: ACTIONS, resources: ['*'] });
  const reason = 'Lambda creates the network interfaces of its Kafka event pollers with this role, '
    + 'and their names are not known before';
  if (target.role instanceof LeastPrivilegeRole) return target.role.allowWildcard(statement, reason);
  if (!target.role || target.node.tryFindChild(POLICY_ID)) return;
  // A separate policy, so that the acknowledgement applies to no other statement of the role.
  const policy = new iam.Policy(target, POLICY_ID, { statements: [statement] });
  target.role.attachInlinePolicy(policy);
  Validations.of(policy).acknowledge({ id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]', reason });
}
