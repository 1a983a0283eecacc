import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { consumeStream as consume, newStack, only, statementsOf } from './support';
import { FailureBucket } from '../../src';

describe('the failure bucket', () => {
  test('is encrypted, closed to the public, by TLS only, and forgets after 30 days', () => {
    const stack = newStack();
    FailureBucket.of(stack);
    expect(FailureBucket.of(stack)).toBe(FailureBucket.of(stack));
    const { Properties, id } = only(stack, 'AWS::S3::Bucket');
    expect(id).toBe('ProductionLambdaFailureBucket93FE6049');
    expect(Properties).toEqual({
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
      LifecycleConfiguration: { Rules: [{ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, ExpirationInDays: 30, Status: 'Enabled' }] },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
    });
    Template.fromStack(stack).hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
  });

  test('grants the two actions that Lambda needs, on its own prefix, in this account', () => {
    const { stack } = consume();
    const statements = statementsOf(stack, 'ReportServiceRole')
      .filter((s: any) => String(s.Action).startsWith('s3:'));
    const Condition = { StringEquals: { 's3:ResourceAccount': { Ref: 'AWS::AccountId' } } };
    const arn = { 'Fn::GetAtt': ['ProductionLambdaFailureBucket93FE6049', 'Arn'] };
    expect(statements).toEqual([
      { Action: 's3:PutObject', Effect: 'Allow', Resource: { 'Fn::Join': ['', [arn, '/aws/lambda/*']] }, Condition },
      { Action: 's3:ListBucket', Effect: 'Allow', Resource: arn, Condition },
    ]);
  });

  test('with a key of your own grants its use', () => {
    const stack = newStack();
    const bucket = new FailureBucket(stack, 'Bucket', { encryptionKey: new kms.Key(stack, 'Key') });
    consume({ onFailure: bucket }, stack);
    expect(JSON.stringify(only(stack, 'AWS::S3::Bucket').Properties)).toContain('aws:kms');
    expect(JSON.stringify(statementsOf(stack, 'ReportServiceRole'))).toContain('kms:GenerateDataKey');
  });
});
