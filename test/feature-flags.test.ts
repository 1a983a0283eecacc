import flags from 'aws-cdk-lib/recommended-feature-flags.json';
import { createApp } from '../sample/app';

interface Resource { readonly Type: string }

/** The sample's resources, its versions without the hash in their ids. */
function resources(context: Record<string, unknown>): Record<string, Resource> {
  const { template } = createApp({ context }).synth().getStackByName('Payments');
  return JSON.parse(JSON.stringify(template.Resources).replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, '$1'));
}

test('with every recommended feature flag and with none the same is built: only the order and grouping of IAM statements differ', () => {
  const all = resources({});
  const none = resources(Object.fromEntries(Object.keys(flags).map(flag => [flag, undefined])));
  expect(Object.keys(flags).length).toBeGreaterThan(50);
  expect(Object.keys(none)).toEqual(Object.keys(all));
  const apartFromIam = (built: Record<string, Resource>) => Object.entries(built).filter(([, { Type }]) => !Type.startsWith('AWS::IAM::'));
  expect(apartFromIam(none)).toEqual(apartFromIam(all));
});
