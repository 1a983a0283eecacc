import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { effectiveProperties } from './effective-properties';
import { referentOf } from './event-sources';

/** The problem at synth if the table of a stream has none: a `TableV2` returns the ARN of a stream in any case. */
export function findMissingStream(streamArn: string | undefined): string[] {
  const table = referentOf(streamArn) as dynamodb.CfnGlobalTable | dynamodb.CfnTable | undefined;
  if (!table || effectiveProperties(table).StreamSpecification !== undefined) return [];
  return [`the table must have a stream, got none on ${table.node.path}; set its 'dynamoStream' to NEW_AND_OLD_IMAGES`];
}
