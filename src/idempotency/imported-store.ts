import type { Duration } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { IdempotencyStoreAttributes, IIdempotencyStore } from './idempotency-store';
import { StoreUsers } from './store-users';

/** A store that another app made. */
export class ImportedStore extends dynamodb.TableBaseV2 implements IIdempotencyStore {
  public readonly tableArn: string;
  public readonly tableName: string;
  public readonly encryptionKey?: kms.IKey;
  public readonly grants: dynamodb.TableGrants;
  public resourcePolicy?: iam.PolicyDocument;
  protected readonly region: string;
  protected readonly hasIndex = false;
  private readonly users: StoreUsers;

  constructor(scope: Construct, id: string, attrs: IdempotencyStoreAttributes, public readonly expiresAfter: Duration) {
    super(scope, id, { environmentFromArn: attrs.tableArn });
    const { tableArn, tableName } = dynamodb.TableV2.fromTableAttributes(this, 'Table', { tableArn: attrs.tableArn });
    this.tableArn = tableArn;
    this.tableName = tableName;
    this.encryptionKey = attrs.encryptionKey;
    this.grants = new dynamodb.TableGrants({ table: this });
    this.region = this.env.region;
    this.users = new StoreUsers(this);
  }

  public get tableStreamArn(): string | undefined {
    return undefined;
  }

  public get tableId(): string | undefined {
    return undefined;
  }

  public grantUse(grantee: iam.IGrantable): iam.Grant {
    return this.users.grantUse(grantee);
  }

  public attach(fn: lambda.IFunction): void {
    this.users.attach(fn);
  }

  public addToResourcePolicy(): iam.AddToResourcePolicyResult {
    return { statementAdded: false };
  }
}
