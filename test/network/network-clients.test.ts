import { App, Aspects, Stack, Tags, aws_ec2 as ec2, aws_iam as iam, aws_kms as kms, aws_lambda as lambda, aws_lambda_event_sources as sources, aws_rds as rds, aws_s3 as s3, aws_secretsmanager as secretsmanager, aws_sqs as sqs } from 'aws-cdk-lib';
import { DataApiDatabase, PrivateNetwork, type PrivateNetworkProps } from '../../src';
import { newStack, plainFunction } from '../support/plain-function';
import { type Json, production, resourcesOf } from '../support/production-function';
import { expectNoCycle } from '../support/template-graph';
import { warningsOf } from '../support/warnings';

const { InterfaceVpcEndpointAwsService: SERVICE } = ec2;
const of = (stack: Stack, type: string): [string, Json][] => Object.entries<Json>(resourcesOf(stack)).filter(([, r]) => r.Type === `AWS::EC2::${type}`);
/** The services of the interface endpoints of a stack. */
const services = (stack: Stack) => of(stack, 'VPCEndpoint').filter(([, e]) => e.Properties.VpcEndpointType === 'Interface')
  .map(([, e]) => (e.Properties.ServiceName['Fn::Join']?.[1].at(-1) ?? e.Properties.ServiceName).split('.').pop());
const egress = (stack: Stack, id: RegExp) => of(stack, 'SecurityGroup').find(([key]) => id.test(key))![1].Properties.SecurityGroupEgress;
const OPEN = { CidrIp: '0.0.0.0/0', Description: 'HTTPS to the gateway endpoints: no other route leads out', FromPort: 443, IpProtocol: 'tcp', ToPort: 443 };
const CLOSED = expect.objectContaining({ CidrIp: '255.255.255.255/32' });

let stack: Stack;
const network = (props?: PrivateNetworkProps) => new PrivateNetwork(stack, 'Network', props);
beforeEach(() => { stack = newStack(); });

/** A function in a network with permission for actions on a resource. */
const granted = (actions: string[], vpc: ec2.IVpc = network(), resources = ['arn:aws:x:::y']) => {
  const fn = plainFunction(stack, 'Pay', { vpc, allowAllOutbound: false });
  fn.addToRolePolicy(new iam.PolicyStatement({ actions, resources }));
  return fn;
};

describe('a function that sends to a queue', () => {
  beforeEach(() => {
    const queue = new sqs.Queue(stack, 'Queue');
    queue.grantSendMessages(production(stack, { vpc: network() }));
  });

  test('gets the endpoint of SQS, with private DNS and a security group that admits the function only', () => {
    const [[id, endpoint]] = of(stack, 'VPCEndpoint').filter(([, e]) => e.Properties.VpcEndpointType === 'Interface');
    const [[, ingress], ...more] = of(stack, 'SecurityGroupIngress');
    expect(id).toBe('NetworkEndpointsSqs0C8B0ADF');
    expect(endpoint.Properties).toMatchObject({
      PrivateDnsEnabled: true,
      SubnetIds: [{ Ref: 'NetworkIsolatedSubnet1Subnet91F50E7B' }, { Ref: 'NetworkIsolatedSubnet2Subnet23FB3A01' }],
      SecurityGroupIds: [{ 'Fn::GetAtt': ['NetworkEndpointsSqsClients43EDA69C', 'GroupId'] }],
      PolicyDocument: { Statement: [{ Action: 'sqs:*', Condition: { StringEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } } } }] },
    });
    expect(egress(stack, /SqsClients/)).toEqual([CLOSED]);
    expect(more).toEqual([]);
    expect(ingress.Properties).toMatchObject({
      FromPort: 443,
      ToPort: 443,
      IpProtocol: 'tcp',
      GroupId: { 'Fn::GetAtt': ['NetworkEndpointsSqsClients43EDA69C', 'GroupId'] },
      SourceSecurityGroupId: { 'Fn::GetAtt': ['PaySecurityGroupF3DFB102', 'GroupId'] },
    });
  });

  test('may reach that endpoint only, and depends on it', () => {
    const [[, rule], ...more] = of(stack, 'SecurityGroupEgress');
    expect(more).toEqual([]);
    expect(rule.Properties).toMatchObject({
      FromPort: 443,
      ToPort: 443,
      GroupId: { 'Fn::GetAtt': ['PaySecurityGroupF3DFB102', 'GroupId'] },
      DestinationSecurityGroupId: { 'Fn::GetAtt': ['NetworkEndpointsSqsClients43EDA69C', 'GroupId'] },
    });
    expect(egress(stack, /^Pay/)).toBeUndefined();
    expect(resourcesOf(stack).Pay6F77D406.DependsOn).toContain('NetworkEndpointsSqs0C8B0ADF');
    expectNoCycle(stack);
  });
});

