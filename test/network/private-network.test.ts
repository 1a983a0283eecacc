import { App, Stack, Token, aws_ec2 as ec2, aws_kms as kms, aws_logs as logs, RemovalPolicy, Annotations } from 'aws-cdk-lib';
import { PrivateNetwork, type PrivateNetworkProps } from '../../src';
import { newStack } from '../support/plain-function';
import { type Json, only, resourcesOf } from '../support/production-function';
import { warningsOf } from '../support/warnings';

const REGION = { env: { account: '111122223333', region: 'eu-west-1' } };
const ofType = (resources: Json, type: string): Json[] => Object.values(resources).filter(r => r.Type === type);
const build = (props?: PrivateNetworkProps, stackProps = {}) => {
  const stack = newStack(stackProps);
  const network = new PrivateNetwork(stack, 'Network', props);
  return { stack, network };
};

describe('defaults', () => {
  let resources: Json;
  beforeAll(() => { resources = resourcesOf(build().stack); });

  test('two isolated subnets, without routes to the internet or hourly costs', () => {
    expect(ofType(resources, 'AWS::EC2::Subnet').map(s => s.Properties.AvailabilityZone)).toEqual([0, 1].map(i => ({ 'Fn::Select': [i, { 'Fn::GetAZs': '' }] })));
    for (const type of ['InternetGateway', 'NatGateway', 'EIP', 'Route']) expect(ofType(resources, `AWS::EC2::${type}`)).toEqual([]);
    expect(ofType(resources, 'AWS::EC2::VPCEndpoint').map(e => e.Properties.VpcEndpointType)).toEqual(['Gateway', 'Gateway']);
  });

  test.each(['s3', 'dynamodb'])('the gateway endpoint of %s serves all subnets and allows this account only', name => {
    const endpoint = ofType(resources, 'AWS::EC2::VPCEndpoint').find(e => JSON.stringify(e.Properties.ServiceName).endsWith(`.${name}"]]}`))!;
    const account = { Ref: 'AWS::AccountId' };
    expect(endpoint.Properties.RouteTableIds).toHaveLength(2);
    expect(endpoint.Properties.PolicyDocument.Statement).toEqual([{
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: `${name}:*`,
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalAccount': account }, StringEqualsIfExists: { 'aws:ResourceAccount': account } },
    }]);
  });

  test('all traffic is logged for a month, and the log is retained after the stack', () => {
    expect(ofType(resources, 'AWS::EC2::FlowLog')[0].Properties).toMatchObject({ TrafficType: 'ALL', LogDestinationType: 'cloud-watch-logs', ResourceType: 'VPC' });
    expect(ofType(resources, 'AWS::Logs::LogGroup')[0]).toMatchObject({ Properties: { RetentionInDays: 30 }, DeletionPolicy: 'Retain' });
  });

  test('the default security group has no rules', () => {
    expect(ofType(resources, 'Custom::VpcRestrictDefaultSG')).toHaveLength(1);
  });

  test('resources that others reference retain their logical ids', () => {
    expect(Object.keys(resources).filter(id => /VPC$|Subnet$|VPCEndpoint$/.test(resources[id].Type))).toEqual([
      'Network1C6012B5', 'NetworkIsolatedSubnet1Subnet91F50E7B', 'NetworkIsolatedSubnet2Subnet23FB3A01', 'NetworkEndpointsS3389FD85C', 'NetworkEndpointsDynamoDb87886ACA',
    ]);
  });
});

describe('props', () => {
  test('it is an ec2.Vpc', () => {
    expect(build().network).toBeInstanceOf(ec2.Vpc);
  });

  test('ipAddresses, availabilityZones and vpcName are set on the VPC', () => {
    const { stack } = build({ ipAddresses: ec2.IpAddresses.cidr('10.9.0.0/20'), availabilityZones: ['eu-west-1a', 'eu-west-1c'], vpcName: 'payments' }, { env: { region: 'eu-west-1' } });
    expect(only(stack, 'AWS::EC2::VPC').Properties).toMatchObject({ CidrBlock: '10.9.0.0/20', Tags: [{ Key: 'Name', Value: 'payments' }] });
    expect(ofType(resourcesOf(stack), 'AWS::EC2::Subnet').map(s => s.Properties.AvailabilityZone)).toEqual(['eu-west-1a', 'eu-west-1c']);
  });

  test('maxAzs of 3 creates three subnets in a stack with a region', () => {
    expect(build({ maxAzs: 3 }, REGION).network.isolatedSubnets).toHaveLength(3);
  });

  test('flowLogTraffic, flowLogRetention and flowLogRemovalPolicy set the flow log', () => {
    const { stack } = build({
      flowLogTraffic: ec2.FlowLogTrafficType.REJECT, flowLogRetention: logs.RetentionDays.ONE_WEEK, flowLogRemovalPolicy: RemovalPolicy.DESTROY,
    });
    expect(only(stack, 'AWS::EC2::FlowLog').Properties.TrafficType).toBe('REJECT');
    expect(only(stack, 'AWS::Logs::LogGroup')).toMatchObject({ Properties: { RetentionInDays: 7 }, DeletionPolicy: 'Delete' });
  });

  test('flowLogEncryptionKey encrypts the flow logs, and its policy allows CloudWatch Logs', () => {
    const stack = newStack();
    const key = new kms.Key(stack, 'Key');
    new PrivateNetwork(stack, 'Network', { flowLogEncryptionKey: key });
    expect(only(stack, 'AWS::Logs::LogGroup').Properties.KmsKeyId).toEqual(stack.resolve(key.keyArn));
    expect(only(stack, 'AWS::KMS::Key').Properties.KeyPolicy.Statement[1]).toMatchObject({
      Principal: { Service: { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]] } },
      Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': expect.anything() } },
    });
  });

  test('an imported flowLogEncryptionKey raises a warning', () => {
    const stack = newStack();
    const key = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111122223333:key/1');
    const network = new PrivateNetwork(stack, 'Network', { flowLogEncryptionKey: key });
    expect(warningsOf(network).join()).toContain('PrivateNetwork.importedLogKey');
  });

  test('restrictDefaultSecurityGroup false creates no custom resource', () => {
    expect(ofType(resourcesOf(build({ restrictDefaultSecurityGroup: false }).stack), 'Custom::VpcRestrictDefaultSG')).toEqual([]);
  });

  test('trustedAccounts are allowed in the endpoint policies', () => {
    const condition = ofType(resourcesOf(build({ trustedAccounts: ['444455556666'] }).stack), 'AWS::EC2::VPCEndpoint')[0].Properties.PolicyDocument.Statement[0].Condition;
    expect(condition.StringEquals['aws:PrincipalAccount']).toEqual([{ Ref: 'AWS::AccountId' }, '444455556666']);
    expect(condition.StringEqualsIfExists['aws:ResourceAccount']).toEqual([{ Ref: 'AWS::AccountId' }, '444455556666']);
  });
});

