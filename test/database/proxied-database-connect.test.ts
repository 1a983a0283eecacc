import { App, Duration, Fn, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import { POSTGRES, message, networkOf, newDatabase, payIn } from './support';
import { DatabaseCapacity, type IProxiedDatabase, Privilege, PrivateNetwork, Profile, ProxiedDatabase, type ProxiedDatabaseAttributes, type ProxiedDatabaseProps } from '../../src';
import { newStack, plainFunction } from '../support/plain-function';
import { grantedStatements, type Json, only, production, resourcesOf } from '../support/production-function';
import { expectNoCycle } from '../support/template-graph';
import { warningsOf } from '../support/warnings';

describe('connect', () => {
  test.each<[string, (stack: Stack) => lambda.IFunction]>([
    ['a plain function', stack => plainFunction(stack, 'Pay', { vpc: networkOf(stack), allowAllOutbound: false })],
    ['an alias', stack => plainFunction(stack, 'Pay', { vpc: networkOf(stack), allowAllOutbound: false }).addAlias('prod')],
  ])('takes %s too', (_, create) => {
    const stack = newStack();
    const database = newDatabase(stack);
    database.connect(create(stack), { user: 'pay', maxConcurrency: 1 });
    expect(only(stack, 'AWS::Lambda::Function', /^Pay/).Properties.Environment.Variables.PGUSER).toBe('pay');
    expect(JSON.stringify(only(stack, 'AWS::IAM::Policy', /^PayServiceRole/).Properties)).toContain('rds-db:connect');
    expectNoCycle(stack);
  });

  test('readOnly leads to an endpoint of the readers, made once', () => {
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

  test('an own NODE_EXTRA_CA_CERTS stays, and other runtimes get none', () => {
    const stack = newStack();
    const database = newDatabase(stack);
    database.connect(payIn(stack, { environment: { NODE_EXTRA_CA_CERTS: '/opt/own.pem' } }), { user: 'pay', maxConcurrency: 1 });
    database.connect(production(stack, { vpc: networkOf(stack), runtime: lambda.Runtime.PYTHON_3_13 }, 'Python'), { user: 'python', maxConcurrency: 1 });
    expect(only(stack, 'AWS::Lambda::Function', /^Pay/).Properties.Environment.Variables.NODE_EXTRA_CA_CERTS).toBe('/opt/own.pem');
    expect(only(stack, 'AWS::Lambda::Function', /^Python/).Properties.Environment.Variables.NODE_EXTRA_CA_CERTS).toBeUndefined();
  });

  test('readOnly leads to the writer in a sandbox, which has no readers', () => {
    const stack = newStack();
    Profile.sandbox({ owner: 'ana' }).applyTo(stack);
    newDatabase(stack).connect(payIn(stack), { user: 'report', readOnly: true, maxConcurrency: 1 });
    expect(Object.values<Json>(resourcesOf(stack)).map(({ Type }) => Type)).not.toContain('AWS::RDS::DBProxyEndpoint');
    expect(only(stack, 'AWS::Lambda::Function', /^Pay/).Properties.Environment.Variables.PGHOST).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^LedgerProxy[0-9A-F]{8}$/), 'Endpoint'] });
  });

  test('a function whose group is open gets its way in without a warning that its egress is ignored', () => {
    const stack = newStack();
    const database = newDatabase(stack);
    database.connect(plainFunction(stack, 'Plain', { vpc: networkOf(stack) }), { user: 'pay', maxConcurrency: 1 });
    expect(only(stack, 'AWS::EC2::SecurityGroupIngress', /Plain/).Properties).toMatchObject({ FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: { 'Fn::GetAtt': [expect.stringMatching(/^PlainSecurityGroup/), 'GroupId'] } });
    expect(warningsOf(stack)).toEqual([]);
  });

  test('functions of another stack connect without a circle, also where both use one security group', () => {
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

  test('functions of another stack connect to it without a circle', () => {
    const app = new App();
    const [data, work] = [new Stack(app, 'Data'), new Stack(app, 'Work')];
    new PrivateNetwork(data, 'Network');
    const database = newDatabase(data);
    database.addUser('pay', { privileges: [Privilege.usage()] });
    database.connect(production(work, { vpc: networkOf(data) }), { user: 'pay', maxConcurrency: 1 });
    expect(() => app.synth()).not.toThrow();
    expect(work.dependencies).toEqual([data]);
    expect(data.dependencies).toEqual([]);
  });

  test('a VPC that was looked up holds database and function', () => {
    const stack = newStack({ env: { account: '111122223333', region: 'eu-west-1' } });
    const vpc = ec2.Vpc.fromLookup(stack, 'Network', { isDefault: false });
    new ProxiedDatabase(stack, 'Ledger', { engine: POSTGRES, vpc }).connect(production(stack, { vpc }), { user: 'pay', maxConcurrency: 1 });
    const [database, fn] = [only(stack, 'AWS::RDS::DBSubnetGroup').Properties.SubnetIds, only(stack, 'AWS::Lambda::Function', /^Pay/).Properties.VpcConfig.SubnetIds];
    expect(database).toEqual(vpc.privateSubnets.map(({ subnetId }) => subnetId));
    expect(fn).toEqual(database);
    expect(only(stack, 'AWS::EC2::SecurityGroupEgress', /^Pay/).Properties.FromPort).toBe(5432);
  });

  test('the login may be added after the function was connected', () => {
    const stack = newStack();
    const database = newDatabase(stack);
    database.connect(payIn(stack), { user: 'pay', maxConcurrency: 1 });
    database.addUser('pay', { privileges: [] });
    expect(only(stack, 'AWS::Lambda::Function', /^Pay/).DependsOn).toContainEqual(expect.stringMatching(/^LedgerUserpay/));
  });
});

test('grantConnect lets a role and an imported role log in as one user', () => {
  const stack = newStack();
  const database = newDatabase(stack);
  database.grantConnect(new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() }), 'report');
  database.grantConnect(iam.Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::111122223333:role/r'), 'report');
  const users = Object.values<Json>(resourcesOf(stack)).filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement).filter(({ Action }) => Action === 'rds-db:connect').map(({ Resource }) => Resource['Fn::Join'][1].at(-1));
  expect(users).toEqual(['/report', '/report', '/report']); // the proxy itself, and the two
});

