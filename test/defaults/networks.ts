import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Resources, Subject } from './subject';
import { PrivateNetwork } from '../../src';
import { plainFunction } from '../support/plain-function';

const GATEWAYS = { DynamoDb: 'DynamoDB', S3: 'S3' };
const INTERFACES = ['Sqs', 'Sns'];

/** A function is granted a queue and no topic, so only SQS has an endpoint. */
function interfaces(resources: Resources): string | undefined {
  const present = INTERFACES.filter(id => resources.props('EC2::VPCEndpoint', `Endpoints${id}`));
  return present.length === 0 ? undefined : present.join() === 'Sqs' ? 'the services that functions are granted' : present.join();
}

function build(stack: sns.Topic['stack'], vpc: ec2.Vpc): void {
  new sns.Topic(stack, 'Topic');
  new sqs.Queue(stack, 'Queue').grantSendMessages(plainFunction(stack, 'Pay', { vpc }));
}

export const NETWORKS: Record<string, Subject> = {
  PrivateNetwork: {
    ours: stack => build(stack, new PrivateNetwork(stack, 'Network')),
    plain: stack => build(stack, new ec2.Vpc(stack, 'Network')),
    contains: ['ProductionFunction'],
    probes: {
      maxAzs: { read: r => [1, 2, 3, 4].filter(i => r.props('EC2::Subnet', `Subnet${i}`)).length, note: ', 3 where the Region is stated' },
      natGateways: { read: r => (r.props('EC2::NatGateway') ? 'one in each zone' : 'none') },
      subnets: { read: r => ['Public', 'Private', 'Isolated'].filter(kind => r.props('EC2::Subnet', `${kind}Subnet`)).join(' and ') },
      gatewayEndpoints: {
        read: r => Object.entries(GATEWAYS).filter(([id]) => r.props('EC2::VPCEndpoint', `Endpoints${id}`)).map(([, name]) => name).join(' and ') || undefined,
        unset: 'none',
      },
      interfaceEndpoints: { read: interfaces, unset: 'none' },
      flowLogTraffic: { read: r => r.props('EC2::FlowLog')?.TrafficType, unset: 'no flow log' },
      flowLogRetentionDays: { read: r => r.props('Logs::LogGroup', 'FlowLogGroup')?.RetentionInDays, unset: 'no flow log' },
      restrictDefaultSecurityGroup: { read: r => r.restrictsDefaultGroup },
    },
  },
};
