import { VARIABLES } from './variables';

/** One data point. */
export interface EmbeddedMetric {
  readonly name: string;
  readonly unit: 'Count' | 'Milliseconds';
  readonly value: number;
  readonly dimensions: Record<string, string>;
}

/**
 * Writes one data point in the embedded metric format, in the namespace `POWERTOOLS_METRICS_NAMESPACE`; nothing without a namespace and
 * with `POWERTOOLS_METRICS_DISABLED`. Not by Powertools, which adds a dimension `service`, under which an alarm would find nothing. Like
 * the lines of Powertools it is not written through `console.log`, which Lambda wraps in a log record.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function writeMetric({ name, unit, value, dimensions }: EmbeddedMetric): void {
  const { [VARIABLES.observed.namespace]: Namespace, POWERTOOLS_METRICS_DISABLED: disabled = '' } = process.env;
  if (/^(true|1)$/i.test(disabled) || !Namespace) return;
  const line = {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [{ Namespace, Dimensions: [Object.keys(dimensions)], Metrics: [{ Name: name, Unit: unit }] }],
    },
    ...dimensions,
    [name]: value,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
