import { Duration, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { aliasMetric, cfnFunctionOf, functionMetric } from './alias-metric';
import { LAMBDA } from '../limits';

const THIRD = 8;
const HALF = 12;

/** What is to be seen of one function. */
export function functionRows(alias: lambda.IAlias): cloudwatch.IWidget[][] {
  return [
    [heading(alias.node.path)],
    [traffic(alias), errorsByVersion(alias), latency(alias)],
    [coldStarts(alias), concurrency(alias)],
  ];
}

/** With its background stated, for CDK's default is none up to 2.275 and transparent from 2.276 on. */
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

/** A search, because the next version's number is not known when the dashboard is made. */
function errorsByVersion(alias: lambda.IAlias): cloudwatch.IWidget {
  const name = alias.version.lambda.functionName;
  const search = (metricName: string) => `SEARCH('{AWS/Lambda,ExecutedVersion,FunctionName,Resource} MetricName="${metricName}" FunctionName="${name}" Resource="${name}:${alias.aliasName}"', 'Sum', 60)`;
  return new cloudwatch.GraphWidget({
    title: 'Errors and requests by version',
    width: THIRD,
    left: [new cloudwatch.MathExpression({ expression: search('Errors'), usingMetrics: {}, label: "errors of ${PROP('Dim.ExecutedVersion')}", period: Duration.minutes(1) })],
    right: [new cloudwatch.MathExpression({ expression: search('Invocations'), usingMetrics: {}, label: "requests to ${PROP('Dim.ExecutedVersion')}", period: Duration.minutes(1) })],
    leftYAxis: { min: 0 },
    rightYAxis: { min: 0 },
  });
}

function latency(alias: lambda.IAlias): cloudwatch.IWidget {
  const timeout = cfnFunctionOf(alias)?.timeout ?? LAMBDA.timeoutUnsetSeconds;
  return new cloudwatch.GraphWidget({
    title: 'Latency and timeout',
    width: THIRD,
    left: ['p50', 'p90', 'p99'].map(statistic => aliasMetric(alias, 'Duration', statistic).with({ label: statistic })),
    leftAnnotations: Token.isUnresolved(timeout) ? [] : [{ value: timeout * 1_000, label: 'timeout', color: cloudwatch.Color.RED }],
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

/** From the template: asking `lambda.Function` for its log group would make one where there is none. */
function logGroupName(alias: lambda.IAlias): string {
  const config = cfnFunctionOf(alias)?.loggingConfig as lambda.CfnFunction.LoggingConfigProperty | undefined;
  return config?.logGroup ?? `/aws/lambda/${alias.version.lambda.functionName}`;
}

function concurrency(alias: lambda.IAlias): cloudwatch.IWidget {
  const reserved = cfnFunctionOf(alias)?.reservedConcurrentExecutions;
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
    leftAnnotations: reserved === undefined || Token.isUnresolved(reserved) ? [] : [{ value: reserved, label: 'reserved', color: cloudwatch.Color.RED }],
    leftYAxis: { min: 0 },
    rightYAxis: { min: 0 },
  });
}
