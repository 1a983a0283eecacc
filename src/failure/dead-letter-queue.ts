import { Duration, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { DEFAULTS } from '../limits';

const D = DEFAULTS.FailureQueue;

interface DeadLetterQueueProps {
  readonly alarmDescription: string;
  /** Whose end of the line it is, for cdk-nag. */
  readonly reason: string;
  readonly encryptionKey?: kms.IKey;
  readonly fifo?: boolean;
}

/**
 * A queue at the end of a line: kept as long as SQS can, encrypted, by TLS only, and watched.
 *
 * @internal
 */
export class DeadLetterQueue extends sqs.Queue {
  /**
   * Fires while at least one message waits in the queue. It has no action yet: add yours.
   */
  public readonly alarm: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, props: DeadLetterQueueProps) {
    super(scope, id, {
      fifo: props.fifo,
      retentionPeriod: Duration.days(D.retentionDays.value),
      enforceSSL: D.enforceSSL.value,
      encryption: props.encryptionKey ? sqs.QueueEncryption.KMS : sqs.QueueEncryption.SQS_MANAGED,
      encryptionMasterKey: props.encryptionKey,
    });
    this.alarm = depthAlarm(this, 'Alarm', this, props.alarmDescription);
    Validations.of(this).acknowledge({ id: 'Serverless::Serverless-SQSRedrivePolicy', reason: props.reason });
  }
}

/** Fires as soon as one message is visible in the queue. */
export function depthAlarm(scope: Construct, id: string, queue: sqs.IQueue, alarmDescription: string): cloudwatch.Alarm {
  return queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' }).createAlarm(scope, id, {
    alarmDescription,
    threshold: D.alarmThreshold.value,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
}
