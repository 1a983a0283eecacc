import { RemovalPolicy } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { Proof } from './proof';
import { FailureBucket, StreamConsumer, StreamSource } from '../../src';

/** A record that fails repeatedly is discarded and stored in the FailureBucket of the stack. */
export const proof = new Proof('StreamConsumer');
const stream = new kinesis.Stream(proof.stack, 'Stream', { streamMode: kinesis.StreamMode.ON_DEMAND, removalPolicy: RemovalPolicy.DESTROY });
const read = proof.function('Read', 'return { batchItemFailures: event.Records.map(r => ({ itemIdentifier: r.kinesis.sequenceNumber })) };');
new StreamConsumer(proof.stack, 'Consumer', { function: read, source: StreamSource.kinesis(stream), retryAttempts: 1 });
const bucket = FailureBucket.getOrCreate(proof.stack);

const put = proof.test.assertions.awsApiCall('Kinesis', 'putRecord', { StreamName: stream.streamName, PartitionKey: 'one', Data: 'YmFk' });
put.provider.addToRolePolicy({ Effect: 'Allow', Action: ['kinesis:PutRecord'], Resource: [stream.streamArn] });
put.next(proof.becomes('S3', 'listObjectsV2', { Bucket: bucket.bucketName }, 's3:ListBucket', [bucket.bucketArn], { KeyCount: 1 }));
