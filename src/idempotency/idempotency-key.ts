/**
 * What makes two events the same event, by where they come from: JMESPath expressions for `eventKeyJmesPath` of
 * Powertools.
 *
 * Set `throwOnNoIdempotencyKey: true` with each of them: where the key is missing, Powertools otherwise does the work
 * without any protection and says so only in a log line.
 *
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/
 */
export class IdempotencyKey {
  /**
   * One record of an SQS event. The id stays the same for each receive; a redrive from the dead-letter queue gives a new
   * one, so what must survive that needs a key of the business, such as the number of the payment.
   */
  public static readonly SQS: string = 'messageId';

  /**
   * An EventBridge event. A publisher that repeats itself gives each repetition a new id: then it must put a key of its
   * own into the detail.
   */
  public static readonly EVENT_BRIDGE: string = 'id';

  /**
   * One record of an event of DynamoDB Streams.
   */
  public static readonly DYNAMODB_STREAM: string = 'eventID';

  /**
   * One record of a Kinesis event: shard and sequence number.
   */
  public static readonly KINESIS: string = 'eventID';

  /**
   * One record of a Kafka event: where it stands in its topic.
   */
  public static readonly KAFKA: string = '[topic, partition, offset]';

  /**
   * One record of an SNS event.
   */
  public static readonly SNS: string = 'Sns.MessageId';

  /**
   * One record of an S3 event: the object and the order of what happened to it.
   */
  public static readonly S3: string = '[s3.bucket.name, s3.object.key, s3.object.sequencer]';

  /**
   * A request through an HTTP API or function URL, whose header names are in lower case.
   */
  public static readonly HTTP: string = 'headers."idempotency-key"';

  /**
   * A request through a REST API, whose header names are as the client wrote them: this is the customary way. A handler
   * that must take any reads the header itself.
   */
  public static readonly REST: string = 'headers."Idempotency-Key"';

  private constructor() {}
}
