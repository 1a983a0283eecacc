import { Aws, Fn, Names, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** The fields that both kinds of API have. */
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

/**
 * A name below `/aws/vendedlogs/`. For log groups with other names, CloudWatch Logs adds a statement each to one resource
 * policy, which reaches its maximum size after some dozens of APIs. The part of the stack's id makes the name unique to
 * the stack, so that a retained log group does not block a stack that is created again.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
 */
export function vendedLogName(scope: Construct): string {
  const name = Names.uniqueResourceName(scope, { maxLength: 100, separator: '-', allowedSpecialCharacters: '-_' });
  return `/aws/vendedlogs/${name}-${Fn.select(2, Fn.split('/', Aws.STACK_ID))}`;
}

/**
 * The removal policy of a resource with a computed name. A deployment that fails and is rolled back must not leave the new
 * resource behind, because the next deployment would create one of the same name.
 */
export function retainedExceptOnCreate(removalPolicy: RemovalPolicy): RemovalPolicy {
  return removalPolicy === RemovalPolicy.RETAIN ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : removalPolicy;
}

/**
 * Allows CloudWatch Logs to use a key for the log groups of the stack. Warns if the policy of the key cannot be changed.
 *
 * @param owner The construct that owns the log group
 * @param key The key
 * @param prop The prop of the owner in which the key is passed
 * @param warningId The id of the warning
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function allowCloudWatchLogs(owner: Construct, key: kms.IKey, prop: string, warningId: string): void {
  const stack = Stack.of(owner);
  const { statementAdded } = key.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`)],
    actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    resources: ['*'],
    // The log group depends on the key: its own ARN in the policy of the key would be a circular dependency.
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': stack.formatArn({ service: 'logs', resource: 'log-group:*' }) } },
  }));
  if (!statementAdded) {
    Validations.of(owner).addWarning(
      warningId,
      `the policy of an imported '${prop}' cannot be changed by this stack; it must allow logs.<region>.amazonaws.com to encrypt and decrypt, `
        + 'or the log group cannot be created',
    );
  }
}
