import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Profile } from '../../src';
import { buildEveryConstruct, missingIn, PLACE } from '../support/every-construct';
import { statedName } from '../support/identifiers';

type Resource = [id: string, resource: any];

/** The types with data or history, by the deletion policy that retains them; of a cluster, the last snapshot is retained. */
const RETAINED_BY = {
  'AWS::Logs::LogGroup': 'Retain',
  'AWS::S3::Bucket': 'Retain',
  'AWS::DynamoDB::GlobalTable': 'Retain',
  'AWS::Lambda::Version': 'Retain',
  'AWS::RDS::DBCluster': 'Snapshot',
};
/** Custom resources of CDK, whose settings are not set by this library. */
const OF_CDK = /^Custom/;
/** The log groups of hooks, which are not needed after the stack is deleted. */
const OF_HOOKS = /PreTrafficTest|DatabaseUsers/;

function build(profile: Profile): { stack: Stack; of: (type: string) => Resource[] } {
  const stack = new Stack(new App(), 'Stack', { env: PLACE });
  profile.applyTo(stack);
  buildEveryConstruct(stack);
  const resources: Resource[] = Object.entries(Template.fromStack(stack).toJSON().Resources);
  return { stack, of: type => resources.filter(([id, { Type }]) => Type === type && !OF_CDK.test(id)) };
}

/** Settings that are neither the defaults of production nor those of a sandbox. */
const UNUSUAL = {
  logRetention: logs.RetentionDays.THREE_DAYS,
  deploymentConfig: codedeploy.LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTE,
  backupRetention: Duration.days(3),
  tags: { team: 'payments' },
};

const DELETED = { removalPolicy: RemovalPolicy.DESTROY, emptyBuckets: true, standby: false, pointInTimeRecovery: false, accountSettings: false };
const RETAINED = { removalPolicy: RemovalPolicy.RETAIN, deletionProtection: true, standby: true, pointInTimeRecovery: true, accountSettings: true };

describe.each([
  ['production', { retains: false, profile: Profile.production({ ...UNUSUAL, ...DELETED }) }],
  ['a sandbox', { retains: true, profile: Profile.sandbox({ ...UNUSUAL, ...RETAINED }) }],
])('each construct follows settings that are the opposite of those of %s', (_, { profile, retains }) => {
  let stack: Stack;
  let of: (type: string) => Resource[];
  beforeAll(() => { ({ stack, of } = build(profile)); });

  test('the stack contains every construct of the library', () => {
    expect(missingIn(stack)).toEqual([]);
  });

  test.each(Object.entries(RETAINED_BY))('removalPolicy: %s', (type, policy) => {
    const found = of(type).filter(([id]) => !OF_HOOKS.test(id));
    expect(found.length).toBeGreaterThan(0);
    // test/private/log-groups.every-construct.test.ts has the reason
    const retained = (resource: any) => policy === 'Retain' && statedName(resource) !== undefined ? 'RetainExceptOnCreate' : policy;
    expect(found.map(([id, { DeletionPolicy }]) => [id, DeletionPolicy]))
      .toEqual(found.map(([id, resource]) => [id, retains ? retained(resource) : 'Delete']));
  });

  test('deletionProtection', () => {
    const protections = [
      ...of('AWS::RDS::DBCluster').map(([, { Properties }]) => Properties.DeletionProtection ?? false),
      ...of('AWS::DynamoDB::GlobalTable').flatMap(([, { Properties }]) => Properties.Replicas.map((replica: any) => replica.DeletionProtectionEnabled ?? false)),
    ];
    expect(protections).toHaveLength(3);
    expect(new Set(protections)).toEqual(new Set([retains]));
  });

  test('emptyBuckets', () => {
    expect(of('AWS::S3::Bucket')).toHaveLength(4);
    expect(of('Custom::S3AutoDeleteObjects')).toHaveLength(retains ? 0 : of('AWS::S3::Bucket').length);
  });

  test('accountSettings', () => {
    expect(of('AWS::ApiGateway::Account')).toHaveLength(retains ? 1 : 0);
  });

  test('logRetention', () => {
    const groups = of('AWS::Logs::LogGroup');
    expect(groups).toHaveLength(retains ? 6 : 5);
    expect(groups.map(([id, { Properties }]) => [id, Properties.RetentionInDays])).toEqual(groups.map(([id]) => [id, 3]));
  });

  test('deploymentConfig', () => {
    const names = of('AWS::CodeDeploy::DeploymentGroup').map(([, { Properties }]) => Properties.DeploymentConfigName);
    expect(names).toHaveLength(2);
    expect(new Set(names)).toEqual(new Set(['CodeDeployDefault.LambdaLinear10PercentEvery1Minute']));
  });

  test('backupRetention and standby', () => {
    expect(of('AWS::RDS::DBCluster').map(([, { Properties }]) => Properties.BackupRetentionPeriod)).toEqual([3, 3]);
    const readers = of('AWS::RDS::DBInstance').filter(([id]) => /Reader/.test(id));
    expect(readers.length > 0).toBe(retains);
  });

  test('pointInTimeRecovery', () => {
    const replicas: any[] = of('AWS::DynamoDB::GlobalTable').flatMap(([, { Properties }]) => Properties.Replicas);
    const recoveries = replicas.map(replica => replica.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled ?? false);
    expect(new Set(recoveries)).toEqual(new Set([retains]));
  });

  test('tags', () => {
    for (const type of ['AWS::Lambda::Function', 'AWS::SQS::Queue', 'AWS::Logs::LogGroup']) {
      expect(of(type).filter(([, { Properties }]) => !JSON.stringify(Properties?.Tags ?? '').includes('"payments"')).map(([id]) => id)).toEqual([]);
    }
  });
});
