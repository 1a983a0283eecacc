import { Aws, Fn, Names } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';

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
