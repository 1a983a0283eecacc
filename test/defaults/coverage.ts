import type { Json } from './subject';

/** A value of a template: the type of its resource with the path, and the value. */
type Leaf = readonly [path: string, value: string];

/**
 * Values that are no choice of a default, by path (or path and value), each with the reason. Every other value that a
 * construct has, and that the plain L2 in its place has not, must be read by the probe of a row.
 */
const STRUCTURAL: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^AWS::IAM::/, 'permissions follow from what a construct does'],
  [/Policy\.Properties\.PolicyDocument|^AWS::EC2::VPCEndpoint\.Properties\.PolicyDocument/, 'permissions follow from what a construct does'],
  [/^AWS::Lambda::Permission\./, 'permissions follow from what a construct does'],
  [/Description( |$)|GroupDescription/, 'a text for people'],
  [/\.Tags\[\]\./, 'CDK names resources of a VPC by tags'],
  [/\.(Name|PolicyName|DBProxyName|DeploymentGroupName) = "([Ss]tack|Live|LambdaAuthorizer|Permissions)/, 'generated from the path'],
  [/\.UpdateReplacePolicy /, 'CDK sets it together with the deletion policy'],
  [/^AWS::CloudWatch::Alarm\.Properties\.(MetricName|Namespace|Dimensions|Statistic|ComparisonOperator)/, 'what the alarm measures, by its name'],
  [/^AWS::CloudWatch::Alarm\.Properties\.Metrics\[\]\.(Id|Label|ReturnData|Expression|MetricStat\.(Metric|Stat))/, 'what the alarm measures, by its name'],
  [/^AWS::CloudWatch::Alarm\.Properties\.(Metrics\[\]\.MetricStat\.)?Period = 60/, 'minutes, as the rows of the alarms count'],
  [/^AWS::Lambda::Function\.Properties\.(Handler|Runtime|Code\.)/, 'the code of a function of this library or of the test'],
  [/^AWS::CodeDeploy::\w+\.Properties\.(ComputePlatform|DeploymentStyle\.|(Alarm|AutoRollback)Configuration\.Enabled)/, 'CDK sets it on each deployment group of Lambda'],
  [/^AWS::ApplicationAutoScaling::Scal\w+\.Properties\.(MaxCapacity|MinCapacity|ScalableDimension|ServiceNamespace|PolicyType|.*PredefinedMetricType)/, 'follows from the props'],
  [/^AWS::Lambda::Alias\.Properties\.ProvisionedConcurrencyConfig/, 'follows from the props'],
  [/^AWS::(ApiGatewayV2|ApiGateway)::\w+\.Properties\.(ProtocolType|StageName = "\$default|AutoDeploy|Stage |IntegrationType|AuthorizationType|RouteKey|HttpMethod|PathPart|ApiKeyRequired|ResponseType|MethodSettings\[\]\.(HttpMethod|ResourcePath))/,
    'the route of the test, as CDK writes it'],
  [/^AWS::(ApiGatewayV2|ApiGateway)::\w+\.Properties\.(DisableExecuteApiEndpoint|AccessLogSettings?\.Format)/, 'follows from the domain; the fields of the log are in docs/guides'],
  [/^AWS::ApiGateway::(GatewayResponse\.Properties\.ResponseParameters = \{\}|Account\.)/, 'CDK writes it, and retains the setting of the account'],
  [/^AWS::ApiGateway::Stage\.Properties\.MethodSettings\[\]\.Throttling/, 'the throttle of the HTTP API, for a REST API'],
  [/^AWS::ElasticLoadBalancingV2::(Listener|ListenerRule)\.Properties\.(Certificates|Port|Protocol|Priority|Actions|Conditions|DefaultActions\[\]\.(Type|FixedResponseConfig|RedirectConfig\.(Port|Protocol)))/,
    'the route and the domain of the test'],
  [/^AWS::ElasticLoadBalancingV2::LoadBalancer\.Properties\.LoadBalancerAttributes\[\]\.Key = "(access_logs|deletion_protection|idle_timeout|routing)/, 'the name of the attribute'],
  [/^AWS::S3::Bucket\.Properties\.(OwnershipControls|LifecycleConfiguration\.Rules\[\]\.Status)/, 'CDK writes it for the log and the lifecycle rules'],
  [/^AWS::EC2::(SecurityGroup(Ingress|Egress)?)\.Properties\.(SecurityGroup(Ingress|Egress)\[\]\.)?(CidrIp|FromPort|ToPort|IpProtocol) /, 'the connection that a construct allows; CDK writes its rule for no traffic'],
  [/^AWS::EC2::(Subnet|VPCEndpoint|FlowLog)\.Properties\.(CidrBlock|VpcEndpointType|PrivateDnsEnabled|LogDestinationType|ResourceType) /, 'follows from the subnets and endpoints, which have rows'],
  [/^AWS::RDS::(DBClusterParameterGroup\.Properties\.Family|DBInstance\.Properties\.(DBInstanceClass|PromotionTier|EnablePerformanceInsights))/, 'follows from the engine, the capacity and the readers'],
  [/^Custom::DatabaseUser\./, 'the SQL of the user'],
];

/** The values of a template, without references. */
export function leavesOf(resources: Json): Leaf[] {
  return Object.values(resources).flatMap(({ Type, Metadata, DependsOn, ...rest }) => leaves(rest, Type)).filter(([, value]) => !/"(Ref|Fn::\w+)":/.test(value));
}

/** The same resources; the path of each value that is read is noted. */
export function recorded(resources: Json, paths: Set<string>): Json {
  return Object.fromEntries(Object.entries(resources).map(([id, resource]) => [id, record(resource, resource.Type, paths)]));
}

/** Whether a value is no choice of a default. */
export function isStructural([path, value]: Leaf): boolean {
  return STRUCTURAL.some(([pattern]) => pattern.test(`${path} = ${value}`));
}

/** The reasons that no value of the templates needs. */
export function unneededReasons(all: readonly Leaf[]): string[] {
  return STRUCTURAL.filter(([pattern]) => !all.some(([path, value]) => pattern.test(`${path} = ${value}`))).map(([pattern]) => String(pattern));
}

function leaves(value: unknown, path: string): Leaf[] {
  if (value === null || typeof value !== 'object') return [[path, JSON.stringify(value)]];
  const entries = Object.entries(value);
  if (entries.some(([key]) => key === 'Ref' || key.startsWith('Fn::'))) return [];
  if (entries.length === 0) return [[path, JSON.stringify(value)]];
  return entries.flatMap(([key, part]) => leaves(part, Array.isArray(value) ? `${path}[]` : `${path}.${key}`));
}

function record(value: any, path: string, paths: Set<string>): any {
  if (value === null || typeof value !== 'object') {
    paths.add(path);
    return value;
  }
  return new Proxy(value, {
    get: (target, key) => typeof key === 'symbol' || !Object.hasOwn(target, key) ? target[key]
      : record(target[key], Array.isArray(target) ? `${path}[]` : `${path}.${key}`, paths),
  });
}
