import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Payment } from './payment';

/** What the acquirer says of a payment whose money has arrived. */
export interface Settlement {
  readonly payment: string;
  readonly acquirerReference: string;
}

/** The notice names a payment that was never taken. */
export class UnknownPaymentError extends Error {
  public readonly name = 'UnknownPaymentError';
}

/**
 * The book of payments. Each entry and each settlement is a conditional write: whoever repeats it changes nothing. The
 * idempotency records in front of it answer repetitions early; where such a record was lost to a time-out or expired,
 * the condition still holds.
 */
export class Ledger {
  constructor(private readonly client: DynamoDBDocumentClient, private readonly tableName: string) {}

  /** Enters the payment unless its id stands in the book already, and returns what stands there. */
  public async enter(payment: Payment): Promise<Payment> {
    const isNew = await this.unlessDone(this.client.send(new PutCommand({
      TableName: this.tableName,
      Item: payment,
      ConditionExpression: 'attribute_not_exists(id)',
    })));
    if (isNew) return payment;
    const { settledAt: _settledAt, acquirerReference: _reference, ...entered } = (await this.find(payment.id))!;
    return entered as unknown as Payment;
  }

  /** Marks the payment as settled, once. */
  public async settle({ payment, acquirerReference }: Settlement): Promise<void> {
    const isNew = await this.unlessDone(this.client.send(new UpdateCommand({
      TableName: this.tableName,
      Key: { id: payment },
      UpdateExpression: 'SET settledAt = :now, acquirerReference = :reference',
      ConditionExpression: 'attribute_exists(id) AND attribute_not_exists(settledAt)',
      ExpressionAttributeValues: { ':now': new Date().toISOString(), ':reference': acquirerReference },
    })));
    if (!isNew && !await this.find(payment)) throw new UnknownPaymentError(`there is no payment ${payment}`);
  }

  private async find(id: string): Promise<Record<string, unknown> | undefined> {
    const { Item } = await this.client.send(new GetCommand({ TableName: this.tableName, Key: { id }, ConsistentRead: true }));
    return Item;
  }

  private async unlessDone(write: Promise<unknown>): Promise<boolean> {
    try {
      await write;
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}
