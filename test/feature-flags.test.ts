import { App, Stack } from 'aws-cdk-lib';
import flags from 'aws-cdk-lib/recommended-feature-flags.json';
import { createApp } from '../sample/app';
import { GitHubDeployRole, GitHubSubject } from '../src';
import { buildEveryConstruct, missingIn } from './support/every-construct';

interface Resource { readonly Type: string; readonly Properties: any }

const NONE = Object.fromEntries(Object.keys(flags).map(flag => [flag, undefined]));

/** The resources of a stack, its versions without the hash in their ids. */
function resources(app: App, stack: string): Record<string, Resource> {
  const { template } = app.synth().getStackByName(stack);
  return JSON.parse(JSON.stringify(template.Resources).replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, '$1'));
}

function everyConstruct(context: Record<string, unknown>): App {
  const app = new App({ context: { ...flags, ...context } });
  const stack = new Stack(app, 'Every'); // without a Region: with one, a flag writes the partition into ARNs
  buildEveryConstruct(stack);
  new GitHubDeployRole(stack, 'Deploy', { subjects: [GitHubSubject.environment('shop/payments', 'production', { ownerId: '9919', repositoryId: '1296269' })] });
  return app;
}

const isIam = ({ Type }: Resource) => /^AWS::IAM::(Role|Policy|ManagedPolicy)$/.test(Type);

/** The permissions of a role or policy: each action on each resource, in whichever statements. */
function permissions({ Properties: { AssumeRolePolicyDocument, PolicyDocument, Policies = [], ...rest } }: Resource): unknown {
  const documents = [AssumeRolePolicyDocument, PolicyDocument, ...Policies.map((policy: any) => policy.PolicyDocument)];
  const each = documents.flatMap(document => document?.Statement ?? []).flatMap(({ Action, Resource, ...about }) =>
    [Action].flat().flatMap(action => [Resource].flat().map(of => JSON.stringify({ action, of, ...about }))));
  return { ...rest, permissions: [...new Set(each)].sort() };
}

function comparable(built: Record<string, Resource>): unknown {
  return Object.fromEntries(Object.entries(built).map(([id, resource]) =>
    [id, isIam(resource) ? { ...resource, Properties: permissions(resource) } : resource]));
}

test('CDK recommends its feature flags to a new project', () => {
  expect(Object.keys(flags).length).toBe(88);
});

test('with every recommended feature flag and with none the sample is the same: only the order and grouping of IAM statements differ', () => {
  const all = resources(createApp(), 'Payments');
  const none = resources(createApp({ context: NONE }), 'Payments');
  expect(Object.keys(none)).toEqual(Object.keys(all));
  expect(comparable(none)).toEqual(comparable(all));
});

test('each construct of the library is the same too, with every flag and with none', () => {
  const [app, without] = [everyConstruct({}), everyConstruct(NONE)];
  expect(missingIn(app)).toEqual([]);
  const [all, none] = [resources(app, 'Every'), resources(without, 'Every')];
  expect(Object.keys(none)).toEqual(Object.keys(all));
  expect(comparable(none)).toEqual(comparable(all));
});
