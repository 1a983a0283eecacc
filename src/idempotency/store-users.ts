import { Names, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IIdempotencyStore } from './idempotency-store';
import { retrySourcesOf } from './retry-sources';
import { definitionOf } from '../private/function-definition';
import { IDEMPOTENCY_VARIABLES as V } from '../private/idempotency-variables';
import { refuse } from '../private/validation';

/** What Powertools calls: nothing less works, nothing more is needed. */
const ACTIONS = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];
/** What DynamoDB does with a customer's key in the name of the caller. */
const KEY_ACTIONS = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'];

/** The functions that use one store. */
export class StoreUsers {
  private readonly functions: lambda.IFunction[] = [];
  private readonly definitions = new Set<lambda.IFunction>();

  constructor(private readonly store: IIdempotencyStore) {
    store.node.addValidation({ validate: () => this.functions.flatMap(fn => this.findEarlyExpiry(fn)) });
  }

  public grantUse(grantee: iam.IGrantable, keyPrefix?: string): iam.Grant {
    this.store.encryptionKey?.grant(grantee, ...KEY_ACTIONS);
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ACTIONS,
      resourceArns: [this.store.tableArn],
      conditions: keyPrefix === undefined ? undefined : { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${keyPrefix}#*`] } },
    });
  }

  public attach(fn: lambda.IFunction): void {
    const definition = definitionOf(fn);
    if (!definition) {
      refuse(this.store.node.path, `attach() needs a function that is made in this app, got ${fn.node.path}, whose environment can't be set from here; use grantUse() and set ${Object.values(V).join(', ')} where it is made`);
    }
    if (this.functions.includes(fn)) return;
    this.functions.push(fn);
    // A function has one environment, whatever its aliases: they share its records.
    if (this.definitions.has(definition)) return;
    this.definitions.add(definition);
    const keyPrefix = Names.uniqueId(definition);
    this.grantUse(fn, keyPrefix);
    for (const [key, value] of Object.entries(this.environment(keyPrefix))) definition.addEnvironment(key, value);
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
    return retrySourcesOf(fn).filter(source => source.seconds > expiry).map(source =>
      `'expiresAfter' must be at least the ${source.seconds} s in which ${source.name} can repeat an event to ${fn.node.path} (${source.arithmetic}), got ${expiry} s, `
      + 'and a repetition after that would be worked on again; raise it or shorten the time of the source');
  }
}
