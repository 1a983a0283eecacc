import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { IIdempotencyStore } from './idempotency-store-interface';
import type { IdempotencyStoreAttributes, IdempotencyStoreProps } from './idempotency-store-props';
import { validateExpiresAfter, validateIdempotencyStoreProps } from './idempotency-store-validation';
import { ImportedIdempotencyStore } from './imported-idempotency-store';
import { StoreConnections } from './store-connections';
import { DEFAULTS } from '../defaults';
import { Profile } from '../profile';

/**
 * The DynamoDB table of the idempotency utility of Powertools for AWS Lambda: an event that was processed is not
 * processed again when it is repeated.
 *
 * Creates one DynamoDB table with the key `id` and the time-to-live attribute `expiration`, on demand, with
 * point-in-time recovery and deletion protection: without its records, repeated events would be processed again.
 *
 * `new ProductionFunction(…, { idempotency: store })`, or `store.connect(fn)` for any function, sets
 * `IDEMPOTENCY_TABLE`, `IDEMPOTENCY_KEY_PREFIX` and `IDEMPOTENCY_EXPIRES_AFTER_SECONDS`. Functions can share a store:
 * each function can only access records whose id begins with its own prefix, so the handler must pass the prefix to
 * Powertools as `keyPrefix` (Python: `key_prefix`, since Powertools 3.5.0). Several operations in one function pass
 * `<prefix>#<operation>`, which the permission includes: with the same prefix they share their keys, and the second
 * operation never runs. The prefix is derived from the construct path: a function that moves in the construct
 * tree loses its records. In an imported store, the prefix also has the name, the Region and the account of the stack.
 *
 * Powertools for Java and .NET builds the ids from the name of the function and of the method, so each operation has its
 * own records. Functions of all runtimes except Node.js and Python can therefore also access records whose id begins with
 * their name: one more `AWS::IAM::Policy`. They lose their records if the function gets another name.
 *
 * Throws an error if `expiresAfter` is shorter than one hour. Synthesis fails if `expiresAfter` is shorter than the
 * time in which an event source of a connected function can repeat an event; the message contains the arithmetic. The
 * time is the age of asynchronous events (of SNS and S3 too) plus the delivery time of the rules and schedules of
 * this app, the retention period of a queue, or the record age of a stream. It does not include the delivery time of
 * SNS and S3, because the function has not processed an undelivered event, and events of other apps.
 *
 * The handler must choose the key as `IdempotencyKey` describes, fail if the key is missing, and return plain JSON
 * below 400 KB. If DynamoDB cannot store the result (a `Date`, a class instance, an `undefined` field), the record is
 * left incomplete, and a repeated event is processed again.
 *
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/
 * @example
 * const store = new IdempotencyStore(this, 'Idempotency');
 * new ProductionFunction(this, 'Pay', {
 *   runtime: lambda.Runtime.NODEJS_24_X,
 *   handler: 'index.handler',
 *   code: lambda.Code.fromAsset('handlers/pay'),
 *   idempotency: store,
 * });
 */
export class IdempotencyStore extends dynamodb.TableV2 implements IIdempotencyStore {
  /**
   * Imports an existing store, for example of another app.
   *
   * @param scope The scope of the imported store
   * @param id The id within the scope
   * @param attrs The attributes of the store
   */
  public static fromIdempotencyStoreAttributes(scope: Construct, id: string, attrs: IdempotencyStoreAttributes): IIdempotencyStore {
    validateExpiresAfter(`${scope.node.path}/${id}`, attrs.expiresAfter);
    return new ImportedIdempotencyStore(scope, id, attrs, attrs.expiresAfter ?? defaultExpiry());
  }

  private static tableProps(scope: Construct, id: string, props: IdempotencyStoreProps): dynamodb.TablePropsV2 {
    validateIdempotencyStoreProps(`${scope.node.path}/${id}`, Stack.of(scope).region, props);
    const profile = Profile.of(scope);
    const removalPolicy = props.removalPolicy ?? (props.deletionProtection ? RemovalPolicy.RETAIN : profile.removalPolicy);
    return {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
      timeToLiveAttribute: 'expiration',
      billing: dynamodb.Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: profile.pointInTimeRecovery },
      deletionProtection: props.deletionProtection ?? (profile.deletionProtection && removalPolicy !== RemovalPolicy.DESTROY),
      encryption: props.encryptionKey && dynamodb.TableEncryptionV2.customerManagedKey(props.encryptionKey),
      removalPolicy,
    };
  }

  public readonly expiresAfter: Duration;
  private readonly connections: StoreConnections;

  constructor(scope: Construct, id: string, props: IdempotencyStoreProps = {}) {
    super(scope, id, IdempotencyStore.tableProps(scope, id, props));
    this.expiresAfter = props.expiresAfter ?? defaultExpiry();
    this.connections = new StoreConnections(this);
  }

  public grantConnect(grantee: iam.IGrantable): iam.Grant {
    return this.connections.grantConnect(grantee);
  }

  public connect(fn: lambda.IFunction): void {
    this.connections.connect(fn);
  }
}

function defaultExpiry(): Duration {
  return Duration.seconds(DEFAULTS.IdempotencyStore.expiresAfterSeconds.value);
}
