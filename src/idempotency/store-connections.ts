import { Names, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { redeliverySourcesOf } from './event-redelivery';
import type { IIdempotencyStore } from './idempotency-store-interface';
import { IDEMPOTENCY_VARIABLES as V } from './idempotency-variables';
import { durationText } from '../private/duration-text';
import { definitionOf } from '../private/function-definition';
import { accountOfArn, isElsewhere, regionOfArn } from '../private/region-of-arn';
import { refuse } from '../private/validation';

/** The actions that Powertools calls. */
const ACTIONS = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];
/** The actions that DynamoDB calls on a customer managed key on behalf of the caller. */
const KEY_ACTIONS = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'];
/** The languages in which Powertools accepts a prefix that is known at runtime (docs/adr/0106-records-by-function-name.md). */
const PREFIX_FAMILIES = [lambda.RuntimeFamily.NODEJS, lambda.RuntimeFamily.PYTHON];

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
      conditions: keyPrefix === undefined ? undefined : recordsOf(`${keyPrefix}#*`),
    });
  }

  public connect(fn: lambda.IFunction): void {
    const definition = definitionOf(fn);
    if (!definition) {
      refuse(this.store.node.path, `'fn' must be a function that this app defines, got ${fn.node.path}, `
        + 'whose environment cannot be set; '
        + `use grantConnect() and set ${Object.values(V).join(', ')} where the function is defined`);
    }
    this.requireSameEnvironment(definition);
    if (this.functions.includes(fn)) return;
    this.functions.push(fn);
    // All aliases of a function share its environment, so they share its records.
    if (this.definitions.has(definition)) return;
    this.definitions.add(definition);
    const keyPrefix = this.keyPrefixOf(definition);
    this.grantConnect(fn, keyPrefix);
    if (!PREFIX_FAMILIES.includes(definition.runtime.family!)) this.grantRecordsByName(fn, definition);
    for (const [key, value] of Object.entries(this.environment(keyPrefix))) definition.addEnvironment(key, value);
  }

  /** The handler reads the table by its name, in the account and the Region of the function. */
  private requireSameEnvironment(fn: lambda.IFunction): void {
    const { account, region } = Stack.of(fn);
    const { tableArn } = this.store;
    const [ownAccount, ownRegion] = [accountOfArn(tableArn), regionOfArn(tableArn)];
    if (!isElsewhere(ownAccount, account) && !isElsewhere(ownRegion, region)) return;
    refuse(this.store.node.path, `'fn' must be in the account and Region of the table, ${ownAccount}/${ownRegion}, got ${fn.node.path} in ${account}/${region}, `
      + 'whose handler would look for the table there; create a store in the environment of the function');
  }

  /**
   * In a policy that the function does not depend on: the policy names the function, which depends on its role. A function's
   * name contains no dot, so that no name begins with the dot and the method of another.
   */
  private grantRecordsByName(fn: lambda.IFunction, definition: lambda.Function): void {
    const policy = new iam.Policy(definition, `Records${Names.nodeUniqueId(this.store.node)}`, {
      statements: [new iam.PolicyStatement({
        actions: ACTIONS,
        resources: [this.store.tableArn],
        conditions: recordsOf(`${definition.functionName}#*`, `${definition.functionName}.*`),
      })],
    });
    definition.role?.attachInlinePolicy(policy);
    aliasOf(fn)?.node.addDependency(policy);
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
      `'expiresAfter' must be at least ${durationText(source.seconds)}, `
        + `in which ${source.name} can repeat an event to ${fn.node.path} (${source.arithmetic}), `
      + `got ${durationText(expiry)}, and a later repetition would be processed again; raise it or shorten the time of the source`);
  }
}

/** The condition that restricts the actions to records whose id matches a pattern. */
function recordsOf(...patterns: string[]): Record<string, Record<string, unknown>> {
  return { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns } };
}

/** The alias through which requests arrive: it serves them after the permissions exist. */
function aliasOf(fn: lambda.IFunction): lambda.IAlias | undefined {
  return fn instanceof lambda.Alias ? fn : (fn as { live?: lambda.IAlias }).live;
}
