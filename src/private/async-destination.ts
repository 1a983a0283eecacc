import { type CfnResource, Stack, Token } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { asyncConfigsOf, referentOf, triggersOf } from './event-sources';
import { definitionOf } from './function-definition';
import { refuse } from './validation';

/** The same destination, refused where Lambda could not deliver to it or would go round in a circle. */
export function checkedDestination(fn: lambda.IFunction, prop: 'onFailure' | 'onSuccess', destination: lambda.IDestination): lambda.IDestination {
  return {
    bind: (scope, target, options) => {
      const config = destination.bind(scope, target, options);
      checkKind(fn, prop, config.destination);
      if (isFunction(fn, config.destination)) {
        refuse(fn.node.path, `'${prop}' must not be the function itself, which would be invoked without end; send the events to a queue`);
      }
      return config;
    },
  };
}

/** What the function sends to and what triggers it, where both are the same resource; sources may be added until synth. */
export function findLoops(fn: lambda.IFunction): string[] {
  const triggers = triggersOf(fn);
  return destinationsOf(fn).filter(([, resource]) => resource && triggers.includes(resource)).map(([prop, resource]) =>
    `'${prop}' must not be a source of the same function, got ${resource!.node.path}, and each event that fails would come back without end; `
    + 'send failed events to a queue of their own');
}

/** Refuses a FIFO queue or topic for what failed. */
export function requireStandard(path: string, prop: string, arn: string | undefined): void {
  const resource = referentOf(arn);
  const known = arn === undefined || Token.isUnresolved(arn) ? '' : arn;
  const isFifo = known.endsWith('.fifo') || (resource as sqs.CfnQueue | undefined)?.fifoQueue === true || (resource as sns.CfnTopic | undefined)?.fifoTopic === true;
  if (isFifo) refuse(path, `'${prop}' must be a standard queue or topic, got a FIFO one, to which Lambda can't deliver events; use a standard one`);
}

function checkKind(fn: lambda.IFunction, prop: string, arn: string): void {
  requireStandard(fn.node.path, prop, arn);
  const resource = referentOf(arn);
  const known = Token.isUnresolved(arn) ? '' : arn;
  const isBucket = resource?.cfnResourceType === 'AWS::S3::Bucket' || /^arn:[^:]*:s3:/.test(known);
  if (prop === 'onSuccess' && isBucket) {
    refuse(fn.node.path, "'onSuccess' must not be a bucket, which Lambda takes for failed events only; use a queue, a topic, an event bus or a function");
  }
}

function isFunction(fn: lambda.IFunction, arn: string): boolean {
  const resolve = (value: string) => JSON.stringify(Stack.of(fn).resolve(value));
  return [fn, definitionOf(fn) ?? fn].some(f => resolve(f.functionArn) === resolve(arn));
}

function destinationsOf(fn: lambda.IFunction): [string, CfnResource | undefined][] {
  const configured = asyncConfigsOf(fn).flatMap((config): [string, string | undefined][] => {
    const destinations = config.destinationConfig as lambda.CfnEventInvokeConfig.DestinationConfigProperty | undefined;
    return [['onFailure', destinationOf(destinations?.onFailure)], ['onSuccess', destinationOf(destinations?.onSuccess)]];
  });
  const definition = definitionOf(fn)?.node.defaultChild as lambda.CfnFunction | undefined;
  const deadLetters = definition?.deadLetterConfig as lambda.CfnFunction.DeadLetterConfigProperty | undefined;
  return [...configured, ['deadLetterQueue', deadLetters?.targetArn] as [string, string | undefined]].map(([prop, arn]) => [prop, referentOf(arn)]);
}

function destinationOf(destination: unknown): string | undefined {
  return (destination as { destination?: string } | undefined)?.destination;
}
