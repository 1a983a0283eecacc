import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';

/** What arrives through the alias, by name: an alarm may then also guard a release, which the alias waits for. */
export function aliasMetric(alias: lambda.IAlias, metricName: string, statistic: string): cloudwatch.Metric {
  const FunctionName = alias.version.lambda.functionName;
  return lambdaMetric(metricName, statistic, { FunctionName, Resource: `${FunctionName}:${alias.aliasName}` });
}

/** What is counted for the whole function only. */
export function functionMetric(alias: lambda.IAlias, metricName: string, statistic: string): cloudwatch.Metric {
  return lambdaMetric(metricName, statistic, { FunctionName: alias.version.lambda.functionName });
}

function lambdaMetric(metricName: string, statistic: string, dimensionsMap: cloudwatch.DimensionsMap): cloudwatch.Metric {
  return new cloudwatch.Metric({ namespace: 'AWS/Lambda', metricName, statistic, period: Duration.minutes(1), dimensionsMap });
}

/** What the template says of the function behind the alias; undefined where it is imported. */
export function cfnFunctionOf(alias: lambda.IAlias): lambda.CfnFunction | undefined {
  return alias.version.lambda.node.defaultChild as lambda.CfnFunction | undefined;
}
