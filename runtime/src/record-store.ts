import type { JSONValue } from '@aws-lambda-powertools/commons/types';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';

/**
 * Powertools deletes the record of work that threw an error, and lets the record of a process that was killed expire at the timeout of its
 * function. A repetition could then run beside an effect that is still to come. These records stay in progress until it cannot come any more.
 */
export class RecordStore extends DynamoDBPersistenceLayer {
  private readonly held = new WeakSet<object>();

  /**
   * @param config The table and the client
   * @param remainingMillis The remaining time of the current invocation
   * @param holdMillis How long after the invocation an effect may come
   */
  constructor(
    config: ConstructorParameters<typeof DynamoDBPersistenceLayer>[0],
    private readonly remainingMillis: () => number,
    private readonly holdMillis: number,
  ) {
    super(config);
  }

  /** The record of this call stays in progress although the work threw an error. */
  public hold(call: object): void {
    this.held.add(call);
  }

  public async saveInProgress(call: JSONValue): Promise<void> {
    await super.saveInProgress(call, Math.max(1, this.remainingMillis()) + this.holdMillis);
  }

  public async deleteRecord(call: JSONValue): Promise<void> {
    if (!this.held.has(call as object)) await super.deleteRecord(call);
  }
}