describe('interface endpoints', () => {
  test.each([
    ['events:PutEvents', 'events'], ['secretsmanager:GetSecretValue', 'secretsmanager'], ['ssm:GetParameter', 'ssm'], ['sts:AssumeRole', 'sts'],
    ['lambda:InvokeFunction', 'lambda'], ['lambda:CheckpointDurableExecution', 'lambda'], ['states:StartExecution', 'states'], ['states:StartSyncExecution', 'sync-states'],
    ['sns:Publish', 'sns'], ['rds-data:ExecuteStatement', 'rds-data'], ['kinesis:PutRecord', 'kinesis-streams'], ['firehose:PutRecord', 'kinesis-firehose'],
    ['cloudwatch:PutMetricData', 'monitoring'], ['logs:StartQuery', 'logs'], ['kms:Sign', 'kms'], ['bedrock:InvokeModel', 'bedrock-runtime'], ['sqs:Send*', 'sqs'],
  ])('%s creates the endpoint of %s', (action, service) => {
    granted([action]);
    expect(services(stack)).toEqual([service]);
  });

  test('calls that Lambda makes outside the VPC, or a service on behalf of the caller, need none', () => {
    granted(['logs:PutLogEvents', 'xray:PutTraceSegments', 'kms:Decrypt', 'kms:GenerateDataKey*', 'rds-db:connect', 'iam:PassRole', 'ec2:CreateNetworkInterface', 'elasticfilesystem:ClientMount']);
    expect(services(stack)).toEqual([]);
    expect(egress(stack, /^Pay/)).toEqual([CLOSED]);
    expect(warningsOf(stack)).toEqual([]);
  });

  test('the failure queue and the event source of a function, which Lambda reaches itself, need none', () => {
    const work = new sqs.Queue(stack, 'Work');
    const fn = production(stack, { vpc: network() });
    fn.addEventSource(new sources.SqsEventSource(work));
    plainFunction(stack, 'Other', { vpc: fn.definition.connections && (stack.node.findChild('Network') as PrivateNetwork), deadLetterQueue: new sqs.Queue(stack, 'Dead'), allowAllOutbound: false });
    expect(services(stack)).toEqual([]);
    work.grantSendMessages(fn);
    expect(services(newSynth())).toEqual(['sqs']);
  });

  describe('the secret of a database', () => {
    const engine = rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_6 });

    test('needs no endpoint, because the Data API reads it', () => {
      const vpc = network();
      new DataApiDatabase(stack, 'Database', { engine, vpc }).connect(production(stack, { vpc }));
      expect(services(stack)).toEqual(['rds-data']);
    });

    test('needs an endpoint if the code may not call the Data API', () => {
      const vpc = network();
      new DataApiDatabase(stack, 'Database', { engine, vpc }).cluster.secret!.grantRead(production(stack, { vpc }));
      expect(services(stack)).toEqual(['secretsmanager']);
    });

    test('does not cover another secret', () => {
      const vpc = network();
      const fn = production(stack, { vpc });
      new DataApiDatabase(stack, 'Database', { engine, vpc }).connect(fn);
      new secretsmanager.Secret(stack, 'Other').grantRead(fn);
      expect(services(stack).sort()).toEqual(['rds-data', 'secretsmanager']);
    });
  });

  test('permissions for another queue than the event source count', () => {
    const work = new sqs.Queue(stack, 'Work');
    const other = new sqs.Queue(stack, 'Other');
    const fn = production(stack, { vpc: network() });
    fn.addEventSource(new sources.SqsEventSource(work));
    other.grantConsumeMessages(fn);
    expect(services(stack)).toEqual(['sqs']);
  });

  test('denied actions need none', () => {
    const fn = plainFunction(stack, 'Pay', { vpc: network() });
    fn.addToRolePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: ['sqs:SendMessage'], resources: ['*'] }));
    expect(services(stack)).toEqual([]);
  });

  test('a policy attached to the role counts', () => {
    const fn = plainFunction(stack, 'Pay', { vpc: network() });
    new iam.Policy(stack, 'Extra', { roles: [fn.role!], statements: [new iam.PolicyStatement({ actions: ['sns:Publish'], resources: ['*'] })] });
    expect(services(stack)).toEqual(['sns']);
  });

  test('a grant of an aspect counts', () => {
    const fn = plainFunction(stack, 'Pay', { vpc: network() });
    const topic = new iam.PolicyStatement({ actions: ['sns:Publish'], resources: ['*'] });
    Aspects.of(stack).add({ visit: node => { if (node === stack) fn.addToRolePolicy(topic); } });
    expect(services(stack)).toEqual(['sns']);
  });

  test('functions outside the network do not count', () => {
    network();
    const fn = plainFunction(stack, 'Out');
    fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: ['*'] }));
    const other = plainFunction(stack, 'Elsewhere', { vpc: new ec2.Vpc(stack, 'Vpc') });
    other.addToRolePolicy(new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: ['*'] }));
    expect(services(stack)).toEqual([]);
  });

  test('the ids of endpoints depend on the service only', () => {
    const vpc = network();
    granted(['sns:Publish', 'sqs:SendMessage'], vpc);
    const ids = of(stack, 'VPCEndpoint').map(([id]) => id);
    stack = newStack();
    granted(['sqs:SendMessage'], network());
    plainFunction(stack, 'Ask', { vpc: stack.node.findChild('Network') as PrivateNetwork }).addToRolePolicy(new iam.PolicyStatement({ actions: ['sns:Publish'], resources: ['*'] }));
    expect(of(stack, 'VPCEndpoint').map(([id]) => id).sort()).toEqual(ids.sort());
  });

  function newSynth(): Stack {
    const again = newStack();
    const work = new sqs.Queue(again, 'Work');
    const fn = production(again, { vpc: new PrivateNetwork(again, 'Network') });
    fn.addEventSource(new sources.SqsEventSource(work));
    work.grantSendMessages(fn);
    return again;
  }
});

