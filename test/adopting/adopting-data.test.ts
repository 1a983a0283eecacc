import { type Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { lostIn, stepFrom, synthesise } from './step';
import { IdempotencyStore, ProductionDefaults, ProductionFunction, ProxiedDatabase, QueueConsumer } from '../../src';
import { plainFunction, REQUIRED } from '../support/plain-function';

const X86 = { architecture: lambda.Architecture.X86_64 };
const production = (stack: Stack, props: Partial<lambda.FunctionProps> = {}) => new ProductionFunction(stack, 'Pay', { ...REQUIRED, ...X86, ...props });

test('a queue is not replaced, and gets a visibility timeout and a dead-letter queue', () => {
  const queue = (stack: Stack) => new sqs.Queue(stack, 'Orders');
  const before = synthesise(stack => plainFunction(stack, 'Work').addEventSource(new sources.SqsEventSource(queue(stack))));
  const after = synthesise(stack => {
    const work = new ProductionFunction(stack, 'Work', { ...REQUIRED, ...X86 });
    new QueueConsumer(stack, 'Consumer', { function: work, queue: queue(stack) });
  });
  const step = stepFrom(before, after);
  const mappings = (list: string[]) => list.filter(line => line.startsWith('AWS::Lambda::EventSourceMapping'));

  expect(step.changed).toContainEqual(expect.stringMatching(/^AWS::SQS::Queue Orders\w+: RedrivePolicy, VisibilityTimeout$/));
  expect(mappings(step.replaced)).toEqual([]);
  expect(lostIn(step)).toEqual(mappings(step.removed));
});

test('a table of idempotency records is not changed', () => {
  const table = (stack: Stack) => new dynamodb.TableV2(stack, 'Records', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, timeToLiveAttribute: 'expiration' });
  const before = synthesise(stack => { table(stack).grantReadWriteData(plainFunction(stack, 'Pay')); });
  const after = synthesise(stack => {
    const store = IdempotencyStore.fromIdempotencyStoreAttributes(stack, 'Store', { tableArn: table(stack).tableArn });
    store.connect(production(stack));
  });
  const step = stepFrom(before, after);
  expect(lostIn(step)).toEqual([]);
  expect([...step.changed, ...step.replaced].filter(line => line.includes('DynamoDB'))).toEqual([]);
});

describe('a cluster and its proxy', () => {
  const engine = rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_6 });

  function database(stack: Stack): { vpc: ec2.Vpc; proxy: rds.DatabaseProxy } {
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
    const credentials = rds.Credentials.fromGeneratedSecret('shop');
    const cluster = new rds.DatabaseCluster(stack, 'Cluster', { engine, vpc, credentials, writer: rds.ClusterInstance.serverlessV2('Writer') });
    return { vpc, proxy: cluster.addProxy('Proxy', { vpc, secrets: [cluster.secret!], iamAuth: true }) };
  }

  /** A plain app. */
  function plainApp(stack: Stack): void {
    const { vpc, proxy } = database(stack);
    const fn = plainFunction(stack, 'Pay', { vpc, environment: { PGHOST: proxy.endpoint, PGUSER: 'shop' } });
    proxy.grantConnect(fn, 'shop');
    proxy.connections.allowFrom(fn, ec2.Port.tcp(5432));
  }

  function connected(props: Partial<lambda.FunctionProps>): (stack: Stack) => void {
    return stack => {
      const { vpc, proxy } = database(stack);
      const ledger = ProxiedDatabase.fromProxiedDatabaseAttributes(stack, 'Ledger', {
        engine,
        proxyArn: proxy.dbProxyArn,
        proxyName: proxy.dbProxyName,
        proxyEndpoint: proxy.endpoint,
        securityGroups: proxy.connections.securityGroups,
      });
      ledger.connect(production(stack, { vpc, ...props }), { user: 'shop', maxConcurrency: 50 });
    };
  }

  const changed = (list: string[]) => list.filter(line => !/^AWS::(Lambda::Function|IAM::Role) /.test(line)).map(line => line.replace(/ \w+:/, ':'));
  const open = { allowAllOutbound: true };

  test('are not changed when a ProductionFunction is connected to them, and the function retains its access', () => {
    const [before, after] = [synthesise(plainApp), synthesise(connected(open))];
    const step = stepFrom(before, after);
    expect(lostIn(step)).toEqual([]);
    expect([step.replaced, step.removed, step.retained]).toEqual([[], [], []]);
    // Of the ingress its description, of the policy what it depends on.
    expect(changed(step.changed)).toEqual(['AWS::EC2::SecurityGroupIngress: Description', 'AWS::IAM::Policy: ']);
    expect(step.added.filter(type => /::(RDS|SecretsManager|EC2)::/.test(type))).toEqual([]);
  });

  test('without open egress, the function reaches only the proxy', () => {
    const step = stepFrom(synthesise(plainApp), synthesise(connected({})));
    expect(lostIn(step)).toEqual([]);
    expect(changed(step.changed)).toContain('AWS::EC2::SecurityGroup: SecurityGroupEgress');
    expect(step.added).toContain('AWS::EC2::SecurityGroupEgress');
  });

  test('ProductionDefaults changes only the borrow timeout of the proxy', () => {
    const step = stepFrom(synthesise(plainApp), synthesise(stack => {
      ProductionDefaults.applyTo(stack);
      plainApp(stack);
    }));
    expect(lostIn(step)).toEqual([]);
    expect([step.replaced, step.removed]).toEqual([[], []]);
    expect(changed(step.changed)).toEqual(['AWS::IAM::Policy: PolicyDocument', 'AWS::RDS::DBProxyTargetGroup: ConnectionPoolConfigurationInfo']);
  });
});
