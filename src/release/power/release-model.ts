import { AlarmModel, type MetricQuery } from './alarm-model';
import { referencedId, textOf } from './template-text';
import { LAMBDA, percentageOf, predefinedRouting, shiftMinutes, type TrafficRouting } from '../../aws';

type Json = Record<string, any>;

/** The requests whose metrics a query reads: all to the new version, all to the alias (both versions), or none that exist. */
type Stream = 'new' | 'alias' | 'none';

/**
 * One release as the template describes it: the steps of CodeDeploy, the alarms of the deployment group, and the dimensions
 * under which Lambda and the handler publish the metrics of the new version. An alarm on any other dimension has no data.
 */
export class ReleaseModel {
  /**
   * Reads the release of an alias.
   *
   * @param resources The `Resources` of a template
   * @param aliasId The logical id of the alias; may be left out if only one alias is released by CodeDeploy
   */
  public static fromResources(resources: Json, aliasId?: string): ReleaseModel {
    const released = Object.keys(resources).filter(id => groupIdOf(resources[id]) !== undefined && (aliasId === undefined || id === aliasId));
    if (released.length !== 1) throw new Error(`the template must have one alias that CodeDeploy releases, got ${released.length}`);
    return new ReleaseModel(resources, resources[released[0]]);
  }

  public readonly alarms: readonly AlarmModel[];
  /** Minutes from the first to the last shift; 0 if all traffic shifts in one step. */
  public readonly minutes: number;
  /** The timeout of the function in milliseconds; undefined if it is not a literal. */
  public readonly timeoutMillis?: number;
  private readonly streams = new Map<MetricQuery, Stream>();
  private readonly routing: TrafficRouting;
  private readonly functionName: string;
  private readonly aliasResource: string;
  private readonly version: string;
  private readonly faultsNamespace?: string;

  private constructor(resources: Json, alias: Json) {
    const { FunctionName, FunctionVersion, Name } = alias.Properties;
    const fn = resources[referencedId(FunctionName) ?? '']?.Properties ?? {};
    const group = resources[groupIdOf(alias)!]?.Properties ?? {};
    const names: Json[] = group.AlarmConfiguration?.Alarms ?? [];
    const alarms = names.flatMap(alarm => resources[referencedId(alarm.Name) ?? ''] ?? []);
    this.alarms = alarms.filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm').map(({ Properties }) => AlarmModel.fromProperties(Properties));
    this.routing = routingOf(resources, group.DeploymentConfigName);
    this.minutes = shiftMinutes(this.routing) ?? NaN;
    if (!Number.isFinite(this.minutes) || !Number.isFinite(this.routing.percentage ?? 100)) {
      throw new Error(`the traffic shift must be literal to be evaluated, got ${JSON.stringify(this.routing)}`);
    }
    const timeout = fn.Timeout ?? LAMBDA.timeoutUnsetSeconds;
    this.timeoutMillis = typeof timeout === 'number' ? timeout * 1_000 : undefined;
    this.functionName = textOf(FunctionName);
    this.aliasResource = `${this.functionName}:${textOf(Name)}`;
    this.version = textOf(FunctionVersion);
    const namespace = fn.Environment?.Variables?.POWERTOOLS_METRICS_NAMESPACE;
    this.faultsNamespace = namespace === undefined ? undefined : textOf(namespace);
  }

  /** The share of the traffic that the new version has in a minute of the shift. */
  public shareAt(minute: number): number {
    return percentageOf(this.routing, minute) / 100;
  }

  /** Lambda publishes a metric of each request through the alias under four sets of dimensions; `Faults` has one. */
  public streamOf(query: MetricQuery): Stream {
    const known = this.streams.get(query) ?? this.findStream(query);
    this.streams.set(query, known);
    return known;
  }

  private findStream({ namespace, name, dimensions }: MetricQuery): Stream {
    const keys = [...dimensions.keys()].sort().join();
    const version = dimensions.get('ExecutedVersion');
    if (dimensions.get('FunctionName') !== this.functionName || (version !== undefined && version !== this.version)) return 'none';
    if (name === 'Faults') return namespace === this.faultsNamespace && keys === 'ExecutedVersion,FunctionName' ? 'new' : 'none';
    if (namespace !== 'AWS/Lambda') return 'none';
    if (keys === 'FunctionName') return 'alias';
    if (dimensions.get('Resource') !== this.aliasResource) return 'none';
    if (keys === 'FunctionName,Resource') return 'alias';
    return keys === 'ExecutedVersion,FunctionName,Resource' ? 'new' : 'none';
  }
}

function groupIdOf(resource: Json | undefined): string | undefined {
  return resource?.Type === 'AWS::Lambda::Alias' ? referencedId(resource.UpdatePolicy?.CodeDeployLambdaAliasUpdate?.DeploymentGroupName ?? '') : undefined;
}

function routingOf(resources: Json, name: unknown): TrafficRouting {
  const predefined = typeof name === 'string' ? predefinedRouting(name) : undefined;
  if (predefined !== undefined) return predefined;
  const config = resources[referencedId(name) ?? ''];
  if (config === undefined) throw new Error(`the traffic shift ${textOf(name)} is not predefined and not in the template`);
  return customRouting(config.Properties?.TrafficRoutingConfig) ?? { kind: 'all-at-once' };
}

function customRouting(config: Json | undefined): TrafficRouting | undefined {
  const { TimeBasedCanary: canary, TimeBasedLinear: linear } = config ?? {};
  if (canary) return { kind: 'canary', percentage: canary.CanaryPercentage, interval: canary.CanaryInterval };
  if (linear) return { kind: 'linear', percentage: linear.LinearPercentage, interval: linear.LinearInterval };
  return undefined;
}
