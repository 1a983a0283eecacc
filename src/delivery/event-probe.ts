import { Duration, Validations } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { EventProbeProps } from './event-probe-props';
import { validateEventProbe } from './event-probe-validation';
import { DEFAULTS } from '../defaults';

const D = DEFAULTS.EventProbe;

/**
 * A queue in a sandbox that collects what an event bus, a topic, a Kinesis stream or the stream of a table carries, so that a test
 * can wait for a message: `awaitMessage` of `cdk-production-lambda-testing`, or ReceiveMessage.
 *
 * Creates a standard queue, encrypted, with a policy that denies requests without TLS, from which SQS deletes messages after an
 * hour, and what delivers to it: a rule on an event bus, a subscription of a topic, or an EventBridge pipe with its role. The
 * body of a message is the event of EventBridge, the message of the topic as it was published, or one record of the stream. The
 * probe does not change what other consumers receive. A consumer receives the message of a standard queue at least once, in any
 * order. All resources are deleted with their stack.
 *
 * Throws an error outside of a sandbox, because the queue has no dead-letter queue and loses messages after an hour: create it in
 * an EphemeralStack, or below a scope with `Profile.sandbox()`.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/testing-guide.html
 * @example
 * const stack = new EphemeralStack(new App(), 'Payments', { branch: 'feature/refunds', expires: Expiration.fromString('2027-01-31') });
 * const charged = new sns.Topic(stack, 'Charged', { enforceSSL: true });
 * const probe = new EventProbe(stack, 'Probe', { source: ProbeSource.topic(charged) });
 * new CfnOutput(stack, 'ProbeUrl', { value: probe.queue.queueUrl });
 */
export class EventProbe extends Construct {
  /**
   * The queue with the messages.
   */
  public readonly queue: sqs.Queue;

  constructor(scope: Construct, id: string, props: EventProbeProps) {
    super(scope, id);
    validateEventProbe(this);
    this.queue = new sqs.Queue(this, 'Queue', {
      retentionPeriod: Duration.minutes(D.retentionMinutes.value),
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: D.enforceSSL.value,
    });
    const reason = 'it collects messages for the tests of a sandbox, which read them within an hour';
    for (const rule of ['AwsSolutions::AwsSolutions-SQS3', 'Serverless::Serverless-SQSRedrivePolicy']) {
      Validations.of(this.queue).acknowledge({ id: rule, reason });
    }
    props.source._connect(this, this.queue);
  }
}
