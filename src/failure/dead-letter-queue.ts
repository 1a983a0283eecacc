import { Duration, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { createMessagesAlarm } from './messages-alarm';
import { SharedQueue } from './shared-queue';
import { DEFAULTS } from '../defaults';

const D = DEFAULTS.FailureQueue;

interface DeadLetterQueueProps {
  readonly alarmDescription: string;
  /** Why the queue has no dead-letter queue of its own, for cdk-nag. */
  readonly reason: string;
  readonly encryptionKey?: kms.IKey;
  readonly fifo?: boolean;
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A queue that receives failed messages or events: encrypted, TLS only, with the longest retention period of SQS and an
 * alarm on its messages.
 *
 * @internal
 */
export class DeadLetterQueue extends SharedQueue {
  /** @internal */
  public readonly _messagesAlarm: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, props: DeadLetterQueueProps) {
    super(scope, id, {
      fifo: props.fifo,
      retentionPeriod: Duration.days(D.retentionDays.value),
      enforceSSL: D.enforceSSL.value,
      encryption: props.encryptionKey ? sqs.QueueEncryption.KMS : sqs.QueueEncryption.SQS_MANAGED,
      encryptionMasterKey: props.encryptionKey,
      removalPolicy: props.removalPolicy,
    });
    this._messagesAlarm = createMessagesAlarm(this, 'Alarm', this, props.alarmDescription);
    Validations.of(this).acknowledge({ id: 'Serverless::Serverless-SQSRedrivePolicy', reason: props.reason });
  }
}