test('metrics carry the name of the proxy', () => {
  const stack = newStack();
  const database = newDatabase(stack);
  const pinned = database.metricPinnedSessions({ period: Duration.minutes(1) });
  expect([pinned.namespace, pinned.metricName, pinned.statistic, pinned.period.toSeconds()]).toEqual(['AWS/RDS', 'DatabaseConnectionsCurrentlySessionPinned', 'Maximum', 60]);
  expect(stack.resolve(pinned.dimensions)).toEqual({ ProxyName: stack.resolve(database.proxy.dbProxyName) });
  expect(database.metricProxy('QueryRequests').metricName).toBe('QueryRequests');
});

test.each([[99, 0], [100, 1]])('maxConnectionsPercent %i leaves nothing to others: %i warnings', (maxConnectionsPercent, count) => {
  const stack = newStack();
  newDatabase(stack, { maxConnectionsPercent });
  expect(warningsOf(stack).filter(w => w.includes('ProxiedDatabase.noConnectionsLeft'))).toHaveLength(count);
});

describe('budget', () => {
  test('a function without a bound is named in a warning', () => {
    const stack = newStack();
    newDatabase(stack).connect(payIn(stack), { user: 'pay' });
    expect(warningsOf(stack)).toEqual([expect.stringMatching(
      /nothing bounds how many connections these functions take: Stack\/Pay; reserve concurrency .*ConnectionBudget.unboundedConcurrency/)]);
  });

  test.each([[1_335, false], [1_336, true]])('of 1,335 connections %i may be taken: refused %s', (reservedConcurrentExecutions, fails) => {
    const stack = newStack();
    newDatabase(stack).connect(payIn(stack, { reservedConcurrentExecutions }), { user: 'pay' });
    const synth = () => Template.fromStack(stack);
    if (!fails) return expect(synth).not.toThrow();
    return expect(synth).toThrow('[Stack/Ledger] the functions may take at most 1335 connections together (80 % of 1669), got 1336 (Stack/Pay 1336 × 1 = 1336); '
      + 'lower the concurrency of the functions or raise the capacity');
  });
});

