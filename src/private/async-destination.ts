import { Token } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { referentOf } from './event-sources';
import { definitionOf } from './function-definition';
import { referenceText } from './reference-text';
import { refuse } from './validation';

/** The same destination. Throws an error when it is bound if Lambda cannot deliver to it, or if it is the function itself. */
export function checkedDestination(fn: lambda.IFunction, prop: 'onFailure' | 'onSuccess', destination: lambda.IDestination): lambda.IDestination {
  return {
    bind: (scope, target, options) => {
      const config = destination.bind(scope, target, options);
      checkKind(fn, prop, config.destination);
      if (isFunction(fn, config.destination)) {
        refuse(fn.node.path, `'${prop}' must not be the function itself, which would be invoked indefinitely; send the events to a queue`);
      }
      return config;
    },
  };
}

/** Throws an error if failed events would be sent to a FIFO queue or topic. */
export function requireStandard(path: string, prop: string, arn: string | undefined): void {
  const resource = referentOf(arn);
  const known = arn === undefined || Token.isUnresolved(arn) ? '' : arn;
  const isFifo = known.endsWith('.fifo') || (resource as sqs.CfnQueue | undefined)?.fifoQueue === true || (resource as sns.CfnTopic | undefined)?.fifoTopic === true;
  if (isFifo) refuse(path, `'${prop}' must be a standard queue or topic, got a FIFO one; Lambda cannot deliver to FIFO, use a standard one`);
}

/** Whether an ARN names a bucket of this app, or is literal and has the form of a bucket's. */
export function isBucket(arn: string): boolean {
  return referentOf(arn)?.cfnResourceType === 'AWS::S3::Bucket' || (!Token.isUnresolved(arn) && /^arn:[^:]*:s3:/.test(arn));
}

function checkKind(fn: lambda.IFunction, prop: string, arn: string): void {
  requireStandard(fn.node.path, prop, arn);
  if (prop === 'onSuccess' && isBucket(arn)) {
    refuse(fn.node.path, "'onSuccess' must not be a bucket, which Lambda supports for failed events only; use a queue, a topic, an event bus or a function");
  }
}

function isFunction(fn: lambda.IFunction, arn: string): boolean {
  return [fn, definitionOf(fn) ?? fn].some(f => referenceText(fn, f.functionArn) === referenceText(fn, arn));
}
