import { createApp } from '../../../sample/app';
import { localProfile, type Template } from '../../../testing/src/cloud/local-profile';

const LEDGER = { host: '127.0.0.1', port: 15_432, database: 'ledger' };
const original = createApp().synth().getStackByName('Payments').template as Template;
const before = JSON.stringify(original);
const { template, leftOut } = localProfile(original, { postgres: LEDGER });
const typesOf = ({ Resources }: Template) => new Set(Object.values(Resources).map(({ Type }) => Type));
const resourcesOf = (type: string, { Resources }: Template) => Object.entries(Resources).filter(([, { Type }]) => Type === type);

/** Every resource that is referred to, anywhere. */
function references(value: any): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  const own = [value.Ref, value['Fn::GetAtt']?.[0], ...[value.DependsOn ?? []].flat()].filter(id => typeof id === 'string' && !id.startsWith('AWS::'));
  return [...own, ...Object.values(value).flatMap(references)];
}

test('leaves out what the emulator lacks, says so, and nothing else', () => {
  const gone = [...typesOf(original)].filter(type => !typesOf(template).has(type)).sort();
  expect(gone.filter(type => !/^(AWS::(RDS|EC2|CodeDeploy|ApplicationAutoScaling)::|AWS::Events::Archive$|Custom::(DatabaseUser|VpcRestrictDefaultSG)$)/.test(type))).toEqual([]);
  expect(gone).toEqual(expect.arrayContaining(['AWS::CodeDeploy::DeploymentGroup', 'AWS::RDS::DBProxy', 'AWS::RDS::DBCluster', 'AWS::EC2::NatGateway', 'AWS::Events::Archive']));
  expect(leftOut.map(({ reason }) => reason.split(':')[0])).toEqual(['alarms on metric math', 'archive of events', 'canary', 'database', 'network', 'scaling of provisioned concurrency']);
});

test.each([
  'AWS::ApiGatewayV2::Route', 'AWS::ApiGatewayV2::Authorizer', 'AWS::Lambda::Permission', 'AWS::Lambda::EventSourceMapping', 'AWS::Lambda::EventInvokeConfig',
  'AWS::DynamoDB::GlobalTable', 'AWS::SQS::Queue', 'AWS::Events::EventBus', 'AWS::Cognito::UserPoolClient', 'AWS::SecretsManager::Secret',
])('keeps each %s as it is', type => {
  expect(resourcesOf(type, original).length).toBeGreaterThan(0);
  const properties = (from: Template) => resourcesOf(type, from).map(([id, { Properties }]) => [id, Properties]);
  expect(properties(template)).toEqual(properties(original));
});

test('no reference is left to what is left out', () => {
  const parameters = Object.keys((template as { Parameters?: object }).Parameters ?? {});
  expect(references(template).filter(id => !(id in template.Resources) && !parameters.includes(id))).toEqual([]);
  expect(references(original).filter(id => !(id in template.Resources) && !parameters.includes(id))).not.toEqual([]);
});

test('functions keep their settings and find the ledger on this machine', () => {
  for (const [id, { Properties }] of resourcesOf('AWS::Lambda::Function', original)) {
    const { VpcConfig, Environment, ...kept } = Properties!;
    const { Environment: { Variables }, ...given } = template.Resources[id].Properties!;
    expect(given).toEqual(kept);
    const ledger = 'PGHOST' in (Environment?.Variables ?? {}) ? { PGHOST: '127.0.0.1', PGPORT: '15432', PGDATABASE: 'ledger', PGSSLMODE: 'disable' } : {};
    expect(Variables).toEqual({ ...Environment?.Variables, POWERTOOLS_TRACE_ENABLED: 'false', ...ledger });
  }
});

test('aliases take their new version at once', () => {
  expect(resourcesOf('AWS::Lambda::Alias', original).every(([, { UpdatePolicy }]) => UpdatePolicy !== undefined)).toBe(true);
  expect(resourcesOf('AWS::Lambda::Alias', template).map(([, { UpdatePolicy }]) => UpdatePolicy)).toEqual(Array(5).fill(undefined));
});

test('the schema is still brought up before the functions that use it', () => {
  const [[trigger]] = resourcesOf('Custom::Trigger', template);
  const waiting = resourcesOf('AWS::Lambda::Alias', template).filter(([, { DependsOn }]) => [DependsOn ?? []].flat().includes(trigger));
  expect(waiting.map(([id]) => id.replace(/Live.*/, '')).sort()).toEqual(['Pay', 'Reconcile', 'Settle']);
});

test('the template that was given stays as it was', () => {
  expect(JSON.stringify(original)).toBe(before);
});
