import { type CfnResource, Stack } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { isBucket } from './async-destination';
import { addressesOf, asyncConfigsOf, referentOf, resourcesBelow, targetsAt, triggersOf } from './event-sources';
import { definitionOf } from './function-definition';
import { referenceText } from './reference-text';
import { accountOfArn, isElsewhere, regionOfArn } from './region-of-arn';

/** The source and detail types of the events that Lambda sends to an event bus. */
const SOURCE = 'lambda';
const DETAIL_TYPES: Record<string, string> = {
  onFailure: 'Lambda Function Invocation Result - Failure',
  onSuccess: 'Lambda Function Invocation Result - Success',
};
/** The parts of a pattern that decide whether it matches Lambda's events; with any other part, the match is not certain. */
const DECIDING = ['source', 'detail-type', 'account', 'region', 'version'];

/** The destinations of a function's asynchronous events that invoke the same function. Call it at synth, because event sources are added until then. */
export function findLoops(fn: lambda.IFunction): string[] {
  const triggers = triggersOf(fn);
  const invokesAgain = ([prop, arn]: [string, string]) => {
    const resource = referentOf(arn);
    if (resource && triggers.includes(resource)) return true;
    if (isBucket(arn)) return notifies(fn, arn);
    return isBus(fn, arn) && hasRuleFor(fn, prop, arn);
  };
  return destinationsOf(fn).filter(invokesAgain).map(([prop, arn]) =>
    `'${prop}' must not be a source of the same function, got ${referentOf(arn)?.node.path ?? text(fn, arn)}, and each event would be processed indefinitely; `
    + 'send failed events to a queue of their own');
}

function destinationsOf(fn: lambda.IFunction): [string, string][] {
  const configured = asyncConfigsOf(fn).flatMap((config): [string, string | undefined][] => {
    const destinations = config.destinationConfig as lambda.CfnEventInvokeConfig.DestinationConfigProperty | undefined;
    return [['onFailure', destinationOf(destinations?.onFailure)], ['onSuccess', destinationOf(destinations?.onSuccess)]];
  });
  const definition = definitionOf(fn)?.node.defaultChild as lambda.CfnFunction | undefined;
  const deadLetters = definition?.deadLetterConfig as lambda.CfnFunction.DeadLetterConfigProperty | undefined;
  const all: [string, string | undefined][] = [...configured, ['deadLetterQueue', deadLetters?.targetArn]];
  return all.filter((entry): entry is [string, string] => entry[1] !== undefined);
}

function destinationOf(destination: unknown): string | undefined {
  return (destination as { destination?: string } | undefined)?.destination;
}

/** Whether a bucket notifies the function: the function then has a permission whose source is the bucket. */
function notifies(fn: lambda.IFunction, bucketArn: string): boolean {
  const addresses = addressesOf(fn).map(address => referenceText(fn, address));
  const permissions = resourcesBelow(fn.node.root, 'AWS::Lambda::Permission') as lambda.CfnPermission[];
  const bucket = referenceText(fn, bucketArn);
  return permissions.some(p => referenceText(fn, p.sourceArn) === bucket && addresses.includes(referenceText(fn, p.functionName)));
}

/** Whether a rule on the bus has the function as a target and certainly matches the events that Lambda sends to the bus. */
function hasRuleFor(fn: lambda.IFunction, prop: string, busArn: string): boolean {
  const addresses = addressesOf(fn);
  const rules = resourcesBelow(fn.node.root, 'AWS::Events::Rule') as events.CfnRule[];
  return rules.some(rule => isOnBus(rule, busArn) && targetsAt(addresses, rule, rule.targets).length > 0 && matches(rule, prop));
}

function matches(rule: events.CfnRule, prop: string): boolean {
  const pattern: Record<string, unknown> | undefined = Stack.of(rule).resolve(rule.eventPattern);
  const allows = (key: string, value: string) => pattern![key] === undefined || [pattern![key]].flat().includes(value);
  return pattern !== undefined && Object.keys(pattern).every(key => DECIDING.includes(key)) && allows('source', SOURCE) && allows('detail-type', DETAIL_TYPES[prop]);
}

function isBus(fn: lambda.IFunction, arn: string): boolean {
  const resource = referentOf(arn);
  return resource ? resource.cfnResourceType === 'AWS::Events::EventBus' : isDefaultBus(fn, arn);
}

function isOnBus(rule: events.CfnRule, busArn: string): boolean {
  const name: string | undefined = rule.eventBusName;
  const bus: CfnResource | undefined = referentOf(busArn);
  return bus ? referentOf(name) === bus : name === undefined || name === 'default';
}

/** The default bus of the account and Region of the function; a bus of the same name elsewhere has other rules. */
function isDefaultBus(fn: lambda.IFunction, arn: string): boolean {
  const { account, region } = Stack.of(fn);
  return /:event-bus\/default"?\]*}?$/.test(text(fn, arn)) && !isElsewhere(regionOfArn(arn), region) && !isElsewhere(accountOfArn(arn), account);
}

function text(fn: lambda.IFunction, value: unknown): string {
  const resolved: unknown = Stack.of(fn).resolve(value);
  return typeof resolved === 'string' ? resolved : JSON.stringify(resolved);
}
