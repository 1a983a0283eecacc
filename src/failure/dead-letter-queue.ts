import { Duration, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { createMessagesAlarm } from './messages-alarm';
import { SourceStatements } from './source-statements';
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
export class DeadLetterQueue extends sqs.Queue {
  /** @internal */
  public readonly _messagesAlarm: cloudwatch.Alarm;
  private readonly sources: SourceStatements;

  constructor(scope: Construct, id: string, props: DeadLetterQueueProps) {
    super(scope, id, {
      fifo: props.fifo,
      retentionPeriod: Duration.days(D.retentionDays.value),
      enforceSSL: D.enforceSSL.value,
      encryption: props.encryptionKey ? sqs.QueueEncryption.KMS : sqs.QueueEncryption.SQS_MANAGED,
      encryptionMasterKey: props.encryptionKey,
      removalPolicy: props.removalPolicy,
    });
    this.sources = new SourceStatements(this);
    this._messagesAlarm = createMessagesAlarm(this, 'Alarm', this, props.alarmDescription);
    Validations.of(this).acknowledge({ id: 'Serverless::Serverless-SQSRedrivePolicy', reason: props.reason });
  }

  /**
   * Adds a statement to the policy of the queue. Statements that allow a service to send messages, each for one source, become one
   * statement with a list of sources; for more than 20 sources it allows all sources of the account.
   */
  public addToResourcePolicy(statement: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    const add = (added: iam.PolicyStatement) => super.addToResourcePolicy(added);
    // The constructor of the queue adds the statement that requires TLS.
    return this.sources?.add(statement, add) ?? add(statement);
  }
}
