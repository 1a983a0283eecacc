import { App, Duration, Expiration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { Access, Entrance, FailureBucket, FailureQueue, HttpEntrance, IdempotencyStore, ProductionFunction, Profile, QueueConsumer, SmokeTest } from '../../src';
import { PROFILES } from '../../src/limits';
import { plainFunction, REQUIRED } from '../support/plain-function';

const OWNED = { owner: 'ana', expires: Expiration.fromString('2999-01-31') };
const messages = (scope: Construct) => scope.node.findAll().flatMap(node => node.node.metadata.filter(m => m.type === 'aws:cdk:warning').map(m => String(m.data)));

describe('what a scope reads', () => {
  test('is production where nothing was applied', () => {
    const profile = Profile.of(new Stack());
    expect(profile).toMatchObject({
      removalPolicy: RemovalPolicy.RETAIN,
      deletionProtection: true,
      emptyBuckets: false,
      accountSettings: true,
      logRetention: 30,
      pointInTimeRecovery: true,
      standby: true,
      deploymentConfig: codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
    });
    expect(profile.backupRetention.toDays()).toBe(7);
  });

  test('is that of the nearest scope above', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const data = new Construct(stack, 'Data');
    const sandbox = Profile.sandbox(OWNED);
    const kept = Profile.production();
    sandbox.applyTo(app);
    kept.applyTo(data);
    expect(Profile.of(stack)).toBe(sandbox);
    expect(Profile.of(new Construct(data, 'Table'))).toBe(kept);
  });

  test('is all else in a sandbox', () => {
    const profile = Profile.sandbox(OWNED);
    expect(profile).toMatchObject({
      removalPolicy: RemovalPolicy.DESTROY,
      deletionProtection: false,
      emptyBuckets: true,
      accountSettings: false,
      logRetention: 7,
      pointInTimeRecovery: false,
      standby: false,
      deploymentConfig: codedeploy.LambdaDeploymentConfig.ALL_AT_ONCE,
      tags: { owner: 'ana', expires: '2999-01-31' },
    });
    expect(profile.backupRetention.toDays()).toBe(1);
  });

  test.each(['production', 'sandbox'] as const)('has the deployment configuration of the table in %s', kind => {
    expect(Profile[kind]().deploymentConfig.deploymentConfigName).toBe(PROFILES.deploymentConfig[kind]);
  });

  test('is what a team has decided', () => {
    const deploymentConfig = codedeploy.LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTE;
    const settings = {
      logRetention: logs.RetentionDays.SIX_MONTHS,
      deploymentConfig,
      standby: false,
      pointInTimeRecovery: false,
      accountSettings: false,
    };
    expect(Profile.production({ ...settings, tags: { team: 'payments' } })).toMatchObject({ ...settings, tags: { team: 'payments' } });
    expect(Profile.production({ removalPolicy: RemovalPolicy.DESTROY })).toMatchObject({ deletionProtection: false, emptyBuckets: false });
    expect(Profile.sandbox({ removalPolicy: RemovalPolicy.RETAIN })).toMatchObject({ deletionProtection: false, emptyBuckets: false });
  });
});

