import { Aws, Duration, Fn, Names, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { Profile } from '../profile';

/** What both kinds of API know of a request. */
const COMMON_FIELDS = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  httpMethod: '$context.httpMethod',
  path: '$context.path',
  protocol: '$context.protocol',
  status: '$context.status',
  sourceIp: '$context.identity.sourceIp',
  userAgent: '$context.identity.userAgent',
  responseLength: '$context.responseLength',
  responseLatency: '$context.responseLatency',
  errorMessage: '$context.error.message',
  errorType: '$context.error.responseType',
  authorizerError: '$context.authorizer.error',
  integrationStatus: '$context.integration.status',
  integrationError: '$context.integration.error',
  /** The request id under which the function logs. */
  functionRequestId: '$context.integration.requestId',
  integrationLatency: '$context.integrationLatency',
};

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html */
export const HTTP_API_LOG_FORMAT = apigateway.AccessLogFormat.custom(JSON.stringify({
  ...COMMON_FIELDS, routeKey: '$context.routeKey', integrationErrorMessage: '$context.integrationErrorMessage',
}));

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html */
export const REST_API_LOG_FORMAT = apigateway.AccessLogFormat.custom(JSON.stringify({
  ...COMMON_FIELDS, resourcePath: '$context.resourcePath', validationError: '$context.error.validationErrorString', wafError: '$context.waf.error',
}));

/** A log group for one line of JSON a request. */
export function accessLogGroup(scope: Construct, retention: logs.RetentionDays, logGroupName?: string): logs.LogGroup {
  return new logs.LogGroup(scope, 'AccessLog', { logGroupName, retention, removalPolicy: Profile.of(scope).removalPolicy });
}

/**
 * A name below `/aws/vendedlogs/`: log groups of other names each take a line of the one resource policy with which log
 * deliveries are allowed, which is full after some dozens of APIs. The part of the stack's id makes way for a stack that
 * is deleted and made again.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
 */
export function vendedLogName(scope: Construct): string {
  const name = Names.uniqueResourceName(scope, { maxLength: 100, separator: '-', allowedSpecialCharacters: '-_' });
  return `/aws/vendedlogs/${name}-${Fn.select(2, Fn.split('/', Aws.STACK_ID))}`;
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
