import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { Profile } from '../profile';

/** A log group for one line of JSON a request. */
export function accessLogGroup(scope: Construct, retention: logs.RetentionDays, logGroupName?: string): logs.LogGroup {
  return new logs.LogGroup(scope, 'AccessLog', { logGroupName, retention, removalPolicy: Profile.of(scope).removalPolicy });
}

/** A bucket for the access log of what can't write to CloudWatch Logs. */
export function accessLogBucket(scope: Construct, retention: logs.RetentionDays, writtenByAcl: boolean): s3.Bucket {
  const profile = Profile.of(scope);
  const bucket = new s3.Bucket(scope, 'AccessLog', {
    encryption: s3.BucketEncryption.S3_MANAGED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: writtenByAcl ? s3.ObjectOwnership.BUCKET_OWNER_PREFERRED : s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    removalPolicy: profile.removalPolicy,
    autoDeleteObjects: profile.removalPolicy === RemovalPolicy.DESTROY && profile.emptyBuckets,
    // RetentionDays is the number of days itself; INFINITE is the one that no lifecycle rule expresses.
    lifecycleRules: retention === logs.RetentionDays.INFINITE ? undefined : [{ expiration: Duration.days(retention) }],
  });
  Validations.of(bucket).acknowledge({ id: 'AwsSolutions::AwsSolutions-S1', reason: 'it holds an access log itself' });
  return bucket;
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html */
export function letLoadBalancersWrite(bucket: s3.Bucket): void {
  bucket.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
    actions: ['s3:PutObject'],
    resources: [bucket.arnForObjects(`AWSLogs/${Stack.of(bucket).account}/*`)],
  }));
}
