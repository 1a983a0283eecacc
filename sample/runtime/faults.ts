import type { Context } from 'aws-lambda';

/** The dimensions by which the release alarms count the failures of a version. */
type Publisher = Pick<Context, 'functionName' | 'functionVersion'>;

/**
 * Publishes the metric `Faults` for a result that says that the request failed: a response with a status of 500 or above, or a
 * batch with records that are reported as failed. Lambda counts neither as an error. A healthy request writes nothing, and neither
 * does a request that throws, which Lambda counts.
 *
 * The line is in the embedded metric format, and is written like the lines of Powertools: not through `console.log`, which Lambda wraps in
 * a log record. Powertools adds a dimension `service`, under which the release alarms would find nothing.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function publishFaults(result: unknown, { functionName, functionVersion }: Publisher): void {
  const faults = faultsIn(result);
  const { POWERTOOLS_METRICS_DISABLED: disabled, POWERTOOLS_METRICS_NAMESPACE: Namespace } = process.env;
  if (faults === 0 || disabled === 'true' || !Namespace) return;
  const line = {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [{ Namespace, Dimensions: [['FunctionName', 'ExecutedVersion']], Metrics: [{ Name: 'Faults', Unit: 'Count' }] }],
    },
    FunctionName: functionName,
    ExecutedVersion: functionVersion,
    Faults: faults,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** The number of failures in a result: 1 for a response, and for a batch the number of its failed records. */
export function faultsIn(result: unknown): number {
  if (typeof result !== 'object' || result === null) return 0;
  const { statusCode, batchItemFailures } = result as { statusCode?: unknown; batchItemFailures?: unknown };
  if (Array.isArray(batchItemFailures)) return batchItemFailures.length;
  return Number(statusCode) >= 500 ? 1 : 0;
}