describe('gateway endpoints', () => {
  test('a function with permissions for S3 may use HTTPS to any address, which in isolated subnets reaches the gateway endpoints only', () => {
    new s3.Bucket(stack, 'Bucket').grantRead(production(stack, { vpc: network() }));
    expect(egress(stack, /^Pay/)).toEqual([OPEN]);
    expect(services(stack)).toEqual([]);
  });

  test('with a prefix list it may reach the prefix list only', () => {
    const s3PrefixList = ec2.PrefixList.fromPrefixListId(stack, 'S3', 'pl-1');
    const dynamoDbPrefixList = ec2.PrefixList.fromPrefixListId(stack, 'DynamoDb', 'pl-2');
    granted(['s3:GetObject', 'dynamodb:GetItem'], network({ s3PrefixList, dynamoDbPrefixList }));
    const rules = [...egress(stack, /^Pay/) ?? [], ...of(stack, 'SecurityGroupEgress').map(([, r]) => r.Properties)];
    expect(rules.map((r: Json) => r.DestinationPrefixListId)).toEqual(['pl-1', 'pl-2']);
  });

  test.each<[string, (vpc: PrivateNetwork) => void]>([
    ['a route', vpc => new ec2.CfnRoute(stack, 'Route', { routeTableId: vpc.isolatedSubnets[0].routeTable.routeTableId, destinationCidrBlock: '0.0.0.0/0', transitGatewayId: 'tgw-1' })],
    ['routes of a VPN', vpc => new ec2.CfnVPNGatewayRoutePropagation(stack, 'Routes', { routeTableIds: [vpc.isolatedSubnets[0].routeTable.routeTableId], vpnGatewayId: 'vgw-1' })],
  ])('with %s to another network, the security group stays closed, with a warning', (_, lead) => {
    const vpc = network();
    lead(vpc);
    granted(['s3:GetObject'], vpc);
    expect(egress(stack, /^Pay/)).toEqual([CLOSED]);
    expect(warningsOf(stack).join()).toContain('PrivateNetwork.closedEgress');
  });
});

