import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { type ConsumerWarning, manyFiltersWarnings } from './consumer-warnings';
import type { StreamConsumerProps } from './stream-consumer-props';
import { warn } from '../private/validation';

/** Adds a warning for each setting of the stream and the function that is allowed but not recommended. */
export function warnStreamConsumer(consumer: IConstruct, props: StreamConsumerProps): void {
  const warnings = [...manyFiltersWarnings(props.filters), ...latest(props)];
  for (const { id, message } of warnings) warn(consumer, `StreamConsumer.${id}`, message);
}

function latest({ startingPosition }: StreamConsumerProps): ConsumerWarning[] {
  if (startingPosition !== lambda.StartingPosition.LATEST) return [];
  return [{
    id: 'latest',
    message: 'LATEST skips the records that are written before the mapping is active, which takes minutes; '
      + 'leave it out to begin at the oldest record',
  }];
}
