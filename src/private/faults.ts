import { Lazy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { unresolvedEnvironmentOf } from './cdk-internals';
import { definitionOf } from './function-definition';

const NAMESPACE = 'POWERTOOLS_METRICS_NAMESPACE';
const publishing = new WeakSet<lambda.Function>();

/** Records that the handler of a function publishes `Faults`, for example because its bundle is instrumented. */
export function declareFaults(fn: lambda.Function): void {
  publishing.add(fn);
}

/** Records that a handler is instrumented without a change of its code: the alarms count `Faults`, and the metrics need a namespace. */
export function declareInstrumented(fn: lambda.Function): void {
  declareFaults(fn);
  fn.node.addValidation({ validate: () => findFaultsProblems(fn) });
}

/** Whether the handler of a function, or of the function behind an alias, is known to publish `Faults`. */
export function publishesFaults(fn: lambda.IFunction): boolean {
  const definition = definitionOf(fn);
  return definition !== undefined && publishing.has(definition);
}

/**
 * The requests that failed without an error that Lambda counts: responses of 500 and above, and batches with records reported as
 * failed. The handler publishes one data point for each such request, and none for a healthy one; so the number
 * of data points is counted, not their sum, which is a number of records.
 */
export function faultsMetric(version: lambda.IVersion, period: cloudwatch.MetricProps['period']): cloudwatch.Metric {
  const definition = definitionOf(version)!;
  return new cloudwatch.Metric({
    namespace: Lazy.string({ produce: () => namespaceOf(definition) ?? 'default_namespace' }),
    metricName: 'Faults',
    statistic: 'SampleCount',
    period,
    dimensionsMap: { FunctionName: definition.functionName, ExecutedVersion: version.version },
  });
}

/** The problem of a function that publishes `Faults` in no known namespace. */
export function findFaultsProblems(fn: lambda.IFunction): string[] {
  const definition = definitionOf(fn);
  if (definition !== undefined && namespaceOf(definition) !== undefined) return [];
  return [`'faults' must be published in a known namespace, got no variable ${NAMESPACE}; `
    + 'add the variable to the environment of the function, and publish the metric in this namespace'];
}

function namespaceOf(definition: lambda.Function): string | undefined {
  return unresolvedEnvironmentOf(definition)[NAMESPACE] as string | undefined;
}
