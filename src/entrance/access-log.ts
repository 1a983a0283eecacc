import { ArnFormat, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { EntranceBackendProps } from './entrance-backend';
import { allowCloudWatchLogs, retainedExceptOnCreate } from '../private/log-groups';
import { Profile } from '../profile';

/** Creates the log group of an access log. */
export function accessLogGroup(scope: Construct, { logRetention, logEncryptionKey }: EntranceBackendProps, logGroupName?: string): logs.LogGroup {
  if (logEncryptionKey) allowCloudWatchLogs(scope, logEncryptionKey, 'logEncryptionKey', 'cdk-production-lambda:HttpEntrance.importedLogKey');
  const { removalPolicy } = Profile.of(scope);
  return new logs.LogGroup(scope, 'AccessLog', {
    logGroupName,
    retention: logRetention,
    removalPolicy: logGroupName === undefined ? removalPolicy : retainedExceptOnCreate(removalPolicy),
    encryptionKey: logEncryptionKey,
  });
}

/**
 * The log group as the destination of a REST API's access log: without the `:*` of `logGroupArn`. API Gateway removes it, so
 * drift detection would always report the stage as modified. CDK omits it only with a feature flag, and only since 2.274.
 *
 * @see https://github.com/aws/aws-cdk/issues/38796
 */
export function restAccessLogDestination(group: logs.LogGroup): apigateway.IAccessLogDestination {
  const destinationArn = Stack.of(group).formatArn({
    service: 'logs', resource: 'log-group', resourceName: group.logGroupName, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return { bind: () => ({ destinationArn }) };
}

/** Creates the bucket of an access log, for services that do not write to CloudWatch Logs. */
export function accessLogBucket(scope: Construct, retention: logs.RetentionDays, usesAcl: boolean): s3.Bucket {
  const profile = Profile.of(scope);
  const bucket = new s3.Bucket(scope, 'AccessLog', {
    encryption: s3.BucketEncryption.S3_MANAGED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: usesAcl ? s3.ObjectOwnership.BUCKET_OWNER_PREFERRED : s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    removalPolicy: profile.removalPolicy,
    autoDeleteObjects: profile.removalPolicy === RemovalPolicy.DESTROY && profile.emptyBuckets,
    // The value of RetentionDays is the number of days; no lifecycle rule expresses INFINITE.
    lifecycleRules: retention === logs.RetentionDays.INFINITE ? undefined : [{ expiration: Duration.days(retention) }],
  });
  Validations.of(bucket).acknowledge({ id: 'AwsSolutions::AwsSolutions-S1', reason: 'the bucket contains an access log itself' });
  return bucket;
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html */
export function allowLoadBalancerLogs(bucket: s3.Bucket): void {
  bucket.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
    actions: ['s3:PutObject'],
    resources: [bucket.arnForObjects(`AWSLogs/${Stack.of(bucket).account}/*`)],
    // Without the account, load balancers of other accounts could write through the service.
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(bucket).account } },
  }));
}
