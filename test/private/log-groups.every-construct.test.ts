import { App, aws_apigatewayv2 as apigwv2, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ProductionDefaults, Profile } from '../../src';
import { buildEveryConstruct, missingIn, PLACE } from '../support/every-construct';
import { statedName } from '../support/identifiers';

interface Found { readonly id: string; readonly policies: unknown[]; readonly isNamed: boolean }

/** The resources that CloudFormation does not delete with the stack. */
function retainedIn(stack: Stack): Found[] {
  const resources = Object.entries<any>(Template.fromStack(stack).toJSON().Resources);
  return resources.filter(([, { DeletionPolicy: policy }]) => /^Retain/.test(policy ?? '')).map(([id, resource]) => ({
    id,
    policies: [resource.DeletionPolicy, resource.UpdateReplacePolicy],
    isNamed: statedName(resource) !== undefined,
  }));
}

/** A rolled-back deployment deletes a new resource with this policy, so the next deployment does not find its name in use. */
const EXCEPT_ON_CREATE = ['RetainExceptOnCreate', 'Retain'];
const RETAIN = ['Retain', 'Retain'];

test.each([
  ['production', Profile.production()],
  ['a sandbox whose resources are retained', Profile.sandbox({ owner: 'ana', removalPolicy: RemovalPolicy.RETAIN })],
])('of every construct in %s, only retained resources with a name are deleted when their creation is rolled back', (_, profile) => {
  const stack = new Stack(new App(), 'Stack', { env: PLACE });
  profile.applyTo(stack);
  buildEveryConstruct(stack);
  expect(missingIn(stack)).toEqual([]);
  const retained = retainedIn(stack);
  expect(retained.filter(({ isNamed }) => isNamed).map(({ id }) => id)).toEqual([expect.stringMatching(/^HttpApiAccessLog/)]);
  expect(retained.map(({ id, policies }) => ({ id, policies })))
    .toEqual(retained.map(({ id, isNamed }) => ({ id, policies: isNamed ? EXCEPT_ON_CREATE : RETAIN })));
});

test('a log group that ProductionDefaults names is deleted when its creation is rolled back', () => {
  const app = new App();
  ProductionDefaults.applyTo(app);
  const stack = new Stack(app, 'Stack', { env: PLACE });
  new apigwv2.HttpApi(stack, 'Api');
  expect(retainedIn(stack).map(({ policies, isNamed }) => ({ policies, isNamed }))).toEqual([{ policies: EXCEPT_ON_CREATE, isNamed: true }]);
});
