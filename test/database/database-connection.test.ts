import { App, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { DatabasePrivilege, PrivateNetwork, Profile, ProxiedDatabase, type IProxiedDatabase } from '../../src';
import { message, networkOf, newDatabase, payIn, POSTGRES } from '../support/databases';
import { newStack, plainFunction } from '../support/plain-function';
import { type Json, only, production, resourcesOf } from '../support/production-function';
import { expectNoCycle } from '../support/template-graph';
import { warningsOf } from '../support/warnings';

describe('connect', () => {
  test.each<[string, (stack: Stack) => lambda.IFunction]>([
    ['a plain function', stack => plainFunction(stack, 'Pay', { vpc: networkOf(stack), allowAllOutbound: false })],
    ['an alias', stack => plainFunction(stack, 'Pay', { vpc: networkOf(stack), allowAllOutbound: false }).addAlias('prod')],
  ])('accepts %s', (_, create) => {
    const stack = newStack();
    const database = newDatabase(stack);
    database.connect(create(stack), { user: 'pay', maxConcurrency: 1 });
    expect(only(stack, 'AWS::Lambda::Function', /^Pay/).Properties.Environment.Variables.PGUSER).toBe('pay');
    expect(JSON.stringify(only(stack, 'AWS::IAM::Policy', /^PayServiceRole/).Properties)).toContain('rds-db:connect');
    expectNoCycle(stack);
  });

  test('readOnly uses one endpoint of the readers', () => {
    const stack = newStack();
    const database = newDatabase(stack);
    const fn = payIn(stack);
    database.connect(fn, { user: 'pay', maxConcurrency: 1 });
    database.connect(fn, { user: 'report', maxConcurrency: 1, readOnly: true, environmentPrefix: 'REPORT_' });
    database.connect(production(stack, { vpc: networkOf(stack) }, 'Other'), { user: 'report', maxConcurrency: 1, readOnly: true });
    expect(only(stack, 'AWS::RDS::DBProxyEndpoint').Properties.TargetRole).toBe('READ_ONLY');
    const { PGHOST, REPORT_PGHOST, REPORT_PGUSER } = only(stack, 'AWS::Lambda::Function', /^Pay/).Properties.Environment.Variables;
    expect([PGHOST, REPORT_PGHOST, REPORT_PGUSER]).toEqual([
      { 'Fn::GetAtt': [expect.stringMatching(/^LedgerProxy[0-9A-F]{8}$/), 'Endpoint'] }, { 'Fn::GetAtt': [expect.stringMatching(/^LedgerProxyReadOnly/), 'Endpoint'] }, 'report',
    ]);
    expect(database.budget.taken).toBe(3);
  });

  test('an existing NODE_EXTRA_CA_CERTS is not overwritten, and other runtimes get none', () => {
    const stack = newStack();
    const database = newDatabase(stack);
    database.connect(payIn(stack, { environment: { NODE_EXTRA_CA_CERTS: '/opt/own.pem' } }), { user: 'pay', maxConcurrency: 1 });
    database.connect(production(stack, { vpc: networkOf(stack), runtime: lambda.Runtime.PYTHON_3_13 }, 'Python'), { user: 'python', maxConcurrency: 1 });
    expect(only(stack, 'AWS::Lambda::Function', /^Pay/).Properties.Environment.Variables.NODE_EXTRA_CA_CERTS).toBe('/opt/own.pem');
    expect(only(stack, 'AWS::Lambda::Function', /^Python/).Properties.Environment.Variables.NODE_EXTRA_CA_CERTS).toBeUndefined();
  });

  test('readOnly uses the writer in a sandbox, which has no readers', () => {
    const stack = newStack();
    Profile.sandbox({ owner: 'ana' }).applyTo(stack);
    newDatabase(stack).connect(payIn(stack), { user: 'report', readOnly: true, maxConcurrency: 1 });
    expect(Object.values<Json>(resourcesOf(stack)).map(({ Type }) => Type)).not.toContain('AWS::RDS::DBProxyEndpoint');
    expect(only(stack, 'AWS::Lambda::Function', /^Pay/).Properties.Environment.Variables.PGHOST).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^LedgerProxy[0-9A-F]{8}$/), 'Endpoint'] });
  });

  test('a function with an open security group is connected without a warning about an ignored egress rule', () => {
    const stack = newStack();
    const database = newDatabase(stack);
    database.connect(plainFunction(stack, 'Plain', { vpc: networkOf(stack) }), { user: 'pay', maxConcurrency: 1 });
    expect(only(stack, 'AWS::EC2::SecurityGroupIngress', /Plain/).Properties).toMatchObject({ FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: { 'Fn::GetAtt': [expect.stringMatching(/^PlainSecurityGroup/), 'GroupId'] } });
    expect(warningsOf(stack)).toEqual([]);
  });

  test('functions of another stack that share a security group connect without a circular dependency', () => {
    const app = new App();
    const [net, data, work] = ['Net', 'Data', 'Work'].map(id => new Stack(app, id));
    const vpc = new PrivateNetwork(net, 'Network');
    const database = new ProxiedDatabase(data, 'Ledger', { engine: POSTGRES, vpc });
    const securityGroups = [new ec2.SecurityGroup(net, 'Shared', { vpc, allowAllOutbound: false })];
    database.addUser('pay', { privileges: [] });
    for (const id of ['A', 'B']) database.connect(production(work, { vpc, securityGroups }, id), { user: 'pay', maxConcurrency: 1, readOnly: id === 'B' });
    expect(() => app.synth()).not.toThrow();
    expect([net, data, work].map(stack => stack.dependencies.map(({ stackName }) => stackName).sort())).toEqual([[], ['Net'], ['Data', 'Net']]);
    const rules = (type: string) => Object.values<Json>(resourcesOf(data)).filter(({ Type, Properties }) => Type === type && JSON.stringify(Properties).includes('Shared'));
    expect([rules('AWS::EC2::SecurityGroupIngress'), rules('AWS::EC2::SecurityGroupEgress')]).toEqual([
      [expect.objectContaining({ Properties: expect.objectContaining({ FromPort: 5432, SourceSecurityGroupId: { 'Fn::ImportValue': expect.stringContaining('Shared') } }) })],
      [expect.objectContaining({ Properties: expect.objectContaining({ FromPort: 5432, GroupId: { 'Fn::ImportValue': expect.stringContaining('Shared') } }) })],
    ]);
  });

  test('functions of another stack connect without a circular dependency', () => {
    const app = new App();
    const [data, work] = [new Stack(app, 'Data'), new Stack(app, 'Work')];
    new PrivateNetwork(data, 'Network');
    const database = newDatabase(data);
    database.addUser('pay', { privileges: [DatabasePrivilege.usage()] });
    database.connect(production(work, { vpc: networkOf(data) }), { user: 'pay', maxConcurrency: 1 });
    expect(() => app.synth()).not.toThrow();
    expect(work.dependencies).toEqual([data]);
    expect(data.dependencies).toEqual([]);
  });

  test('the VPC may be looked up', () => {
    const stack = newStack({ env: { account: '111122223333', region: 'eu-west-1' } });
    const vpc = ec2.Vpc.fromLookup(stack, 'Network', { isDefault: false });
    new ProxiedDatabase(stack, 'Ledger', { engine: POSTGRES, vpc }).connect(production(stack, { vpc }), { user: 'pay', maxConcurrency: 1 });
    const [database, fn] = [only(stack, 'AWS::RDS::DBSubnetGroup').Properties.SubnetIds, only(stack, 'AWS::Lambda::Function', /^Pay/).Properties.VpcConfig.SubnetIds];
    expect(database).toEqual(vpc.privateSubnets.map(({ subnetId }) => subnetId));
    expect(fn).toEqual(database);
    expect(only(stack, 'AWS::EC2::SecurityGroupEgress', /^Pay/).Properties.FromPort).toBe(5432);
  });

  test('the user may be added after the function is connected', () => {
    const stack = newStack();
    const database = newDatabase(stack);
    database.connect(payIn(stack), { user: 'pay', maxConcurrency: 1 });
    database.addUser('pay', { privileges: [] });
    expect(only(stack, 'AWS::Lambda::Function', /^Pay/).DependsOn).toContainEqual(expect.stringMatching(/^LedgerUserpay/));
  });
});

