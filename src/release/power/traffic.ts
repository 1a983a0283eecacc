import type { AlarmModel, MetricQuery } from './alarm-model';
import { normal, poisson, type Random } from './random';
import type { ReleaseModel } from './release-model';

/** Durations of the requests of a version: log-normal, and longer for the first request of an environment. */
export interface Latency {
  readonly medianMillis: number;
  /** The standard deviation of the logarithm. */
  readonly sigma: number;
  /** The share of the requests that start an environment. */
  readonly coldShare: number;
  /** What a cold start adds. */
  readonly coldMillis: number;
}

/** The traffic during a release, and the behavior of both versions. */
export interface Scenario {
  readonly requestsPerMinute: number;
  /** The share of the requests to the new version that raise an error. */
  readonly errorRate?: number;
  /** The share of the requests to the new version whose response is a failure, and which publish `Faults`. */
  readonly faultRate?: number;
  /** The share of the requests to the old version that raise an error. */
  readonly oldErrorRate?: number;
  /** @default - the durations are not simulated, and alarms on them have no data */
  readonly latency?: { readonly new: Latency; readonly old: Latency };
}

/** Three sums below it are one exact number. */
const SUMS_MAX = 2 ** 17;

/** Cumulative numbers of a kind of request by minute; the first minute is before the shift. */
class Counter {
  private readonly sums: Float64Array;

  constructor(private readonly first: number, minutes: number) {
    this.sums = new Float64Array(minutes + 1);
  }

  public add(minute: number, count: number): void {
    const at = minute - this.first;
    this.sums[at + 1] = this.sums[at] + count;
  }

  public between(from: number, to: number): number {
    return to <= from ? 0 : this.sums[this.clamp(to)] - this.sums[this.clamp(from)];
  }

  private clamp(minute: number): number {
    return Math.min(Math.max(minute - this.first, 0), this.sums.length - 1);
  }
}

/** The metrics of one release, minute by minute, which an alarm reads through `read`. */
export class Traffic {
  /** Minutes whose metrics are visible end here. */
  public visibleUntil = 0;
  /** The alarms that can fire: an alarm on durations has no data if durations are not simulated. */
  private readonly alarms: readonly AlarmModel[];
  private readonly first: number;
  private readonly requests: Record<'new' | 'old', Counter>;
  private readonly errors: Record<'new' | 'old', Counter>;
  private readonly faults: Counter;
  private readonly durations: Record<'new' | 'old', Float64Array[]> = { new: [], old: [] };
  private readonly accumulates: boolean;
  private readonly known = new Map<number, boolean>();
  private seen = -1;
  private sorted = new Map<string, Float64Array>();

  constructor(private readonly model: ReleaseModel, private readonly scenario: Scenario, private readonly random: Random) {
    this.alarms = model.alarms.filter(alarm => scenario.latency !== undefined || !alarm.needs('Duration'));
    const ofAlias = this.alarms.filter(alarm => alarm.queries.some(query => model.streamOf(query) === 'alias'));
    const history = Math.max(0, ...ofAlias.map(alarm => alarm.windowMinutes));
    this.first = -history;
    this.accumulates = ofAlias.length === 0 && this.alarms.every(alarm => alarm.periodMinutes >= model.minutes);
    const counter = () => new Counter(this.first, history + model.minutes);
    this.requests = { new: counter(), old: counter() };
    this.errors = { new: counter(), old: counter() };
    this.faults = counter();
  }

  /** Draws the requests before the shift, as far as an alarm reads them. */
  public start(): void {
    this.durations.new = [];
    this.durations.old = [];
    this.seen = -1;
    for (let minute = this.first; minute < 0; minute++) this.draw(minute);
  }

  /** Draws the requests of the next minute. */
  public draw(minute: number): void {
    const { requestsPerMinute, errorRate = 0, faultRate = 0, oldErrorRate = 0 } = this.scenario;
    const share = this.model.shareAt(minute);
    const expected = requestsPerMinute * share;
    const errors = poisson(this.random, expected * errorRate);
    const faults = poisson(this.random, expected * faultRate);
    const requests = errors + faults + poisson(this.random, expected * (1 - errorRate - faultRate));
    this.requests.new.add(minute, requests);
    this.errors.new.add(minute, errors);
    this.faults.add(minute, faults);
    const old = this.first < 0 ? poisson(this.random, requestsPerMinute * (1 - share)) : 0;
    this.requests.old.add(minute, old);
    this.errors.old.add(minute, poisson(this.random, old * oldErrorRate));
    this.drawDurations(requests, old);
    this.sorted.clear();
  }

