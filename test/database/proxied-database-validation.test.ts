import { Duration, Fn, RemovalPolicy, Token, type Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import { DatabaseCapacity, PrivateNetwork, ProxiedDatabase, type ProxiedDatabaseProps } from '../../src';
import { message, networkOf, newDatabase, POSTGRES } from '../support/databases';
import { newStack } from '../support/plain-function';

describe('fails when', () => {
  test.each<[string, Partial<ProxiedDatabaseProps>]>([
    ["'engine' must be Aurora PostgreSQL or Aurora MySQL, got 'aurora'; use rds.DatabaseClusterEngine.auroraPostgres()", { engine: rds.DatabaseClusterEngine.AURORA }],
    ["'parameters' must not contain 'rds.force_ssl', got '0'; TLS is always forced, remove the parameter", { parameters: { 'rds.force_ssl': '0' } }],
    ["'deletionProtection' must not be combined with 'removalPolicy' DESTROY, got both, and the stack could not be deleted; remove one", { deletionProtection: true, removalPolicy: RemovalPolicy.DESTROY }],
    ["'backupRetention' must be between 1 day and 35 days, got 36 days; lower it", { backupRetention: Duration.days(36) }],
    ["'backupRetention' must be between 1 day and 35 days, got 12 hours; raise it", { backupRetention: Duration.hours(12) }],
    ["'readers' must be between 0 and 15, got 16; Aurora supports no more", { readers: 16 }],
    ["'readers' must be between 0 and 15, got -1; raise it", { readers: -1 }],
    ["'readers' must be a whole number, got 1.5; round it", { readers: 1.5 }],
    ["'readers' must be a number that is known at synth, got a token; it determines which resources are created", { readers: Token.asNumber({ Ref: 'Readers' }) }],
    ["'maxConnectionsPercent' must be a whole number, got 50.5; round it", { maxConnectionsPercent: 50.5 }],
    ["'maxConnections' must be a whole number, got 1.5; round it", { maxConnections: 1.5 }],
    ["'engine' must state its version, got aurora-postgresql without one; use rds.DatabaseClusterEngine.auroraPostgres({ version })", { engine: rds.DatabaseClusterEngine.AURORA_POSTGRESQL }],
    ["'engine' must support the Data API, got aurora-mysql 8.0.mysql_aurora.3.06.1; use version 3.07 or later", { engine: rds.DatabaseClusterEngine.auroraMysql({ version: rds.AuroraMysqlEngineVersion.VER_3_06_1 }) }],
    ["'engine' must support the Data API, got aurora-postgresql 15.2; use version 13.11, 14.8, 15.3, 16.1, 17.4, 18.3 or later", { engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.of('15.2', '15') }) }],
    ["'engine' must state its version, got aurora-mysql without one; use rds.DatabaseClusterEngine.auroraMysql({ version })", { engine: rds.DatabaseClusterEngine.AURORA_MYSQL }],
    ["'maxConnectionsPercent' must be between 1 and 100, got 0; it is a percentage", { maxConnectionsPercent: 0 }],
    ["'maxConnectionsPercent' must be between 1 and 100, got 101; it is a percentage", { maxConnectionsPercent: 101 }],
    ["'borrowTimeout' must be between 0 seconds and 5 minutes, got 5 minutes 1 second; lower it", { borrowTimeout: Duration.seconds(301) }],
    ["'idleClientTimeout' must be between 1 second and 8 hours, got 8 hours 1 second; lower it", { idleClientTimeout: Duration.seconds(28_801) }],
    ["'idleClientTimeout' must be between 1 second and 8 hours, got 0 seconds; raise it", { idleClientTimeout: Duration.seconds(0) }],
    ["'sessionPinningFilters' must not be set for PostgreSQL, got EXCLUDE_VARIABLE_SETS; RDS Proxy supports them for MySQL only, remove them", { sessionPinningFilters: [rds.SessionPinningFilter.EXCLUDE_VARIABLE_SETS] }],
    ["'maxConnections' must be at least 1, got 0; it is a number of connections", { maxConnections: 0 }],
    ["'capacity.min' must be at least 0.5, got 0; a proxy keeps the database from pausing, use a DataApiDatabase to pause it", { capacity: DatabaseCapacity.serverless({ min: 0 }) }],
    ["'capacity.min' must be at most 'capacity.max', got 9 and 8; lower it or raise 'capacity.max'", { capacity: DatabaseCapacity.serverless({ min: 9 }) }],
    ["'capacity.min' must be a multiple of 0.5, got 0.7; round it", { capacity: DatabaseCapacity.serverless({ min: 0.7 }) }],
    ["'capacity.max' must be between 1 and 256, got 257; it is a number of capacity units", { capacity: DatabaseCapacity.serverless({ max: 257 }) }],
    ["'capacity' must not be of instance class T, got t4g.medium, which has no Data API; use class R or DatabaseCapacity.serverless()", { capacity: DatabaseCapacity.provisioned(new ec2.InstanceType('t4g.medium')) }],
    ["'capacity.autoPause' must not be set, got 10 minutes; a proxy keeps the database from pausing, remove it",
      { capacity: DatabaseCapacity.serverless({ autoPause: Duration.minutes(10) }) }],
    ["'cloudwatchLogsExports' must be among postgresql, iam-db-auth-error, instance, got slowquery; remove it", { cloudwatchLogsExports: ['postgresql', 'slowquery'] }],
    ["'cloudwatchLogsRetention' must be combined with 'cloudwatchLogsExports', got no exports; name the logs or remove it",
      { cloudwatchLogsRetention: logs.RetentionDays.ONE_DAY }],
    ["'databaseName' must be 1 to 63 letters, digits and underscores and start with a letter, got 'my-db'; rename it", { databaseName: 'my-db' }],
    ["'masterUsername' must be 1 to 63 letters, digits and underscores and start with a letter, got '1st'; rename it", { masterUsername: '1st' }],
  ])('%s', (text, props) => {
    const stack = newStack();
    const network = networkOf(stack);
    const before = stack.node.findAll().length;
    expect(() => new ProxiedDatabase(stack, 'Ledger', { engine: POSTGRES, vpc: network, ...props })).toThrow(message(text));
    expect(stack.node.findAll()).toHaveLength(before + 1); // the construct itself, without children
  });

  test.each<[string, (stack: Stack) => Partial<ProxiedDatabaseProps>]>([
    ["'vpc' must have isolated or private subnets, got Stack/Vpc without any; use a VPC that has them, or select subnets with 'vpcSubnets'",
      stack => ({ vpc: new ec2.Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }] }) })],
    ["'vpc' must have subnets in at least 2 Availability Zones, got 1; Aurora requires them, set 'maxAzs' of Stack/Vpc to 2 or more", stack => ({ vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 }) })],
    ["'vpc' must have subnets in at least 2 Availability Zones, got 1; Aurora requires them, list 2 or more zones in 'availabilityZones' of Stack/Vpc", stack => ({ vpc: new ec2.Vpc(stack, 'Vpc', { availabilityZones: ['eu-west-1b'] }) })],
    ["'vpcSubnets' must have subnets in at least 2 Availability Zones, got 1; Aurora requires them, select subnets in more zones",
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
  ])('subnets are accepted if their zones are unknown: %s', (_, propsOf) => {
    const stack = newStack();
    expect(() => newDatabase(stack, propsOf(stack))).not.toThrow();
  });

  test('all numeric props accept tokens', () => {
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
});