describe('fails when', () => {
  test.each<[string, Partial<ProxiedDatabaseProps>]>([
    ["'engine' must be Aurora PostgreSQL or Aurora MySQL, got 'aurora'; use rds.DatabaseClusterEngine.auroraPostgres()", { engine: rds.DatabaseClusterEngine.AURORA }],
    ["'parameters' must not have 'rds.force_ssl', got '0'; TLS is forced, leave it out", { parameters: { 'rds.force_ssl': '0' } }],
    ["'deletionProtection' must not go with 'removalPolicy' DESTROY, got both, and the stack could not be deleted; leave one out", { deletionProtection: true, removalPolicy: RemovalPolicy.DESTROY }],
    ["'backupRetention' must be between 1 and 35, got 36; it is a number of days", { backupRetention: Duration.days(36) }],
    ["'backupRetention' must be between 1 and 35, got 0.5; it is a number of days", { backupRetention: Duration.hours(12) }],
    ["'readers' must be between 0 and 15, got 16; Aurora has no more", { readers: 16 }],
    ["'readers' must be between 0 and 15, got -1; Aurora has no more", { readers: -1 }],
    ["'readers' must be a whole number, got 1.5; round it", { readers: 1.5 }],
    ["'readers' must be known at synth, got a token; it decides which resources there are", { readers: Token.asNumber({ Ref: 'Readers' }) }],
    ["'maxConnectionsPercent' must be a whole number, got 50.5; round it", { maxConnectionsPercent: 50.5 }],
    ["'maxConnections' must be a whole number, got 1.5; round it", { maxConnections: 1.5 }],
    ["'engine' must state its version, got aurora-postgresql without one; use rds.DatabaseClusterEngine.auroraPostgres({ version })", { engine: rds.DatabaseClusterEngine.AURORA_POSTGRESQL }],
    ["'engine' must have the Data API, got aurora-mysql 8.0.mysql_aurora.3.06.1; take 3.07 or later", { engine: rds.DatabaseClusterEngine.auroraMysql({ version: rds.AuroraMysqlEngineVersion.VER_3_06_1 }) }],
    ["'engine' must have the Data API, got aurora-postgresql 15.2; take 13.11, 14.8, 15.3, 16.1, 17.4, 18.3 or later", { engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.of('15.2', '15') }) }],
    ["'engine' must state its version, got aurora-mysql without one; use rds.DatabaseClusterEngine.auroraMysql({ version })", { engine: rds.DatabaseClusterEngine.AURORA_MYSQL }],
    ["'maxConnectionsPercent' must be between 1 and 100, got 0; it is a share in percent", { maxConnectionsPercent: 0 }],
    ["'maxConnectionsPercent' must be between 1 and 100, got 101; it is a share in percent", { maxConnectionsPercent: 101 }],
    ["'borrowTimeout' must be between 0 and 300, got 301; it is a number of seconds", { borrowTimeout: Duration.seconds(301) }],
    ["'idleClientTimeout' must be between 1 and 28800, got 28801; it is a number of seconds", { idleClientTimeout: Duration.seconds(28_801) }],
    ["'idleClientTimeout' must be between 1 and 28800, got 0; it is a number of seconds", { idleClientTimeout: Duration.seconds(0) }],
    ["'sessionPinningFilters' must not go with PostgreSQL, got EXCLUDE_VARIABLE_SETS, which RDS Proxy has for MySQL only; leave it out", { sessionPinningFilters: [rds.SessionPinningFilter.EXCLUDE_VARIABLE_SETS] }],
    ["'maxConnections' must be at least 1, got 0; it is a number of connections", { maxConnections: 0 }],
    ["'min' must be at least 0.5, got 0, which never pauses behind a proxy; take a DataApiDatabase, which does", { capacity: DatabaseCapacity.serverless({ min: 0 }) }],
    ["'minCapacity' must be at most 'maxCapacity', got 9 and 8; lower it or raise the other", { capacity: DatabaseCapacity.serverless({ min: 9 }) }],
    ["'minCapacity' must be in halves, got 0.7; round it", { capacity: DatabaseCapacity.serverless({ min: 0.7 }) }],
    ["'maxCapacity' must be between 1 and 256, got 257; it is a number of capacity units", { capacity: DatabaseCapacity.serverless({ max: 257 }) }],
    ["'instanceType' must not be of class T, got t4g.medium, for which there is no Data API; take class R or a serverless capacity", { capacity: DatabaseCapacity.provisioned(new ec2.InstanceType('t4g.medium')) }],
    ["'databaseName' must be 1 to 63 letters, digits and underscores, beginning with a letter, got 'my-db'; rename it", { databaseName: 'my-db' }],
    ["'masterUsername' must be 1 to 63 letters, digits and underscores, beginning with a letter, got '1st'; rename it", { masterUsername: '1st' }],
  ])('%s', (text, props) => {
    const stack = newStack();
    const network = networkOf(stack);
    const before = stack.node.findAll().length;
    expect(() => new ProxiedDatabase(stack, 'Ledger', { engine: POSTGRES, vpc: network, ...props })).toThrow(message(text));
    expect(stack.node.findAll()).toHaveLength(before + 1); // the construct itself, and nothing in it
  });

  test.each<[string, (stack: Stack) => Partial<ProxiedDatabaseProps>]>([
    ["'vpc' must have isolated or private subnets, got Stack/Vpc with neither; take one that has, or name others by 'vpcSubnets'",
      stack => ({ vpc: new ec2.Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }] }) })],
    ["'vpc' must have subnets in at least 2 availability zones, got 1; Aurora takes no fewer, so add one", stack => ({ vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 }) })],
    ["'vpcSubnets' must have subnets in at least 2 availability zones, got 1; Aurora takes no fewer, so add one",
      stack => ({ vpcSubnets: { subnets: [1, 2].map(n => ec2.Subnet.fromSubnetAttributes(stack, `Subnet${n}`, { subnetId: `subnet-${n}`, availabilityZone: 'eu-west-1a' })) } })],
  ])('%s', (text, propsOf) => {
    const stack = newStack();
    expect(() => newDatabase(stack, propsOf(stack))).toThrow(message(text));
    expect(stack.node.findChild('Ledger').node.children).toEqual([]);
  });

  test.each<[string, (stack: Stack) => Partial<ProxiedDatabaseProps>]>([
    ['known by their ids alone', stack => ({ vpcSubnets: { subnets: [1, 2].map(n => ec2.Subnet.fromSubnetId(stack, `Subnet${n}`, `subnet-${n}`)) } })],
    ['in a list that is a token', stack => ({
      vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
        vpcId: 'vpc-2', availabilityZones: Fn.split(',', Fn.importValue('Zones')), isolatedSubnetIds: Fn.split(',', Fn.importValue('Subnets')), isolatedSubnetRouteTableIds: Fn.split(',', Fn.importValue('Tables')),
      }),
    })],
    ['in zones of any region', stack => ({ vpc: new PrivateNetwork(stack, 'Vpc') })],
  ])('the zones of subnets are not: %s', (_, propsOf) => {
    const stack = newStack();
    expect(() => newDatabase(stack, propsOf(stack))).not.toThrow();
  });

  test('tokens pass every guard', () => {
    const number = Token.asNumber({ Ref: 'Number' });
    expect(() => newDatabase(newStack(), {
      maxConnectionsPercent: number,
      borrowTimeout: Duration.seconds(number),
      idleClientTimeout: Duration.seconds(number),
      backupRetention: Duration.days(number),
      databaseName: Token.asString({ Ref: 'Name' }),
      maxConnections: number,
      capacity: DatabaseCapacity.serverless({ min: number, max: number }),
    })).not.toThrow();
  });

  const outside = "'fn' must be in the VPC of the database, got Stack/Pay, which is in none; give it 'vpc'";
  test.each<[string, (stack: Stack, database: IProxiedDatabase) => void]>([
    [outside, (stack, database) => database.connect(plainFunction(stack, 'Pay'), { user: 'pay' })],
    ["'fn' must be a function of this app, got the imported Stack/Pay; connect it where it is made",
      (stack, database) => database.connect(lambda.Function.fromFunctionArn(stack, 'Pay', 'arn:aws:lambda:eu-west-1:111122223333:function:f'), { user: 'pay' })],
    ["'PGHOST' must not be in the environment of Stack/Pay, got it from elsewhere; leave it out there, or give this connection an 'environmentPrefix'",
      (stack, database) => database.connect(payIn(stack, { environment: { PGHOST: 'x' } }), { user: 'pay' })],
    ["'environmentPrefix' must be letters, digits and underscores, beginning with a letter, got '1-'; for example 'LEDGER_'",
      (stack, database) => database.connect(payIn(stack), { user: 'pay', environmentPrefix: '1-' })],
    ["'name' must not be the master user's, got 'clusteradmin'; give each function a user of its own",
      (stack, database) => database.connect(payIn(stack), { user: 'clusteradmin' })],
    ["'name' must be a user's that was not added yet, got 'pay' again; name all its privileges at once", (_, database) => {
      for (const privileges of [[], []]) (database as ProxiedDatabase).addUser('pay', { privileges });
    }],
    ["'name' must not be reserved by RDS or the database, got 'rdsadmin'; rename the user", (_, database) => (database as ProxiedDatabase).addUser('rdsadmin', { privileges: [] })],
  ])('%s', (text, act) => {
    const stack = newStack();
    const database = newDatabase(stack);
    expect(() => act(stack, database)).toThrow(message(text));
  });

  test('readOnly is asked for and there is no reader', () => {
    const stack = newStack();
    const database = newDatabase(stack, { readers: 0 });
    expect(() => database.connect(payIn(stack), { user: 'pay', readOnly: true }))
      .toThrow(message("'readOnly' must go with at least one of 'readers', got 0; add one or leave 'readOnly' out"));
  });
});

