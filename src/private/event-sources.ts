import { CfnResource, Reference, Tokenization } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { definitionOf } from './function-definition';

/** The resource that an ARN or name refers to, in whichever stack; nothing where it is a text or was imported. */
export function referentOf(value: string | undefined): CfnResource | undefined {
  const token = value === undefined ? undefined : Tokenization.reverseString(value).firstToken;
  return Reference.isReference(token) && CfnResource.isCfnResource(token.target) ? token.target : undefined;
}

/** The event source mappings of a function, whoever made them. CDK puts them below what they invoke. */
export function mappingsOf(fn: lambda.IFunction): lambda.CfnEventSourceMapping[] {
  return below(fn, 'AWS::Lambda::EventSourceMapping') as lambda.CfnEventSourceMapping[];
}

/** The event source mappings of a function and of all its aliases, wherever in the app those stand. */
export function everyMappingOf(fn: lambda.IFunction): lambda.CfnEventSourceMapping[] {
  const definition = definitionOf(fn) ?? fn;
  const mappings = resourcesBelow(fn.node.root, 'AWS::Lambda::EventSourceMapping') as lambda.CfnEventSourceMapping[];
  return mappings.filter(mapping => {
    const invoked = mapping.node.scope?.node.scope as lambda.IFunction | undefined;
    return invoked === definition || (invoked && definitionOf(invoked) === definition);
  });
}

/** What a function is configured to do with asynchronous events. */
export function asyncConfigsOf(fn: lambda.IFunction): lambda.CfnEventInvokeConfig[] {
  return below(fn, 'AWS::Lambda::EventInvokeConfig') as lambda.CfnEventInvokeConfig[];
}

/** Queues, streams and topics of the app that invoke the function. */
export function triggersOf(fn: lambda.IFunction): CfnResource[] {
  const topics = (below(fn, 'AWS::SNS::Subscription') as sns.CfnSubscription[]).map(s => referentOf(s.topicArn));
  return [...mappingsOf(fn).map(m => referentOf(m.eventSourceArn)), ...topics].filter(t => t !== undefined);
}

/** Resources of one type in a part of the tree. */
export function resourcesBelow(root: IConstruct, type: string): CfnResource[] {
  return root.node.findAll().filter((c): c is CfnResource => CfnResource.isCfnResource(c) && c.cfnResourceType === type);
}

function below(fn: lambda.IFunction, type: string): CfnResource[] {
  const found = [fn, definitionOf(fn) ?? fn].flatMap(root => resourcesBelow(root, type));
  return [...new Set(found)];
}
