import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { referentOf, resourcesBelow } from '../private/event-sources';
import { referenceText } from '../private/reference-text';

/** All event source mappings of the app that read the same queue or stream as a mapping, itself included. */
export function readersOfSameSource(mapping: lambda.CfnEventSourceMapping): lambda.CfnEventSourceMapping[] {
  const source = sourceOf(mapping);
  const mappings = resourcesBelow(mapping.node.root, 'AWS::Lambda::EventSourceMapping') as lambda.CfnEventSourceMapping[];
  return mappings.filter(other => sourceOf(other) === source);
}

/** The function or alias that a mapping invokes. CDK creates the mapping below it. */
export function functionOfMapping(mapping: lambda.CfnEventSourceMapping): lambda.IFunction | undefined {
  const scopes = [...mapping.node.scopes, referentOf(mapping.functionName)?.node.scope];
  return scopes.find(scope => scope !== undefined && 'functionArn' in scope) as lambda.IFunction | undefined;
}

/** The resource that the ARN refers to, or the text of an imported ARN. */
function sourceOf(mapping: lambda.CfnEventSourceMapping): unknown {
  return referentOf(mapping.eventSourceArn) ?? referenceText(mapping, mapping.eventSourceArn);
}
