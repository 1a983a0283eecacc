import { App, Aws, Duration, Expiration, NestedStack, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { Access, Entrance, FailureBucket, FailureQueue, HttpEntrance, IdempotencyStore, ProductionFunction, Profile, QueueConsumer, SmokeTest } from '../../src';
import { PROFILES } from '../../src/defaults';
import { durationText } from '../../src/private/duration-text';
import { plainFunction, REQUIRED } from '../support/plain-function';

const OWNED = { owner: 'ana', expires: Expiration.fromString('2999-01-31') };
const messages = (scope: Construct) => scope.node.findAll().flatMap(node => node.node.metadata.filter(m => m.type === 'aws:cdk:warning').map(m => String(m.data)));

describe('of(scope)', () => {
  test('returns production if no profile was applied', () => {
    const profile = Profile.of(new Stack());
    expect(profile).toMatchObject({
      removalPolicy: RemovalPolicy.RETAIN,
      deletionProtection: true,
      emptyBuckets: false,
      accountSettings: true,
      logRetention: 30,
      pointInTimeRecovery: true,
      standby: true,
      deploymentConfig: codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_10MINUTES,
    });
    expect(profile.backupRetention.toDays()).toBe(7);
  });

  test('returns the profile of the nearest scope above', () => {
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

  test('returns the opposite settings in a sandbox', () => {
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

  test.each(['production', 'sandbox'] as const)('returns the deployment configuration of the table in %s', kind => {
    expect(Profile[kind]().deploymentConfig.deploymentConfigName).toBe(PROFILES.deploymentConfig[kind]);
  });

  test('returns the settings that were passed', () => {
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
    const access = Access.unauthenticated({ reason: 'a test' });
    new HttpEntrance(stack, 'Http', { access, routes: [{ path: '/', function: pay }] });
    new HttpEntrance(stack, 'Rest', { access, entrance: Entrance.restApi(), routes: [{ path: '/', function: pay }] });
    new QueueConsumer(stack, 'Work', { function: pay });
    FailureBucket.getOrCreate(stack);
    FailureQueue.getOrCreate(stack);
    resources = Template.fromStack(stack).toJSON().Resources;
  });

  test('nothing is retained', () => {
    const kept = Object.entries(resources).filter(([, r]) => [r.DeletionPolicy, r.UpdateReplacePolicy].some(policy => policy && policy !== 'Delete'));
    expect(kept.map(([id]) => id)).toEqual([]);
    expect(JSON.stringify(resources)).not.toMatch(/"DeletionProtection(Enabled)?":true/);
  });

  test('every bucket is emptied', () => {
    const of = (type: string) => Object.values(resources).filter(r => r.Type === type).length;
    expect(of('AWS::S3::Bucket')).toBe(1);
    expect(of('Custom::S3AutoDeleteObjects')).toBe(of('AWS::S3::Bucket'));
  });

  test('no setting of the account is changed', () => {
    expect(Object.values(resources).map(r => r.Type)).not.toContain('AWS::ApiGateway::Account');
    expect(Object.values(resources).find(r => r.Type === 'AWS::ApiGateway::Stage')?.Properties.AccessLogSetting).toBeUndefined();
  });

  test('owner and expiry are tags', () => {
    const { Tags: tags } = Object.values(resources).find(r => r.Type === 'AWS::SQS::Queue')!.Properties;
    expect(tags).toEqual(expect.arrayContaining([{ Key: 'owner', Value: 'ana' }, { Key: 'expires', Value: '2999-01-31' }]));
  });

  test('constructs of this library raise no warning', () => {
    expect(messages(stack).filter(m => m.includes('Profile'))).toEqual([]);
  });
});

describe('the metadata of a template', () => {
  const metadataOf = (stack: Stack) => Template.fromStack(stack).toJSON().Metadata;
  const SANDBOX = { 'cdk-production-lambda': { profile: 'sandbox' } };

  test.each<[string, (app: App, stack: Stack) => Construct]>([['app', app => app], ['stack', (_, stack) => stack]])('names a sandbox that was applied to the %s', (_, scopeOf) => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    Profile.sandbox(OWNED).applyTo(scopeOf(app, stack));
    const nested = new NestedStack(stack, 'Nested');
    new s3.Bucket(nested, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true });
    expect(metadataOf(stack)).toEqual(SANDBOX);
    expect(metadataOf(nested)).toEqual(SANDBOX);
  });

  test('is retained beside it', () => {
    const stack = new Stack(new App(), 'Stack');
    stack.templateOptions.metadata = { 'Team': 'payments', 'cdk-production-lambda': { other: 1 } };
    Profile.sandbox(OWNED).applyTo(stack);
    expect(metadataOf(stack)).toEqual({ 'Team': 'payments', 'cdk-production-lambda': { other: 1, profile: 'sandbox' } });
  });

  test('does not name production, also not in a sandbox app', () => {
    const app = new App();
    Profile.sandbox(OWNED).applyTo(app);
    const [production, other] = ['Production', 'Other'].map(id => new Stack(app, id));
    Profile.production().applyTo(production);
    expect(metadataOf(production)).toBeUndefined();
    expect(metadataOf(other)).toEqual(SANDBOX);
    expect(metadataOf(new Stack(new App(), 'Plain'))).toBeUndefined();
  });

  test('does not name a sandbox that was applied to a part of the stack', () => {
    const stack = new Stack(new App(), 'Stack');
    Profile.sandbox(OWNED).applyTo(new Construct(stack, 'Part'));
    expect(metadataOf(stack)).toBeUndefined();
  });

  test('is written for tags with tokens too', () => {
    const stack = new Stack(new App(), 'Stack');
    Profile.sandbox({ ...OWNED, tags: { account: Aws.ACCOUNT_ID } }).applyTo(stack);
    expect(metadataOf(stack)).toEqual(SANDBOX);
  });
});

test('props of a construct take precedence over a sandbox', () => {
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
  expect(messages(stack).filter(m => m.includes('its deletion policy is Retain'))).toHaveLength(2);
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
    ['a bucket that is retained', stack => new s3.Bucket(stack, 'Bucket'), 'its deletion policy is Retain, so data remains when the stack is deleted'],
    ['a bucket that is not emptied', stack => new s3.Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY }), 'the bucket is not emptied, and S3 does not delete a bucket with objects'],
    ['a table with deletion protection', stack => new dynamodb.Table(stack, 'Table', {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, removalPolicy: RemovalPolicy.DESTROY, deletionProtection: true,
    }), 'its deletion protection prevents the deletion of the stack'],
    ['a log group that Lambda creates', stack => plainFunction(stack, 'Plain'), "the function has no 'logGroup', so Lambda creates one, which remains"],
    ['a log group whose retention CDK sets but that it does not delete', stack => plainFunction(stack, 'Plain', { logRetention: 7 }), "the function has no 'logGroup'"],
  ])('of %s', (_, fill, text) => {
    expect(warnings(fill)).toContainEqual(expect.stringContaining(text));
    expect(warnings(fill).filter(message => !message.includes('useCdkManagedLogGroup') && !message.includes('logRetention'))).toHaveLength(1);
  });

  test('of no log group that is deleted with the stack', () => {
    expect(warnings(stack => plainFunction(stack, 'Plain', { logGroup: new logs.LogGroup(stack, 'Logs', { removalPolicy: RemovalPolicy.DESTROY }) }))).toEqual([]);
    expect(warnings(stack => plainFunction(stack, 'Plain', { logRetention: 7, logRemovalPolicy: RemovalPolicy.DESTROY })).join()).not.toContain('logGroup');
  });

  test('of a stack with termination protection', () => {
    expect(warnings(() => undefined, { terminationProtection: true })).toEqual([expect.stringContaining("'terminationProtection'")]);
  });

  test('of no bucket that is emptied', () => {
    expect(warnings(stack => new s3.Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true }))).toEqual([]);
  });

  test('of a sandbox without owner and expiry, and of an expired sandbox', () => {
    const stack = new Stack();
    Profile.sandbox().applyTo(stack);
    expect(messages(stack)).toEqual([expect.stringContaining("'owner' and 'expires' of the sandbox must be set, got nothing; set them in Profile.sandbox(), so that others see who owns the sandbox")]);
    const old = new Stack();
    Profile.sandbox({ owner: 'ana', expires: Expiration.fromString('2001-01-31') }).applyTo(old);
    expect(messages(old)).toEqual([expect.stringContaining("the sandbox expired on 2001-01-31; destroy it, or set a later 'expires'")]);
  });
});