describe('in a sandbox', () => {
  let app: App;
  let stack: Stack;
  let resources: Record<string, any>;

  beforeAll(() => {
    app = new App();
    stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'eu-central-1' } });
    Profile.sandbox(OWNED).applyTo(stack);
    const pay = new ProductionFunction(stack, 'Pay', {
      ...REQUIRED, release: { preTraffic: SmokeTest.invoke() }, idempotency: new IdempotencyStore(stack, 'Store'),
    });
    const access = Access.publicBecause('a test');
    new HttpEntrance(stack, 'Http', { access, routes: [{ path: '/', handler: pay }] });
    new HttpEntrance(stack, 'Rest', { access, entrance: Entrance.restApi(), routes: [{ path: '/', handler: pay }] });
    new QueueConsumer(stack, 'Work', { function: pay });
    FailureBucket.of(stack);
    FailureQueue.of(stack);
    resources = Template.fromStack(stack).toJSON().Resources;
  });

  test('nothing is retained', () => {
    const kept = Object.entries(resources).filter(([, r]) => [r.DeletionPolicy, r.UpdateReplacePolicy].some(policy => policy && policy !== 'Delete'));
    expect(kept.map(([id]) => id)).toEqual([]);
    expect(JSON.stringify(resources)).not.toMatch(/"DeletionProtection(Enabled)?":true/);
  });

  test('every bucket is emptied', () => {
    const of = (type: string) => Object.values(resources).filter(r => r.Type === type).length;
    expect(of('AWS::S3::Bucket')).toBeGreaterThan(0);
    expect(of('Custom::S3AutoDeleteObjects')).toBe(of('AWS::S3::Bucket'));
  });

  test('no setting of the account is made', () => {
    expect(Object.values(resources).map(r => r.Type)).not.toContain('AWS::ApiGateway::Account');
    expect(Object.values(resources).find(r => r.Type === 'AWS::ApiGateway::Stage')?.Properties.AccessLogSetting).toBeUndefined();
  });

  test('owner and expiry are tags', () => {
    const { Tags: tags } = Object.values(resources).find(r => r.Type === 'AWS::SQS::Queue')!.Properties;
    expect(tags).toEqual(expect.arrayContaining([{ Key: 'owner', Value: 'ana' }, { Key: 'expires', Value: '2999-01-31' }]));
  });

  test('nothing of this library is warned of', () => {
    expect(messages(stack).filter(m => m.includes('Profile'))).toEqual([]);
  });
});

test('props win over a sandbox', () => {
  const stack = new Stack(new App(), 'Stack');
  Profile.sandbox(OWNED).applyTo(stack);
  new ProductionFunction(stack, 'Pay', {
    ...REQUIRED,
    logRetention: logs.RetentionDays.ONE_YEAR,
    logRemovalPolicy: RemovalPolicy.RETAIN,
    release: { deploymentConfig: codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_30MINUTES },
  });
  new IdempotencyStore(stack, 'Store', { deletionProtection: true });
  const template = Template.fromStack(stack);
  template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain', Properties: { RetentionInDays: 365 } });
  template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', { DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent30Minutes' });
  template.hasResource('AWS::DynamoDB::GlobalTable', { DeletionPolicy: 'Retain', Properties: { Replicas: [{ DeletionProtectionEnabled: true }] } });
  expect(messages(stack).filter(m => m.includes('deletion policy Retain'))).toHaveLength(2);
});

