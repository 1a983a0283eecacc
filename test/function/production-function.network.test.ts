import { CfnParameter, Fn, Stack, aws_ec2 as ec2, aws_iam as iam } from 'aws-cdk-lib';
import { newStack } from '../support/plain-function';
import { only, placedStatements, production, resourcesOf, roleStatements } from '../support/production-function';
import { expectNoCycle } from '../support/template-graph';

const ENI = ['ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'];
const REGION = { env: { account: '123456789012', region: 'eu-west-1' } };

function subnetsOf(stack: Stack, ...zones: string[]): ec2.ISubnet[] {
  return zones.map((availabilityZone, i) => ec2.Subnet.fromSubnetAttributes(stack, `Subnet${i}`, { subnetId: `subnet-${i}`, availabilityZone }));
}

function importedVpc(stack: Stack, ...zones: string[]): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: zones, privateSubnetIds: zones.map((_, i) => `subnet-${i}`) });
}

test('has no permission for network interfaces without a VPC', () => {
  const stack = newStack();
  production(stack);

  expect(JSON.stringify(roleStatements(stack))).not.toContain('ec2:');
});

test('allows Lambda to create network interfaces in a VPC, and denies them to the code of the function', () => {
  const stack = newStack();
  production(stack, { vpc: new ec2.Vpc(stack, 'Vpc') });

  expect(placedStatements(stack).attached).toEqual({});
  expect(placedStatements(stack).inline).toEqual(expect.arrayContaining([
    { Effect: 'Allow', Action: ENI, Resource: '*' },
    {
      Effect: 'Deny',
      Action: [...ENI, 'ec2:DetachNetworkInterface'],
      Resource: '*',
      Condition: { ArnLike: { 'lambda:SourceFunctionArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':lambda:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':function:*']] } } },
    },
  ]));
});

test('grants the same to a role of the props', () => {
  const stack = newStack();
  production(stack, { vpc: new ec2.Vpc(stack, 'Vpc'), role: new iam.Role(stack, 'Mine', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }) });
  const statements = only(stack, 'AWS::IAM::Policy', /^Mine/).Properties.PolicyDocument.Statement as { Effect: string; Action: string[] }[];

  expect(statements.filter(({ Action }) => Action.includes('ec2:CreateNetworkInterface')).map(({ Effect }) => Effect)).toEqual(['Allow', 'Deny']);
});

test.each([['not given', undefined], ['empty', []]])('denies outbound traffic when security groups are %s', (_name, securityGroups) => {
  const stack = newStack();
  production(stack, { vpc: new ec2.Vpc(stack, 'Vpc'), securityGroups });

  expect(only(stack, 'AWS::EC2::SecurityGroup').Properties.SecurityGroupEgress).toEqual([expect.objectContaining({ CidrIp: '255.255.255.255/32' })]);
});

test('does not change the security groups of the props', () => {
  const stack = newStack();
  const vpc = new ec2.Vpc(stack, 'Vpc');
  production(stack, { vpc, securityGroups: [new ec2.SecurityGroup(stack, 'Mine', { vpc, allowAllOutbound: true })] });

  expect(only(stack, 'AWS::EC2::SecurityGroup').Properties.SecurityGroupEgress).toEqual([expect.objectContaining({ CidrIp: '0.0.0.0/0' })]);
});

test('a connection allows its own port and peer', () => {
  const stack = newStack();
  const vpc = new ec2.Vpc(stack, 'Vpc');
  const fn = production(stack, { vpc });
  fn.connections.allowTo(new ec2.SecurityGroup(stack, 'Database', { vpc }), ec2.Port.tcp(5432));

  expect(fn.isBoundToVpc).toBe(true);
  expect(only(stack, 'AWS::EC2::SecurityGroupEgress').Properties).toMatchObject({ FromPort: 5432, ToPort: 5432 });
  expectNoCycle(stack);
});

test('fails when connections of a function without a VPC are used', () => {
  const fn = production(newStack());

  expect(fn.isBoundToVpc).toBe(false);
  expect(() => fn.connections).toThrow(/Only VPC-associated Lambda Functions have security groups to manage/);
});

