/**
 * JMESPath expressions that identify an event, by event source, for the idempotency utility of Powertools for AWS Lambda:
 * `eventKeyJmesPath` in TypeScript, `event_key_jmespath` in Python, `withEventKeyJMESPath` in Java and
 * `WithEventKeyJmesPath` in .NET.
 *
 * Make an event without a key fail: `throwOnNoIdempotencyKey: true` in TypeScript, `raise_on_no_idempotency_key=True` in
 * Python, `withThrowOnNoIdempotencyKey()` in Java, `WithThrowOnNoIdempotencyKey(true)` in .NET. Otherwise Powertools
 * processes such an event unprotected, and only logs a warning.
 *
 * The expressions apply to the JSON of the event, which TypeScript and Python handlers receive. In Java they apply to the
 * properties of the event classes of `aws-lambda-java-events`, which have the same names except `SNS`. In .NET they apply to
 * the properties of the classes of `Amazon.Lambda.*Events`, which begin with a capital letter: `MessageId` instead of
 * `messageId`.
 *
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/
 */
export class IdempotencyKey {
  /**
   * A record of an SQS event. The id is the same for each receive. A redrive from the dead-letter queue assigns a new
   * id: to detect redriven messages, use a business key, such as the number of the payment.
   */
  public static readonly SQS: string = 'messageId';

  /**
   * An EventBridge event. If the publisher repeats an event, the repetition has a new id: to detect it, the publisher
   * must include a key in the detail.
   */
  public static readonly EVENT_BRIDGE: string = 'id';

  /**
   * A record of a DynamoDB Streams event.
   */
  public static readonly DYNAMODB_STREAM: string = 'eventID';

  /**
   * A record of a Kinesis event: shard and sequence number.
   */
  public static readonly KINESIS: string = 'eventID';

  /**
   * A record of a Kafka event: topic, partition and offset.
   */
  public static readonly KAFKA: string = '[topic, partition, offset]';

  /**
   * A record of an SNS event. In Java: `sns.messageId`.
   */
  public static readonly SNS: string = 'Sns.MessageId';

  /**
   * A record of an S3 event: the object and the sequencer, which orders the events of an object.
   */
  public static readonly S3: string = '[s3.bucket.name, s3.object.key, s3.object.sequencer]';

  /**
   * A request through an HTTP API or function URL, which convert header names to lower case.
   */
  public static readonly HTTP: string = 'headers."idempotency-key"';

  /**
   * A request through a REST API, which does not convert header names: this is the customary spelling. A handler that
   * supports any spelling must read the header itself.
   */
  public static readonly REST: string = 'headers."Idempotency-Key"';

  private constructor() {}
}
