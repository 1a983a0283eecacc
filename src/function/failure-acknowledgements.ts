import { Validations } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/**
 * Acknowledges the findings of cdk-nag, which requires a dead-letter queue and a destination. Durable functions support the queue,
 * other functions have the destination.
 */
export function acknowledgeFailures(construct: Construct, definition: lambda.Function, durable: boolean): void {
  const hasDeadLetters = definition.deadLetterQueue !== undefined || definition.deadLetterTopic !== undefined;
  if (hasDeadLetters) {
    Validations.of(construct).acknowledge({
      id: 'Serverless::Serverless-LambdaAsyncFailureDestination',
      reason: durable
        ? 'durable functions do not support destinations; failed events are sent to the dead-letter queue or topic'
        : 'failed events are sent to the dead-letter queue or topic of the function',
    });
  }
  if (!durable && !hasDeadLetters) {
    Validations.of(definition).acknowledge({
      id: 'Serverless::Serverless-LambdaDLQ',
      reason: 'failed events are sent to the on-failure destination of the live alias, with the error beside the event',
    });
  }
}
