import { Duration, RemovalPolicy, Stack, Token, Validations } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ImportedStore } from './imported-store';
import { StoreUsers } from './store-users';
import { DEFAULTS, HTTP_RETRY_SECONDS } from '../limits';
import { refuse } from '../private/validation';
import { Profile } from '../profile';

const D = DEFAULTS.IdempotencyStore;

/**
 * A table in which functions remember what they have done.
 */
export interface IIdempotencyStore extends dynamodb.ITableV2 {
  /**
   * How long a record protects against a repetition.
   */
  readonly expiresAfter: Duration;

  /**
   * Allows what Powertools needs, on the whole table: GetItem, PutItem, UpdateItem and DeleteItem, nothing else.
   *
   * @param grantee Who uses the table
   */
  grantUse(grantee: iam.IGrantable): iam.Grant;

  /**
   * Lets a function remember what it has done: grants the four actions on its own records, sets its environment and
   * checks at synth that no source of the function can repeat an event after its record has expired.
   *
   * @param fn The function, or the alias through which it is invoked; all aliases of a function share its records
   */
  attach(fn: lambda.IFunction): void;
}

/**
 * Where an existing store is and how it is set.
 */
export interface IdempotencyStoreAttributes {
  /**
   * The ARN of the table.
   */
  readonly tableArn: string;

  /**
   * How long its records protect against a repetition: at least one hour.
   *
   * @default Duration.days(7)
   */
  readonly expiresAfter?: Duration;

  /**
   * The key with which the table is encrypted.
   *
   * @default - a key of DynamoDB's own
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Properties of an IdempotencyStore.
 */
export interface IdempotencyStoreProps {
  /**
   * How long a record protects against a repetition: at least one hour, for clients that repeat a request. It reaches
   * the functions as `IDEMPOTENCY_EXPIRES_AFTER_SECONDS`, to be passed to Powertools as `expiresAfterSeconds`.
   *
   * @default Duration.days(7)
   */
  readonly expiresAfter?: Duration;

  /**
   * A key of your own for the table. The functions that use the store are granted its use. The stack must state its
   * region, because CDK makes a table that could have replicas.
   *
   * @default - encrypted by DynamoDB with a key of its own
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What happens to the table when it leaves the stack.
   *
   * @default - that of the profile: RemovalPolicy.RETAIN, or RemovalPolicy.DESTROY in a sandbox unless
   * `deletionProtection` is on
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether AWS refuses to delete the table.
   *
   * @default - true, unless `removalPolicy` is DESTROY, as it is in a sandbox
   */
  readonly deletionProtection?: boolean;
}

/**
 * The table in which Powertools' idempotency keeps its records, exactly as it expects it: what was done once is not done
 * again when its event comes again.
 *
 * In the account appears one DynamoDB table with the key `id` and the time to live `expiration`, on demand, with
 * point-in-time recovery and deletion protection: without its records, each repeated event is worked on again.
 *
 * `new ProductionFunction(…, { idempotency: store })`, or `store.attach(fn)` for any function, sets `IDEMPOTENCY_TABLE`,
 * `IDEMPOTENCY_KEY_PREFIX` and `IDEMPOTENCY_EXPIRES_AFTER_SECONDS`. Functions share a store safely: each may only touch
 * records whose id begins with its own prefix, so the handler must pass the prefix to Powertools as `keyPrefix`. The
 * prefix comes from the construct path: a function that moves in the tree forgets what it has done.
 *
 * Refused: an `expiresAfter` below one hour, and at synth one that is shorter than the time in which a source of an
 * attached function can repeat an event (the age of asynchronous events, which SNS and S3 send too, and the delivery of
 * the rules and schedules of this app before it, the retention of a queue, the record age of a stream), with the
 * arithmetic in the message. Not counted: how long SNS and S3 try to hand over what Lambda has not accepted, for nothing
 * was done with that, and what another app sends.
 *
 * The store can't know what your code does: take the key from the event as `IdempotencyKey` says, let a missing key
 * fail, and return plain JSON below 400 KB. A result that DynamoDB can't save (a `Date`, a class, `undefined` in a
 * field) leaves the record unfinished, and the repetition does the work again.
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
   * A store that exists already, for example in another app.
   *
   * @param scope The scope to import it into
   * @param id The id within the scope
   * @param attrs Where it is and how it is set
   */
  public static fromIdempotencyStoreAttributes(scope: Construct, id: string, attrs: IdempotencyStoreAttributes): IIdempotencyStore {
    return new ImportedStore(scope, id, attrs, IdempotencyStore.checkedExpiry(`${scope.node.path}/${id}`, attrs.expiresAfter));
  }

  private static tableProps(at: string, region: string, profile: Profile, props: IdempotencyStoreProps): dynamodb.TablePropsV2 {
    if (props.encryptionKey && Token.isUnresolved(region)) {
      refuse(at, "'encryptionKey' needs a stack that states its region, got a stack for any; set 'env' on the stack");
    }
    const removalPolicy = props.removalPolicy ?? (props.deletionProtection ? RemovalPolicy.RETAIN : profile.removalPolicy);
    const isDisposable = removalPolicy === RemovalPolicy.DESTROY;
    if (isDisposable && props.deletionProtection) {
      refuse(at, "'deletionProtection' must not go with 'removalPolicy' DESTROY, got both, and the stack could not be deleted; leave one out");
    }
    return {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
      timeToLiveAttribute: 'expiration',
      billing: dynamodb.Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: profile.pointInTimeRecovery },
      deletionProtection: props.deletionProtection ?? (profile.deletionProtection && !isDisposable),
      encryption: props.encryptionKey && dynamodb.TableEncryptionV2.customerManagedKey(props.encryptionKey),
      removalPolicy,
    };
  }

  private static checkedExpiry(at: string, expiresAfter: Duration = Duration.seconds(D.expiresAfterSeconds.value)): Duration {
    const seconds = expiresAfter.toSeconds();
    if (!Token.isUnresolved(seconds) && seconds < HTTP_RETRY_SECONDS) {
      refuse(at, `'expiresAfter' must be at least the ${HTTP_RETRY_SECONDS} s in which clients repeat an HTTP request, got ${seconds} s; raise it`);
    }
    return expiresAfter;
  }

  public readonly expiresAfter: Duration;
  private readonly users: StoreUsers;

  constructor(scope: Construct, id: string, props: IdempotencyStoreProps = {}) {
    const at = `${scope.node.path}/${id}`;
    const expiresAfter = IdempotencyStore.checkedExpiry(at, props.expiresAfter);
    super(scope, id, IdempotencyStore.tableProps(at, Stack.of(scope).region, Profile.of(scope), props));
    this.expiresAfter = expiresAfter;
    this.users = new StoreUsers(this);
    if (!Profile.of(scope).pointInTimeRecovery) {
      Validations.of(this).acknowledge({
        id: 'ProductionChecks::LP-F56', reason: 'the profile of its scope has no point-in-time recovery: nothing here is worth a restore',
      });
    }
  }

  public grantUse(grantee: iam.IGrantable): iam.Grant {
    return this.users.grantUse(grantee);
  }

  public attach(fn: lambda.IFunction): void {
    this.users.attach(fn);
  }
}
