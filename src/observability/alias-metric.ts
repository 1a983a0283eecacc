import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';

/** A metric of the requests through the alias. It has the alias by its name, so that an alarm on it can also roll back a release of the alias. */
export function aliasMetric(alias: lambda.IAlias, metricName: string, statistic: string): cloudwatch.Metric {
  const FunctionName = alias.version.lambda.functionName;
  return lambdaMetric(metricName, statistic, { FunctionName, Resource: `${FunctionName}:${alias.aliasName}` });
}

/** A metric that Lambda has for the whole function only. */
export function functionMetric(alias: lambda.IAlias, metricName: string, statistic: string): cloudwatch.Metric {
  return lambdaMetric(metricName, statistic, { FunctionName: alias.version.lambda.functionName });
}

function lambdaMetric(metricName: string, statistic: string, dimensionsMap: cloudwatch.DimensionsMap): cloudwatch.Metric {
  return new cloudwatch.Metric({ namespace: 'AWS/Lambda', metricName, statistic, period: Duration.minutes(1), dimensionsMap });
}
