import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { aliasMetric, functionMetric } from './alias-metric';
import { cfnFunctionOf, definitionOf, reservedConcurrencyOf, timeoutSecondsOf } from '../private/function-definition';

const THIRD = 8;
const HALF = 12;

/** The rows of one function. */
export function functionRows(alias: lambda.IAlias): cloudwatch.IWidget[][] {
  return [
    [heading(alias.node.path)],
    [traffic(alias), errorsByVersion(alias), latency(alias)],
    [coldStarts(alias), concurrency(alias)],
  ];
}

/** Sets the background, because CDK's default is none up to 2.275 and transparent from 2.276 on. */
function heading(text: string): cloudwatch.IWidget {
  return new cloudwatch.TextWidget({ markdown: `## ${text}`, width: 24, height: 1, background: cloudwatch.TextWidgetBackground.TRANSPARENT });
}

function traffic(alias: lambda.IAlias): cloudwatch.IWidget {
  return new cloudwatch.GraphWidget({
    title: 'Traffic',
    width: THIRD,
    left: [aliasMetric(alias, 'Invocations', 'Sum').with({ label: 'requests' })],
    right: [aliasMetric(alias, 'Throttles', 'Sum').with({ label: 'throttled' })],
    leftYAxis: { min: 0 },
    rightYAxis: { min: 0 },
  });
}

/** A search, because the numbers of later versions are not known when the dashboard is created. */
function errorsByVersion(alias: lambda.IAlias): cloudwatch.IWidget {
  const name = alias.version.lambda.functionName;
  const series = (metricName: string, label: string) => new cloudwatch.MathExpression({
    expression: `SEARCH('{AWS/Lambda,ExecutedVersion,FunctionName,Resource} MetricName="${metricName}" `
      + `FunctionName="${name}" Resource="${name}:${alias.aliasName}"', 'Sum', 60)`,
    usingMetrics: {},
    label,
    period: Duration.minutes(1),
  });
  return new cloudwatch.GraphWidget({
    title: 'Errors and requests by version',
    width: THIRD,
    left: [series('Errors', "errors of ${PROP('Dim.ExecutedVersion')}")],
    right: [series('Invocations', "requests to ${PROP('Dim.ExecutedVersion')}")],
    leftYAxis: { min: 0 },
    rightYAxis: { min: 0 },
  });
}

/** The annotation is a getter, which CDK reads at synth, so that it shows the timeout after overrides and aspects. */
function latency(alias: lambda.IAlias): cloudwatch.IWidget {
  return new cloudwatch.GraphWidget({
    title: 'Latency and timeout',
    width: THIRD,
    left: ['p50', 'p90', 'p99'].map(statistic => aliasMetric(alias, 'Duration', statistic).with({ label: statistic })),
    get leftAnnotations() {
      const seconds = timeoutSecondsOf(alias);
      return seconds === undefined ? [] : [{ value: seconds * 1_000, label: 'timeout', color: cloudwatch.Color.RED }];
    },
    leftYAxis: { min: 0, label: 'ms', showUnits: false },
  });
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html#platform-report */
function coldStarts(alias: lambda.IAlias): cloudwatch.IWidget {
  return new cloudwatch.LogQueryWidget({
    title: 'Cold starts',
    width: HALF,
    height: 6,
    view: cloudwatch.LogQueryVisualizationType.LINE,
    logGroupNames: [logGroupName(alias)],
    queryLines: [
      'filter type = "platform.report"',
      'fields coalesce(record.metrics.initDurationMs, record.metrics.restoreDurationMs) as startMs',
      'stats count(startMs) as coldStarts, pct(startMs, 95) as p95StartMs by bin(5m)',
    ],
  });
}

/** From the resource, because `lambda.Function.logGroup` creates a log group if the function has none. */
function logGroupName(alias: lambda.IAlias): string {
  const config = cfnFunctionOf(definitionOf(alias))?.loggingConfig as lambda.CfnFunction.LoggingConfigProperty | undefined;
  return config?.logGroup ?? `/aws/lambda/${alias.version.lambda.functionName}`;
}

function concurrency(alias: lambda.IAlias): cloudwatch.IWidget {
  return new cloudwatch.GraphWidget({
    title: 'Concurrency and limits',
    width: HALF,
    left: [
      functionMetric(alias, 'ConcurrentExecutions', 'Maximum').with({ label: 'in use' }),
      aliasMetric(alias, 'ProvisionedConcurrentExecutions', 'Maximum').with({ label: 'in use, provisioned' }),
    ],
    right: [
      aliasMetric(alias, 'ProvisionedConcurrencyUtilization', 'Maximum').with({ label: 'provisioned utilization' }),
      aliasMetric(alias, 'ProvisionedConcurrencySpilloverInvocations', 'Sum').with({ label: 'spilled over' }),
    ],
    get leftAnnotations() {
      const reserved = reservedConcurrencyOf(alias);
      return reserved === undefined ? [] : [{ value: reserved, label: 'reserved', color: cloudwatch.Color.RED }];
    },
    leftYAxis: { min: 0 },
    rightYAxis: { min: 0 },
  });
}
