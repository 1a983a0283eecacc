import { ArnFormat, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { Profile } from '../profile';

/** A log group for one line of JSON a request. */
export function accessLogGroup(scope: Construct, retention: logs.RetentionDays, logGroupName?: string): logs.LogGroup {
  return new logs.LogGroup(scope, 'AccessLog', { logGroupName, retention, removalPolicy: Profile.of(scope).removalPolicy });
}

/**
 * A log group as the stage of a REST API keeps it: without the `:*` of `logGroupArn`, for which drift detection would find
 * the stage modified on every run. CDK does so only with a feature flag, and only from 2.274 on.
 *
 * @see https://github.com/aws/aws-cdk/issues/38796
 */
export function restAccessLogDestination(group: logs.LogGroup): apigateway.IAccessLogDestination {
  const destinationArn = Stack.of(group).formatArn({
    service: 'logs', resource: 'log-group', resourceName: group.logGroupName, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return { bind: () => ({ destinationArn }) };
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