describe('an imported database', () => {
  const importInto = (stack: Stack, attrs: Partial<ProxiedDatabaseAttributes> = {}) => ProxiedDatabase.fromProxiedDatabaseAttributes(stack, 'Ledger', {
    engine: POSTGRES,
    proxyEndpoint: 'ledger.proxy-x.eu-west-1.rds.amazonaws.com',
    proxyArn: 'arn:aws:rds:eu-west-1:111122223333:db-proxy:prx-0123456789abcdef0',
    proxyName: 'ledger',
    securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'ProxyGroup', 'sg-1')],
    ...attrs,
  });

  test('is connected as an own one', () => {
    const stack = newStack();
    const database = importInto(stack, { databaseName: 'ledger', maxConnections: 100 });
    database.connect(payIn(stack), { user: 'pay', maxConcurrency: 80 });
    expect(only(stack, 'AWS::Lambda::Function', /^Pay/).Properties.Environment.Variables)
      .toMatchObject({ PGHOST: 'ledger.proxy-x.eu-west-1.rds.amazonaws.com', PGDATABASE: 'ledger', PGUSER: 'pay' });
    expect(JSON.stringify(grantedStatements(stack))).toContain('dbuser:prx-0123456789abcdef0/pay');
    expect(only(stack, 'AWS::EC2::SecurityGroupIngress', /^LedgerProxyGroup|ProxyGroup/).Properties).toMatchObject({ GroupId: 'sg-1', FromPort: 5432 });
    expect(database.budget.toTable()).toContain('80 connections of 80 (80 % of 100)');
  });

  test('refuses more connections than it was said to have', () => {
    const stack = newStack();
    importInto(stack, { maxConnections: 100 }).connect(payIn(stack), { user: 'pay', maxConcurrency: 81 });
    expect(() => Template.fromStack(stack)).toThrow('the functions may take at most 80 connections together (80 % of 100), got 81');
  });

  test('names a function that nothing bounds', () => {
    const stack = newStack();
    importInto(stack, { maxConnections: 100 }).connect(payIn(stack), { user: 'pay' });
    expect(warningsOf(stack)).toEqual([expect.stringContaining('ConnectionBudget.unboundedConcurrency')]);
  });

  test.each<[string, (stack: Stack) => unknown]>([
    ["'maxConnectionsPercent' must be between 1 and 100, got 101; it is a share in percent", stack => importInto(stack, { maxConnectionsPercent: 101 })],
    ["'name' must be 1 to 63 small letters, digits and underscores, not beginning with a digit, got '*'; rename the user",
      stack => importInto(stack).grantConnect(new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() }), '*')],
  ])('fails when %s', (text, act) => expect(() => act(newStack())).toThrow(message(text)));

  test('reads by the endpoint it was given, or refuses', () => {
    const stack = newStack();
    const fn = payIn(stack);
    expect(() => importInto(stack).connect(fn, { user: 'pay', readOnly: true }))
      .toThrow(message("'readOnly' must go with a 'readOnlyEndpoint' of the attributes, got none; give it or leave 'readOnly' out"));
    const other = newStack();
    importInto(other, { readOnlyEndpoint: 'ro.example' }).connect(payIn(other), { user: 'pay', readOnly: true, maxConcurrency: 1 });
    expect(only(other, 'AWS::Lambda::Function', /^Pay/).Properties.Environment.Variables.PGHOST).toBe('ro.example');
  });
});
