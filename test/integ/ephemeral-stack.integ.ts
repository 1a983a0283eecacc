import { Match } from '@aws-cdk/integ-tests-alpha';
import { Expiration } from 'aws-cdk-lib';
import { Proof } from './proof';
import { EphemeralStack, IdempotencyStore } from '../../src';

/** The name and the tags of a branch's stack identify its owner, and no resource of the stack is protected from deletion. */
export const proof = new Proof('EphemeralStack', (app, id) =>
  new EphemeralStack(app, id, { branch: 'feature/refunds', owner: 'integ', expires: Expiration.fromString('2099-12-31') }));
const { stack } = proof;
const { tableName, tableArn } = new IdempotencyStore(stack, 'Store');

const tags = Object.entries({ branch: 'feature/refunds', expires: '2099-12-31', owner: 'integ' }).map(([Key, Value]) => ({ Key, Value }));
proof.becomes(
  'CloudFormation', 'describeStacks', { StackName: stack.stackName }, 'cloudformation:DescribeStacks', [stack.stackId],
  { Stacks: [Match.objectLike({ StackName: stack.stackName, Tags: Match.arrayWith(tags.map(tag => Match.objectLike(tag))) })] },
);
proof.becomes('DynamoDB', 'describeTable', { TableName: tableName }, 'dynamodb:DescribeTable', [tableArn], { Table: { DeletionProtectionEnabled: false } });
