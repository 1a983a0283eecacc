import { App, aws_dynamodb as dynamodb, aws_lambda as lambda, aws_sqs as sqs, Expiration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EphemeralStack, type EphemeralStackProps, Profile } from '../../src';
import { PHYSICAL_NAMES } from '../../src/aws';
import { buildEveryConstruct, missingIn, PLACE } from '../support/every-construct';
import { production } from '../support/production-function';
import { warningsOf } from '../support/warnings';

const EXPIRES = Expiration.atDate(new Date('2999-01-31T00:00:00Z'));

function ephemeral(props: EphemeralStackProps = { branch: 'feature/refunds' }, id = 'Payments'): EphemeralStack {
  return new EphemeralStack(new App(), id, { expires: EXPIRES, env: PLACE, ...props });
}

describe('with each construct of the library', () => {
  let stack: EphemeralStack;
  let resources: [id: string, resource: any][];
  beforeAll(() => {
    stack = ephemeral();
    buildEveryConstruct(stack);
    resources = Object.entries(Template.fromStack(stack).toJSON().Resources);
  });

  test('every construct is part of the stack', () => {
    expect(missingIn(stack)).toEqual([]);
  });

  test('no resource of the template is retained', () => {
    const kept = resources.filter(([, { DeletionPolicy, UpdateReplacePolicy }]) =>
      [DeletionPolicy, UpdateReplacePolicy].some(policy => ![undefined, 'Delete'].includes(policy)));
    expect(kept).toEqual([]);
    // The default of CloudFormation for clusters is a snapshot.
    for (const [, { Type, DeletionPolicy }] of resources) if (Type === 'AWS::RDS::DBCluster') expect(DeletionPolicy).toBe('Delete');
  });

  test('no resource is protected from deletion', () => {
    const text = JSON.stringify(resources);
    expect(text).not.toMatch(/"DeletionProtection(Enabled)?":(true|"ACTIVE")/);
    expect(text).not.toMatch(/"deletion_protection.enabled","Value":"true"/);
  });

  test('each bucket is emptied', () => {
    const count = (type: string) => resources.filter(([, { Type }]) => Type === type).length;
    expect(count('AWS::S3::Bucket')).toBeGreaterThan(2);
    expect(count('Custom::S3AutoDeleteObjects')).toBe(count('AWS::S3::Bucket'));
  });

  test('no physical name collides with a second stack', () => {
    const namesIn = (all: typeof resources) => all.map(([, { Type, Properties }]) => Properties?.[PHYSICAL_NAMES[Type]]).filter(name => typeof name === 'string');
    const names = namesIn(resources);
    expect(names.length).toBeGreaterThan(0);
    const other = ephemeral({ branch: 'feature/other' });
    buildEveryConstruct(other);
    const others = namesIn(Object.entries<any>(Template.fromStack(other).toJSON().Resources));
    expect(others).toHaveLength(names.length);
    expect(names.filter(name => others.includes(name))).toEqual([]);
  });

  test('there is no warning about resources that would be retained or collide', () => {
    expect(warningsOf(stack).filter(warning => /:(Profile|EphemeralStack)\./.test(warning))).toEqual([]);
  });

  test('functions and queues have owner, branch and expiry as tags', () => {
    const tags = [{ Key: 'branch', Value: 'feature/refunds' }, { Key: 'expires', Value: '2999-01-31' }, { Key: 'owner', Value: 'feature/refunds' }];
    const [, pay] = resources.find(([id, { Type }]) => Type === 'AWS::Lambda::Function' && /^Pay/.test(id))!;
    expect(pay.Properties.Tags).toEqual(expect.arrayContaining(tags));
  });
});

describe('the name', () => {
  test.each([
    ['feature/refunds', /^Payments-feature-refunds-[0-9a-f]{8}$/],
    ['--é..', /^Payments-[0-9a-f]{8}$/],
    ['x'.repeat(300), /^Payments-x{40}-[0-9a-f]{8}$/],
    [`${'x'.repeat(39)}/y`, /^Payments-x{39}-[0-9a-f]{8}$/],
  ])('of the branch %s contains only characters that CloudFormation allows', (branch, name) => {
    expect(ephemeral({ branch }).stackName).toMatch(name);
  });

  test('is stable, and different for each branch and id', () => {
    const names = ['feature/a', 'feature-a', 'feature_a', 'Feature/a'].map(branch => ephemeral({ branch }).stackName);
    expect(new Set(names).size).toBe(4);
    expect(ephemeral({ branch: 'feature/a' }).stackName).toBe(names[0]);
    expect(ephemeral({ branch: 'feature/a' }, 'Ledger').stackName).toMatch(/^Ledger-feature-a-/);
  });

  test('an id has at most 78 characters', () => {
    expect(ephemeral({ developer: 'x'.repeat(40) }, 'I'.repeat(78)).stackName).toHaveLength(128);
    expect(() => ephemeral({ developer: 'x'.repeat(40) }, 'I'.repeat(79))).toThrow(
      `the id must begin with a letter, contain only letters, digits and hyphens and have at most 78 characters, got '${'I'.repeat(79)}'; rename it (at ${'I'.repeat(79)})`);
  });
});

