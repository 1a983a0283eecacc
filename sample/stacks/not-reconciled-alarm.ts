import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** Fires when payments cannot be finished for three minutes: the provider is unavailable, or it and the ledger disagree. */
export function notReconciledAlarm(scope: Construct): cloudwatch.Alarm {
  const service = Stack.of(scope).node.id; // the service name that ProductionFunction sets for Powertools
  return new cloudwatch.Alarm(scope, 'NotReconciledAlarm', {
    metric: new cloudwatch.Metric({
      namespace: service, metricName: 'PaymentsNotReconciled', dimensionsMap: { service }, statistic: 'Sum', period: Duration.minutes(1),
    }),
    threshold: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 3,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription: 'Payments could not be reconciled for three minutes. Read the ERROR lines of the function Reconcile: if the provider and the ledger disagree, a refund may be necessary.',
  });
}
