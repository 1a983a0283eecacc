import { LAMBDA_OTHER_DIMENSIONS } from '../../../aws';
import type { Fields, Resource, Value } from '../../graph';

const IN_ALARM = {
  namespace: 'Namespace', name: 'MetricName', dimensions: 'Dimensions', period: 'Period', unit: 'Unit',
};
const IN_QUERY = {
  namespace: 'MetricStat.Metric.Namespace',
  name: 'MetricStat.Metric.MetricName',
  dimensions: 'MetricStat.Metric.Dimensions',
  period: 'MetricStat.Period',
  unit: 'MetricStat.Unit',
};

/** A dimension whose name is known; most values of most dimensions need not be resolved. */
class Dimension {
  constructor(public readonly name: string, private readonly of: Fields) {}

  public get value(): Value { return this.of.get('Value'); }
}

/** The dimensions of a metric. */
export class Dimensions {
  /** The known names. */
  public readonly names: readonly string[];
  private known?: readonly Dimension[];

  constructor(private readonly of: Fields, private readonly path: string) {
    this.names = of.strings(path, 'Name');
  }

  public get items(): readonly Dimension[] {
    return this.known ??= this.of.items(this.path).flatMap(item => {
      const name = item.string('Name');
      return name === undefined ? [] : new Dimension(name, item);
    });
  }

  /** Whether they belong to a metric of another resource than a function. */
  public get areOther(): boolean {
    return this.names.some(name => LAMBDA_OTHER_DIMENSIONS.has(name));
  }

  /** The text in the template, the same for most metrics of a function; undefined if it is not known. */
  public get text(): string | undefined { return this.of.rawText(this.path); }
}

/** A metric of an alarm, with the paths of its settings. */
export class Metric {
  public readonly namespace: string | undefined;
  public readonly name: string | undefined;
  private knownDimensions?: Dimensions;

  constructor(public readonly of: Fields, public readonly at: typeof IN_ALARM) {
    this.namespace = of.string(at.namespace);
    this.name = of.string(at.name);
  }

  public get period(): number | undefined { return this.of.number(this.at.period); }
  public get dimensions(): Dimensions {
    return this.knownDimensions ??= new Dimensions(this.of, this.at.dimensions);
  }

  /** Whether all names of the dimensions are known. */
  public get hasKnownDimensions(): boolean {
    const path = this.at.dimensions;
    return this.of.lacks(path)
      || (this.of.isList(path) && this.dimensions.names.length === this.of.items(path).length);
  }

  /** Whether the metric is an expression on other metrics. */
  public get isExpression(): boolean { return this.of.lacks(this.at.namespace) && this.of.lacks(this.at.name); }
}

/** The metrics of an alarm, also the metrics of an expression. */
export function metricsOf(alarm: Resource): readonly Metric[] {
  const read = alarm.template.app.view(readMetrics);
  const known = read.get(alarm);
  if (known) return known;
  const metrics = alarm.lacks('Metrics')
    ? [new Metric(alarm, IN_ALARM)]
    : alarm.items('Metrics').map(of => new Metric(of, IN_QUERY));
  read.set(alarm, metrics);
  return metrics;
}

function readMetrics(): Map<Resource, readonly Metric[]> {
  return new Map();
}
