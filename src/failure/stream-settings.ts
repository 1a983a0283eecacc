import { Stack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { StreamSource } from './stream-source';
import { iteratorAgeLimitSeconds, STREAM_SOURCE } from '../limits';
import { referentOf, resourcesBelow } from '../private/event-sources';
import { renderedProperties } from '../private/rendered';

/** How a stream and its reader fit together, by what both have at the moment of asking: their props may change until synth. */
export class StreamSettings {
  constructor(private readonly source: StreamSource, private readonly mapping: lambda.CfnEventSourceMapping) {}

  /**
   * The lag at which half of the time to act is gone. A retention that is not known here does not shorten it, and an age
   * that is not known counts as the shortest.
   */
  public iteratorAgeLimitSeconds(): number {
    const stated = renderedProperties(this.mapping).MaximumRecordAgeInSeconds;
    const age = typeof stated === 'object' ? STREAM_SOURCE.recordAgeMinSeconds : stated;
    return iteratorAgeLimitSeconds(age, this.source._parts.retention() ?? age ?? STREAM_SOURCE.retentionMaxSeconds);
  }

  public findProblems(): string[] {
    return this.source._parts.table ? [...this.findMissingStream(), ...this.findThirdReader()] : [];
  }

  /** `TableV2` has the ARN of a stream also where it has none. */
  private findMissingStream(): string[] {
    const table = referentOf(this.mapping.eventSourceArn) as dynamodb.CfnGlobalTable | dynamodb.CfnTable | undefined;
    if (!table || renderedProperties(table).StreamSpecification !== undefined) return [];
    return [`the table must have its stream on, got none on ${table.node.path}; set its 'dynamoStream' to NEW_AND_OLD_IMAGES`];
  }

  /** Every reader in the app counts, by whomever it was attached, and also where the table was imported. */
  private findThirdReader(): string[] {
    const mappings = resourcesBelow(this.mapping.node.root, 'AWS::Lambda::EventSourceMapping') as lambda.CfnEventSourceMapping[];
    const readers = mappings.filter(m => streamOf(m) === streamOf(this.mapping)).length;
    if (readers <= STREAM_SOURCE.tableStreamReadersMax) return [];
    return [`a table's stream must have at most ${STREAM_SOURCE.tableStreamReadersMax} readers, got ${readers}, and DynamoDB would throttle them; `
      + 'let one function pass the changes on, for example to EventBridge'];
  }
}

function streamOf(mapping: lambda.CfnEventSourceMapping): unknown {
  return referentOf(mapping.eventSourceArn) ?? JSON.stringify(Stack.of(mapping).resolve(mapping.eventSourceArn));
}