describe('security groups of the user', () => {
  test('are not changed if they are open', () => {
    const vpc = network();
    const mine = new ec2.SecurityGroup(stack, 'Mine', { vpc });
    granted(['sqs:SendMessage'], vpc);
    const fn = plainFunction(stack, 'Mine2', { vpc, securityGroups: [mine] });
    fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['sqs:SendMessage', 's3:GetObject'], resources: ['*'] }));
    expect(egress(stack, /^Mine/)).toEqual([expect.objectContaining({ CidrIp: '0.0.0.0/0', IpProtocol: '-1' })]);
    expect(of(stack, 'SecurityGroupIngress')).toHaveLength(2);
    expect(warningsOf(stack)).toEqual([]);
  });

  test('get one rule if functions share them, and more than 60 raise a warning', () => {
    const endpoint = network().addService(SERVICE.SQS, []);
    const vpc = stack.node.findChild('Network') as PrivateNetwork;
    const groups = Array.from({ length: 61 }, (_, i) => new ec2.SecurityGroup(stack, `Group${i}`, { vpc }));
    vpc.addService(SERVICE.SQS, [...groups.slice(0, 60), groups[0]]);
    expect(endpoint.node.metadata).toEqual([]);
    vpc.addService(SERVICE.SQS, [groups[60]]);
    expect(warningsOf(stack).join()).toContain('PrivateNetwork.manyClients');
    expect(of(stack, 'SecurityGroupIngress')).toHaveLength(61);
  });
});

describe('addService', () => {
  test('admits all functions, also functions that are added later', () => {
    const vpc = network({ services: [SERVICE.KMS] });
    production(stack, { vpc });
    expect(services(stack)).toEqual(['kms']);
    expect(of(stack, 'SecurityGroupIngress')).toHaveLength(1);
  });

  test('admits the given clients only', () => {
    const vpc = network();
    production(stack, { vpc });
    vpc.addService(SERVICE.SECRETS_MANAGER, [new ec2.SecurityGroup(stack, 'Rotation', { vpc })]);
    expect(of(stack, 'SecurityGroupIngress').map(([, r]) => r.Properties.SourceSecurityGroupId['Fn::GetAtt'][0])).toEqual([expect.stringMatching(/^Rotation/)]);
  });

  test('returns an existing endpoint, also one of addInterfaceEndpoint', () => {
    const vpc = network();
    const mine = vpc.addInterfaceEndpoint('Mine', { service: SERVICE.SQS, open: false });
    expect(vpc.addService(SERVICE.SQS)).toBe(mine);
    expect(vpc.addService(SERVICE.SNS)).toBe(vpc.addService(SERVICE.SNS));
    granted(['sqs:SendMessage'], vpc);
    expect(services(stack).sort()).toEqual(['sns', 'sqs']);
  });

  test('sets no policy if support for it is unknown, and no resource account if AWS owns resources', () => {
    const vpc = network({ services: [SERVICE.TEXTRACT, SERVICE.SSM] });
    const [textract, ssm] = ['Textract', 'Ssm'].map(id => stack.resolve((vpc.node.findChild('Endpoints').node.findChild(id).node.defaultChild as ec2.CfnVPCEndpoint).policyDocument));
    expect(textract).toBeUndefined();
    expect(ssm.Statement[0].Condition).toEqual({ StringEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } } });
  });
});