describe('a function in a VPC', () => {
  const connect = (home: 'same' | 'another' | 'imported') => () => {
    const stack = newStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }] });
    const imported = networkOf(stack);
    const database = newDatabase(stack, { vpc });
    const other = home === 'another' ? new ec2.Vpc(stack, 'Other', { natGateways: 0, subnetConfiguration: [{ name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }] }) : imported;
    const vpcSubnets = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
    database.connect(plainFunction(stack, 'Pay', { vpc: home === 'same' ? vpc : other, vpcSubnets }), { user: 'pay' });
  };

  test.each(['same', 'imported'] as const)('(%s) is connected', home => expect(connect(home)).not.toThrow());

  test('fails when it is another VPC than that of the database', () => {
    expect(connect('another')).toThrow(new Error("'fn' must be in the VPC of the database, got Stack/Pay, which is in another; set its 'vpc' to the VPC of the database (at Stack/Ledger)"));
  });
});

describe('fails when', () => {
  const outside = "'fn' must be in the VPC of the database, got Stack/Pay, which is in none; set its 'vpc'";
  test.each<[string, (stack: Stack, database: IProxiedDatabase) => void]>([
    [outside, (stack, database) => database.connect(plainFunction(stack, 'Pay'), { user: 'pay' })],
    ["'fn' must be a function of this app, got the imported Stack/Pay; connect it in the app that defines it",
      (stack, database) => database.connect(lambda.Function.fromFunctionArn(stack, 'Pay', 'arn:aws:lambda:eu-west-1:111122223333:function:f'), { user: 'pay' })],
    ["'PGHOST' must not be in the environment of Stack/Pay, got a value; remove it there, or set an 'environmentPrefix' for this connection",
      (stack, database) => database.connect(payIn(stack, { environment: { PGHOST: 'x' } }), { user: 'pay' })],
    ["'environmentPrefix' must be letters, digits and underscores and start with a letter, got '1-'; use for example 'LEDGER_'",
      (stack, database) => database.connect(payIn(stack), { user: 'pay', environmentPrefix: '1-' })],
    ["'user' must not be the master user, got 'clusteradmin'; use one user for each function",
      (stack, database) => database.connect(payIn(stack), { user: 'clusteradmin' })],
    ["'username' must be unique, got 'pay' a second time; list all privileges of the user in one call", (_, database) => {
      for (const privileges of [[], []]) (database as ProxiedDatabase).addUser('pay', { privileges });
    }],
    ["'username' must not be a name that RDS or the database reserves, got 'rdsadmin'; rename the user", (_, database) => (database as ProxiedDatabase).addUser('rdsadmin', { privileges: [] })],
  ])('%s', (text, act) => {
    const stack = newStack();
    const database = newDatabase(stack);
    expect(() => act(stack, database)).toThrow(message(text));
  });

  test('readOnly is set without readers', () => {
    const stack = newStack();
    const database = newDatabase(stack, { readers: 0 });
    expect(() => database.connect(payIn(stack), { user: 'pay', readOnly: true }))
      .toThrow(message("'readOnly' must be combined with at least one of 'readers', got 0; add a reader or remove 'readOnly'"));
  });
});
