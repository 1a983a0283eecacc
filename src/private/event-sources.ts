import { CfnResource, type IResolvable, Reference, Tokenization } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { effectiveValue } from './effective-properties';
import { definitionOf } from './function-definition';
import { referenceText, withNamedReferences } from './reference-text';

/** The resource of this app that an ARN or name refers to, in any stack; undefined if it is literal or imported. */
export function referentOf(value: string | undefined): CfnResource | undefined {
  const token = value === undefined ? undefined : Tokenization.reverseString(value).firstToken;
  return token && targetOf(token);
}

/** The first resource that any part of an ARN refers to. */
export function referentIn(arn: string): CfnResource | undefined {
  return Tokenization.reverseString(arn).tokens.map(targetOf).find(target => target !== undefined);
}

function targetOf(token: IResolvable): CfnResource | undefined {
  return Reference.isReference(token) && CfnResource.isCfnResource(token.target) ? token.target : undefined;
}

/** The enabled event source mappings of a function and of all its aliases in the app. */
export function everyMappingOf(fn: lambda.IFunction): lambda.CfnEventSourceMapping[] {
  const definition = definitionOf(fn) ?? fn;
  const mappings = resourcesBelow(fn.node.root, 'AWS::Lambda::EventSourceMapping') as lambda.CfnEventSourceMapping[];
  return mappings.filter(mapping => isEnabled(mapping) && mapping.node.scopes.some(scope => 'functionArn' in scope && isOf(scope as lambda.IFunction, definition)));
}

/** A disabled mapping reads nothing, for example one that is kept for a redrive by hand. */
function isEnabled(mapping: lambda.CfnEventSourceMapping): boolean {
  return effectiveValue(mapping, 'Enabled', mapping.enabled) !== false;
}

function isOf(invoked: lambda.IFunction, definition: lambda.IFunction): boolean {
  return invoked === definition || definitionOf(invoked) === definition;
}

/** The configurations of asynchronous invocation of a function, alias or version, and of the function behind it. */
export function asyncConfigsOf(fn: lambda.IFunction): lambda.CfnEventInvokeConfig[] {
  return below(fn, 'AWS::Lambda::EventInvokeConfig') as lambda.CfnEventInvokeConfig[];
}

/** Queues, streams and topics of the app that invoke the function. */
export function triggersOf(fn: lambda.IFunction): CfnResource[] {
  const topics = (below(fn, 'AWS::SNS::Subscription') as sns.CfnSubscription[]).map(s => referentOf(s.topicArn));
  const mappings = (below(fn, 'AWS::Lambda::EventSourceMapping') as lambda.CfnEventSourceMapping[]).filter(isEnabled);
  return [...mappings.map(m => referentOf(m.eventSourceArn)), ...topics].filter(t => t !== undefined);
}

/** The ARNs by which a function can be invoked: its own ARN, and the ARNs of its aliases and versions in the app. */
export function addressesOf(fn: lambda.IFunction): string[] {
  const definition = definitionOf(fn);
  if (!definition) return [fn.functionArn];
  return [fn.functionArn, definition.functionArn, ...namedOf(definition, 'Alias').map(alias => alias.ref), ...namedOf(definition, 'Version').map(version => version.ref)];
}

/** The qualifiers of a function at synth: an alias or version itself; for an unqualified function, the function and all its aliases in the app. */
export function qualifiersOf(fn: lambda.IFunction): IConstruct[] {
  return fn === definitionOf(fn) ? [fn, ...namedOf(fn, 'Alias').map(alias => alias.node.scope!)] : [fn];
}

function namedOf(definition: lambda.IFunction, kind: 'Alias' | 'Version'): CfnResource[] {
  return resourcesBelow(definition.node.root, `AWS::Lambda::${kind}`)
    .filter(resource => referentOf((resource as lambda.CfnAlias | lambda.CfnVersion).functionName) === definition.node.defaultChild);
}

/** A target of a rule or schedule in the template. */
interface Target {
  readonly arn: unknown;
  readonly retryPolicy?: { readonly maximumEventAgeInSeconds?: unknown };
}

/** The targets of a rule or schedule whose ARN is one of the addresses of a function. */
export function targetsAt(addresses: string[], source: CfnResource, targets: unknown): Target[] {
  const texts = addresses.map(arn => referenceText(source, arn));
  const resolved: Target[] = withNamedReferences(source, targets) ?? [];
  return resolved.filter(target => texts.includes(referenceText(source, target.arn)));
}

/** The resources of one type in a part of the construct tree. */
export function resourcesBelow(root: IConstruct, type: string): CfnResource[] {
  return root.node.findAll().filter((c): c is CfnResource => CfnResource.isCfnResource(c) && c.cfnResourceType === type);
}

function below(fn: lambda.IFunction, type: string): CfnResource[] {
  const found = [fn, definitionOf(fn) ?? fn].flatMap(root => resourcesBelow(root, type));
  return [...new Set(found)];
}