  /** Whether an alarm is in the state ALARM at a minute, on the metrics that are visible. */
  public isInAlarm(minute: number): boolean {
    const requests = this.requests.new.between(0, this.visibleUntil);
    // If every alarm only accumulates requests of the new version, nothing changes without one.
    if (requests === this.seen && this.accumulates) return false;
    this.seen = requests;
    if (!this.accumulates || this.scenario.latency !== undefined) return this.evaluate(minute);
    // Then equal sums have an equal result, and most of the releases of a simulation have the same sums.
    const [errors, faults] = [this.errors.new.between(0, this.visibleUntil), this.faults.between(0, this.visibleUntil)];
    if (Math.max(requests, errors, faults) >= SUMS_MAX) return this.evaluate(minute);
    const key = (requests * SUMS_MAX + errors) * SUMS_MAX + faults;
    const result = this.known.get(key) ?? this.evaluate(minute);
    this.known.set(key, result);
    return result;
  }

  /** CloudWatch evaluates the most recent data points: a period that ends before its data is visible counts when it is. */
  private evaluate(minute: number): boolean {
    const delay = minute - this.visibleUntil;
    return this.alarms.some(alarm => alarm.isInAlarm(alarm.periodMinutes <= delay ? this.visibleUntil : minute, this.read));
  }

  /** The failed requests from the first shift to a minute. */
  public failuresUntil(minute: number): number {
    return this.errors.new.between(0, minute) + this.faults.between(0, minute);
  }

  public readonly read = (query: MetricQuery, endMinute: number, length: number): number => {
    const stream = this.model.streamOf(query);
    const [from, to] = [endMinute - length, Math.min(endMinute, this.visibleUntil)];
    const count = (counters: Record<'new' | 'old', Counter>) =>
      stream === 'none' ? 0 : counters.new.between(from, to) + (stream === 'alias' ? counters.old.between(from, to) : 0);
    const requests = count(this.requests);
    if (requests === 0) return NaN;
    switch (query.name) {
      case 'Invocations': return requests;
      case 'Errors': return query.statistic === 'Average' ? count(this.errors) / requests : count(this.errors);
      // A request without a failure publishes no data point.
      case 'Faults': return this.faults.between(from, to) || NaN;
      case 'Duration': return this.scenario.latency ? statisticOf(query.statistic, this.durationsOf(stream === 'alias', from, to)) : NaN;
      default: return NaN;
    }
  };

  private drawDurations(requests: number, old: number): void {
    const { latency } = this.scenario;
    if (latency === undefined) return;
    this.durations.new.push(this.sample(latency.new, requests));
    this.durations.old.push(this.sample(latency.old, old));
  }

  private sample({ medianMillis, sigma, coldShare, coldMillis }: Latency, count: number): Float64Array {
    const most = this.model.timeoutMillis ?? Infinity;
    return Float64Array.from({ length: count }, () => {
      const cold = this.random() < coldShare ? coldMillis : 0;
      return Math.min(most, cold + medianMillis * Math.exp(sigma * normal(this.random)));
    });
  }

  private durationsOf(ofAlias: boolean, from: number, to: number): Float64Array {
    const key = `${ofAlias} ${from} ${to}`;
    let found = this.sorted.get(key);
    if (found === undefined) {
      const [start, end] = [Math.max(0, from - this.first), Math.max(0, to - this.first)];
      const minutes = [...this.durations.new.slice(start, end), ...ofAlias ? this.durations.old.slice(start, end) : []];
      found = new Float64Array(minutes.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const minute of minutes) {
        found.set(minute, at);
        at += minute.length;
      }
      this.sorted.set(key, found.sort());
    }
    return found;
  }
}

/**
 * A statistic of sorted values: Minimum, Maximum, Average, Sum, SampleCount, a percentile as `p99`, or a percentile rank as `PR(:300)`.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 */
export function statisticOf(statistic: string, sorted: Float64Array): number {
  const { length } = sorted;
  if (length === 0) return NaN;
  const percentile = /^p(\d+(?:\.\d+)?)$/.exec(statistic)?.[1];
  if (percentile !== undefined) return sorted[Math.max(0, Math.ceil(length * Number(percentile) / 100) - 1)];
  const rank = /^PR\((\d*(?:\.\d+)?):(\d*(?:\.\d+)?)\)$/.exec(statistic);
  if (rank !== null) {
    const [low, high] = [rank[1] === '' ? -Infinity : Number(rank[1]), rank[2] === '' ? Infinity : Number(rank[2])];
    return 100 * sorted.filter(value => value > low && value <= high).length / length;
  }
  const sum = sorted.reduce((total, value) => total + value, 0);
  const known: Record<string, number> = { Minimum: sorted[0], Maximum: sorted[length - 1], SampleCount: length, Sum: sum, Average: sum / length };
  if (known[statistic] === undefined) throw new Error(`the statistic '${statistic}' is not simulated`);
  return known[statistic];
}
