import type { Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Subject } from './subject';
import { FailureQueue } from '../../src';

function plainAlarm(stack: Stack): cloudwatch.Alarm {
  const metric = new sqs.Queue(stack, 'Failures').metricApproximateNumberOfMessagesVisible();
  return new cloudwatch.Alarm(stack, 'Alarm', { metric, threshold: 1, evaluationPeriods: 1 });
}

/** The settings of every alarm that a construct creates. */
export const ALARMS: Record<string, Subject> = {
  Alarm: {
    ours: stack => new FailureQueue(stack, 'Failures'),
    plain: plainAlarm,
    contains: ['FailureQueue'],
    probes: {
      treatMissingData: { read: r => r.alarm('').TreatMissingData, unset: 'missing' },
    },
  },
};