describe('warns', () => {
  const warnings = (fill: (stack: Stack) => unknown, settings = {}) => {
    const app = new App();
    const stack = new Stack(app, 'Stack', settings);
    Profile.sandbox(OWNED).applyTo(stack);
    fill(stack);
    Template.fromStack(stack);
    return messages(stack);
  };

  test.each<[string, (stack: Stack) => unknown, string]>([
    ['a bucket that is kept', stack => new s3.Bucket(stack, 'Bucket'), 'it has the deletion policy Retain'],
    ['a bucket that nobody empties', stack => new s3.Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY }), 'nobody empties the bucket'],
    ['a table that is protected', stack => new dynamodb.Table(stack, 'Table', {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, removalPolicy: RemovalPolicy.DESTROY, deletionProtection: true,
    }), 'it is protected from deletion'],
    ['a log group that Lambda makes', stack => plainFunction(stack, 'Plain'), "the function has no 'logGroup', so that Lambda makes one, which stays"],
    ['a log group that CDK shortens and leaves', stack => plainFunction(stack, 'Plain', { logRetention: 7 }), "the function has no 'logGroup'"],
  ])('of %s', (_, fill, text) => {
    expect(warnings(fill)).toContainEqual(expect.stringContaining(text));
    expect(warnings(fill).filter(message => !message.includes('useCdkManagedLogGroup') && !message.includes('logRetention'))).toHaveLength(1);
  });

  test('of no log group that goes by itself', () => {
    expect(warnings(stack => plainFunction(stack, 'Plain', { logGroup: new logs.LogGroup(stack, 'Logs', { removalPolicy: RemovalPolicy.DESTROY }) }))).toEqual([]);
    expect(warnings(stack => plainFunction(stack, 'Plain', { logRetention: 7, logRemovalPolicy: RemovalPolicy.DESTROY })).join()).not.toContain('logGroup');
  });

  test('of a stack that is protected', () => {
    expect(warnings(() => undefined, { terminationProtection: true })).toEqual([expect.stringContaining("'terminationProtection'")]);
  });

  test('of nothing where the bucket is emptied', () => {
    expect(warnings(stack => new s3.Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true }))).toEqual([]);
  });

  test('of a sandbox of nobody, and of one that has expired', () => {
    const stack = new Stack();
    Profile.sandbox().applyTo(stack);
    expect(messages(stack)).toEqual([expect.stringContaining("'owner' and 'expires' of the sandbox are not given")]);
    const old = new Stack();
    Profile.sandbox({ owner: 'ana', expires: Expiration.fromString('2001-01-31') }).applyTo(old);
    expect(messages(old)).toEqual([expect.stringContaining('expired on 2001-01-31')]);
  });
});

describe('fails when', () => {
  test('a construct has read another profile', () => {
    const stack = new Stack(new App(), 'Stack');
    new ProductionFunction(stack, 'Pay', REQUIRED);
    expect(() => Profile.sandbox(OWNED).applyTo(stack)).toThrow(/^'applyTo' must come before the constructs that it is for, got it after one in Stack\/Pay/);
  });

  test('but not for one below a nearer profile, or a plain construct', () => {
    const stack = new Stack(new App(), 'Stack');
    const inner = new Construct(stack, 'Inner');
    Profile.production().applyTo(inner);
    Profile.of(new Construct(inner, 'Reader'));
    new s3.Bucket(stack, 'Bucket');
    expect(() => Profile.sandbox(OWNED).applyTo(stack)).not.toThrow();
  });

  test('a scope gets a second one', () => {
    const stack = new Stack(new App(), 'Stack');
    Profile.production().applyTo(stack);
    expect(() => Profile.production().applyTo(stack)).toThrow("'applyTo' must be called once for a scope, got a second profile; apply one, or the second to a scope below (at Stack)");
  });

  test('what goes is protected, or what stays is emptied', () => {
    expect(() => Profile.sandbox({ deletionProtection: true })).toThrow("'deletionProtection' must not go with 'removalPolicy' DESTROY");
    expect(() => Profile.production({ emptyBuckets: true })).toThrow("'emptyBuckets' must go with 'removalPolicy' DESTROY, got retain");
  });

  test.each([0, 36])('backups are kept for %d days', days => {
    expect(() => Profile.production({ backupRetention: Duration.days(days) })).toThrow(`'backupRetention' must be between 1 and 35, got ${days}; it is a number of days (at Profile.production)`);
  });

  test.each([1, 35])('but not for %d days', days => {
    expect(Profile.production({ backupRetention: Duration.days(days) }).backupRetention.toDays()).toBe(days);
  });

  test('a tag has a character that tags have not, or is too long', () => {
    expect(() => Profile.sandbox({ owner: 'ana;' })).toThrow("the value of the tag 'owner' must be 1 to 256 letters");
    expect(() => Profile.production({ tags: { ['k'.repeat(129)]: 'v' } })).toThrow('must be 1 to 128 letters');
    expect(() => Profile.production({ tags: { ['k'.repeat(128)]: 'v'.repeat(256) } })).not.toThrow();
  });
});