describe('props', () => {
  test('developer: owner of the stack', () => {
    const stack = ephemeral({ developer: 'ana' });
    expect(stack.stackName).toMatch(/^Payments-ana-/);
    expect(Profile.of(stack).tags).toEqual({ owner: 'ana', expires: '2999-01-31' });
  });

  test('owner: without the characters that tags do not support', () => {
    expect(Profile.of(ephemeral({ branch: 'fix#1~é', owner: 'Ana <ana@example.com>' })).tags)
      .toEqual({ branch: 'fix-1-é', owner: 'Ana -ana@example.com-', expires: '2999-01-31' });
  });

  test('settings: differ from a sandbox', () => {
    const { tags, logRetention } = Profile.of(ephemeral({ developer: 'ana', settings: { logRetention: 1, removalPolicy: RemovalPolicy.DESTROY, tags: { team: 'payments' } } }));
    expect(logRetention).toBe(1);
    expect(tags.team).toBe('payments');
  });

  test.each([[true], [false]])('the stack itself has the tags (explicitStackTags: %s)', explicit => {
    const app = new App({ context: { '@aws-cdk/core:explicitStackTags': explicit } });
    const { artifactId } = new EphemeralStack(app, 'Payments', { branch: 'feature/refunds', expires: EXPIRES, tags: { team: 'payments', owner: 'nobody' } });
    expect(app.synth().getStackArtifact(artifactId).tags).toEqual({ branch: 'feature/refunds', expires: '2999-01-31', owner: 'feature/refunds', team: 'payments' });
  });

  test('props of Stack', () => {
    const stack = ephemeral({ developer: 'ana', description: 'to try refunds' });
    expect(stack.region).toBe(PLACE.region);
    expect(Template.fromStack(stack).toJSON().Description).toBe('to try refunds');
  });
});

describe('warnings', () => {
  test('about a fixed physical name', () => {
    const stack = ephemeral();
    new sqs.Queue(stack, 'Orders', { queueName: 'orders' });
    expect(warningsOf(stack).join()).toContain("the fixed physical name 'orders' would collide with a second stack of the account; leave it out, or begin it with the stack name");
  });

  test('not about a name that begins with the stack name, or a function without a name', () => {
    const stack = ephemeral();
    new sqs.Queue(stack, 'Orders', { queueName: `${stack.stackName}-orders` });
    production(stack, { runtime: lambda.Runtime.NODEJS_24_X });
    expect(warningsOf(stack)).toEqual([]);
  });

  test('about a resource that would outlive the stack', () => {
    const stack = ephemeral();
    new dynamodb.Table(stack, 'Orders', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } });
    expect(warningsOf(stack).join()).toContain('Profile.outlivesStack');
  });
});

describe('failures', () => {
  test.each<[string, EphemeralStackProps, string]>([
    ['neither branch nor developer', {}, "one of 'branch' and 'developer' must be set, got none; set the one that the stack belongs to (at Payments)"],
    ['both', { branch: 'main', developer: 'ana' }, 'got both; set the one that the stack belongs to'],
    ['an empty branch', { branch: '' }, "'branch' must be a literal of at least one character, got an empty string"],
    ['a token', { developer: Token.asString({ Ref: 'User' }) }, "'developer' must be a literal of at least one character, got a token"],
    ['a name', { developer: 'ana', stackName: 'Fixed' }, "'stackName' must not be set, got 'Fixed'"],
    ['data that would be retained', { developer: 'ana', settings: { removalPolicy: RemovalPolicy.RETAIN } }, "'settings.removalPolicy' must be destroy, got retain, and resources would outlive the stack"],
    ['a snapshot that would be retained', { developer: 'ana', settings: { removalPolicy: RemovalPolicy.SNAPSHOT } }, 'got snapshot'],
    ['termination protection', { developer: 'ana', terminationProtection: true }, "'terminationProtection' must not be true"],
  ])('%s', (_, props, message) => {
    expect(() => ephemeral(props)).toThrow(message);
  });

  test('a second profile for the stack', () => {
    expect(() => Profile.production().applyTo(ephemeral())).toThrow("'applyTo' must be called once");
  });

  test('a plain stack of the same app has its own profile', () => {
    const app = new App();
    new EphemeralStack(app, 'Payments', { developer: 'ana' });
    expect(Profile.of(new Stack(app, 'Other')).logRetention).toBe(30);
  });
});