describe('accounts', () => {
  test('in granted ARNs are allowed', () => {
    granted(['sqs:SendMessage'], network(), ['arn:aws:sqs:eu-west-1:444455556666:theirs']);
    const [, endpoint] = of(stack, 'VPCEndpoint').find(([id]) => /Sqs/.test(id))!;
    expect(endpoint.Properties.PolicyDocument.Statement[0].Condition.StringEqualsIfExists['aws:ResourceAccount']).toEqual([{ Ref: 'AWS::AccountId' }, '444455556666']);
  });
});

test.each([['iot:Publish', 'iot'], ['dynamodb:GetRecords', 'dynamodb']])('%s, without a known endpoint, raises a warning', (action, service) => {
  granted([action]);
  expect(warningsOf(stack)).toEqual([expect.stringContaining(`/Stack/Pay: the function has permissions for ${service}, but no endpoint of it is known`)]);
});

test('a service whose endpoint is requested raises no warning', () => {
  granted(['textract:AnalyzeExpense', 'cognito-idp:AdminGetUser'], network({ services: [SERVICE.TEXTRACT, SERVICE.COGNITO_IDP] }));
  expect(warningsOf(stack)).toEqual([]);
});

test('with aspect stabilization too, the endpoints are created and tagged', () => {
  stack = newStack({}, { '@aws-cdk/core:aspectStabilization': true });
  Tags.of(stack).add('team', 'payments');
  granted(['sqs:SendMessage']);
  expect(services(stack)).toEqual(['sqs']);
  const [, endpoint] = of(stack, 'VPCEndpoint').find(([id]) => /Sqs/.test(id))!;
  expect(endpoint.Properties.Tags).toContainEqual({ Key: 'team', Value: 'payments' });
});

describe('with NAT gateways', () => {
  test('no endpoint is created, and a warning names a closed function with permissions', () => {
    granted(['sqs:SendMessage', 's3:GetObject', 'iot:Publish'], new PrivateNetwork(stack, 'Network', { natGateways: 2 }));
    expect(services(stack)).toEqual([]);
    expect(egress(stack, /^Pay/)).toEqual([CLOSED]);
    expect(warningsOf(stack)).toEqual([expect.stringContaining('/Stack/Pay: the function has permissions for sqs, s3, iot, but its security group allows no traffic to them')]);
  });

  test('an open function raises no warning', () => {
    granted(['sqs:SendMessage'], new PrivateNetwork(stack, 'Network', { natGateways: 2 })).connections.allowToAnyIpv4(ec2.Port.tcp(443));
    expect(warningsOf(stack)).toEqual([]);
  });

  test('a requested endpoint is used', () => {
    granted(['sqs:SendMessage'], new PrivateNetwork(stack, 'Network', { natGateways: 2, services: [SERVICE.SQS] }));
    expect(services(stack)).toEqual(['sqs']);
    expect(warningsOf(stack)).toEqual([]);
  });
});

test('a function of another stack is connected in its own stack, and the network does not depend on it', () => {
  const app = new App();
  const base = new Stack(app, 'Base');
  const vpc = new PrivateNetwork(base, 'Network');
  stack = new Stack(app, 'Work');
  const fn = production(stack, { vpc });
  new secretsmanager.Secret(stack, 'Secret', { encryptionKey: new kms.Key(stack, 'Key') }).grantRead(fn);
  app.synth();
  expect(services(base)).toEqual(['secretsmanager']);
  expect(of(base, 'SecurityGroupIngress')).toEqual([]);
  expect(of(stack, 'SecurityGroupIngress')).toHaveLength(1);
  expect(of(stack, 'SecurityGroupEgress')).toHaveLength(1);
  expect(base.dependencies).toEqual([]);
  expect(stack.dependencies).toEqual([base]);
});

test('an L1 function counts, and its security groups are not changed', () => {
  const vpc = network();
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'), inlinePolicies: { Own: new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ actions: ['sns:Publish'], resources: ['*'] })] }) } });
  new lambda.CfnFunction(stack, 'Fn', { code: { zipFile: '' }, role: role.roleArn, vpcConfig: { subnetIds: vpc.isolatedSubnets.map(s => s.subnetId), securityGroupIds: ['sg-1'] } });
  expect(services(stack)).toEqual(['sns']);
  expect(of(stack, 'SecurityGroupIngress')).toEqual([]);
});
