import { compileExpression, type Expression } from './metric-math';
import { textOf } from './template-text';

type Json = Record<string, any>;

/** A metric that an alarm reads. */
export interface MetricQuery {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  /** Each value is the text of `textOf`, because it may be a reference. */
  readonly dimensions: ReadonlyMap<string, string>;
  readonly statistic: string;
  readonly periodMinutes: number;
}

/** Reads the value of a metric over the `length` minutes that end at a minute; NaN if there is no data. */
interface MetricReader {
  (query: MetricQuery, endMinute: number, length: number): number;
}

const COMPARISONS: Record<string, (value: number, threshold: number) => boolean> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/**
 * An alarm as CloudWatch evaluates it once a minute: a sliding window of EvaluationPeriods periods, of which DatapointsToAlarm
 * must breach the threshold.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
 */
export class AlarmModel {
  /** Reads the properties of an `AWS::CloudWatch::Alarm`. */
  public static fromProperties(properties: Json): AlarmModel {
    return new AlarmModel(properties);
  }

  public readonly queries: readonly MetricQuery[];
  public readonly periodMinutes: number;
  private readonly byId: ReadonlyMap<string, MetricQuery>;
  private readonly expressions = new Map<string, Expression>();
  private readonly returned: string;
  private readonly evaluationPeriods: number;
  private readonly datapoints: number;
  private readonly threshold: number;
  private readonly breaches: (value: number, threshold: number) => boolean;
  private readonly missingBreaches: boolean;
  /** The evaluation that `valueOf` reads for: a function for each evaluation costs more than the evaluation. */
  private endMinute = 0;
  private read: MetricReader;

  private constructor(properties: Json) {
    const metrics: Json[] = properties.Metrics ?? [{ Id: 'metric', ReturnData: true, MetricStat: singleMetric(properties) }];
    this.queries = metrics.filter(metric => metric.MetricStat).map(queryOf);
    this.byId = new Map(this.queries.map(query => [query.id, query]));
    for (const { Id, Expression: text } of metrics) if (text !== undefined) this.expressions.set(Id, compileExpression(literal('Expression', text)));
    this.returned = (metrics.find(metric => metric.ReturnData !== false) ?? metrics[0]).Id;
    this.periodMinutes = Math.max(...this.queries.map(query => query.periodMinutes));
    this.evaluationPeriods = number('EvaluationPeriods', properties.EvaluationPeriods);
    this.datapoints = number('DatapointsToAlarm', properties.DatapointsToAlarm ?? properties.EvaluationPeriods);
    this.threshold = number('Threshold', properties.Threshold);
    this.breaches = COMPARISONS[properties.ComparisonOperator] ?? fail('ComparisonOperator', properties.ComparisonOperator);
    this.missingBreaches = properties.TreatMissingData === 'breaching';
    this.read = () => NaN;
  }

  /** The minutes that the alarm evaluates. */
  public get windowMinutes(): number {
    return this.periodMinutes * this.evaluationPeriods;
  }

  /** Whether the alarm reads a metric, and does not take missing data for a breach. */
  public needs(name: string): boolean {
    return !this.missingBreaches && this.queries.some(query => query.name === name);
  }

  /** Whether the alarm is in the state ALARM when it is evaluated at the end of a minute. */
  public isInAlarm(endMinute: number, read: MetricReader): boolean {
    let breaching = 0;
    this.read = read;
    for (let period = 0; period < this.evaluationPeriods; period++) {
      this.endMinute = endMinute - period * this.periodMinutes;
      const value = this.valueOf(this.returned);
      if (Number.isFinite(value) ? this.breaches(value, this.threshold) : this.missingBreaches) breaching++;
    }
    return breaching >= this.datapoints;
  }

  private readonly valueOf = (id: string): number => {
    const query = this.byId.get(id);
    if (query !== undefined) return this.read(query, this.endMinute, query.periodMinutes);
    return this.expressions.get(id)?.(this.valueOf) ?? NaN;
  };
}

function singleMetric(properties: Json): Json {
  const { Namespace, MetricName, Dimensions, Period, Statistic, ExtendedStatistic } = properties;
  return { Metric: { Namespace, MetricName, Dimensions }, Period, Stat: Statistic ?? ExtendedStatistic };
}

function queryOf({ Id, MetricStat: { Metric, Period, Stat } }: Json): MetricQuery {
  return {
    id: Id,
    namespace: literal('Namespace', Metric.Namespace),
    name: literal('MetricName', Metric.MetricName),
    dimensions: new Map((Metric.Dimensions ?? []).map(({ Name, Value }: Json) => [Name, textOf(Value)])),
    statistic: literal('Stat', Stat),
    periodMinutes: number('Period', Period) / 60,
  };
}

function literal(property: string, value: unknown): string {
  return typeof value === 'string' ? value : fail(property, value);
}

function number(property: string, value: unknown): number {
  const read = typeof value === 'string' ? Number(value) : value;
  return typeof read === 'number' && !Number.isNaN(read) ? read : fail(property, value);
}

function fail(property: string, value: unknown): never {
  throw new Error(`'${property}' of an alarm must be a literal to be evaluated, got ${JSON.stringify(value)}`);
}