describe('natGateways', () => {
  const messages = (network: PrivateNetwork) => (network.node.root as App).synth().getStackArtifact('Stack').messages.filter(m => m.level === 'info').map(m => String(m.entry.data));

  test('creates NAT gateways, with public subnets for nothing else', () => {
    const stack = newStack();
    const network = new PrivateNetwork(stack, 'Network', { natGateways: 2 });
    const resources = resourcesOf(stack);
    expect(ofType(resources, 'AWS::EC2::NatGateway')).toHaveLength(2);
    expect(ofType(resources, 'AWS::EC2::Subnet').every(s => s.Properties.MapPublicIpOnLaunch === false)).toBe(true);
    expect(network.selectSubnets().subnetIds).toEqual(network.privateSubnets.map(s => s.subnetId));
  });

  test.each([[2, '2 NAT gateways cost about 66 US dollars'], [1, '1 NAT gateway costs about 33 US dollars']])('an info states the price of %i', (natGateways, text) => {
    expect(messages(new PrivateNetwork(newStack(), 'Network', { natGateways })).join()).toContain(text);
  });

  test('the info can be acknowledged', () => {
    const network = new PrivateNetwork(newStack(), 'Network', { natGateways: 2 });
    Annotations.of(network).acknowledgeInfo('cdk-production-lambda:PrivateNetwork.natGateways');
    expect(messages(network)).toEqual([]);
  });

  test('one NAT gateway serves all zones', () => {
    expect(ofType(resourcesOf(build({ natGateways: 1 }).stack), 'AWS::EC2::NatGateway')).toHaveLength(1);
  });
});

describe('failures', () => {
  test.each<[PrivateNetworkProps, object, string]>([
    [{ maxAzs: 1 }, {}, "'maxAzs' must be between 2 and 3, got 1; one zone is not highly available"],
    [{ maxAzs: 4 }, REGION, "'maxAzs' must be between 2 and 3, got 4; every interface endpoint is billed for each zone"],
    [{ maxAzs: 3 }, {}, "'maxAzs' must be at most 2 in a stack without a Region, got 3; set 'env' on the stack"],
    [{ availabilityZones: ['eu-west-1a'] }, REGION, "'availabilityZones' must be between 2 and 3, got 1; one zone is not highly available"],
    [{ availabilityZones: ['a', 'b'], maxAzs: 2 }, {}, "'maxAzs' must not be combined with 'availabilityZones', got both; remove one"],
    [{ natGateways: 3 }, {}, "'natGateways' must be between 0 and 2, got 3; each Availability Zone needs at most one"],
    [{ natGateways: -1 }, {}, "'natGateways' must be between 0 and 2, got -1; raise it"],
    [{ natGateways: 1.5 }, {}, "'natGateways' must be a whole number that is known at synth, got 1.5; it determines which resources are created"],
    [{ natGateways: Token.asNumber({ Ref: 'Nat' }) }, {}, "'natGateways' must be a whole number that is known at synth, got a token; it determines which resources are created"],
    [{ maxAzs: Token.asNumber({ Ref: 'Zones' }) }, {}, "'maxAzs' must be a whole number that is known at synth, got a token; it determines which resources are created"],
    [{ trustedAccounts: ['1111-2222-3333'] }, {}, "'trustedAccounts' must contain account IDs of 12 digits, got 1111-2222-3333; remove dashes"],
  ])('fails with %j', (props, stackProps, message) => {
    const stack = new Stack(new App(), 'Stack', stackProps);
    expect(() => new PrivateNetwork(stack, 'Network', props)).toThrow(new Error(`${message} (at Stack/Network)`));
    expect(stack.node.tryFindChild('Network')).toBeUndefined();
  });
});
