import type { Duration } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';

/**
 * A table in which functions record the events that they have processed.
 */
export interface IIdempotencyStore extends dynamodb.ITableV2 {
  /**
   * How long a record protects against a repeated event.
   */
  readonly expiresAfter: Duration;

  /**
   * Grants the actions that Powertools for AWS Lambda calls, on the whole table: GetItem, PutItem, UpdateItem and
   * DeleteItem.
   *
   * @param grantee The principal that uses the table
   */
  grantConnect(grantee: iam.IGrantable): iam.Grant;

  /**
   * Connects a function to the store: grants the four actions on the function's own records (by its prefix, and by its
   * name unless the runtime is Node.js or Python), sets environment
   * variables of the function, and validates at synthesis that no event source can repeat an event after its record
   * has expired.
   *
   * @param fn A function or an alias that invokes it. All aliases of a function share its records
   */
  connect(fn: lambda.IFunction): void;
}
