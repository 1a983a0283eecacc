import { type IResolveContext, Lazy, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { chanceExpression } from './error-rate';
import { DEFAULTS } from '../defaults';
import { numberText } from '../private/tokens';

const D = DEFAULTS.CanaryAlias;
/** The value of the alarm's expression if the version is too slow: more than any threshold. */
const TOO_SLOW = 100;
/**
 * The standard deviation of the logarithm of a lower quartile of n requests: this, times the logarithm of the ratio of the median to
 * the lower quartile of the distribution, divided by the root of n. For a log-normal distribution it is 1.36 / 0.674.
 */
const QUARTILE_DEVIATION = 2;

/** The limits of the duration alarm. */
interface DurationLimits {
  /** Percentage of the timeout. */
  readonly durationThreshold: number;
  /** Ratio to the usual duration. */
  readonly slowdownThreshold: number;
  readonly minimumRequests: number;
  /** Reads the timeout in seconds at synth. */
  readonly timeout: () => unknown;
}

/** The statistics of the duration that the expression reads, by the id of the metric: of the new version, and of the alias. */
export const DURATION_STATISTICS = {
  new: { near: 'p90', median: 'p50', quarter: 'p25' },
  alias: { usual_median: 'p50', usual_quarter: 'p25' },
} as const;

/**
 * The requests that end near the timeout, as the alarm sees them: the percentage rank of the limit. A rank cannot be a
 * reference, so that with a timeout or threshold that is one, the alarm reads the 90th percentile instead.
 */
export function nearStatistic(limits: DurationLimits): string {
  return Lazy.uncachedString({
    produce: context => {
      const limit = limitMillis(limits, context);
      return limit === undefined ? DURATION_STATISTICS.new.near : `PR(:${limit})`;
    },
  });
}

/** The statistic of a metric of an alarm is replaced in its resource, because `Metric` accepts only literal statistics. */
export function replaceStatistic(alarm: cloudwatch.CfnAlarm, id: string, statistic: string): void {
  const metrics = alarm.metrics as cloudwatch.CfnAlarm.MetricDataQueryProperty[];
  alarm.metrics = metrics.map(metric => metric.id === id
    ? { ...metric, metricStat: { ...metric.metricStat as cloudwatch.CfnAlarm.MetricStatProperty, stat: statistic } }
    : metric);
}

/** More than the threshold if the new version is near its timeout or slower than usual, otherwise 0 or the percentage of the timeout. */
export function durationExpression(limits: DurationLimits): string {
  return Lazy.uncachedString({ produce: context => `MAX([${nearTimeout(limits, context)}, ${slowerThanUsual(limits)}])` });
}

/** More than 1 % of the requests take longer than the limit, and chance does not explain it. */
function nearTimeout(limits: DurationLimits, context: IResolveContext): string {
  const share = D.durationShare.value;
  const enough = `invocations >= ${numberText(limits.minimumRequests)}`;
  if (limitMillis(limits, context) !== undefined) {
    const slow = '(100 - near) * invocations / 100';
    return `IF(${enough} AND 100 * (${slow} - ${chanceExpression(share)}) / invocations > ${share}, ${TOO_SLOW}, 0)`;
  }
  const timeout = limits.timeout();
  // Milliseconds divided by 10 × seconds are a percentage. At 20 requests, p90 is above the limit if at least two are.
  return `IF(${enough} AND invocations >= 20, near / (10 * ${typeof timeout === 'number' ? numberText(timeout) : Token.asString(timeout)}), 0)`;
}

/**
 * Median and lower quartile of the new version exceed the alias's own by the factor, and chance does not explain it. Cold starts
 * hardly move the quartile. The spread of the alias's durations says what chance explains.
 */
function slowerThanUsual({ slowdownThreshold, minimumRequests }: DurationLimits): string {
  const ratio = 'MIN([median / usual_median, quarter / usual_quarter])';
  const chance = `${D.slowdownDeviations.value * QUARTILE_DEVIATION} * LOG(usual_median / usual_quarter) / invocations ^ 0.5`;
  const enough = `invocations >= ${D.slowdownMinimumRequests.value} AND invocations >= ${numberText(minimumRequests)}`;
  return `IF(${enough} AND LOG(${ratio} / ${numberText(slowdownThreshold)}) > ${chance}, ${TOO_SLOW}, 0)`;
}

function limitMillis({ durationThreshold, timeout }: DurationLimits, context: IResolveContext): number | undefined {
  const stated = timeout();
  const seconds: unknown = Token.isUnresolved(stated) ? context.resolve(stated) : stated;
  return typeof seconds === 'number' && !Token.isUnresolved(durationThreshold)
    ? Math.round(seconds * 10 * durationThreshold)
    : undefined;
}
