import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { acknowledgeFindings } from '../private/acknowledgements';

/**
 * Acknowledges the findings of cdk-nag, which requires a dead-letter queue and a destination. Durable functions support the queue,
 * other functions have the destination.
 */
export function acknowledgeFailures(construct: Construct, definition: lambda.Function, durable: boolean): void {
  const hasDeadLetters = definition.deadLetterQueue !== undefined || definition.deadLetterTopic !== undefined;
  if (hasDeadLetters) {
    acknowledgeFindings(construct, {
      'Serverless::Serverless-LambdaAsyncFailureDestination': durable
        ? 'durable functions do not support destinations; failed events are sent to the dead-letter queue or topic'
        : 'failed events are sent to the dead-letter queue or topic of the function',
    });
  }
  if (!durable && !hasDeadLetters) {
    acknowledgeFindings(definition, {
      'Serverless::Serverless-LambdaDLQ': 'failed events are sent to the on-failure destination of the live alias, with the error beside the event',
    });
  }
}
