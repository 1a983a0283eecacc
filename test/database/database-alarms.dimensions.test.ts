import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { buildEveryConstruct, PLACE } from '../support/every-construct';
import type { Json } from '../support/production-function';

/** The combinations of dimensions that a service emits. */
const EMITTED: Record<string, string[][]> = {
  'AWS/Lambda': [['FunctionName'], ['FunctionName', 'Resource'], ['ExecutedVersion', 'FunctionName', 'Resource'], ['EventSourceMappingUUID']],
  'AWS/SQS': [['QueueName']],
  'AWS/RDS': [['ProxyName'], ['DBClusterIdentifier']],
  'AWS/ApiGateway': [['ApiId', 'Stage'], ['ApiName', 'Stage']],
  'AWS/ApplicationELB': [['LoadBalancer']],
};

/** What the value of a dimension refers to, and the property with the name of the resource if it has one. */
const REFERENTS: Record<string, { type: string; attribute?: string; name?: string }> = {
  FunctionName: { type: 'AWS::Lambda::Function', name: 'FunctionName' },
  ExecutedVersion: { type: 'AWS::Lambda::Version', attribute: 'Version' },
  EventSourceMappingUUID: { type: 'AWS::Lambda::EventSourceMapping' },
  QueueName: { type: 'AWS::SQS::Queue', attribute: 'QueueName' },
  ProxyName: { type: 'AWS::RDS::DBProxy', name: 'DBProxyName' },
  DBClusterIdentifier: { type: 'AWS::RDS::DBCluster', name: 'DBClusterIdentifier' },
  ApiId: { type: 'AWS::ApiGatewayV2::Api' },
  LoadBalancer: { type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', attribute: 'LoadBalancerFullName' },
};
/** Types whose names the service stores in lower case, or accepts in lower case only. */
const LOWER_CASE = /^AWS::(RDS|DocDB|Neptune|Redshift|ElastiCache|S3|ECR|OpenSearchService)::/;
const NAME = /(Name|Identifier)$/;
/** Names inside of a database, which it does not fold: they are quoted. */
const INSIDE = ['DatabaseName', 'MasterUsername'];

let resources: Record<string, Json>;
let metrics: [alarm: string, metric: Json][];

beforeAll(() => {
  const stack = new Stack(new App(), 'Every', { env: PLACE });
  buildEveryConstruct(stack);
  resources = Template.fromStack(stack).toJSON().Resources;
  metrics = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm').flatMap(([id, { Properties }]) => {
    const stats: Json[] = Properties.Metrics?.flatMap((metric: Json) => metric.MetricStat?.Metric ?? []) ?? [Properties];
    return stats.map(metric => [id, metric] as [string, Json]);
  });
});

/** A fault of a dimension, or undefined if the service emits the metric under this value. */
function faultOf({ Name, Value }: Json, dimensions: Json[]): string | undefined {
  if (Name === 'Resource') return faultOfResource(Value, dimensions);
  if (Name === 'Stage') return Value === '$default' || resources[Value.Ref]?.Type === 'AWS::ApiGateway::Stage' ? undefined : 'not a stage';
  if (Name === 'ApiName') return Object.values(resources).some(({ Type, Properties }) => Type === 'AWS::ApiGateway::RestApi' && Properties.Name === Value) ? undefined : 'not an API';
  const { type, attribute, name } = REFERENTS[Name];
  const [id, found] = attribute ? Value['Fn::GetAtt'] : [Value.Ref, undefined];
  if (resources[id]?.Type !== type || found !== attribute) return `not the name of a ${type}`;
  const written = name && resources[id].Properties[name];
  return LOWER_CASE.test(type) && typeof written === 'string' && written !== written.toLowerCase() ? `stored as ${written.toLowerCase()}` : undefined;
}

function faultOfResource(value: Json, dimensions: Json[]): string | undefined {
  const fn = dimensions.find(({ Name }) => Name === 'FunctionName')!.Value.Ref;
  const [name, alias] = value['Fn::Join'][1];
  return name.Ref === fn && Object.values(resources).some(({ Type, Properties }) => Type === 'AWS::Lambda::Alias' && `:${Properties.Name}` === alias && Properties.FunctionName.Ref === fn)
    ? undefined
    : 'not an alias of the function';
}

test('every alarm watches metrics with dimensions that the service emits', () => {
  expect(metrics.length).toBeGreaterThan(60);
  const unknown = metrics.filter(([, { Namespace, Dimensions }]) => {
    const names = Dimensions.map(({ Name }: Json) => Name).sort().join();
    return !EMITTED[Namespace]?.some(emitted => emitted.join() === names);
  });
  expect(unknown).toEqual([]);
  expect(new Set(metrics.map(([, { Namespace }]) => Namespace))).toEqual(new Set(Object.keys(EMITTED)));
});

test('every dimension has the value that the service emits', () => {
  const faults = metrics.flatMap(([alarm, { Dimensions }]) => Dimensions.flatMap((dimension: Json) => {
    const fault = faultOf(dimension, Dimensions);
    return fault ? [`${alarm} ${dimension.Name}: ${fault}`] : [];
  }));
  expect(faults).toEqual([]);
});

test('no name is written in another case than the service stores it', () => {
  const names = Object.entries(resources).filter(([, { Type }]) => LOWER_CASE.test(Type)).flatMap(([id, { Properties }]) =>
    Object.entries<any>(Properties ?? {}).filter(([property, value]) => NAME.test(property) && !INSIDE.includes(property) && typeof value === 'string').map(([, value]) => [id, value]));
  expect(names).toContainEqual([expect.stringMatching(/^LedgerProxy/), expect.stringMatching(/^every-ledger-[0-9a-f]{8}-proxy$/)]);
  expect(names.filter(([, value]) => value !== value.toLowerCase())).toEqual([]);
});
