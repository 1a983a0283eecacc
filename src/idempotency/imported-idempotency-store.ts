import type { Duration } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { IIdempotencyStore } from './idempotency-store-interface';
import type { IdempotencyStoreAttributes } from './idempotency-store-props';
import { StoreConnections } from './store-connections';

/** A store that this app does not define. */
export class ImportedIdempotencyStore extends dynamodb.TableBaseV2 implements IIdempotencyStore {
  public readonly tableArn: string;
  public readonly tableName: string;
  public readonly encryptionKey?: kms.IKey;
  public readonly grants: dynamodb.TableGrants;
  public resourcePolicy?: iam.PolicyDocument;
  protected readonly region: string;
  protected readonly hasIndex = false;
  private readonly connections: StoreConnections;

  constructor(scope: Construct, id: string, attrs: IdempotencyStoreAttributes, public readonly expiresAfter: Duration) {
    super(scope, id, { environmentFromArn: attrs.tableArn });
    const { tableArn, tableName } = dynamodb.TableV2.fromTableAttributes(this, 'Table', { tableArn: attrs.tableArn });
    this.tableArn = tableArn;
    this.tableName = tableName;
    this.encryptionKey = attrs.encryptionKey;
    this.grants = new dynamodb.TableGrants({ table: this });
    this.region = this.env.region;
    this.connections = new StoreConnections(this, true);
  }

  public get tableStreamArn(): string | undefined {
    return undefined;
  }

  public get tableId(): string | undefined {
    return undefined;
  }

  public grantConnect(grantee: iam.IGrantable): iam.Grant {
    return this.connections.grantConnect(grantee);
  }

  public connect(fn: lambda.IFunction): void {
    this.connections.connect(fn);
  }

  public addToResourcePolicy(): iam.AddToResourcePolicyResult {
    return { statementAdded: false };
  }
}
