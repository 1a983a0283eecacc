import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { FailureBucket } from '../../src';
import { consumeStream as consume } from '../support/event-consumers';
import { newStack } from '../support/plain-function';
import { only, placedStatements } from '../support/production-function';

describe('the failure bucket', () => {
  test('is encrypted, private, TLS only, and expires objects after 30 days', () => {
    const stack = newStack();
    FailureBucket.getOrCreate(stack);
    expect(FailureBucket.getOrCreate(stack)).toBe(FailureBucket.getOrCreate(stack));
    expect(Object.keys(Template.fromStack(stack).findResources('AWS::S3::Bucket'))).toEqual(['ProductionLambdaFailureBucket93FE6049']);
    expect(only(stack, 'AWS::S3::Bucket').Properties).toEqual({
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
      LifecycleConfiguration: { Rules: [{ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, ExpirationInDays: 30, Status: 'Enabled' }] },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
    });
    Template.fromStack(stack).hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
    expect(only(stack, 'AWS::S3::BucketPolicy').Properties.PolicyDocument.Statement).toContainEqual(expect.objectContaining({
      Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }));
  });

  test('grants the two actions that Lambda requires, on its own prefix, in this account', () => {
    const { stack } = consume();
    const statements = placedStatements(stack, /^ReportServiceRole/).all
      .filter((s: any) => String(s.Action).startsWith('s3:'));
    const Condition = { StringEquals: { 's3:ResourceAccount': { Ref: 'AWS::AccountId' } } };
    const arn = { 'Fn::GetAtt': ['ProductionLambdaFailureBucket93FE6049', 'Arn'] };
    expect(statements).toEqual([
      { Action: 's3:PutObject', Effect: 'Allow', Resource: { 'Fn::Join': ['', [arn, '/aws/lambda/*']] }, Condition },
      { Action: 's3:ListBucket', Effect: 'Allow', Resource: arn, Condition },
    ]);
  });

  test('with a customer managed key grants its use', () => {
    const stack = newStack();
    const bucket = new FailureBucket(stack, 'Bucket', { encryptionKey: new kms.Key(stack, 'Key') });
    consume({ onFailure: bucket }, stack);
    expect(JSON.stringify(only(stack, 'AWS::S3::Bucket').Properties)).toContain('aws:kms');
    expect(JSON.stringify(placedStatements(stack, /^ReportServiceRole/).all)).toContain('kms:GenerateDataKey');
  });
});
