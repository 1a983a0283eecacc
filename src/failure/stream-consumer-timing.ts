import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { StreamSource } from './stream-source';
import { iteratorAgeLimitSeconds, STREAM_SOURCE } from '../aws';
import { effectiveProperties } from '../private/effective-properties';

/**
 * Half of the age at which records are discarded, as the mapping is when it is read: props and overrides may change it
 * until synthesis.
 */
export class StreamConsumerTiming {
  constructor(private readonly source: StreamSource, private readonly mapping: lambda.CfnEventSourceMapping) {}

  /**
   * A record age that is a token counts as the shortest. A retention period that is not known does not lower the limit.
   */
  public get iteratorAgeLimitSeconds(): number {
    const recordAge = effectiveProperties(this.mapping).MaximumRecordAgeInSeconds;
    const age = typeof recordAge === 'object' ? STREAM_SOURCE.recordAgeMinSeconds : recordAge;
    return iteratorAgeLimitSeconds(age, this.source._config.retentionSeconds() ?? age ?? STREAM_SOURCE.retentionMaxSeconds);
  }
}
