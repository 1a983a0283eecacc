import * as destinations from 'aws-cdk-lib/aws-lambda-destinations';
import { Proof } from './proof';
import { FailureBucket } from '../../src';

/** A failed event is stored as an object. The bucket is emptied when the stack is deleted. */
export const proof = new Proof('FailureBucket');
const bucket = FailureBucket.getOrCreate(proof.stack);
const fails = proof.function('Fails', "throw new Error('as asked');", { retryAttempts: 0, onFailure: new destinations.S3Destination(bucket) });

proof.sends(fails, { order: 1 })
  .next(proof.becomes('S3', 'listObjectsV2', { Bucket: bucket.bucketName }, 's3:ListBucket', [bucket.bucketArn], { KeyCount: 1 }));