describe('fails when', () => {
  test('a construct has read another profile', () => {
    const stack = new Stack(new App(), 'Stack');
    new ProductionFunction(stack, 'Pay', REQUIRED);
    expect(() => Profile.sandbox(OWNED).applyTo(stack)).toThrow(/^'applyTo' must be called before the constructs of the scope are created, got a call after Stack\/Pay/);
  });

  test('but not a construct below a nearer profile, or a plain construct', () => {
    const stack = new Stack(new App(), 'Stack');
    const inner = new Construct(stack, 'Inner');
    Profile.production().applyTo(inner);
    Profile.of(new Construct(inner, 'Reader'));
    new s3.Bucket(stack, 'Bucket');
    expect(() => Profile.sandbox(OWNED).applyTo(stack)).not.toThrow();
  });

  test('a scope gets a second profile', () => {
    const stack = new Stack(new App(), 'Stack');
    Profile.production().applyTo(stack);
    expect(() => Profile.production().applyTo(stack)).toThrow("'applyTo' must be called once for a scope, got a second profile; remove one, or apply the second to a scope below (at Stack)");
  });

  test('deleted resources are protected, or retained buckets are emptied', () => {
    expect(() => Profile.sandbox({ deletionProtection: true })).toThrow("'deletionProtection' must not be true with 'removalPolicy' DESTROY, got both, and no stack could be deleted; leave one out (at Profile.sandbox)");
    expect(() => Profile.production({ emptyBuckets: true })).toThrow("'emptyBuckets' must be set with 'removalPolicy' DESTROY only, got retain; leave it out, or set DESTROY (at Profile.production)");
  });

  test.each([0, 36])('backups are retained for %d days', days => {
    expect(() => Profile.production({ backupRetention: Duration.days(days) })).toThrow(`'backupRetention' must be between 1 day and 35 days, got ${durationText(days * 86_400)}; ${days < 1 ? 'raise' : 'lower'} it (at Profile.production)`);
  });

  test.each([1, 35])('but not for %d days', days => {
    expect(Profile.production({ backupRetention: Duration.days(days) }).backupRetention.toDays()).toBe(days);
  });

  test.each(['2027-01-31', new Date('2027-01-31')])('expires is the %p of a caller in JavaScript', value => {
    expect(() => Profile.sandbox({ owner: 'ana', expires: value as unknown as Expiration }))
      .toThrow(`'expires' must be an Expiration, got ${JSON.stringify(value)}; write it as Expiration.fromString('2027-01-31') (at Profile.sandbox)`);
  });

  test('a tag has a character that AWS does not allow, or is too long', () => {
    expect(() => Profile.sandbox({ owner: 'ana;' })).toThrow("the value of the tag 'owner' must be 1 to 256 letters, digits, spaces or _.:/=+-@, got 'ana;'; use only these characters");
    expect(() => Profile.sandbox({ owner: 'a'.repeat(257) })).toThrow('; shorten it');
    expect(() => Profile.production({ tags: { ['k'.repeat(129)]: 'v' } })).toThrow('must be 1 to 128 letters');
    expect(() => Profile.production({ tags: { ['k'.repeat(128)]: 'v'.repeat(256) } })).not.toThrow();
  });
});
