import { Names, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { redeliverySourcesOf } from './event-redelivery';
import type { IIdempotencyStore } from './idempotency-store-interface';
import { IDEMPOTENCY_VARIABLES as V } from './idempotency-variables';
import { definitionOf } from '../private/function-definition';
import { refuse } from '../private/validation';

/** The actions that Powertools calls. */
const ACTIONS = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];
/** The actions that DynamoDB calls on a customer managed key on behalf of the caller. */
const KEY_ACTIONS = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'];

/** The functions that are connected to one store. */
export class StoreConnections {
  private readonly functions: lambda.IFunction[] = [];
  private readonly definitions = new Set<lambda.IFunction>();

  /** @param imported whether other apps, or the same app in another environment, use the store */
  constructor(private readonly store: IIdempotencyStore, private readonly imported = false) {
    store.node.addValidation({ validate: () => this.functions.flatMap(fn => this.findEarlyExpiry(fn)) });
  }

  public grantConnect(grantee: iam.IGrantable, keyPrefix?: string): iam.Grant {
    this.store.encryptionKey?.grant(grantee, ...KEY_ACTIONS);
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ACTIONS,
      resourceArns: [this.store.tableArn],
      conditions: keyPrefix === undefined ? undefined : { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${keyPrefix}#*`] } },
    });
  }

  public connect(fn: lambda.IFunction): void {
    const definition = definitionOf(fn);
    if (!definition) {
      refuse(this.store.node.path, `'fn' must be a function that this app defines, got ${fn.node.path}, `
        + 'whose environment cannot be set; '
        + `use grantConnect() and set ${Object.values(V).join(', ')} where the function is defined`);
    }
    if (this.functions.includes(fn)) return;
    this.functions.push(fn);
    // All aliases of a function share its environment, so they share its records.
    if (this.definitions.has(definition)) return;
    this.definitions.add(definition);
    const keyPrefix = this.keyPrefixOf(definition);
    this.grantConnect(fn, keyPrefix);
    for (const [key, value] of Object.entries(this.environment(keyPrefix))) definition.addEnvironment(key, value);
  }

  /** The path of a function is unique within its app only, and a stack within its account and Region. */
  private keyPrefixOf(definition: lambda.IFunction): string {
    const { stackName, region, account } = Stack.of(definition);
    const path = Names.uniqueId(definition);
    return this.imported ? [path, stackName, region, account].join('/') : path;
  }

  private environment(keyPrefix: string): Record<string, string> {
    return {
      [V.table]: this.store.tableName,
      [V.keyPrefix]: keyPrefix,
      [V.expiresAfterSeconds]: this.store.expiresAfter.toSeconds().toString(),
    };
  }

  private findEarlyExpiry(fn: lambda.IFunction): string[] {
    const expiry = this.store.expiresAfter.toSeconds();
    if (Token.isUnresolved(expiry)) return [];
    return redeliverySourcesOf(fn).filter(source => source.seconds > expiry).map(source =>
      `'expiresAfter' must be at least ${source.seconds} s, `
        + `in which ${source.name} can repeat an event to ${fn.node.path} (${source.arithmetic}), `
      + `got ${expiry} s, and a later repetition would be processed again; raise it or shorten the time of the source`);
  }
}
