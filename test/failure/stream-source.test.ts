import { Fn, type Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { StreamSource } from '../../src';
import { consumeStream as consume } from '../support/event-consumers';
import { newStack, REQUIRED } from '../support/plain-function';
import { only, placedStatements } from '../support/production-function';
import { warningsOf } from '../support/warnings';

const mappingOf = (stack: Stack) => only(stack, 'AWS::Lambda::EventSourceMapping').Properties;
const alarmOf = (stack: Stack, id: string) => only(stack, 'AWS::CloudWatch::Alarm', new RegExp(`^${id}`)).Properties;

describe('sources', () => {
  test('of Kinesis, with shared throughput', () => {
    const stack = newStack();
    consume({ source: StreamSource.kinesis(new kinesis.Stream(stack, 'Stream')), parallelizationFactor: 10 }, stack);
    expect(mappingOf(stack)).toMatchObject({ EventSourceArn: { 'Fn::GetAtt': [expect.stringMatching(/^Stream/), 'Arn'] }, ParallelizationFactor: 10 });
  });

  test('of Kinesis, with dedicated throughput', () => {
    const stack = newStack();
    const consumer = new kinesis.StreamConsumer(stack, 'Fan', { stream: new kinesis.Stream(stack, 'Stream'), streamConsumerName: 'fan' });
    consume({ source: StreamSource.kinesisConsumer(consumer) }, stack);
    expect(mappingOf(stack).EventSourceArn).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Fan/), 'ConsumerARN'] });
  });

  test('of Amazon MSK can read only the topic and create network interfaces, without a managed policy', () => {
    const stack = newStack();
    const clusterArn = 'arn:aws:kafka:eu-west-1:111122223333:cluster/c/1-2';
    consume({ source: StreamSource.managedKafka({ clusterArn, topic: 'orders', consumerGroupId: 'g' }) }, stack);
    const statements = placedStatements(stack, /^ReportServiceRole/).all.filter(s => /kafka|ec2/.test(JSON.stringify(s.Action)));
    const arn = (rest: string) => `arn:aws:kafka:eu-west-1:111122223333:${rest}`;
    expect(statements.map(s => [s.Resource, s.Action])).toEqual(expect.arrayContaining([
      [clusterArn, ['kafka:DescribeClusterV2', 'kafka:GetBootstrapBrokers', 'kafka-cluster:Connect', 'kafka-cluster:DescribeClusterDynamicConfiguration']],
      [arn('topic/c/1-2/orders'), ['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData']],
      [arn('group/c/1-2/g'), ['kafka-cluster:AlterGroup', 'kafka-cluster:DescribeGroup']],
      ['*', expect.arrayContaining(['ec2:CreateNetworkInterface', 'ec2:DescribeVpcs'])],
    ]));
    expect(statements).toHaveLength(4);
    expect(only(stack, 'AWS::IAM::Role', /^ReportServiceRole/).Properties).not.toHaveProperty('ManagedPolicyArns');
    expect(warningsOf(stack)).toEqual([]);
  });

  test('of Amazon MSK with a token for the cluster can read the topic, with any group', () => {
    const stack = newStack();
    consume({ function: new lambda.Function(stack, 'F', REQUIRED), source: StreamSource.managedKafka({ clusterArn: Fn.importValue('cluster'), topic: 'orders' }) }, stack);
    const [head, tail] = [0, 1].map(i => ({ 'Fn::Select': [i, { 'Fn::Split': [':cluster/', { 'Fn::ImportValue': 'cluster' }] }] }));
    expect(placedStatements(stack, /^FServiceRole/).all.map(s => s.Resource)).toEqual(expect.arrayContaining([
      { 'Fn::Join': ['', [head, ':topic/', tail, '/orders']] }, { 'Fn::Join': ['', [head, ':group/', tail, '/*']] },
    ]));
  });

  test.each([[true, 1], [false, 0]])('of self-managed Kafka within a VPC (%s) can create network interfaces', (inVpc, count) => {
    const stack = newStack();
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const network = inVpc ? { vpc, vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }, securityGroup: new ec2.SecurityGroup(stack, 'Group', { vpc }) } : {};
    const secret = new secretsmanager.Secret(stack, 'Secret');
    consume({ source: StreamSource.selfManagedKafka({ bootstrapServers: ['kafka.example.com:9094'], topic: 'orders', secret, ...network }) }, stack);
    expect(placedStatements(stack, /^ReportServiceRole/).all.filter(s => JSON.stringify(s.Action).includes('ec2:CreateNetworkInterface'))).toHaveLength(count);
  });

  test('of Kafka, in provisioned mode and without an alarm on the iterator age', () => {
    const stack = newStack();
    const { consumer } = consume({ source: StreamSource.managedKafka({ clusterArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/c/1', topic: 'orders', consumerGroupId: 'g' }) }, stack);
    expect(mappingOf(stack)).toMatchObject({
      Topics: ['orders'],
      ProvisionedPollerConfig: { MinimumPollers: 1 },
      AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'g' },
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 3,
      MaximumRecordAgeInSeconds: 3_600,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: { OnFailure: { Destination: expect.anything() } },
    });
    expect(consumer.iteratorAgeAlarm).toBeUndefined();
    expect(alarmOf(stack, 'ChangesDiscardAlarm').MetricName).toBe('OnFailureDestinationDeliveredEventCount');
  });

  test('of self-managed Kafka, with credentials and a consumer group', () => {
    const stack = newStack();
    const secret = secretsmanager.Secret.fromSecretCompleteArn(stack, 'Secret', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:kafka-AbCdEf');
    const source = StreamSource.selfManagedKafka({ bootstrapServers: ['kafka.example.com:9094'], topic: 'orders', secret, consumerGroupId: 'g' });
    const { consumer } = consume({ source }, stack);
    expect(mappingOf(stack)).toMatchObject({
      Topics: ['orders'],
      SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ['kafka.example.com:9094'] } },
      SourceAccessConfigurations: [{ Type: 'SASL_SCRAM_512_AUTH', URI: secret.secretArn }],
      SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'g' },
      ProvisionedPollerConfig: { MinimumPollers: 1 },
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 3,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: { OnFailure: { Destination: expect.anything() } },
    });
    expect(consumer.iteratorAgeAlarm).toBeUndefined();
    expect(placedStatements(stack, /^ReportServiceRole/).all.map(s => JSON.stringify(s)).join()).toContain('kafka-AbCdEf');
  });

  test.each<[string, (stack: Stack) => lambda.IFunction]>([
    ['a plain function', stack => new lambda.Function(stack, 'F', REQUIRED)],
    ['an alias', stack => new lambda.Function(stack, 'F', REQUIRED).addAlias('prod')],
  ])('are read by %s', (_, create) => {
    const stack = newStack();
    consume({ function: create(stack) }, stack);
    expect(mappingOf(stack).MaximumRetryAttempts).toBe(3);
  });
});