test.each<[string, (stack: Stack) => object]>([
  ['a VPC whose zones are known', stack => ({ vpc: new ec2.Vpc(stack, 'Vpc', { availabilityZones: ['eu-west-1a', 'eu-west-1b'] }) })],
  ['a VPC whose zones are tokens', stack => ({ vpc: new ec2.Vpc(stack, 'Vpc') })],
  ['an imported VPC', stack => ({ vpc: importedVpc(stack, 'eu-west-1a', 'eu-west-1b') })],
  ['an imported VPC whose lists are tokens', stack => ({
    vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: Fn.importValue('Vpc'), availabilityZones: Fn.split(',', Fn.importValue('Zones')), privateSubnetIds: Fn.split(',', Fn.importValue('Subnets')),
    }),
  })],
  ['an imported VPC with a parameter of subnets', stack => ({
    vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1', availabilityZones: ['eu-west-1a'], privateSubnetIds: new CfnParameter(stack, 'Subnets', { type: 'List<AWS::EC2::Subnet::Id>' }).valueAsList,
    }),
  })],
  ['a VPC that is still to be looked up', stack => ({ vpc: ec2.Vpc.fromLookup(stack, 'Vpc', { isDefault: true }), allowPublicSubnet: true })],
  ['subnets of two zones', stack => ({ vpc: importedVpc(stack, 'eu-west-1a'), vpcSubnets: { subnets: subnetsOf(stack, 'eu-west-1a', 'eu-west-1b') } })],
  ['a subnet that does not know its zone', stack => ({ vpc: importedVpc(stack, 'eu-west-1a'), vpcSubnets: { subnets: [ec2.Subnet.fromSubnetId(stack, 'Subnet', 'subnet-1')] } })],
])('accepts %s', (_name, props) => {
  const stack = newStack(REGION);
  production(stack, props(stack));

  expect(() => resourcesOf(stack)).not.toThrow();
});

test('uses the private subnets of a VPC that is looked up', () => {
  const stack = newStack(REGION);
  production(stack, { vpc: ec2.Vpc.fromLookup(stack, 'Vpc', { vpcId: 'vpc-1' }) });

  // What CDK takes until the context is filled.
  expect(only(stack, 'AWS::Lambda::Function', /^Pay/).Properties.VpcConfig.SubnetIds).toEqual(['p-12345', 'p-67890']);
  expect(only(stack, 'AWS::EC2::SecurityGroup').Properties.VpcId).toBe('vpc-12345');
});

test('uses the selected subnets of an imported VPC', () => {
  const stack = newStack(REGION);
  production(stack, { vpc: importedVpc(stack, 'eu-west-1a', 'eu-west-1b') });

  expect(only(stack, 'AWS::Lambda::Function', /^Pay/).Properties.VpcConfig.SubnetIds).toEqual(['subnet-0', 'subnet-1']);
  expect(only(stack, 'AWS::EC2::SecurityGroup').Properties.VpcId).toBe('vpc-1');
});

test('fails when the selection spans one zone', () => {
  const stack = new Stack();

  expect(() => production(stack, { vpc: importedVpc(stack, 'eu-west-1a'), vpcSubnets: { subnets: subnetsOf(stack, 'eu-west-1a', 'eu-west-1a') } })).toThrow(new Error(
    "'vpcSubnets' must span at least 2 Availability Zones, got eu-west-1a; select subnets in more zones (at Default/Pay)",
  ));
});

test.each<[string, (stack: Stack) => ec2.IVpc, string]>([
  ['one known zone', stack => importedVpc(stack, 'eu-west-1a'), 'import subnets of more zones'],
  ['one zone that is a token', stack => new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 }), "set 'maxAzs' of Default/Vpc to 2 or more"],
  ['one listed zone', stack => new ec2.Vpc(stack, 'Vpc', { availabilityZones: ['eu-west-1a'] }), "list 2 or more zones in 'availabilityZones' of Default/Vpc"],
])('fails when the VPC has %s', (_name, vpc, fix) => {
  const stack = new Stack();

  expect(() => production(stack, { vpc: vpc(stack) })).toThrow(new Error(
    `'vpc' must have subnets in at least 2 Availability Zones, got 1; ${fix} (at Default/Pay)`,
  ));
});

test.each<[string, string[] | undefined, ec2.VpcProps, string]>([
  ['that is not looked up yet', undefined, { maxAzs: 1 }, "set 'maxAzs' of Stack/Vpc to 2 or more"],
  ['that could be chosen or listed', ['eu-west-1a', 'eu-west-1b'], { availabilityZones: ['eu-west-1a'] }, "set 'maxAzs' of Stack/Vpc to 2 or more, or list 2 or more zones in 'availabilityZones' of Stack/Vpc"],
  ['that can only be listed', ['eu-west-1a', 'eu-west-1b'], { availabilityZones: ['eu-west-1b'] }, "list 2 or more zones in 'availabilityZones' of Stack/Vpc"],
])('names the prop of a zone %s', (_name, zones, props, fix) => {
  const stack = newStack(REGION);
  if (zones) stack.node.setContext('availability-zones:account=123456789012:region=eu-west-1', zones);

  expect(() => production(stack, { vpc: new ec2.Vpc(stack, 'Vpc', props) })).toThrow(new Error(
    `'vpc' must have subnets in at least 2 Availability Zones, got 1; ${fix} (at Stack/Pay)`,
  ));
});

test('creates no resource when the network is rejected', () => {
  const stack = newStack();

  expect(() => production(stack, { vpc: importedVpc(stack, 'eu-west-1a') })).toThrow(/Availability Zones/);
  expect(stack.node.findChild('Pay').node.children).toEqual([]);
});
